"""The Tablero's figures against rows made by hand, at the edges of the office's days."""

import datetime as dt

import pytest

from lib.model import clock, period
from lib.model.action import Action, Entry, Outcome
from lib.model.actor import SYSTEM, Actor
from lib.model.errors import AppError
from lib.model.outbox import MailProblem, MailState, Motive
from lib.model.period import Period, Preset
from lib.model.system import Kind
from lib.services.desk import Desk
from lib.services.log import board
from lib.services.log.board import Count
from lib.store.mail import bounces
from tests.services.board_rows import (
    ANA,
    BETO,
    COI,
    LICENCE,
    SAE,
    TODAY,
    accepted,
    ask,
    at,
    log,
    mail,
    write,
)

WEEK = period.of(Preset.WEEK, TODAY)  # the 16th to the 22nd, after the 9th to the 15th


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is noon at the office on the 22nd."""
    monkeypatch.setattr(clock, "now", lambda: at(22, 18))
    monkeypatch.setattr(clock, "today", lambda: TODAY)


# ---- who may -------------------------------------------------------------------------------


def test_an_agent_may_see_none_of_it(desk: Desk, agent: Actor) -> None:
    for asked in (
        lambda: board.figures(desk, agent, WEEK),
        lambda: board.outlook(desk, agent),
        lambda: board.of_product(desk, agent, WEEK, "SAE"),
        lambda: board.repeats(desk, agent, WEEK, None),
        lambda: board.slowest(desk, agent, WEEK),
    ):
        with pytest.raises(AppError, match="forbidden"):
            asked()


def test_an_empty_log_counts_nothing(desk: Desk, manager: Actor) -> None:
    found = board.figures(desk, manager, WEEK)
    assert found.resends == found.repeated == Count(0, 0)
    assert len(found.by_day) == 7
    assert found.waits.mails == 0
    assert found.waits.median_s is None


# ---- resends -------------------------------------------------------------------------------


def test_a_day_is_the_office_s(desk: Desk, manager: Actor) -> None:
    ask(desk, at(16, 5, 59))  # 23:59 of the 15th at the office
    ask(desk, at(16, 6))  # midnight: the 16th
    ask(desk, at(22, 5, 59))  # 23:59 of the 21st
    whole = Period(dt.date(2026, 11, 16), dt.date(2026, 11, 21))  # its last day is over
    found = board.figures(desk, manager, whole)
    assert found.resends == Count(2, 1)
    counted = {day.day: (count.now, count.before) for day, count in found.by_day}
    nothing = dict.fromkeys(range(16, 22), (0, 0))
    assert counted == nothing | {16: (1, 0), 21: (1, 1)}


def test_the_period_before_ends_at_this_hour(desk: Desk, manager: Actor) -> None:
    for when in (at(9, 5, 59), at(9, 6), at(15, 17, 59), at(15, 18)):
        ask(desk, when)
    assert board.figures(desk, manager, WEEK).resends == Count(0, 2)


def test_what_lies_between_two_months_compared_counts_in_neither(
    desk: Desk, manager: Actor
) -> None:
    ask(desk, dt.datetime(2026, 10, 2, 18), actor=BETO)  # noqa: DTZ001
    ask(desk, dt.datetime(2026, 10, 28, 18), actor=ANA)  # noqa: DTZ001 - after the 22nd
    found = board.figures(desk, manager, period.of(Preset.THIS_MONTH, TODAY))
    assert found.by_agent == {"beto": Count(0, 1)}


def test_resends_by_agent_reason_and_product(desk: Desk, manager: Actor) -> None:
    ask(desk, at(10), LICENCE, reason=Motive.OTHER)
    ask(desk, at(18), SAE)
    ask(desk, at(18, 19), COI, BETO, Motive.NEW_COMPUTER)
    ask(desk, at(19), "gone", BETO)
    ask(desk, at(19), SAE, BETO, action=Action.RESEND_RETRIED)
    ask(desk, at(20), SAE, outcome=Outcome.REFUSED)  # never was one
    found = board.figures(desk, manager, WEEK)
    assert found.resends == Count(4, 1)
    assert list(found.by_agent.items()) == [("beto", Count(3, 0)), ("ana", Count(1, 1))]
    assert found.by_reason == {
        "not_received": Count(3, 0),
        "new_computer": Count(1, 0),
        "other": Count(0, 1),
    }
    assert found.by_product == {
        "SAE": Count(2, 0),
        "COI": Count(1, 0),
        "": Count(1, 0),
        "BANCO": Count(0, 1),
    }


def test_the_rows_behind_a_product_are_as_many(desk: Desk, manager: Actor) -> None:
    ask(desk, at(10), SAE)
    ask(desk, at(18), SAE)
    ask(desk, at(19), COI)
    ask(desk, at(20), SAE, BETO)
    ask(desk, at(21), "gone")
    rows = board.of_product(desk, manager, WEEK, "SAE")
    assert [(row.at, row.actor, row.serial) for row in rows] == [
        (at(20), "beto", SAE),
        (at(18), "ana", SAE),
    ]
    assert [row.serial for row in board.of_product(desk, manager, WEEK, "")] == ["gone"]


# ---- what became of them -------------------------------------------------------------------


def test_outcomes_are_what_the_log_recorded(desk: Desk, manager: Actor) -> None:
    accepted(desk, "a", at(10))
    accepted(desk, "b", at(18), SAE, COI)
    log(desk, at(18), SYSTEM, Entry(Action.MAIL_ACCEPTED, subject="notice"))  # brings no CDA
    bounced = Entry(Action.MAIL_BOUNCED, Outcome.FAILED, serial=SAE, subject="b")
    log(desk, at(19), SYSTEM, bounced)
    ask(desk, at(20), outcome=Outcome.REFUSED)
    found = board.figures(desk, manager, WEEK)
    assert found.outcomes == {
        "mail_accepted": Count(2, 1),
        "mail_bounced": Count(1, 0),
        "resend_requested": Count(1, 0),
    }
    assert found.outcome(Action.MAIL_FAILED) == Count(0, 0)


def test_the_time_to_acceptance_counts_each_mail_once(desk: Desk, manager: Actor) -> None:
    for mail_id, day, seconds in (("a", 18, 2), ("b", 19, 4), ("c", 20, 60), ("old", 10, 9)):
        mail(desk, mail_id, at(day))
        accepted(desk, mail_id, at(day) + dt.timedelta(seconds=seconds), SAE, COI)
    found = board.figures(desk, manager, WEEK)
    assert (found.waits.mails, found.waits.median_s) == (3, 4.0)
    assert found.waits.p95_s == pytest.approx(54.4)
    assert (found.waits_before.mails, found.waits_before.median_s) == (1, 9.0)
    rows = board.slowest(desk, manager, WEEK)
    assert [row.wait_s for row in rows] == [60, 60, 4, 4, 2, 2]


def test_a_mail_that_came_back_was_accepted_when_it_was(desk: Desk, manager: Actor) -> None:
    """Its outbox row says since when it is given back."""
    mail(desk, "a", at(18), MailState.BOUNCED)
    accepted(desk, "a", at(18) + dt.timedelta(seconds=3))
    assert board.figures(desk, manager, WEEK).waits.median_s == 3.0


def test_a_mail_that_waited_since_before_both_periods(desk: Desk, manager: Actor) -> None:
    """As when a server is down for days: it counts where it was accepted."""
    mail(desk, "a", at(8), finished=at(10))
    accepted(desk, "a", at(10))
    waits = board.figures(desk, manager, WEEK).waits_before
    assert (waits.mails, waits.median_s) == (1, 2 * 86_400.0)


# ---- repeats -------------------------------------------------------------------------------


def test_a_repeat_is_within_seven_days_of_the_one_before(desk: Desk, manager: Actor) -> None:
    mail(desk, "first", at(15), MailState.BOUNCED)
    ask(desk, at(12), LICENCE)
    ask(desk, at(15), SAE, mail="first")
    ask(desk, at(19, 18, 1), LICENCE)  # seven days and a minute
    ask(desk, at(20), SAE, BETO, Motive.NEW_ADDRESS)
    ask(desk, at(21), COI)
    ask(desk, at(21), SAE, action=Action.RESEND_RETRIED)  # ends what was begun
    found = board.figures(desk, manager, WEEK)
    assert found.repeats == {"new_address": Count(1, 0)}
    (row,) = board.repeats(desk, manager, WEEK, None)
    assert (row.serial, row.actor, row.before_at) == (SAE, "beto", at(15))
    assert (row.before_state, row.before_reason) == ("bounced", "not_received")
    assert board.repeats(desk, manager, WEEK, "other") == []


def test_seven_days_to_the_instant_still_repeat(desk: Desk, manager: Actor) -> None:
    ask(desk, at(9), SAE)
    ask(desk, at(16), SAE)
    found = board.figures(desk, manager, WEEK)
    assert found.repeated == Count(1, 0)


def test_repeats_of_the_period_before_look_at_the_week_before_it(
    desk: Desk, manager: Actor
) -> None:
    ask(desk, at(5), SAE)
    ask(desk, at(10), SAE)
    assert board.figures(desk, manager, WEEK).repeated == Count(0, 1)
    assert board.repeats(desk, manager, WEEK, None) == []


# ---- whatever the period -------------------------------------------------------------------


def test_activations_of_the_last_twelve_months(
    desk: Desk, manager: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "today", lambda: dt.date(2025, 3, 1))
    months = board.outlook(desk, manager).activations
    assert [month for month, _ in months][::11] == [dt.date(2024, 4, 1), dt.date(2025, 3, 1)]
    counted = {month: dict(kinds) for month, kinds in months if kinds}
    assert counted == {dt.date(2024, month, 1): {Kind.SUBSCRIPTION: 1} for month in (5, 6, 7)} | {
        dt.date(2025, 3, 1): {Kind.SUBSCRIPTION: 1}
    }


def test_subscriptions_that_lapse(
    desk: Desk, manager: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Payments of small_ref: 02/05/2025, 01/03/2027, 03/06/2027, 04/07/2027."""
    for today, expected in (
        (dt.date(2027, 3, 1), [1, 1, 0, 0, 0]),  # due today is not overdue
        (dt.date(2027, 3, 2), [2, 0, 0, 0, 0]),
        (dt.date(2027, 2, 21), [1, 0, 1, 0, 0]),  # in eight days
        (dt.date(2027, 5, 3), [2, 0, 0, 1, 0]),  # in 31, and in 62
    ):
        monkeypatch.setattr(clock, "today", lambda today=today: today)
        found = list(board.outlook(desk, manager).due)
        expected[4] += today == dt.date(2027, 5, 3)
        assert found == expected


def test_addresses_that_bounce(desk: Desk, manager: Actor) -> None:
    mail(desk, "a", at(18))
    write(desk, at(19), lambda t: bounces.mark_failing(t, "Ana.Lopez@example.com", "a"))
    write(desk, at(20), lambda t: bounces.mark_failing(t, "confirmada@example.com", "b"))
    write(desk, at(20), lambda t: bounces.confirm(t, "confirmada@example.com"))
    found = board.outlook(desk, manager).failing
    assert found.total == 1
    (address,) = found.newest
    assert (address.masked, address.account_no) == ("a*******z@example.com", "00000001")
    assert address.since == at(19)


def test_an_address_that_took_a_mail_since_works_again(desk: Desk, manager: Actor) -> None:
    mail(desk, "a", at(10))
    write(desk, at(11), lambda t: bounces.mark_failing(t, "ana.lopez@example.com", "a"))
    assert list(bounces.failing(desk.store, ["ana.lopez@example.com"])) != []
    mail(desk, "b", at(12))
    assert board.outlook(desk, manager).failing.total == 0
    assert bounces.failing(desk.store, ["ana.lopez@example.com"]) == {}


def test_one_works_again_a_day_after_it_took_a_mail(
    desk: Desk, manager: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail(desk, "a", at(10))
    write(desk, at(11), lambda t: bounces.mark_failing(t, "ana.lopez@example.com", "a"))
    mail(desk, "later", at(21, 19))  # not a day ago: it may still come back
    assert board.outlook(desk, manager).failing.total == 1
    monkeypatch.setattr(clock, "now", lambda: at(22, 20, 1))
    assert board.outlook(desk, manager).failing.total == 0


def test_one_that_fails_is_counted_at_once(desk: Desk, manager: Actor) -> None:
    """What is kept of before is of before it."""
    assert board.outlook(desk, manager).failing.total == 0
    mail(desk, "a", at(18))
    write(desk, at(19), lambda t: bounces.mark_failing(t, "ana.lopez@example.com", "a"))
    assert board.outlook(desk, manager).failing.total == 1
    write(desk, at(20), lambda t: bounces.confirm(t, "ana.lopez@example.com"))
    assert board.outlook(desk, manager).failing.total == 0


def test_any_range_can_be_asked_for(desk: Desk, manager: Actor) -> None:
    ask(desk, at(3))
    one = Period(dt.date(2026, 11, 3), dt.date(2026, 11, 3))
    assert board.figures(desk, manager, one).resends == Count(1, 0)
    assert MailProblem.GIVEN_BACK.value not in board.figures(desk, manager, one).by_reason
