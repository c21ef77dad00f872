"""Alerts: what fires each rule and what just doesn't; raised once; taken by one, not one's own."""

import datetime as dt
import threading
from collections.abc import Callable

import pytest

from lib.model import alert as rules
from lib.model import clock
from lib.model.account import Section
from lib.model.action import Action, Entry, Outcome
from lib.model.actor import SYSTEM, Actor
from lib.model.alert import Alert, Rule, State
from lib.model.errors import AppError, Reason
from lib.model.outbox import Motive
from lib.model.roles import Role
from lib.services.desk import Desk
from lib.services.doors import access
from lib.services.log import alerts
from lib.services.log.alert_watch import AlertWatch
from lib.services.records import customers
from lib.services.resends import resending
from lib.store.database import Transaction
from tests.services.log_rows import logged
from tests.waiting import until

ALERTS = (Action.ALERT_RAISED, Action.ALERT_TAKEN, Action.ALERT_CLOSED)
# A Wednesday; the office opens at nine and closes at six, by its own clock (UTC-6).
NOON = dt.datetime(2026, 11, 18, 18)  # noqa: DTZ001 - stored instants carry no zone
DAY = dt.timedelta(days=1)
OTHER = Actor("otra", "Olga Otra", Role.AGENT, session="s-otra")


@pytest.fixture(autouse=True)
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever day the tests run on, nothing here is out of hours by itself."""
    monkeypatch.setattr(clock, "now", lambda: NOON)


@pytest.fixture
def team(desk: Desk, cheap_passwords: None, manager: Actor, admin: Actor, agent: Actor) -> None:
    """Taking an alert asks who somebody is now."""
    for person in (manager, admin, agent):
        access.add_staff(
            desk, SYSTEM, person.username, person.name, "", person.role, "frase probada"
        )


def act(
    desk: Desk,
    actor: Actor,
    action: Action,
    times: int = 1,
    at: dt.datetime = NOON,
    outcome: Outcome = Outcome.OK,
    subject: str = "",
) -> None:
    """Rows of the log as an act leaves them, at an instant."""

    def work(transaction: Transaction) -> None:
        transaction.now = at
        for _ in range(times):
            transaction.log(actor, Entry(action, outcome, "00000001", subject=subject))

    desk.store.write(work)


def resends(desk: Desk, actor: Actor, times: int, at: dt.datetime = NOON) -> None:
    act(desk, actor, Action.RESEND_REQUESTED, times, at)


def look(desk: Desk, after: int | None = None) -> int:
    return alerts.attend(desk, alerts.begin(desk) if after is None else after)


def raised(desk: Desk, admin: Actor, rule: Rule) -> list[Alert]:
    look(desk)
    return [each for each in alerts.standing(desk, admin) if each.rule is rule]


def refused(act: Callable[[], object]) -> AppError:
    with pytest.raises(AppError) as refusal:
        act()
    return refusal.value


# ---- the rules -----------------------------------------------------------------------------


def worked(desk: Desk, agent: Actor, *a_day: int) -> None:
    """What somebody resent on each of the days before."""
    for back, times in sorted(enumerate(a_day, start=1), reverse=True):
        resends(desk, agent, times, NOON - back * DAY)


@pytest.mark.slow
def test_far_above_their_own_usual(desk: Desk, agent: Actor, admin: Actor) -> None:
    worked(desk, agent, 9, 12, 10, 11, 8)
    resends(desk, agent, 29)
    assert raised(desk, admin, Rule.RESENDS) == []  # nobody is remarkable below 30
    resends(desk, agent, 1)
    [found] = raised(desk, admin, Rule.RESENDS)
    assert (found.about, found.people) == ("agente", ("agente",))
    assert found.facts == {"count": 30, "day": "2026-11-18", "usual": 10, "days": 5}
    assert len(found.entries) == 30


@pytest.mark.slow
def test_somebody_who_always_does_many_is_usual(desk: Desk, agent: Actor, admin: Actor) -> None:
    worked(desk, agent, 12, 12, 12, 12, 12)
    resends(desk, agent, 35)
    assert raised(desk, admin, Rule.RESENDS) == []
    resends(desk, agent, 1)
    assert len(raised(desk, admin, Rule.RESENDS)) == 1


@pytest.mark.slow
def test_days_of_longer_ago_and_one_wild_day_don_t_count(
    desk: Desk, agent: Actor, admin: Actor
) -> None:
    resends(desk, agent, 100, NOON - 31 * DAY)
    worked(desk, agent, 10, 10, 90, 10, 10)
    resends(desk, agent, 30)
    [found] = raised(desk, admin, Rule.RESENDS)
    assert (found.facts["usual"], found.facts["days"]) == (10, 5)


@pytest.mark.slow
def test_somebody_new_is_compared_with_a_normal_day(desk: Desk, agent: Actor, admin: Actor) -> None:
    worked(desk, agent, 1, 1, 1, 1)  # four days: no usual yet
    resends(desk, agent, 119)
    assert raised(desk, admin, Rule.RESENDS) == []
    resends(desk, agent, 1)
    [found] = raised(desk, admin, Rule.RESENDS)
    assert (found.facts["usual"], found.facts["days"]) == (rules.RESENDS_PRESUMED, 0)


def change_email(desk: Desk, actor: Actor) -> None:
    account = customers.find(desk, actor, "00000001")
    typed = {"name": account.name, "email": "otro@example.net", "phone": account.phone}
    customers.correct(desk, actor, "00000001", Section.CONTACT, typed, account.version)


def resend(desk: Desk, actor: Actor, serial: str, key: str = "k1") -> None:
    offer = resending.prepare(desk, actor, serial)
    accepted = [stop.rule for stop in offer.stops]
    resending.resend(desk, actor, serial, Motive.NOT_RECEIVED, "", key, accepted=accepted)


@pytest.mark.slow
@pytest.mark.parametrize(("hours", "fires"), [(71, True), (73, False)])
def test_a_resend_soon_after_the_address_changed(
    desk: Desk,
    agent: Actor,
    admin: Actor,
    hours: int,
    fires: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    change_email(desk, OTHER)
    monkeypatch.setattr(clock, "now", lambda: NOON + dt.timedelta(hours=hours))
    resend(desk, agent, "S0000000001")
    found = raised(desk, admin, Rule.EMAIL_CHANGED)
    assert len(found) == fires
    if fires:
        assert (found[0].about, found[0].people) == ("00000001", ("agente", "otra"))
        assert found[0].facts["held"] is True
        assert "otro@example.net" not in repr(found[0])
        acts = [Action(line.action) for line in alerts.entries(desk, admin, found[0])]
        assert acts == [Action.RESEND_REQUESTED, Action.CONTACT_CHANGED]


def test_a_resend_after_another_change_of_contact_is_none(
    desk: Desk, agent: Actor, admin: Actor
) -> None:
    account = customers.find(desk, agent, "00000001")
    typed = {"name": account.name, "email": account.email, "phone": "5511112222"}
    customers.correct(desk, agent, "00000001", Section.CONTACT, typed, account.version)
    resend(desk, agent, "S0000000001")
    assert raised(desk, admin, Rule.EMAIL_CHANGED) == []


def mailed(desk: Desk, actor: Actor, account_no: str, email: str, at: dt.datetime = NOON) -> None:
    """A resend as the outbox and the log hold it."""

    def work(transaction: Transaction) -> None:
        transaction.now = at
        mail_id = f"mail-{account_no}-{at:%d}"
        transaction.run(
            "INSERT INTO ops.outbox (id, idempotency_key, serial, account_no, recipient,"
            " recipient_name, message_id, requested_by, requested_at, reason, ticket, state,"
            " attempts, problem, smtp_text) VALUES (?, ?, 'S1', ?, ?, '', '', ?, ?, '', '',"
            " 'accepted', 1, '', '')",
            [mail_id, mail_id, account_no, email, actor.username, at],
        )
        asked = Entry(Action.RESEND_REQUESTED, account_no=account_no, subject=mail_id)
        transaction.log(actor, asked)

    desk.store.write(work)


def test_the_cdas_of_many_accounts_to_one_address(desk: Desk, agent: Actor, admin: Actor) -> None:
    mailed(desk, agent, "99", "despacho@example.com", NOON - 31 * DAY)  # too long ago
    for number in range(rules.SHARED_ACCOUNTS - 1):
        mailed(desk, agent, f"1{number}", "Despacho@example.com", NOON - DAY)
    mailed(desk, agent, "10", "despacho@example.com")  # one of them again
    assert raised(desk, admin, Rule.SHARED_ADDRESS) == []
    mailed(desk, OTHER, "20", "despacho@example.com")
    [found] = raised(desk, admin, Rule.SHARED_ADDRESS)
    assert (found.facts["accounts"], found.people) == (5, ("agente", "otra"))
    assert found.about == "d******o@example.com"
    assert len(found.entries) == 6
    assert "despacho" not in repr(found)


def test_many_cdas_seen_in_a_day(desk: Desk, manager: Actor, admin: Actor) -> None:
    act(desk, manager, Action.CDA_REVEALED, 15, NOON - DAY)
    act(desk, manager, Action.CDA_REVEALED, rules.REVEALS_A_DAY - 1)
    act(desk, manager, Action.CDA_REVEALED, 5, outcome=Outcome.REFUSED)
    assert raised(desk, admin, Rule.REVEALS) == []
    act(desk, manager, Action.CDA_REVEALED)
    [found] = raised(desk, admin, Rule.REVEALS)
    assert (found.about, found.facts["count"]) == ("gerente", 20)


def test_who_wanted_to_see_more_than_an_hour_allows(
    desk: Desk, manager: Actor, admin: Actor
) -> None:
    act(desk, manager, Action.REVEAL_LIMIT_REACHED, 2, outcome=Outcome.REFUSED)
    [found] = raised(desk, admin, Rule.REVEAL_LIMIT)
    assert (found.about, found.facts["count"]) == ("gerente", 2)


@pytest.mark.parametrize(
    ("day", "hour", "minute", "fires"),
    [
        (18, 8, 0, False),  # an hour before it opens
        (18, 7, 59, True),
        (18, 18, 59, False),  # not yet an hour after it closed
        (18, 19, 0, True),
        (15, 12, 0, True),  # a Sunday
    ],
)
def test_acts_while_the_office_is_closed(
    desk: Desk, agent: Actor, admin: Actor, day: int, hour: int, minute: int, fires: bool
) -> None:
    local = dt.datetime(2026, 11, day, hour, minute, tzinfo=clock.OFFICE)
    act(desk, agent, Action.CONTACT_CHANGED, at=local.astimezone(dt.UTC).replace(tzinfo=None))
    found = raised(desk, admin, Rule.OUT_OF_HOURS)
    assert len(found) == fires
    if fires:
        assert (found[0].about, found[0].facts["count"]) == ("agente", 1)
        assert found[0].facts["is_office_day"] == (day == 18)


def test_looking_out_of_hours_is_nothing_nor_is_what_the_desk_does(
    desk: Desk, agent: Actor, admin: Actor
) -> None:
    night = NOON - dt.timedelta(hours=9)
    act(desk, agent, Action.SIGNED_IN, at=night)
    act(desk, SYSTEM, Action.RESEND_RETRIED, at=night)
    assert raised(desk, admin, Rule.OUT_OF_HOURS) == []


@pytest.mark.parametrize(
    ("rule", "most", "about"),
    [
        (Rule.SIGN_INS, rules.SIGN_INS_A_DAY, "agente"),
        (Rule.SIGN_INS_FROM, rules.SIGN_INS_FROM_A_DAY, "203.0.113.9"),
    ],
)
def test_failed_sign_ins(
    desk: Desk, manager: Actor, admin: Actor, rule: Rule, most: int, about: str
) -> None:
    from_there = Actor("sistema", "Sistema", Role.ADMIN, address="203.0.113.9")
    subject = "agente" if rule is Rule.SIGN_INS else ""
    failed = Action.SIGN_IN_FAILED
    act(desk, from_there, failed, 5, NOON - DAY, Outcome.REFUSED, subject)
    act(desk, from_there, failed, most - 1, outcome=Outcome.REFUSED, subject=subject)
    assert raised(desk, admin, rule) == []
    act(desk, from_there, failed, outcome=Outcome.REFUSED, subject=subject)
    [found] = raised(desk, admin, rule)
    assert (found.about, found.facts["count"]) == (about, most)
    assert found.people == ()  # it is done to them: they may look into it


def test_a_verification_that_finds_something_is_one_alert(desk: Desk, admin: Actor) -> None:
    act(desk, SYSTEM, Action.LOG_VERIFIED)
    assert raised(desk, admin, Rule.VERIFICATION) == []
    found = Entry(Action.LOG_VERIFIED, Outcome.FAILED, reason="altered", subject="7")
    for _ in range(2):  # as the next night finds it, too
        desk.store.write(lambda t: t.log(SYSTEM, found))
        [alert] = raised(desk, admin, Rule.VERIFICATION)
    assert (alert.about, alert.facts) == ("7", {"problem": "altered"})


@pytest.mark.slow
def test_rows_altered_behind_the_desk_s_back_stop_nothing(
    desk: Desk, agent: Actor, manager: Actor, admin: Actor
) -> None:
    change_email(desk, OTHER)
    resend(desk, agent, "S0000000001")
    act(desk, manager, Action.CDA_REVEALED, 25)
    for sql in (
        "UPDATE ops.audit_detail SET detail = 'no JSON'",
        "UPDATE ops.audit SET action = 'nonsense' WHERE seq = 5",
        "UPDATE ops.audit SET logged_at = '9999-12-31' WHERE seq = 6",
        "UPDATE ops.audit SET logged_at = '-infinity' WHERE seq = 7",
        "UPDATE ops.audit SET logged_at = 'infinity' WHERE seq IN (1, 2, 8)",
    ):
        desk.store.write(lambda t, sql=sql: t.run(sql))  # type: ignore[misc]
    alerts.attend(desk, 0)
    [found] = alerts.standing(desk, admin)
    assert found.rule is Rule.REVEALS
    nonsense = "UPDATE ops.audit SET action = 'nonsense', logged_at = 'infinity'"
    desk.store.write(lambda t: t.run(nonsense))
    assert alerts.entries(desk, admin, found)[0].action == "nonsense"


# ---- raised once ---------------------------------------------------------------------------


@pytest.mark.slow
def test_it_is_raised_once_and_logged_whatever_is_looked_at_again(
    desk: Desk, manager: Actor, admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    act(desk, manager, Action.CDA_REVEALED, 25)
    last = look(desk)
    [row] = logged(desk, Action.ALERT_RAISED)
    assert (row["actor"], row["reason"]) == ("sistema", Rule.REVEALS.value)
    assert row["subject"] == alerts.standing(desk, admin)[0].id
    act(desk, manager, Action.CDA_REVEALED, 5)
    look(desk, last)
    look(desk)  # as a restart does: from days ago
    assert len(logged(desk, Action.ALERT_RAISED)) == 1
    monkeypatch.setattr(clock, "now", lambda: NOON + DAY)
    act(desk, manager, Action.CDA_REVEALED, 25, NOON + DAY)
    look(desk)
    assert len(logged(desk, Action.ALERT_RAISED)) == 2  # another day is another alert


def test_nothing_is_written_when_nothing_is_due(desk: Desk, manager: Actor) -> None:
    act(desk, manager, Action.CDA_REVEALED, 19)
    before = desk.store.writes
    last = look(desk)
    assert look(desk, last) == last
    assert desk.store.writes == before


def test_the_first_look_reads_the_last_days_only(desk: Desk, manager: Actor, admin: Actor) -> None:
    act(desk, manager, Action.CDA_REVEALED, 25, NOON - 8 * DAY)
    assert raised(desk, admin, Rule.REVEALS) == []
    act(desk, manager, Action.CDA_REVEALED, 25, NOON - 6 * DAY)
    assert len(raised(desk, admin, Rule.REVEALS)) == 1


def test_the_thread_finds_it(desk: Desk, manager: Actor, admin: Actor) -> None:
    watch = AlertWatch(desk, every_s=0.01)
    watch.start()
    try:
        act(desk, manager, Action.CDA_REVEALED, 25)
        [found] = until(lambda: alerts.standing(desk, admin))
    finally:
        watch.stop()
    again = AlertWatch(desk, every_s=0.01)
    again.start()
    again.stop()
    assert [each.id for each in alerts.standing(desk, admin)] == [found.id]


# ---- taken, and what it was ----------------------------------------------------------------


def one(desk: Desk, admin: Actor) -> Alert:
    act(desk, SYSTEM, Action.SIGN_IN_FAILED, 10, outcome=Outcome.REFUSED, subject="agente")
    [found] = raised(desk, admin, Rule.SIGN_INS)
    return found


def test_taken_and_closed_in_the_log_and_in_the_list(
    team: None, desk: Desk, manager: Actor, admin: Actor
) -> None:
    alert_id = one(desk, admin).id
    alerts.take(desk, manager, alert_id)
    alerts.take(desk, manager, alert_id)  # a second click
    [taken] = alerts.standing(desk, admin)
    assert (taken.state, taken.taken_by, taken.taken_at) == (State.TAKEN, "gerente", NOON)
    alerts.close(desk, manager, alert_id, " Guardia del sábado. ")
    assert alerts.standing(desk, admin) == []
    assert alerts.count(desk, admin) == 0
    [past] = alerts.past(desk, admin)
    assert (past.note, past.taken_by, past.closed_at) == ("Guardia del sábado.", "gerente", NOON)
    rows = logged(desk, *ALERTS)
    assert [row["action"] for row in rows] == ["alert_raised", "alert_taken", "alert_closed"]
    assert {row["subject"] for row in rows} == {alert_id}
    assert rows[1]["actor"] == rows[2]["actor"] == "gerente"
    assert rows[2]["detail"] == {"note": "Guardia del sábado."}


def test_of_two_at_once_one_takes_it(team: None, desk: Desk, manager: Actor, admin: Actor) -> None:
    alert_id = one(desk, admin).id
    start, told = threading.Barrier(2), list[str]()

    def take(person: Actor) -> None:
        start.wait()
        try:
            alerts.take(desk, person, alert_id)
            told.append("mine")
        except AppError as error:
            told.append(error.reason.value)

    threads = [threading.Thread(target=take, args=[person]) for person in (manager, admin)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["alert_taken", "mine"]
    assert len(logged(desk, Action.ALERT_TAKEN)) == 1


def test_it_can_be_taken_over_from_who_has_it(
    team: None, desk: Desk, manager: Actor, admin: Actor
) -> None:
    alert_id = one(desk, admin).id
    alerts.take(desk, manager, alert_id)
    assert refused(lambda: alerts.take(desk, admin, alert_id)).facts == {"by": "Gerardo Gerente"}
    assert (
        refused(lambda: alerts.close(desk, admin, alert_id, "x")).reason is Reason.ALERT_NOT_YOURS
    )
    alerts.take(desk, admin, alert_id, holder="gerente")
    assert logged(desk, Action.ALERT_TAKEN)[-1]["detail"] == {"from": "gerente"}
    refusal = refused(lambda: alerts.close(desk, manager, alert_id, "x"))
    assert refusal.reason is Reason.ALERT_NOT_YOURS
    alerts.close(desk, admin, alert_id, "Nada raro.")
    over = refused(lambda: alerts.take(desk, manager, alert_id))
    assert over.reason is Reason.ALERT_CLOSED
    over = refused(lambda: alerts.close(desk, admin, alert_id, "Otra cosa."))
    assert over.reason is Reason.ALERT_CLOSED
    assert alerts.past(desk, admin)[0].note == "Nada raro."


@pytest.mark.parametrize(
    ("note", "reason"),
    [("  ", Reason.MISSING_FINDING), ("x" * 501, Reason.LONG_NOTE)],
)
def test_what_it_was_is_said_in_some_words(
    team: None, desk: Desk, manager: Actor, admin: Actor, note: str, reason: Reason
) -> None:
    alert_id = one(desk, admin).id
    alerts.take(desk, manager, alert_id)
    assert refused(lambda: alerts.close(desk, manager, alert_id, note)).reason is reason
    assert logged(desk, Action.ALERT_CLOSED) == []


def test_an_agent_neither_sees_nor_takes(
    team: None, desk: Desk, agent: Actor, manager: Actor, admin: Actor
) -> None:
    found = one(desk, admin)
    for act in (alerts.standing, alerts.past, alerts.count):
        assert refused(lambda act=act: act(desk, agent)).reason is Reason.FORBIDDEN  # type: ignore[misc]
    assert refused(lambda: alerts.entries(desk, agent, found)).reason is Reason.FORBIDDEN
    assert refused(lambda: alerts.take(desk, agent, found.id)).reason is Reason.FORBIDDEN
    assert refused(lambda: alerts.close(desk, agent, found.id, "x")).reason is Reason.FORBIDDEN
    tried = logged(desk, Action.ALERT_TAKEN, Action.ALERT_CLOSED)
    assert [(row["actor"], row["outcome"], row["reason"]) for row in tried] == [
        ("agente", "refused", "forbidden")
    ] * 2
    assert alerts.standing(desk, admin)[0].state is State.OPEN


def test_nobody_answers_for_their_own(team: None, desk: Desk, manager: Actor, admin: Actor) -> None:
    act(desk, manager, Action.CDA_REVEALED, 25)
    [found] = raised(desk, admin, Rule.REVEALS)
    assert refused(lambda: alerts.take(desk, manager, found.id)).reason is Reason.OWN_ALERT
    [tried] = logged(desk, Action.ALERT_TAKEN)
    assert (tried["outcome"], tried["reason"]) == ("refused", "own_alert")
    alerts.take(desk, admin, found.id)


def test_one_that_there_isn_t(team: None, desk: Desk, manager: Actor) -> None:
    assert refused(lambda: alerts.take(desk, manager, "x")).reason is Reason.UNKNOWN_ALERT
    assert logged(desk, *ALERTS) == []
