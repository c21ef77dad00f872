"""The policy between an agent and a resend: each rule in each mode, and changing it."""

import dataclasses
import datetime as dt
import json
import threading
from collections.abc import Callable
from typing import Any

import pytest

from lib.model import clock
from lib.model.account import Section
from lib.model.action import Action
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.outbox import Claim, Delivery, MailState, Motive
from lib.model.policy import PLAIN, Mode, Policy, PolicyProblem, Rule
from lib.services.desk import Desk
from lib.services.outgoing.delivery import Worker
from lib.services.records import customers
from lib.services.resends import approvals, mailable, policies, resending, rules
from lib.store.database import Transaction
from lib.store.mail import bounces, outbox
from tests.examples import spread
from tests.services.conftest import mailing, settled
from tests.services.log_rows import logged

SERIAL, OVERDUE, LICENCE = "S0000000001", "S0000000002", "L0000000001"
ADDRESS = "hector.villasenor@example.com"
QUIET = dict.fromkeys(Rule, Mode.OFF)


def put(desk: Desk, admin: Actor, **values: Any) -> Policy:
    now = policies.in_force(desk.store)
    return policies.change(desk, admin, dataclasses.replace(now, **values))


def only(desk: Desk, admin: Actor, rule: Rule, mode: Mode, **values: Any) -> None:
    """A policy in which one rule says anything."""
    put(desk, admin, modes=QUIET | {rule: mode}, **values)


def ask(
    desk: Desk, actor: Actor, key: str, serial: str = SERIAL, accepted: tuple[Rule, ...] = ()
) -> Delivery:
    return resending.resend(desk, actor, serial, Motive.OTHER, "", key, accepted)


def refused(act: Callable[[], object]) -> AppError:
    with pytest.raises(AppError) as refusal:
        act()
    return refusal.value


def settle(desk: Desk, state: MailState, pause_s: int = 0) -> None:
    """End the mail on its way as the worker would."""

    def work(transaction: Transaction) -> None:
        taken = outbox.claim(transaction)
        assert isinstance(taken, Claim)
        free_at = transaction.now + dt.timedelta(seconds=pause_s)
        outbox.settle(transaction, taken, state, None, (None, ""), free_at)

    desk.store.write(work)


def correct(desk: Desk, actor: Actor, email: str) -> None:
    before = customers.find(desk, actor, "00000001")
    typed = {"name": before.name, "email": email, "phone": before.phone}
    customers.correct(desk, actor, "00000001", Section.CONTACT, typed, before.version)


def shift(monkeypatch: pytest.MonkeyPatch, by: dt.timedelta) -> None:
    """Set the machine's clock forward or back."""
    real = clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + by)


# ---- each rule, with what sets it off ------------------------------------------------------


class Scene:
    """What a rule looks out for, done for real; `serial` is the system to resend then."""

    def __init__(
        self, desk: Desk, agent: Actor, admin: Actor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.desk, self.agent, self.admin, self.monkeypatch = desk, agent, admin, monkeypatch
        self.serial = SERIAL
        self.values: dict[str, Any] = {}

    def cooldown(self) -> None:
        put(self.desk, self.admin, modes=QUIET)
        ask(self.desk, self.agent, "before")
        settle(self.desk, MailState.ACCEPTED, pause_s=60)

    def quota(self) -> None:
        put(self.desk, self.admin, modes=QUIET)
        ask(self.desk, self.agent, "before", LICENCE)
        self.values = {"quota_per_hour": 1}

    def office_hours(self) -> None:
        self.values = {"days": ((clock.today().weekday() + 2) % 7,)}

    def email_changed(self) -> None:
        correct(self.desk, self.agent, "otra@example.com")

    def overdue(self) -> None:
        self.serial = OVERDUE

    def shared_address(self) -> None:
        put(self.desk, self.admin, modes=QUIET)
        overlay = (
            "INSERT INTO ops.correction (account_no, email, search, version, corrected_at,"
            " corrected_by) VALUES ('00000002', ?, '', 1, ?, 'agente')"
        )
        self.desk.store.write(lambda t: t.run(overlay, [ADDRESS.upper(), t.now]))
        ask(self.desk, self.agent, "before", OVERDUE)
        self.values = {"shared_accounts": 2}

    def recent_unlock(self) -> None:
        """Its unlock is of 01/02/2026."""
        there = dt.datetime.fromisoformat("2026-02-02T18:00") - clock.now()
        shift(self.monkeypatch, there)

    def failing_address(self) -> None:
        self.desk.store.write(lambda t: bounces.mark_failing(t, ADDRESS, "m1"))


@pytest.fixture
def scene(desk: Desk, agent: Actor, admin: Actor, monkeypatch: pytest.MonkeyPatch) -> Scene:
    return Scene(desk, agent, admin, monkeypatch)


def set_off(scene: Scene, rule: Rule, mode: Mode) -> int:
    """Do what sets a rule off, then put it in force alone; how many rows the log has by then."""
    getattr(scene, rule.value)()
    only(scene.desk, scene.admin, rule, mode, email_hold_h=71, **scene.values)
    return len(logged(scene.desk))


def in_force(desk: Desk) -> str:
    """As the log names the policy."""
    return f"policy {policies.in_force(desk.store).version}"


@pytest.mark.parametrize("rule", spread(Rule, 2))
def test_a_rule_that_is_off_says_nothing(scene: Scene, rule: Rule) -> None:
    set_off(scene, rule, Mode.OFF)
    assert resending.prepare(scene.desk, scene.agent, scene.serial).stops == []
    sent = ask(scene.desk, scene.agent, "k", scene.serial)
    assert sent.state is MailState.QUEUED


@pytest.mark.parametrize("rule", Rule)
def test_a_warning_is_read_before_it_is_sent(scene: Scene, rule: Rule) -> None:
    desk, agent = scene.desk, scene.agent
    before = set_off(scene, rule, Mode.WARN)
    offer = resending.prepare(desk, agent, scene.serial)
    assert offer.warnings == {rule}
    [stop] = offer.stops
    assert "@" not in json.dumps(stop.facts)
    others = tuple(each for each in Rule if each is not rule)
    error = refused(lambda: ask(desk, agent, "k", scene.serial, others))
    assert (error.reason, error.facts["rule"]) == (Reason.UNSEEN_WARNING, rule)
    assert len(logged(desk)) == before
    sent = ask(desk, agent, "k", scene.serial, (rule,))
    assert sent.state is MailState.QUEUED
    row = logged(desk, Action.RESEND_REQUESTED)[-1]
    assert (row["subject"], row["detail"]["accepted"]) == (sent.id, rule.value)
    assert row["versions"] == in_force(desk)


@pytest.mark.parametrize("rule", spread(Rule, 2))
def test_what_needs_approval_is_held_for_a_manager(
    scene: Scene, rule: Rule, manager: Actor
) -> None:
    desk = scene.desk
    before = set_off(scene, rule, Mode.ASK)
    assert resending.prepare(desk, scene.agent, scene.serial).has(Mode.ASK)
    held = ask(desk, scene.agent, "k", scene.serial)
    assert held.state is MailState.HELD
    [waiting] = approvals.waiting(desk, manager)
    assert [stop.rule for stop in waiting.approval.stops] == [rule]
    rows = logged(desk)[before:]
    assert [row["action"] for row in rows[:2]] == ["resend_requested", "approval_asked"]
    assert [row["versions"] for row in rows[:2]] == [in_force(desk)] * 2
    assert rows[0]["subject"] == held.id
    again = refused(lambda: ask(desk, scene.agent, "k2", scene.serial))
    assert again.reason is Reason.WAITS_FOR_APPROVAL


@pytest.mark.parametrize("rule", spread(Rule, 2))
def test_what_is_refused_is_not_queued_and_is_logged(scene: Scene, rule: Rule) -> None:
    desk, agent = scene.desk, scene.agent
    before = set_off(scene, rule, Mode.REFUSE)
    pending = outbox.pending_ids(desk.store)
    assert resending.prepare(desk, agent, scene.serial).has(Mode.REFUSE)
    error = refused(lambda: ask(desk, agent, "k", scene.serial, tuple(Rule)))
    assert error.facts["rule"] == rule
    assert outbox.pending_ids(desk.store) == pending
    rows = logged(desk)[before:]
    if rule is Rule.COOLDOWN:
        assert (error.reason, rows) == (Reason.SENT_A_MOMENT_AGO, [])
    else:
        assert error.reason is Reason.STOPPED_BY_POLICY
        [row] = rows
        assert row["versions"] == in_force(desk)
        assert (row["action"], row["outcome"]) == ("resend_requested", "refused")
        assert (row["reason"], row["serial"]) == (rule.value, scene.serial)


# ---- where a rule begins and ends ----------------------------------------------------------


def test_an_address_changed_lately_asks_a_manager_unless_told_otherwise(
    desk: Desk, agent: Actor
) -> None:
    correct(desk, agent, "otra@example.com")
    assert ask(desk, agent, "k").state is MailState.HELD


@pytest.mark.parametrize(("hours", "state"), [(71, MailState.HELD), (73, MailState.QUEUED)])
def test_the_hold_ends_by_itself(
    desk: Desk, agent: Actor, monkeypatch: pytest.MonkeyPatch, hours: int, state: MailState
) -> None:
    correct(desk, agent, "otra@example.com")
    shift(monkeypatch, dt.timedelta(hours=hours))
    assert ask(desk, agent, "k").state is state


@pytest.mark.slow
def test_the_plain_policy_lets_an_ordinary_resend_pass(desk: Desk, agent: Actor) -> None:
    for key, serial in enumerate((SERIAL, OVERDUE, LICENCE)):
        assert resending.prepare(desk, agent, serial).stops == []
        assert ask(desk, agent, f"k{key}", serial).state is MailState.QUEUED


def test_an_account_s_own_many_mails_are_no_shared_address(
    desk: Desk, agent: Actor, admin: Actor
) -> None:
    only(desk, admin, Rule.SHARED_ADDRESS, Mode.REFUSE, shared_accounts=2)
    ask(desk, agent, "k1")
    assert ask(desk, agent, "k2", LICENCE).state is MailState.QUEUED


@pytest.mark.parametrize(("day", "stopped"), [(1, True), (2, True), (3, False)])
def test_an_unlock_counts_while_it_may_be_within_the_hours(
    desk: Desk,
    agent: Actor,
    admin: Actor,
    monkeypatch: pytest.MonkeyPatch,
    day: int,
    stopped: bool,
) -> None:
    only(desk, admin, Rule.RECENT_UNLOCK, Mode.WARN)
    shift(monkeypatch, dt.datetime.fromisoformat(f"2026-02-0{day}T18:00") - clock.now())
    assert bool(resending.prepare(desk, agent, SERIAL).stops) is stopped


def test_another_agent_s_mails_are_not_counted(
    desk: Desk, agent: Actor, manager: Actor, admin: Actor
) -> None:
    only(desk, admin, Rule.QUOTA, Mode.REFUSE, quota_per_hour=1)
    ask(desk, agent, "k1")
    assert ask(desk, manager, "k2", OVERDUE).state is MailState.QUEUED
    assert refused(lambda: ask(desk, agent, "k3", LICENCE)).facts["asked"] == 1


def test_the_quota_is_of_the_last_hour(
    desk: Desk, agent: Actor, admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    only(desk, admin, Rule.QUOTA, Mode.REFUSE, quota_per_hour=1)
    ask(desk, agent, "k1")
    shift(monkeypatch, dt.timedelta(minutes=61))
    assert ask(desk, agent, "k2", LICENCE).state is MailState.QUEUED


def test_two_at_once_do_not_both_get_the_last_of_a_quota(
    desk: Desk, agent: Actor, admin: Actor
) -> None:
    only(desk, admin, Rule.QUOTA, Mode.REFUSE, quota_per_hour=1)
    start, answers = threading.Barrier(2), []

    def run(serial: str) -> None:
        start.wait()
        try:
            answers.append(ask(desk, agent, serial, serial).state.value)
        except AppError as error:
            answers.append(error.reason.value)

    threads = [threading.Thread(target=run, args=(serial,)) for serial in (SERIAL, LICENCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["queued", "stopped_by_policy"]
    assert len(outbox.pending_ids(desk.store)) == 1


def test_a_mail_of_several_systems_counts_each(desk: Desk, agent: Actor, admin: Actor) -> None:
    only(desk, admin, Rule.QUOTA, Mode.REFUSE, quota_per_hour=1)
    account, policy = customers.find(desk, agent, "00000001"), policies.in_force(desk.store)
    both = [mailable.system(desk.store, serial) for serial in (SERIAL, LICENCE)]
    seen = rules.gathered(desk.store, policy, agent, [account], both, clock.now())
    assert [stop.rule for stop in rules.stops(seen, account, both)] == [Rule.QUOTA]
    assert rules.stops(seen, account, both[:1]) == []
    assert [stop.rule for stop in rules.stops(seen, account, both[:1], before=1)] == [Rule.QUOTA]


# ---- the clock set back --------------------------------------------------------------------


def test_no_pause_is_skipped_when_the_clock_is_set_back(
    desk: Desk, agent: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(desk, agent, "k1")
    settle(desk, MailState.ACCEPTED, pause_s=60)
    shift(monkeypatch, dt.timedelta(hours=-2))
    assert refused(lambda: ask(desk, agent, "k2")).reason is Reason.SENT_A_MOMENT_AGO


@pytest.mark.slow
def test_nor_a_quota_nor_a_hold(
    desk: Desk, agent: Actor, admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(desk, admin, modes={**PLAIN.modes, Rule.QUOTA: Mode.REFUSE}, quota_per_hour=1)
    ask(desk, agent, "k1", OVERDUE)
    correct(desk, agent, "otra@example.com")
    shift(monkeypatch, dt.timedelta(hours=-2))
    stops = resending.prepare(desk, agent, SERIAL).stops
    assert {stop.rule for stop in stops} == {Rule.EMAIL_CHANGED, Rule.QUOTA}


# ---- the pause, where the worker takes it --------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(("pause_s", "least", "most"), [(None, 50, 61), (7200, 7100, 7201)])
def test_the_pause_is_the_policy_s_else_the_setting_s(
    desk: Desk,
    agent: Actor,
    admin: Actor,
    smtp: tuple[object, int],
    work: Callable[..., Worker],
    pause_s: int | None,
    least: int,
    most: int,
) -> None:
    sending = mailing(desk, smtp[1], cooldown_s=60)
    if pause_s:
        put(sending, admin, cooldown_s=pause_s)
    work(sending)
    settled(sending, ask(sending, agent, "k1").id)
    error = refused(lambda: ask(sending, agent, "k2"))
    assert error.reason is Reason.SENT_A_MOMENT_AGO
    assert least < error.facts["wait_s"] <= most


# ---- a retry -------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_retry_to_an_address_changed_meanwhile_is_held(desk: Desk, agent: Actor) -> None:
    """Else a refused mail would be the way round the hold."""
    old = ask(desk, agent, "k1")
    settle(desk, MailState.FAILED)
    correct(desk, agent, "otra@example.com")
    again = resending.retry(desk, agent, old.id, "k2")
    assert (again.state, again.recipient) == (MailState.HELD, "otra@example.com")
    assert logged(desk, Action.RESEND_RETRIED)[0]["detail"]["retry_of"] == old.id


def test_a_retry_is_refused_where_a_resend_is(desk: Desk, agent: Actor, admin: Actor) -> None:
    old = ask(desk, agent, "k1")
    settle(desk, MailState.FAILED)
    only(desk, admin, Rule.QUOTA, Mode.REFUSE, quota_per_hour=1)
    error = refused(lambda: resending.retry(desk, agent, old.id, "k2"))
    assert error.reason is Reason.STOPPED_BY_POLICY
    [row] = logged(desk, Action.RESEND_RETRIED)
    assert (row["outcome"], row["reason"]) == ("refused", "quota")


def test_a_retry_neither_rests_nor_warns_again(desk: Desk, agent: Actor, admin: Actor) -> None:
    old = ask(desk, agent, "k1", OVERDUE)
    settle(desk, MailState.UNCERTAIN, pause_s=600)
    put(desk, admin, modes={**PLAIN.modes, Rule.OVERDUE: Mode.WARN})
    assert resending.retry(desk, agent, old.id, "k2").state is MailState.QUEUED


# ---- the reason and the ticket -------------------------------------------------------------


def test_the_reasons_are_the_administrator_s(desk: Desk, agent: Actor, admin: Actor) -> None:
    put(desk, admin, reasons=("other", "Lo pidió un distribuidor"))
    error = refused(lambda: resending.resend(desk, agent, SERIAL, Motive.NOT_RECEIVED, "", "k1"))
    assert error.reason is Reason.MISSING_REASON
    resending.resend(desk, agent, SERIAL, "Lo pidió un distribuidor", "", "k1")
    assert logged(desk, Action.RESEND_REQUESTED)[0]["reason"] == "Lo pidió un distribuidor"


def test_a_ticket_is_as_the_pattern_says(desk: Desk, agent: Actor, admin: Actor) -> None:
    put(desk, admin, ticket_pattern=r"MDA-\d{4}", ticket_example="MDA-1234")
    for ticket in ("", "MDA-1", "mda-1234", "MDA-12345"):
        act = lambda: resending.resend(desk, agent, SERIAL, Motive.OTHER, ticket, "k1")  # noqa: E731, B023
        error = refused(act)
        assert (error.reason, error.facts) == (Reason.TICKET_NOT_LIKE, {"example": "MDA-1234"})
    resending.resend(desk, agent, SERIAL, Motive.OTHER, " MDA-1234 ", "k1")
    assert logged(desk, Action.RESEND_REQUESTED)[0]["ticket"] == "MDA-1234"


# ---- changing it ---------------------------------------------------------------------------


def test_each_change_is_a_version_logged_from_and_to(desk: Desk, admin: Actor) -> None:
    assert policies.in_force(desk.store) == PLAIN
    new = put(desk, admin, quota_per_hour=30, modes={**PLAIN.modes, Rule.QUOTA: Mode.REFUSE})
    assert (new.version, policies.in_force(desk.store)) == (1, new)
    [row] = logged(desk)
    assert (row["action"], row["actor"], row["subject"]) == (
        "policy_changed",
        "admin",
        "policy/1",
    )
    assert row["versions"] == "policy 1"
    assert row["detail"] == {
        "old": {"mode.quota": "warn", "quota_per_hour": 60},
        "new": {"mode.quota": "refuse", "quota_per_hour": 30},
    }
    put(desk, admin, quota_per_hour=31)
    versions = policies.history(desk, admin)
    assert [v.policy.quota_per_hour for v in versions] == [31, 30]
    assert {v.changed_by for v in versions} == {"admin"}
    assert versions[0].changed_at <= clock.now()


def test_a_mail_knows_the_version_that_let_it_pass(desk: Desk, agent: Actor, admin: Actor) -> None:
    put(desk, admin, quota_per_hour=30)
    request = outbox.request(desk.store, ask(desk, agent, "k1").id)
    assert request is not None
    assert request.policy == 1


def test_only_an_administrator_changes_it(desk: Desk, agent: Actor, manager: Actor) -> None:
    for actor in (agent, manager):
        acts: list[Callable[[], object]] = [
            lambda: put(desk, actor, quota_per_hour=1),  # noqa: B023
            lambda: policies.history(desk, actor),  # noqa: B023
        ]
        assert {refused(act).reason for act in acts} == {Reason.FORBIDDEN}
    assert policies.in_force(desk.store) == PLAIN
    assert logged(desk) == []


def test_what_cannot_be_is_not_saved(desk: Desk, admin: Actor) -> None:
    error = refused(lambda: put(desk, admin, ticket_pattern=r"(\d+)+", quota_per_hour=0))
    assert error.reason is Reason.BAD_POLICY
    assert error.facts["errors"] == {
        "ticket_pattern": PolicyProblem.SLOW_PATTERN,
        "quota_per_hour": PolicyProblem.OUT_OF_RANGE,
    }
    assert refused(lambda: put(desk, admin)).reason is Reason.NOTHING_CHANGED
    assert logged(desk) == []


def test_two_changes_of_the_same_version_are_not_both_made(desk: Desk, admin: Actor) -> None:
    mine = dataclasses.replace(PLAIN, quota_per_hour=10)
    put(desk, admin, quota_per_hour=20)
    error = refused(lambda: policies.change(desk, admin, mine))
    assert error.reason is Reason.POLICY_CHANGED_MEANWHILE
    assert policies.in_force(desk.store).quota_per_hour == 20
    assert len(logged(desk)) == 1
