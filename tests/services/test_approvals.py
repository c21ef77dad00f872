"""What waits for a manager: asked with the resend, answered once, by somebody else, in time."""

import datetime as dt
import threading
from collections.abc import Callable

import pytest

from lib.model.account import Section
from lib.model.action import Action
from lib.model.actor import SYSTEM, Actor
from lib.model.approval import LIFE, MAX_NOTE, Answer
from lib.model.errors import AppError, Reason
from lib.model.outbox import Delivery, MailKind, MailProblem, MailState, Motive
from lib.model.policy import Rule
from lib.model.roles import Role
from lib.services.desk import Desk
from lib.services.doors import access
from lib.services.log import entries, stories
from lib.services.outgoing.delivery import Worker
from lib.services.records import customers
from lib.services.resends import answering, approvals, asking, mailable, resending
from lib.services.resends.expiring import Expiry
from lib.store.mail import outbox, slots
from lib.store.mail.slots import Slot
from tests.mail.letters import body
from tests.mail.server import Behaviour
from tests.services.conftest import found, mailing, settled
from tests.services.log_rows import logged
from tests.waiting import until

SERIAL, LICENCE, OTHER = "S0000000001", "L0000000001", "S0000000002"
OLD, NEW = "hector.villasenor@example.com", "hector@nuevo.example.com"
PASSWORD = "una frase larga y propia"
PEOPLE = [
    ("agente", "Agustina Agente", Role.AGENT),
    ("gerente", "Gerardo Gerente", Role.MANAGER),
    ("admin", "Adela Admin", Role.ADMIN),
]


@pytest.fixture
def desk(desk: Desk, cheap_passwords: None) -> Desk:
    """The three people are known here: who answers is read from the database."""
    for username, name, role in PEOPLE:
        email = f"{username}@mesa.example.com"
        access.add_staff(desk, SYSTEM, username, name, email, role, PASSWORD)
    return desk


def change_email(desk: Desk, actor: Actor, email: str = NEW, account_no: str = "00000001") -> None:
    now = customers.find(desk, actor, account_no)
    typed = {"name": now.name, "email": email, "phone": now.phone}
    customers.correct(desk, actor, account_no, Section.CONTACT, typed, now.version)


def ask(desk: Desk, actor: Actor, serial: str = SERIAL, key: str = "") -> Delivery:
    key = key or f"k-{serial}"
    return resending.resend(desk, actor, serial, Motive.NEW_ADDRESS, "T-7", key, frozenset(Rule))


def held(desk: Desk, actor: Actor, serial: str = SERIAL) -> str:
    """A resend stopped because the account's e-mail changed; the mail's id."""
    account_no = "00000002" if serial == OTHER else "00000001"
    if NEW not in customers.find(desk, actor, account_no).email:
        change_email(desk, actor, NEW, account_no)
    delivery = ask(desk, actor, serial)
    assert delivery.state is MailState.HELD
    return delivery.id


def held_of_two(desk: Desk, actor: Actor) -> str:
    """One mail with two systems, stopped likewise."""
    change_email(desk, actor)
    systems = [mailable.system(desk.store, serial) for serial in (LICENCE, SERIAL)]
    how = asking.Asking(Action.RESEND_REQUESTED, Motive.OTHER, "", "two", frozenset(Rule))
    return desk.store.write(lambda t: asking.ask_for(desk, t, actor, systems, how)).id


def refused(act: Callable[[], object]) -> Reason:
    with pytest.raises(AppError) as refusal:
        act()
    return refusal.value.reason


def run(desk: Desk, sql: str, *params: object) -> None:
    desk.store.write(lambda t: t.run(sql, list(params)))


def notices(desk: Desk) -> list[str]:
    """Whom the mails about what waits go to, in the order they were queued."""
    rows = desk.store.rows(
        "SELECT recipient FROM ops.outbox WHERE kind = ? ORDER BY requested_at, recipient",
        [MailKind.APPROVAL_WAITING.value],
    )
    return [row[0] for row in rows]


# ---- asking --------------------------------------------------------------------------------


def test_what_the_policy_stops_waits_and_is_logged(
    desk: Desk, agent: Actor, manager: Actor
) -> None:
    mail_id = held(desk, agent)
    [waiting] = approvals.waiting(desk, manager)
    assert approvals.count(desk, manager) == 1
    assert (waiting.approval.outbox_id, waiting.approval.state) == (mail_id, Answer.WAITING)
    assert [stop.rule for stop in waiting.approval.stops] == [Rule.EMAIL_CHANGED]
    assert (waiting.asked_by_name, waiting.account_name) == (
        "Agustina Agente",
        "Héctor Villaseñor Muñoz",
    )
    assert waiting.approval.expires_at - waiting.approval.asked_at == LIFE
    assert not waiting.is_own
    [row] = logged(desk, Action.APPROVAL_ASKED)
    assert (row["actor"], row["serial"], row["account_no"]) == ("agente", SERIAL, "00000001")
    assert (row["subject"], row["detail"]) == (mail_id, {"rules": "email_changed"})


def test_a_manager_sees_the_change_beside_it_and_no_code(
    desk: Desk, agent: Actor, manager: Actor
) -> None:
    held(desk, agent)
    [waiting] = approvals.waiting(desk, manager)
    [edit] = waiting.edits
    assert (edit.old, edit.new, edit.changed_by) == (OLD, NEW, "agente")
    assert found(desk, edit.notice).recipient == OLD
    assert waiting.notices == {edit.notice: MailState.QUEUED}
    [(system, issues)] = waiting.systems
    assert system.serial == SERIAL
    assert [issue.issued_on.isoformat() for issue in issues] == ["2026-02-01", "2025-03-01"]
    assert "LIVE1" not in repr(waiting)
    assert "DEAD1" not in repr(waiting)


def test_a_manager_sees_that_who_asked_has_left(desk: Desk, agent: Actor, manager: Actor) -> None:
    held(desk, agent)
    assert approvals.waiting(desk, manager)[0].asker_is_active
    run(desk, "UPDATE ops.staff SET active = false WHERE username = 'agente'")
    assert not approvals.waiting(desk, manager)[0].asker_is_active


def test_nothing_of_it_leaves_until_it_is_approved(desk: Desk, agent: Actor) -> None:
    mail_id = held(desk, agent)
    assert mail_id not in outbox.pending_ids(desk.store)
    assert refused(lambda: ask(desk, agent, key="again")) is Reason.WAITS_FOR_APPROVAL


# ---- answering -----------------------------------------------------------------------------


def test_what_is_approved_is_queued_and_logged(desk: Desk, agent: Actor, manager: Actor) -> None:
    mail_id = held(desk, agent)
    desk.mail_waiting.clear()
    answering.approve(desk, manager, mail_id, "  Confirmé\npor teléfono ")
    assert found(desk, mail_id).state is MailState.QUEUED
    assert mail_id in outbox.pending_ids(desk.store)
    assert desk.mail_waiting.is_set()
    assert slots.of(desk.store, [SERIAL]) == {SERIAL: Slot(mail_id, slots.FAR_AHEAD)}
    assert approvals.waiting(desk, manager) == []
    [row] = logged(desk, Action.APPROVAL_GIVEN)
    assert row["versions"] == "policy 0"
    assert (row["actor"], row["outcome"], row["subject"]) == ("gerente", "ok", mail_id)
    assert row["detail"] == {"recipient": NEW, "note": "Confirmé por teléfono"}
    [mine] = approvals.asked(desk, agent)
    assert (mine.approval.state, mine.approval.answered_by) == (Answer.APPROVED, "gerente")
    assert (mine.approval.note, mine.serials) == ("Confirmé por teléfono", (SERIAL,))


def test_what_is_rejected_ends_and_its_serial_is_free(
    desk: Desk, agent: Actor, manager: Actor
) -> None:
    mail_id = held(desk, agent)
    answering.reject(desk, manager, mail_id, "Nadie contestó en el teléfono de siempre.")
    delivery = found(desk, mail_id)
    assert (delivery.state, delivery.problem) == (MailState.FAILED, MailProblem.REJECTED)
    assert delivery.finished_at is not None
    [row] = logged(desk, Action.APPROVAL_DENIED)
    assert row["versions"] == "policy 0"
    assert (row["actor"], row["outcome"], row["serial"]) == ("gerente", "refused", SERIAL)
    assert row["detail"] == {"note": "Nadie contestó en el teléfono de siempre."}
    answer = approvals.answer(desk, agent, mail_id)
    assert answer is not None
    assert (answer.state, answer.note) == (Answer.REJECTED, row["detail"]["note"])
    assert ask(desk, agent, key="again").state is MailState.HELD


def test_what_is_rejected_is_not_retried_past_the_manager(
    desk: Desk, agent: Actor, manager: Actor
) -> None:
    mail_id = held(desk, agent)
    answering.reject(desk, manager, mail_id, "No")
    again = lambda: resending.retry(desk, agent, mail_id, "again")  # noqa: E731
    assert refused(again) is Reason.NOT_RETRYABLE


@pytest.mark.parametrize(
    ("note", "reason"),
    [("", Reason.MISSING_NOTE), (" \n ", Reason.MISSING_NOTE), ("x" * 301, Reason.LONG_NOTE)],
)
def test_a_rejection_says_why(
    desk: Desk, agent: Actor, manager: Actor, note: str, reason: Reason
) -> None:
    mail_id = held(desk, agent)
    assert refused(lambda: answering.reject(desk, manager, mail_id, note)) is reason
    assert found(desk, mail_id).state is MailState.HELD
    assert logged(desk, Action.APPROVAL_DENIED) == []
    assert MAX_NOTE == 300


@pytest.mark.slow
def test_nobody_answers_their_own_request(desk: Desk, manager: Actor, admin: Actor) -> None:
    mail_id = held(desk, manager)
    [waiting] = approvals.waiting(desk, manager)
    assert waiting.is_own
    assert refused(lambda: answering.approve(desk, manager, mail_id)) is Reason.OWN_REQUEST
    assert refused(lambda: answering.reject(desk, manager, mail_id, "no")) is Reason.OWN_REQUEST
    assert found(desk, mail_id).state is MailState.HELD
    tried = logged(desk, Action.APPROVAL_GIVEN, Action.APPROVAL_DENIED)
    assert [(row["outcome"], row["reason"], row["subject"]) for row in tried] == [
        ("refused", "own_request", mail_id),
        ("refused", "own_request", mail_id),
    ]
    answering.approve(desk, admin, mail_id)
    assert found(desk, mail_id).state is MailState.QUEUED


def test_who_changed_the_address_does_not_let_mail_go_to_it(
    desk: Desk, agent: Actor, manager: Actor, admin: Actor
) -> None:
    change_email(desk, manager)
    mail_id = held(desk, agent)
    [waiting] = approvals.waiting(desk, manager)
    assert (waiting.is_own, waiting.is_own_change) == (False, True)
    assert not approvals.waiting(desk, admin)[0].is_own_change
    assert refused(lambda: answering.approve(desk, manager, mail_id)) is Reason.OWN_CHANGE
    assert found(desk, mail_id).state is MailState.HELD
    [tried] = logged(desk, Action.APPROVAL_GIVEN)
    assert (tried["actor"], tried["outcome"], tried["reason"]) == (
        "gerente",
        "refused",
        "own_change",
    )
    answering.reject(desk, manager, mail_id, "No lo reconozco")
    assert found(desk, mail_id).state is MailState.FAILED


def test_an_older_change_of_one_s_own_is_no_hindrance(
    desk: Desk, agent: Actor, manager: Actor
) -> None:
    change_email(desk, manager)
    run(desk, "UPDATE ops.audit SET logged_at = logged_at - INTERVAL 73 HOUR")
    change_email(desk, agent, f"otra.{NEW}")
    mail_id = held(desk, agent)
    answering.approve(desk, manager, mail_id)
    assert found(desk, mail_id).state is MailState.QUEUED


def test_an_agent_may_not_look_nor_answer(desk: Desk, agent: Actor, manager: Actor) -> None:
    mail_id = held(desk, manager)
    for act in (
        lambda: approvals.waiting(desk, agent),
        lambda: approvals.count(desk, agent),
        lambda: answering.approve(desk, agent, mail_id),
        lambda: answering.reject(desk, agent, mail_id, "no"),
    ):
        assert refused(act) is Reason.FORBIDDEN
    tried = logged(desk, Action.APPROVAL_GIVEN, Action.APPROVAL_DENIED)
    assert {(row["actor"], row["outcome"], row["reason"]) for row in tried} == {
        ("agente", "refused", "forbidden")
    }
    assert found(desk, mail_id).state is MailState.HELD


@pytest.mark.slow
@pytest.mark.parametrize("change", ["active = false", "role = 'agente'"])
def test_who_answers_still_is_a_manager_at_that_moment(
    desk: Desk, agent: Actor, manager: Actor, change: str
) -> None:
    mail_id = held(desk, agent)
    run(desk, f"UPDATE ops.staff SET {change} WHERE username = 'gerente'")
    assert refused(lambda: answering.approve(desk, manager, mail_id)) is Reason.FORBIDDEN
    assert found(desk, mail_id).state is MailState.HELD


@pytest.mark.slow
def test_of_two_managers_at_once_one_wins_and_the_other_is_told(
    desk: Desk, agent: Actor, manager: Actor, admin: Actor
) -> None:
    mail_id = held(desk, agent)
    together, told = threading.Barrier(2), []

    def answer(act: Callable[[], None]) -> None:
        together.wait()
        try:
            act()
        except AppError as error:
            told.append(error.reason)

    acts = [
        lambda: answering.approve(desk, manager, mail_id, "sí"),
        lambda: answering.reject(desk, admin, mail_id, "no"),
    ]
    threads = [threading.Thread(target=answer, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told == [Reason.ALREADY_ANSWERED]
    [row] = logged(desk, Action.APPROVAL_GIVEN, Action.APPROVAL_DENIED)
    ended = {Action.APPROVAL_GIVEN: MailState.QUEUED, Action.APPROVAL_DENIED: MailState.FAILED}
    assert found(desk, mail_id).state is ended[Action(row["action"])]


def test_what_nobody_asked_for_cannot_be_answered(desk: Desk, manager: Actor) -> None:
    nobodys = lambda: answering.approve(desk, manager, "m'; DROP TABLE ops.audit; --")  # noqa: E731
    assert refused(nobodys) is Reason.UNKNOWN_APPROVAL


@pytest.mark.slow
def test_an_address_changed_since_is_not_approved(desk: Desk, agent: Actor, manager: Actor) -> None:
    mail_id = held(desk, agent)
    change_email(desk, agent, "otra.vez@example.com")
    [waiting] = approvals.waiting(desk, manager)
    assert waiting.address_changed
    assert waiting.address_now == "otra.vez@example.com"
    approve = lambda: answering.approve(desk, manager, mail_id)  # noqa: E731
    assert refused(approve) is Reason.ADDRESS_CHANGED_SINCE
    assert found(desk, mail_id).state is MailState.HELD
    [row] = logged(desk, Action.APPROVAL_GIVEN)
    assert (row["outcome"], row["reason"]) == ("refused", "address_changed_since")
    assert (row["account_no"], row["serial"], row["subject"]) == ("00000001", SERIAL, mail_id)
    answering.reject(desk, manager, mail_id, "Pídela de nuevo")
    assert found(desk, mail_id).problem == MailProblem.REJECTED


@pytest.mark.slow
def test_a_mail_of_several_systems_is_answered_whole(
    desk: Desk, agent: Actor, manager: Actor
) -> None:
    mail_id = held_of_two(desk, agent)
    [waiting] = approvals.waiting(desk, manager)
    assert [system.serial for system, _ in waiting.systems] == [LICENCE, SERIAL]
    answering.reject(desk, manager, mail_id, "No")
    denied = logged(desk, Action.APPROVAL_DENIED)
    assert [row["serial"] for row in denied] == [LICENCE, SERIAL]
    now = found(desk, mail_id).finished_at
    for serial in (LICENCE, SERIAL):
        assert slots.of(desk.store, [serial]) == {serial: Slot(mail_id, now)}


# ---- by the clock --------------------------------------------------------------------------


def expire(desk: Desk, mail_id: str) -> None:
    """As if its day had passed."""
    run(desk, "UPDATE ops.approval SET expires_at = asked_at WHERE outbox_id = ?", mail_id)


@pytest.mark.slow
def test_what_nobody_answers_is_given_up(desk: Desk, agent: Actor, manager: Actor) -> None:
    old, young = held(desk, agent), held(desk, agent, LICENCE)
    expire(desk, old)
    approvals.attend(desk)
    delivery = found(desk, old)
    assert (delivery.state, delivery.problem) == (MailState.FAILED, MailProblem.EXPIRED)
    assert found(desk, young).state is MailState.HELD
    [row] = logged(desk, Action.APPROVAL_EXPIRED)
    assert row["versions"] == "policy 0"
    assert (row["actor"], row["subject"], row["serial"]) == ("sistema", old, SERIAL)
    answers = {
        mine.approval.outbox_id: mine.approval.state for mine in approvals.asked(desk, agent)
    }
    assert answers == {old: Answer.EXPIRED, young: Answer.WAITING}
    assert ask(desk, agent, key="again").state is MailState.HELD


def test_too_late_is_too_late_also_before_it_is_given_up(
    desk: Desk, agent: Actor, manager: Actor
) -> None:
    mail_id = held(desk, agent)
    expire(desk, mail_id)
    late = lambda: answering.approve(desk, manager, mail_id)  # noqa: E731
    assert refused(late) is Reason.ALREADY_ANSWERED
    assert found(desk, mail_id).state is MailState.HELD


@pytest.mark.slow
def test_nothing_due_writes_nothing(desk: Desk, agent: Actor) -> None:
    held(desk, agent)
    writes = desk.store.writes
    approvals.attend(desk)
    assert desk.store.writes == writes


@pytest.mark.slow
def test_the_desk_s_thread_gives_up_by_itself(desk: Desk, agent: Actor) -> None:
    mail_id = held(desk, agent)
    expire(desk, mail_id)
    thread = Expiry(desk)
    thread.start()
    try:
        assert settled(desk, mail_id).problem == MailProblem.EXPIRED
    finally:
        thread.stop()


@pytest.mark.slow
def test_answers_are_shown_for_a_while(desk: Desk, agent: Actor, manager: Actor) -> None:
    answering.reject(desk, manager, held(desk, agent), "no")
    assert len(approvals.asked(desk, agent)) == 1
    assert approvals.asked(desk, manager) == []
    run(desk, "UPDATE ops.approval SET answered_at = answered_at - INTERVAL 3 DAY")
    assert approvals.asked(desk, agent) == []


# ---- telling the managers ------------------------------------------------------------------


@pytest.mark.slow
def test_each_active_manager_with_an_address_is_told(desk: Desk, agent: Actor) -> None:
    for username, email in (("otra", "otra@mesa.example.com"), ("muda", ""), ("ida", "ida@x.mx")):
        access.add_staff(desk, SYSTEM, username, username, email, Role.MANAGER, PASSWORD)
    run(desk, "UPDATE ops.staff SET active = false WHERE username = 'ida'")
    held(desk, agent)
    assert notices(desk) == ["gerente@mesa.example.com", "otra@mesa.example.com"]
    [row] = logged(desk, Action.APPROVAL_ANNOUNCED)
    assert row["actor"] == "sistema"
    assert row["detail"] == {
        "recipients": "gerente@mesa.example.com, otra@mesa.example.com",
        "requests": 1,
    }


def test_who_asks_is_not_told_and_then_the_administrators_are(desk: Desk, manager: Actor) -> None:
    held(desk, manager)
    assert notices(desk) == ["admin@mesa.example.com"]


@pytest.mark.slow
def test_many_requests_are_not_many_mails(desk: Desk, agent: Actor) -> None:
    for serial in (SERIAL, LICENCE, OTHER):
        held(desk, agent, serial)
    assert len(notices(desk)) == 1
    approvals.attend(desk)
    assert len(notices(desk)) == 1
    ago = dt.timedelta(minutes=16)
    run(desk, "UPDATE ops.approval SET announced_at = announced_at - ?", ago)
    desk.mail_waiting.clear()
    approvals.attend(desk)
    assert len(notices(desk)) == 2
    assert desk.mail_waiting.is_set()
    approvals.attend(desk)
    assert len(notices(desk)) == 2
    rows = logged(desk, Action.APPROVAL_ANNOUNCED)
    assert [row["detail"]["requests"] for row in rows] == [1, 2]
    payloads = [
        outbox.request(desk.store, row[0])
        for row in desk.store.rows(
            "SELECT id FROM ops.outbox WHERE kind = 'approval_waiting' ORDER BY requested_at"
        )
    ]
    assert payloads[1] is not None
    assert payloads[1].payload == {
        "serials": [LICENCE, OTHER],
        "account_no": "00000001, 00000002",
        "asked_by_name": "Agustina Agente",
        "why": ["El correo de la cuenta cambió hace poco"],
    }


# ---- the whole way -------------------------------------------------------------------------


@pytest.mark.slow
def test_a_manager_sees_that_the_old_address_was_not_told(
    desk: Desk,
    smtp: tuple[Behaviour, int],
    work: Callable[..., Worker],
    agent: Actor,
    manager: Actor,
) -> None:
    smtp[0].refused[OLD] = "550 5.1.1 no such user"
    mailed = mailing(desk, smtp[1])
    held(mailed, agent)
    [waiting] = approvals.waiting(mailed, manager)
    notice = waiting.edits[0].notice
    work(mailed)
    settled(mailed, notice)
    [waiting] = approvals.waiting(mailed, manager)
    assert waiting.notices == {notice: MailState.FAILED}


@pytest.mark.slow
def test_the_fraud_from_the_change_to_the_mailboxes(
    desk: Desk,
    smtp: tuple[Behaviour, int],
    work: Callable[..., Worker],
    agent: Actor,
    manager: Actor,
) -> None:
    mailed = mailing(desk, smtp[1])
    work(mailed)
    mail_id = held(mailed, agent)
    received = until(lambda: m if len(m := smtp[0].mails) == 2 else None)
    by_recipient = {mail["To"].addresses[0].addr_spec: body(mail, "plain") for mail in received}
    assert set(by_recipient) == {OLD, "gerente@mesa.example.com"}
    [change] = logged(mailed, Action.CONTACT_CHANGED)
    assert change["detail"]["reference"] in by_recipient[OLD]
    assert NEW not in by_recipient[OLD]
    assert SERIAL in by_recipient["gerente@mesa.example.com"]
    assert "LIVE1" not in "".join(by_recipient.values())

    answering.approve(mailed, manager, mail_id, "Confirmado")
    assert settled(mailed, mail_id).state is MailState.ACCEPTED
    cda = smtp[0].mails[-1]
    assert cda["To"].addresses[0].addr_spec == NEW
    assert "LIVE1-AAAAA-BBBBB-CCCCC" in body(cda, "plain")
    story = [row["action"] for row in logged(mailed) if row["subject"] == mail_id]
    assert story == ["resend_requested", "approval_asked", "approval_given", "mail_accepted"]
    told = stories.story(mailed, manager, entries.entry(mailed, manager, change["seq"]))
    assert [entry.action for entry in told] == [Action.CONTACT_CHANGED, Action.MAIL_ACCEPTED]
