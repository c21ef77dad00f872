"""Reenviar CDA to many: what the check says, that each goes once, cancelled or after a restart."""

import csv
import dataclasses
import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest

from lib.model import roles
from lib.model.account import Section
from lib.model.action import Action
from lib.model.actor import Actor
from lib.model.bulk import Bulk, BulkState, Line, Manner, Part
from lib.model.errors import AppError, Reason
from lib.model.outbox import MailKind, MailState, Motive
from lib.model.policy import Mode, Rule
from lib.model.roles import Role
from lib.model.selection import Selection
from lib.model.sheet import Row
from lib.model.view import View
from lib.services.desk import Desk, open_desk
from lib.services.outgoing.delivery import Worker
from lib.services.records import customers, exporting
from lib.services.resends import asking, bulk, bulk_results, mailable, policies, resending, rounds
from lib.services.resends.checked import Check
from lib.services.resends.rounds import Rounds
from lib.store.database import Transaction
from lib.store.grid.sources import SUBSCRIPTIONS
from lib.store.mail import bulks, outbox
from lib.store.people import staff
from lib.store.people.staff import Staff
from tests import small_ref
from tests.mail.letters import body
from tests.mail.server import Behaviour
from tests.services.log_rows import logged
from tests.services.test_resending import at_once
from tests.waiting import until

OF_ONE = ("S0000000001", "L0000000001")  # of account 00000001
OVERDUE = "S0000000002"  # of account 00000002
NO_ADDRESS, BAD_ADDRESS, NO_CODE = "S0000000003", "S0000000004", "L0000000002"
PEOPLE = [("agente", Role.AGENT), ("gerente", Role.MANAGER), ("admin", Role.ADMIN)]
Act = Callable[[], object]


@pytest.fixture(autouse=True)
def whole_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine."""
    monkeypatch.setattr(rounds, "BATCH_S", 600.0)


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """Its people are known here: a bulk asks in the name of who started it as they are then."""
    with_people(desk)
    return desk


def with_people(desk: Desk) -> None:
    def add(transaction: Transaction) -> None:
        for username, role in PEOPLE:
            staff.add(transaction, Staff(username, username, "", role, "-", True, 1))

    desk.store.write(add)


def refused(act: Act) -> Reason:
    with pytest.raises(AppError) as refusal:
        act()
    return refusal.value.reason


def check(desk: Desk, actor: Actor, *serials: str) -> Check:
    return bulk.check_serials(desk, "subscriptions", serials, actor=actor)


def start(
    desk: Desk,
    actor: Actor,
    *serials: str,
    manner: Manner = Manner.PER_SYSTEM,
    accepting: bool = True,
) -> Bulk:
    checked = check(desk, actor, *serials)
    return confirm(desk, actor, checked, manner, accepting=accepting)


def confirm(
    desk: Desk,
    actor: Actor,
    checked: Check,
    manner: Manner = Manner.PER_SYSTEM,
    *,
    accepting: bool = True,
) -> Bulk:
    return bulk.start(
        desk, actor, checked, manner, Motive.NEW_COMPUTER, " T-9 ", accepting=accepting
    )


def worked_off(desk: Desk) -> None:
    """As the threads do, with a mail server that takes everything."""
    thread = Rounds(desk)
    while bulks.unfinished(desk.store):
        thread.turn()
        while deliver(desk):
            pass


def deliver(desk: Desk) -> bool:
    """Send the next mail; False when none is due."""

    def work(transaction: Transaction) -> bool:
        taken = outbox.claim(transaction)
        if taken is None:
            return False
        free_at = transaction.now
        return outbox.settle(transaction, taken, MailState.ACCEPTED, None, (250, ""), free_at)

    return desk.store.write(work)


def lines(desk: Desk, started: Bulk) -> dict[str, Line]:
    return {line.serial: line for line in bulks.lines(desk.store, started.id)}


def state(desk: Desk, started: Bulk) -> BulkState:
    found = bulks.find(desk.store, started.id)
    assert found is not None
    return found.state


def mails(desk: Desk) -> list[tuple[str, tuple[str, ...]]]:
    """Kind and serials of all that was asked for."""
    rows = desk.store.rows("SELECT id, serial FROM ops.outbox ORDER BY requested_at, id")
    found = ((outbox.request(desk.store, mail_id), serial) for mail_id, serial in rows)
    return [(r.kind, r.serials or (serial,)) for r, serial in found if r]


def held(desk: Desk) -> int:
    [(count,)] = desk.store.rows("SELECT count(*) FROM ops.outbox WHERE state = 'held'")
    return int(count)


def change_policy(desk: Desk, admin: Actor, modes: dict[Rule, Mode], **values: Any) -> None:
    now = policies.current(desk, admin)
    wanted = dataclasses.replace(now, modes={**now.modes, **modes}, **values)
    policies.change(desk, admin, wanted)


@pytest.fixture
def overdue_warns(desk: Desk, admin: Actor) -> None:
    change_policy(desk, admin, {Rule.OVERDUE: Mode.WARN})


# ---- the check -----------------------------------------------------------------------------


@pytest.mark.usefixtures("overdue_warns")
def test_the_check_says_how_many_go_and_why_not(desk: Desk, agent: Actor) -> None:
    ticked = Selection(ids=("S0000000001", OVERDUE, NO_ADDRESS, BAD_ADDRESS, "S0000000099"))
    steps: list[float] = []
    found = bulk.check(desk, SUBSCRIPTIONS, View(), ticked, steps.append, actor=agent)
    assert (len(found.systems), found.gone) == (4, 1)
    assert {each.serial: each.problem and each.problem.reason for each in found.left_out} == {
        NO_ADDRESS: Reason.NO_ADDRESS,
        BAD_ADDRESS: Reason.BAD_ADDRESS,
    }
    assert [each.serial for each in found.warned] == [OVERDUE]
    assert found.warnings == (Rule.OVERDUE,)
    assert [each.serial for each in found.going(accepting=False)] == ["S0000000001"]
    assert found.mails(Manner.PER_SYSTEM, accepting=True) == 2
    assert found.accounts(accepting=True) == 2
    assert steps
    assert logged(desk, Action.RESEND_REQUESTED, Action.BULK_STARTED) == []


def test_a_whole_group_is_checked(desk: Desk, agent: Actor) -> None:
    view = View(group=("product",))
    found = bulk.check(desk, SUBSCRIPTIONS, view, Selection(paths=(("SAE",),)), actor=agent)
    assert sorted(found.serials) == ["S0000000001", BAD_ADDRESS]
    assert found.systems[0].account_name == "Héctor Villaseñor Muñoz"


def test_the_check_knows_no_cda_and_what_is_on_its_way(desk: Desk, agent: Actor) -> None:
    resending.resend(desk, agent, "S0000000001", Motive.OTHER, "", "k1")
    found = check(desk, agent, "S0000000001", NO_CODE, "S0000000099")
    why = [each.problem.reason for each in found.left_out if each.problem]
    assert why == [Reason.ON_ITS_WAY, Reason.NO_CODE, Reason.UNKNOWN_SERIAL]
    assert refused(lambda: confirm(desk, agent, found)) is Reason.NOTHING_TO_RESEND


def test_an_account_s_mail_lists_its_systems(desk: Desk, agent: Actor) -> None:
    found = check(desk, agent, *OF_ONE, OVERDUE)
    assert found.mails(Manner.PER_ACCOUNT, accepting=True) == 2
    assert found.mails(Manner.PER_SYSTEM, accepting=True) == 3


@pytest.mark.slow
def test_the_quota_is_counted_through(desk: Desk, agent: Actor, admin: Actor) -> None:
    change_policy(desk, admin, {Rule.QUOTA: Mode.REFUSE}, quota_per_hour=1)
    found = check(desk, agent, *OF_ONE)
    assert [len(each.stops) for each in found.systems] == [0, 1]
    started = confirm(desk, agent, found)
    worked_off(desk)
    assert mails(desk) == [(MailKind.RESEND, ("S0000000001",))]
    assert lines(desk, started)["L0000000001"].facts["rule"] == "quota"


def test_what_the_quota_left_out_says_how_many_were_asked_for(
    desk: Desk, agent: Actor, admin: Actor
) -> None:
    """Not how many would have been, had everything gone that the check listed ahead of it."""
    change_policy(desk, admin, {Rule.QUOTA: Mode.WARN}, quota_per_hour=1)
    started = start(desk, agent, *OF_ONE, OVERDUE, accepting=False)
    told = lines(desk, started)
    assert [told[serial].facts["asked"] for serial in ("L0000000001", OVERDUE)] == [1, 1]


def test_too_many_are_refused(desk: Desk, agent: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "MOST_SYSTEMS", 3)
    ticked = Selection(paths=(("SAE",), ("COI",), ("NOI",)))
    view = View(group=("product",))
    with pytest.raises(AppError) as refusal:
        bulk.check(desk, SUBSCRIPTIONS, view, ticked, actor=agent)
    assert refusal.value.reason is Reason.TOO_MANY_SYSTEMS
    assert refusal.value.facts == {"total": "4", "most": "3"}


# ---- asking --------------------------------------------------------------------------------


@pytest.mark.usefixtures("overdue_warns")
def test_it_is_written_down_and_logged(desk: Desk, agent: Actor) -> None:
    started = start(desk, agent, "S0000000001", OVERDUE, NO_ADDRESS)
    assert desk.bulk_waiting.is_set()
    assert mails(desk) == []
    [row] = logged(desk, Action.BULK_STARTED)
    assert (row["actor"], row["subject"]) == ("agente", started.id)
    assert (row["reason"], row["ticket"]) == ("new_computer", "T-9")
    assert row["versions"] == "policy 1"
    assert row["detail"] == {
        "systems": 3,
        "manner": "per_system",
        "accepted": "overdue",
        "list": "subscriptions",
    }
    found = lines(desk, started)
    assert (found[NO_ADDRESS].part, found[NO_ADDRESS].why) == (Part.LEFT_OUT, "no_address")
    assert found[OVERDUE].part is Part.WAITING


@pytest.mark.slow
def test_one_mail_an_account(desk: Desk, agent: Actor) -> None:
    started = start(desk, agent, *OF_ONE, OVERDUE, manner=Manner.PER_ACCOUNT)
    worked_off(desk)
    assert sorted(mails(desk)) == [
        (MailKind.RESEND, (OVERDUE,)),
        (MailKind.RESEND_MANY, ("L0000000001", "S0000000001")),
    ]
    asked = logged(desk, Action.RESEND_REQUESTED)
    assert [row["serial"] for row in asked] == [*OF_ONE, OVERDUE]
    assert asked[0]["subject"] == asked[1]["subject"] != asked[2]["subject"]
    assert {(row["reason"], row["ticket"], row["actor"]) for row in asked} == {
        ("new_computer", "T-9", "agente")
    }
    seen = bulk.see(desk, agent, started.id)
    assert (seen.bulk.state, seen.tally.mails) == (BulkState.ENDED, 2)
    assert seen.tally.asked == {MailState.ACCEPTED: 3}
    [end] = logged(desk, Action.BULK_ENDED)
    assert (end["subject"], end["actor"]) == (started.id, "sistema")
    assert end["detail"] == {
        "systems": 3, "mails": 2, "accepted_mails": 3, "uncertain": 0, "held": 0, "failed": 0,
        "left_out": 0, "cancelled": 0,
    }  # fmt: skip


def test_one_mail_a_system(desk: Desk, agent: Actor) -> None:
    start(desk, agent, *OF_ONE)
    worked_off(desk)
    assert [kind for kind, _ in mails(desk)] == [MailKind.RESEND] * 2


@pytest.mark.slow
def test_both_codes_reach_the_mailbox(
    mail_desk: Desk,
    smtp: tuple[Behaviour, int],
    agent: Actor,
    work: Callable[..., Worker],
) -> None:
    """The threads themselves, a real server, one mail with the CDAs in force."""
    thread = Rounds(mail_desk)
    thread.start()
    work(mail_desk)
    started = start(mail_desk, agent, *OF_ONE, manner=Manner.PER_ACCOUNT)
    until(lambda: state(mail_desk, started) is BulkState.ENDED)
    thread.stop()
    [mail] = smtp[0].mails
    text = body(mail, "plain")
    assert "LIVE1-AAAAA-BBBBB-CCCCC" in text
    assert "LIVE5-AAAAA-BBBBB-CCCCC" in text
    assert "DEAD1" not in text
    accepted = logged(mail_desk, Action.MAIL_ACCEPTED)
    assert sorted(row["serial"] for row in accepted) == sorted(OF_ONE)
    assert len({row["subject"] for row in accepted}) == 1


@pytest.mark.slow
def test_confirmed_twice_is_once(desk: Desk, agent: Actor) -> None:
    checked = check(desk, agent, *OF_ONE)
    answers = at_once(10, lambda _: confirm(desk, agent, checked).id)
    assert len(set(answers)) == 1
    worked_off(desk)
    assert confirm(desk, agent, checked).id == answers[0]
    assert len(mails(desk)) == 2
    assert len(logged(desk, Action.BULK_STARTED)) == 1


def test_somebody_else_s_check_is_stale(desk: Desk, agent: Actor, manager: Actor) -> None:
    checked = check(desk, agent, *OF_ONE)
    confirm(desk, agent, checked)
    assert refused(lambda: confirm(desk, manager, checked)) is Reason.STALE_DIALOG
    assert len(logged(desk, Action.BULK_STARTED)) == 1


def test_a_reason_and_a_ticket_are_checked(desk: Desk, agent: Actor) -> None:
    checked = check(desk, agent, *OF_ONE)

    def ask(reason: str, ticket: str) -> Act:
        return lambda: bulk.start(
            desk, agent, checked, Manner.PER_SYSTEM, reason, ticket, accepting=False
        )

    assert refused(ask("because", "")) is Reason.MISSING_REASON
    assert refused(ask(Motive.OTHER, "x" * 41)) is Reason.BAD_TICKET
    assert logged(desk) == []


def test_who_may_not_is_refused_and_logged(
    desk: Desk, agent: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = check(desk, agent, *OF_ONE)
    started = confirm(desk, agent, checked)
    monkeypatch.setitem(roles.ALLOWED, Role.AGENT, frozenset())
    acts: list[Act] = [
        lambda: check(desk, agent, *OF_ONE),
        lambda: confirm(desk, agent, checked),
        lambda: bulk.cancel(desk, agent, started.id),
        lambda: bulk.see(desk, agent, started.id),
        lambda: bulk.newest(desk, agent),
        lambda: bulk.troubled(desk, agent, started.id, 9),
        lambda: bulk_results.start(desk, agent, started.id, WORDS),
    ]
    assert {refused(act) for act in acts} == {Reason.FORBIDDEN}
    tried = [row["action"] for row in logged(desk) if row["outcome"] == "refused"]
    assert tried == ["bulk_started", "bulk_cancelled"]


# ---- what stands against it at its own moment ------------------------------------------------


@pytest.mark.usefixtures("overdue_warns")
def test_warnings_are_left_out_unless_accepted(desk: Desk, agent: Actor) -> None:
    started = start(desk, agent, "S0000000001", OVERDUE, accepting=False)
    worked_off(desk)
    assert mails(desk) == [(MailKind.RESEND, ("S0000000001",))]
    told = lines(desk, started)[OVERDUE]
    assert (told.part, told.why, told.facts["rule"]) == (
        Part.LEFT_OUT, "unseen_warning", "overdue",
    )  # fmt: skip


def test_a_rule_made_after_the_check_counts(desk: Desk, agent: Actor, admin: Actor) -> None:
    started = start(desk, agent, *OF_ONE, OVERDUE, manner=Manner.PER_ACCOUNT)
    change_policy(desk, admin, {Rule.OVERDUE: Mode.REFUSE})
    worked_off(desk)
    assert mails(desk) == [(MailKind.RESEND_MANY, ("L0000000001", "S0000000001"))]
    assert lines(desk, started)[OVERDUE].why == "stopped_by_policy"


def test_one_system_kept_back_doesn_t_keep_the_others(desk: Desk, agent: Actor) -> None:
    started = start(desk, agent, *OF_ONE, manner=Manner.PER_ACCOUNT)
    resending.resend(desk, agent, "L0000000001", Motive.OTHER, "", "k1")
    worked_off(desk)
    assert (MailKind.RESEND, ("S0000000001",)) in mails(desk)
    assert lines(desk, started)["L0000000001"].why == "on_its_way"
    assert state(desk, started) is BulkState.ENDED


@pytest.mark.slow
def test_what_a_manager_decides_is_held(desk: Desk, agent: Actor) -> None:
    before = customers.find(desk, agent, "00000001")
    typed = {"name": before.name, "email": "otra@example.com", "phone": before.phone}
    customers.correct(desk, agent, "00000001", Section.CONTACT, typed, before.version)
    checked = check(desk, agent, *OF_ONE, OVERDUE)
    assert [each.serial for each in checked.held(accepting=True)] == list(OF_ONE)
    started = confirm(desk, agent, checked, Manner.PER_ACCOUNT)
    worked_off(desk)
    seen = bulk.see(desk, agent, started.id)
    assert seen.bulk.state is BulkState.ENDED
    assert seen.tally.asked == {MailState.HELD: 2, MailState.ACCEPTED: 1}
    assert len(logged(desk, Action.APPROVAL_ASKED)) >= 1


@pytest.mark.slow
def test_a_system_that_changed_hands_goes_nowhere(
    desk: Desk, agent: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A load in between: its CDA must not be in the mail of who had it."""
    started = start(desk, agent, *OF_ONE, manner=Manner.PER_ACCOUNT)
    moved = [
        (s, kind, "00000002" if s == "L0000000001" else account, *rest)
        for s, kind, account, *rest in small_ref.SYSTEMS
    ]
    monkeypatch.setattr(small_ref, "SYSTEMS", moved)
    small_ref.publish(desk.store, desk.vault())
    worked_off(desk)
    assert mails(desk) == [(MailKind.RESEND, ("S0000000001",))]
    assert lines(desk, started)["L0000000001"].why == "other_account_now"


def test_a_mail_is_never_of_two_accounts(desk: Desk, agent: Actor) -> None:
    systems = [mailable.system(desk.store, serial) for serial in ("S0000000001", OVERDUE)]
    how = asking.Asking(Action.RESEND_REQUESTED, Motive.OTHER, "", "k1")
    with pytest.raises(ValueError, match="one account"):
        desk.store.write(lambda t: asking.ask_for(desk, t, agent, systems, how))
    assert mails(desk) == []


def test_who_lost_the_right_stops_it(desk: Desk, agent: Actor) -> None:
    started = start(desk, agent, *OF_ONE)
    desk.store.write(lambda t: t.run("UPDATE ops.staff SET active = false"))
    worked_off(desk)
    assert mails(desk) == []
    assert state(desk, started) is BulkState.CANCELLED
    [row] = logged(desk, Action.BULK_CANCELLED)
    assert (row["actor"], row["outcome"], row["reason"]) == ("sistema", "refused", "forbidden")


# ---- cancelled -----------------------------------------------------------------------------


@pytest.fixture
def one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "BATCH", 1)


@pytest.mark.slow
@pytest.mark.usefixtures("one_at_a_time")
def test_what_has_not_left_is_cancelled(desk: Desk, agent: Actor) -> None:
    started = start(desk, agent, *OF_ONE)
    Rounds(desk).turn()
    [mail_id] = outbox.pending_ids(desk.store)
    bulk.cancel(desk, agent, started.id)
    assert desk.bulk_waiting.is_set()
    mail = outbox.find(desk.store, mail_id)
    assert mail is not None
    assert (mail.state, mail.problem) == (MailState.FAILED, "cancelled")
    [row] = logged(desk, Action.BULK_CANCELLED)
    assert (row["actor"], row["subject"]) == ("agente", started.id)
    [ended] = logged(desk, Action.MAIL_FAILED)
    assert (ended["subject"], ended["reason"]) == (mail_id, "cancelled")
    assert ended["versions"] == "policy 0"  # it was never written
    Rounds(desk).turn()
    assert state(desk, started) is BulkState.CANCELLED
    # One not asked for yet, and one taken back from the outbox: neither failed.
    assert logged(desk, Action.BULK_ENDED)[0]["detail"]["cancelled"] == 2
    assert refused(lambda: bulk.cancel(desk, agent, started.id)) is Reason.BULK_OVER
    assert resending.resend(desk, agent, "S0000000001", Motive.OTHER, "", "k1")


@pytest.mark.usefixtures("one_at_a_time")
def test_what_is_leaving_ends_by_itself(desk: Desk, agent: Actor) -> None:
    started = start(desk, agent, *OF_ONE)
    Rounds(desk).turn()
    taken = desk.store.write(outbox.claim)
    assert taken is not None
    bulk.cancel(desk, agent, started.id)
    Rounds(desk).turn()
    assert state(desk, started) is BulkState.CANCELLING
    desk.store.write(lambda t: outbox.settle(t, taken, MailState.ACCEPTED, None, (250, ""), t.now))
    Rounds(desk).turn()
    seen = bulk.see(desk, agent, started.id)
    assert seen.bulk.state is BulkState.CANCELLED
    assert (seen.tally.asked, seen.tally.cancelled) == ({MailState.ACCEPTED: 1}, 1)


def test_a_held_mail_is_cancelled_too(desk: Desk, agent: Actor, admin: Actor) -> None:
    hours = {"days": (6,), "opens": dt.time(3), "closes": dt.time(3, 1)}
    change_policy(desk, admin, {Rule.OFFICE_HOURS: Mode.ASK}, **hours)
    started = start(desk, agent, *OF_ONE)
    Rounds(desk).turn()
    assert held(desk) == 2
    bulk.cancel(desk, agent, started.id)
    assert held(desk) == 0


@pytest.mark.usefixtures("one_at_a_time")
def test_a_stranger_s_is_unknown(desk: Desk, agent: Actor, manager: Actor) -> None:
    theirs = start(desk, manager, *OF_ONE)
    acts: list[Act] = [
        lambda: bulk.see(desk, agent, theirs.id),
        lambda: bulk.cancel(desk, agent, theirs.id),
        lambda: bulk.troubled(desk, agent, theirs.id, 9),
        lambda: bulk_results.start(desk, agent, theirs.id, WORDS),
        lambda: bulk.check_again(desk, theirs.id, actor=agent),
        lambda: bulk.see(desk, agent, "nope"),
    ]
    assert {refused(act) for act in acts} == {Reason.UNKNOWN_BULK}
    assert bulk.newest(desk, agent) == []
    mine = start(desk, agent, OVERDUE)
    assert [each.id for each in bulk.newest(desk, manager)] == [mine.id, theirs.id]
    bulk.cancel(desk, manager, mine.id)


# ---- again, and beside others ----------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.usefixtures("one_at_a_time")
def test_it_goes_on_after_a_restart(desk: Desk, agent: Actor) -> None:
    started = start(desk, agent, *OF_ONE, OVERDUE)
    Rounds(desk).turn()
    assert len(mails(desk)) == 1
    desk.close()
    again = open_desk(desk.settings)
    try:
        worked_off(again)
        assert sorted(serials for _, serials in mails(again)) == sorted(
            (serial,) for serial in (*OF_ONE, OVERDUE)
        )
        assert state(again, started) is BulkState.ENDED
        assert len(logged(again, Action.RESEND_REQUESTED)) == 3
        assert logged(again, Action.RESEND_REQUESTED)[2]["session"] == agent.session
    finally:
        again.close()


@pytest.mark.slow
@pytest.mark.usefixtures("one_at_a_time")
def test_two_go_on_side_by_side(desk: Desk, agent: Actor, manager: Actor) -> None:
    first = start(desk, agent, *OF_ONE)
    second = start(desk, manager, OVERDUE, "L0000000001")
    Rounds(desk).turn()
    assert [serials for _, serials in mails(desk)] == [("S0000000001",), (OVERDUE,)]
    worked_off(desk)
    assert {state(desk, each) for each in (first, second)} == {BulkState.ENDED}
    assert len(logged(desk, Action.BULK_ENDED)) == 2


@pytest.mark.slow
def test_a_single_resend_waits_behind_few(
    desk: Desk, agent: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "AHEAD", 1)
    start(desk, agent, *OF_ONE, OVERDUE)
    thread = Rounds(desk)
    for _ in range(3):
        thread.turn()
    assert len(outbox.pending_ids(desk.store)) == 1
    assert deliver(desk)
    thread.turn()
    assert len(mails(desk)) == 2


@pytest.mark.slow
def test_a_retry_is_of_the_whole_mail(desk: Desk, agent: Actor) -> None:
    start(desk, agent, *OF_ONE, manner=Manner.PER_ACCOUNT)
    Rounds(desk).turn()

    def fail(transaction: Transaction) -> str:
        taken = outbox.claim(transaction)
        assert taken is not None
        outbox.settle(transaction, taken, MailState.FAILED, None, (550, ""), transaction.now)
        return taken.id

    failed = desk.store.write(fail)
    again = resending.retry(desk, agent, failed, "k1")
    assert (again.kind, outbox.serials_of(desk.store, again.id)) == (
        MailKind.RESEND_MANY, tuple(sorted(OF_ONE)),
    )  # fmt: skip


@pytest.mark.slow
def test_what_storage_refuses_is_asked_again(
    desk: Desk, agent: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A batch is whole or not at all."""
    start(desk, agent, *OF_ONE)

    def broken(*_: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patched:
        patched.setattr(bulks, "asked", broken)
        with pytest.raises(OSError, match="disk full"):
            Rounds(desk).turn()
    assert mails(desk) == []
    assert logged(desk, Action.RESEND_REQUESTED) == []
    worked_off(desk)
    assert len(mails(desk)) == 2


# ---- the result ----------------------------------------------------------------------------


def cells(line: Line) -> Row:
    return (line.serial, line.account_name, line.mail or line.part, line.why)


WORDS = bulk_results.Words(
    "Resultado de envío", ("Serie", "Cliente", "Resultado", "Por qué"), cells
)


def fetched(desk: Desk, actor: Actor, ticket: str) -> list[list[str]]:
    download = bulk_results.take(desk, ticket, actor=actor)
    try:
        content = b"".join(download)
    finally:
        download.close()
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.fixture
def ended(desk: Desk, agent: Actor) -> Bulk:
    started = start(desk, agent, *OF_ONE, NO_ADDRESS)
    worked_off(desk)
    return started


@pytest.mark.slow
def test_the_result_is_a_row_a_system(desk: Desk, agent: Actor, ended: Bulk) -> None:
    before = customers.find(desk, agent, "00000001")
    typed = {"name": "=cmd|' /C calc'!A0", "email": before.email, "phone": before.phone}
    customers.correct(desk, agent, "00000001", Section.CONTACT, typed, before.version)
    rows = fetched(desk, agent, bulk_results.start(desk, agent, ended.id, WORDS))
    assert rows == [
        ["Serie", "Cliente", "Resultado", "Por qué"],
        ["S0000000001", "'=cmd|' /C calc'!A0", "accepted", ""],
        ["L0000000001", "'=cmd|' /C calc'!A0", "accepted", ""],
        [NO_ADDRESS, "Sin Correo Núñez", "left_out", "no_address"],
    ]
    assert "LIVE" not in str(rows)
    [row] = logged(desk, Action.ROWS_EXPORTED)
    assert (row["actor"], row["subject"]) == ("agente", ended.id)
    assert row["reason"] == "Resultado de envío: 3 (CSV)"
    assert row["detail"]["rows"] == 3


@pytest.mark.slow
def test_its_ticket_serves_once_and_nothing_else(
    desk: Desk, agent: Actor, manager: Actor, ended: Bulk
) -> None:
    ticket = bulk_results.start(desk, agent, ended.id, WORDS)
    assert refused(lambda: bulk_results.take(desk, ticket, actor=manager)) is Reason.EXPORT_GONE
    assert fetched(desk, agent, ticket)
    assert refused(lambda: fetched(desk, agent, ticket)) is Reason.EXPORT_GONE
    other = bulk_results.start(desk, manager, ended.id, WORDS)
    assert refused(lambda: exporting.take(desk, other, actor=manager)) is Reason.EXPORT_GONE


@pytest.mark.slow
def test_what_did_not_go_is_checked_again(desk: Desk, agent: Actor, ended: Bulk) -> None:
    assert bulk.check_again(desk, ended.id, actor=agent).serials == (NO_ADDRESS,)
    before = customers.find(desk, agent, "00000003")
    typed = {"name": before.name, "email": "ya@example.com", "phone": before.phone}
    customers.correct(desk, agent, "00000003", Section.CONTACT, typed, before.version)
    again = bulk.check_again(desk, ended.id, actor=agent)
    assert len(again.going(accepting=True)) == 1
    assert again.list == "subscriptions"


@pytest.mark.slow
def test_what_needs_looking_after(desk: Desk, agent: Actor, ended: Bulk) -> None:
    assert [line.serial for line in bulk.troubled(desk, agent, ended.id, 9)] == [NO_ADDRESS]
    assert bulk.troubled(desk, agent, ended.id, 0) == []
