"""A resend asked for: what is refused, and that what is asked happens once."""

import dataclasses
import threading
from collections.abc import Callable

import pytest

from lib.model import clock, roles
from lib.model.account import Section
from lib.model.action import Action
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.outbox import Claim, Delivery, MailProblem, MailState, Motive
from lib.model.roles import Role
from lib.services.desk import Desk
from lib.services.records import customers
from lib.services.resends import resending
from lib.store.mail import outbox
from tests.services.log_rows import logged

SERIAL = "S0000000001"


def ask(desk: Desk, actor: Actor, key: str = "k1", serial: str = SERIAL) -> Delivery:
    return resending.resend(desk, actor, serial, Motive.NOT_RECEIVED, " T-1 ", key)


def refused(act: Callable[[], object]) -> AppError:
    with pytest.raises(AppError) as refusal:
        act()
    return refusal.value


def settle(desk: Desk, state: MailState, problem: MailProblem | None = None) -> None:
    """End the mail on its way as the worker would; the slot frees at once."""

    def work(transaction: outbox.Transaction) -> None:
        taken = outbox.claim(transaction)
        assert isinstance(taken, Claim)
        outbox.settle(transaction, taken, state, problem, (None, ""), transaction.now)

    desk.store.write(work)


def correct_email(desk: Desk, account_no: str, email: str) -> None:
    desk.store.write(
        lambda t: t.run(
            "INSERT INTO ops.correction (account_no, email, search, version, corrected_at,"
            " corrected_by) VALUES (?, ?, '', 1, ?, 'agente')",
            [account_no, email, t.now],
        )
    )


# ---- preparing -----------------------------------------------------------------------------


def test_the_offer_shows_all_but_the_code_and_the_address(desk: Desk, agent: Actor) -> None:
    offer = resending.prepare(desk, agent, SERIAL)
    assert (offer.system.product, offer.account_name) == ("SAE", "Héctor Villaseñor Muñoz")
    assert offer.masked_address == "h***************r@example.com"
    assert [issue.cause for issue in offer.issues] == ["Desbloqueo", "Alta"]
    assert offer.deliveries == []
    assert "LIVE1" not in repr(offer)
    assert "DEAD1" not in repr(offer)
    assert offer.key != resending.prepare(desk, agent, SERIAL).key
    assert logged(desk) == []


def test_the_offer_shows_what_was_sent_before(desk: Desk, agent: Actor) -> None:
    first = ask(desk, agent, "k1")
    settle(desk, MailState.FAILED, MailProblem.ADDRESS_REFUSED)
    second = ask(desk, agent, "k2")
    assert [d.id for d in resending.prepare(desk, agent, SERIAL).deliveries] == [
        second.id,
        first.id,
    ]


@pytest.mark.parametrize(
    ("serial", "reason"),
    [
        ("S9999999999", Reason.UNKNOWN_SERIAL),
        ("C0000000001", Reason.PRINTED_ON_CERTIFICATE),
        ("L0000000002", Reason.NO_CODE),
        ("S0000000003", Reason.NO_ADDRESS),
        ("S0000000004", Reason.BAD_ADDRESS),
    ],
)
def test_what_cannot_be_mailed_is_refused(
    desk: Desk, agent: Actor, serial: str, reason: Reason
) -> None:
    desk.store.write(
        lambda t: t.run(
            "INSERT INTO ops.certificate VALUES"
            " ('F1', 'C0000000001', 'SAE', '9.0', 1, NULL, 'Ana', '', '', '', 'b1')"
        )
    )
    error = refused(lambda: resending.prepare(desk, agent, serial))
    assert error.reason is reason
    assert refused(lambda: ask(desk, agent, serial=serial)).reason is reason
    if reason in {Reason.NO_ADDRESS, Reason.BAD_ADDRESS}:
        assert error.facts["account_no"] == f"0000000{serial[-1]}"
    assert outbox.pending_ids(desk.store) == []
    assert logged(desk) == []


# ---- asking --------------------------------------------------------------------------------


def test_a_resend_is_queued_and_logged(desk: Desk, agent: Actor) -> None:
    delivery = ask(desk, agent)
    assert (delivery.state, delivery.recipient) == (
        MailState.QUEUED,
        "hector.villasenor@example.com",
    )
    assert outbox.pending_ids(desk.store) == [delivery.id]
    assert desk.mail_waiting.is_set()
    [row] = logged(desk)
    assert (row["action"], row["actor"], row["outcome"]) == ("resend_requested", "agente", "ok")
    assert (row["serial"], row["account_no"]) == (SERIAL, "00000001")
    assert (row["reason"], row["ticket"], row["subject"]) == ("not_received", "T-1", delivery.id)
    assert row["detail"] == {"recipient": "hector.villasenor@example.com"}


def test_it_goes_to_the_address_on_record_at_that_moment(desk: Desk, agent: Actor) -> None:
    resending.prepare(desk, agent, SERIAL)
    correct_email(desk, "00000001", "nuevo@example.com")
    assert ask(desk, agent).recipient == "nuevo@example.com"
    assert logged(desk)[0]["detail"] == {"recipient": "nuevo@example.com"}


def test_the_message_id_is_the_senders_and_fixed(desk: Desk, agent: Actor) -> None:
    delivery = ask(desk, agent)
    asked = outbox.request(desk.store, delivery.id)
    assert asked is not None
    assert asked.message_id == f"<{delivery.id}@avisos.aspel.com.mx>"


@pytest.mark.parametrize("reason", ["", "because", "NOT_RECEIVED"])
def test_a_reason_of_the_list_is_needed(desk: Desk, agent: Actor, reason: str) -> None:
    error = refused(lambda: resending.resend(desk, agent, SERIAL, reason, "", "k1"))
    assert error.reason is Reason.MISSING_REASON
    assert outbox.pending_ids(desk.store) == []


@pytest.mark.parametrize("ticket", ["x" * 41, "a\nb", "a\x00b", "a\u202eb", "a\u2028b"])
def test_a_ticket_is_one_short_line(desk: Desk, agent: Actor, ticket: str) -> None:
    error = refused(lambda: resending.resend(desk, agent, SERIAL, Motive.OTHER, ticket, "k1"))
    assert error.reason is Reason.BAD_TICKET
    assert outbox.pending_ids(desk.store) == []


def test_a_ticket_may_be_left_out_or_be_forty_long(desk: Desk, agent: Actor) -> None:
    resending.resend(desk, agent, SERIAL, Motive.OTHER, "", "k1")
    resending.resend(desk, agent, "S0000000002", Motive.OTHER, "ñ" * 40, "k2")
    assert [row["ticket"] for row in logged(desk)] == ["", "ñ" * 40]


def test_who_may_not_resend_is_refused_and_logged(
    desk: Desk, agent: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = ask(desk, agent)
    settle(desk, MailState.FAILED)
    monkeypatch.setitem(roles.ALLOWED, Role.AGENT, frozenset())
    acts: list[Callable[[], object]] = [
        lambda: ask(desk, agent, "k2"),
        lambda: resending.retry(desk, agent, failed.id, "k3"),
        lambda: resending.prepare(desk, agent, SERIAL),
        lambda: resending.delivery(desk, agent, failed.id),
        lambda: resending.deliveries(desk, agent, [SERIAL]),
    ]
    assert {refused(act).reason for act in acts} == {Reason.FORBIDDEN}
    tried = [row for row in logged(desk) if row["outcome"] == "refused"]
    assert [row["action"] for row in tried] == ["resend_requested", "resend_retried"]
    assert all(row["reason"] == "forbidden" for row in tried)
    assert outbox.pending_ids(desk.store) == []


# ---- once ----------------------------------------------------------------------------------


def test_the_same_key_is_the_same_answer(desk: Desk, agent: Actor) -> None:
    first = ask(desk, agent)
    assert ask(desk, agent) == first
    settle(desk, MailState.ACCEPTED)
    assert ask(desk, agent).id == first.id
    assert len(logged(desk)) == 1


def test_a_key_of_another_serial_or_person_is_refused(
    desk: Desk, agent: Actor, manager: Actor
) -> None:
    ask(desk, agent)
    acts: list[Callable[[], object]] = [
        lambda: ask(desk, agent, serial="S0000000002"),
        lambda: ask(desk, manager),
        lambda: ask(desk, agent, key="", serial="S0000000002"),
        lambda: ask(desk, agent, key="k" * 65, serial="S0000000002"),
    ]
    assert {refused(act).reason for act in acts} == {Reason.STALE_DIALOG}
    assert len(logged(desk)) == 1


def at_once(count: int, act: Callable[[int], object]) -> list[object]:
    """`act` in as many threads, started together: what each returned or was refused with."""
    start, answers = threading.Barrier(count), []

    def run(number: int) -> None:
        start.wait()
        try:
            answers.append(act(number))
        except AppError as error:
            answers.append(error.reason)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_a_double_click_is_one_mail(desk: Desk, agent: Actor) -> None:
    answers = at_once(20, lambda _: ask(desk, agent).id)
    assert len(answers) == 20
    assert len(set(answers)) == 1
    assert len(outbox.pending_ids(desk.store)) == 1
    assert len(logged(desk)) == 1


@pytest.mark.slow
def test_two_tabs_are_one_mail(desk: Desk, agent: Actor) -> None:
    answers = at_once(20, lambda number: ask(desk, agent, f"k{number}").state)
    assert sorted(map(str, answers)) == ["on_its_way"] * 19 + ["queued"]
    assert len(logged(desk)) == 1


def test_one_is_not_sent_while_another_is_on_its_way(desk: Desk, agent: Actor) -> None:
    ask(desk, agent, "k1")
    assert refused(lambda: ask(desk, agent, "k2")).reason is Reason.ON_ITS_WAY
    desk.store.write(outbox.claim)
    assert refused(lambda: ask(desk, agent, "k2")).reason is Reason.ON_ITS_WAY
    assert ask(desk, agent, "k3", "S0000000002").state is MailState.QUEUED


def test_after_a_sent_one_there_is_a_pause(desk: Desk, agent: Actor) -> None:
    sent = ask(desk, agent, "k1")
    settle(desk, MailState.ACCEPTED)
    desk.store.write(
        lambda t: t.run("UPDATE ops.resend_slot SET free_at = ?", [t.now.replace(year=2100)])
    )
    error = refused(lambda: ask(desk, agent, "k2"))
    assert error.reason is Reason.SENT_A_MOMENT_AGO
    assert isinstance(error.facts["wait_s"], int)
    desk.store.write(lambda t: t.run("UPDATE ops.resend_slot SET free_at = ?", [t.now]))
    assert ask(desk, agent, "k2").id != sent.id
    assert len(logged(desk)) == 2


# ---- again ---------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [MailState.FAILED, MailState.UNCERTAIN])
def test_a_retry_is_a_new_request_to_the_address_on_record_now(
    desk: Desk, agent: Actor, manager: Actor, state: MailState
) -> None:
    old = ask(desk, agent)
    settle(desk, state, MailProblem.ADDRESS_REFUSED)
    correct_email(desk, "00000001", "nuevo@example.com")
    new = resending.retry(desk, manager, old.id, "k2")
    assert new.id != old.id
    assert (new.recipient, new.state) == ("nuevo@example.com", MailState.QUEUED)
    row = logged(desk)[-1]
    assert (row["action"], row["actor"], row["subject"]) == ("resend_retried", "gerente", new.id)
    assert (row["reason"], row["ticket"]) == ("not_received", "T-1")
    assert row["detail"] == {"recipient": "nuevo@example.com", "retry_of": old.id}
    assert outbox.request(desk.store, new.id).message_id.startswith(f"<{new.id}@")
    assert desk.mail_waiting.is_set()


def test_a_retry_to_the_same_address_keeps_the_message_id(desk: Desk, agent: Actor) -> None:
    old = ask(desk, agent)
    settle(desk, MailState.UNCERTAIN, MailProblem.ANSWER_LOST)
    new = resending.retry(desk, agent, old.id, "k2")
    ids = {outbox.request(desk.store, d.id).message_id for d in (old, new)}
    assert len(ids) == 1


def test_a_retry_clicked_twice_is_one_mail(desk: Desk, agent: Actor) -> None:
    old = ask(desk, agent)
    settle(desk, MailState.FAILED)
    answers = at_once(10, lambda _: resending.retry(desk, agent, old.id, "k2").id)
    assert len(set(answers)) == 1
    assert len(logged(desk, Action.RESEND_RETRIED)) == 1


@pytest.mark.parametrize("state", [None, MailState.ACCEPTED])
def test_only_what_failed_or_is_uncertain_is_retried(
    desk: Desk, agent: Actor, state: MailState | None
) -> None:
    old = ask(desk, agent)
    if state:
        settle(desk, state)
    error = refused(lambda: resending.retry(desk, agent, old.id, "k2"))
    assert error.reason is Reason.NOT_RETRYABLE
    assert len(logged(desk)) == 1


def test_an_old_failure_is_not_retried_past_a_newer_mail(desk: Desk, agent: Actor) -> None:
    old = ask(desk, agent, "k1")
    settle(desk, MailState.FAILED)
    ask(desk, agent, "k2")
    settle(desk, MailState.ACCEPTED)
    error = refused(lambda: resending.retry(desk, agent, old.id, "k3"))
    assert error.reason is Reason.NOT_RETRYABLE


def test_a_retry_without_an_address_is_refused(desk: Desk, agent: Actor) -> None:
    old = ask(desk, agent)
    settle(desk, MailState.FAILED)
    correct_email(desk, "00000001", "")
    error = refused(lambda: resending.retry(desk, agent, old.id, "k2"))
    assert error.reason is Reason.NO_ADDRESS


def test_an_unknown_delivery(desk: Desk, agent: Actor) -> None:
    acts: list[Callable[[], object]] = [
        lambda: resending.delivery(desk, agent, "nope"),
        lambda: resending.retry(desk, agent, "nope", "k1"),
    ]
    assert {refused(act).reason for act in acts} == {Reason.UNKNOWN_DELIVERY}


def test_deliveries_by_serial(desk: Desk, agent: Actor) -> None:
    delivery = ask(desk, agent)
    assert resending.deliveries(desk, agent, [SERIAL, "S0000000002"]) == {SERIAL: delivery}
    assert resending.delivery(desk, agent, delivery.id) == delivery


def test_what_is_refused_by_storage_leaves_nothing(
    desk: Desk, agent: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The log can't be written: neither is the mail."""

    def broken(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(outbox.Transaction, "log", broken)
    with pytest.raises(OSError, match="disk full"):
        ask(desk, agent)
    monkeypatch.undo()
    assert outbox.pending_ids(desk.store) == []
    assert dataclasses.asdict(ask(desk, agent))["state"] == "queued"


def corrected(desk: Desk, agent: Actor, **new: str) -> None:
    before = customers.find(desk, agent, "00000001")
    typed = {"name": before.name, "email": before.email, "phone": before.phone} | new
    customers.correct(desk, agent, "00000001", Section.CONTACT, typed, before.version)


def test_a_changed_address_is_told_before_a_resend(desk: Desk, agent: Actor) -> None:
    assert resending.prepare(desk, agent, "S0000000001").address_change is None
    corrected(desk, agent, phone="5511112222")
    assert resending.prepare(desk, agent, "S0000000001").address_change is None
    corrected(desk, agent, email="otra@example.com")
    corrected(desk, agent, phone="5511113333")
    change = resending.prepare(desk, agent, "S0000000001").address_change
    assert change is not None
    assert change.changed_by == "agente"
    assert change.changed_at <= clock.now()
