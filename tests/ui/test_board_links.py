"""Each figure of the Tablero leads to the rows it counted: as many, asked of the list itself."""

import datetime as dt
from urllib.parse import parse_qs, urlsplit

import pytest

from lib.model import clock, period
from lib.model.action import Action, Entry, Outcome
from lib.model.actor import SYSTEM, Actor
from lib.model.outbox import Motive
from lib.model.period import Preset
from lib.model.system import Kind
from lib.model.view import View
from lib.services.desk import Desk
from lib.services.log import board
from lib.services.records import browsing
from lib.store.grid.sources import AUDIT, LICENCES, SUBSCRIPTIONS
from lib.ui.board import board_links
from lib.ui.board.board_links import Target
from lib.ui.grid.names import labelled
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
)

WEEK = period.of(Preset.WEEK, TODAY)
_LISTS = {
    board_links.LOG: AUDIT,
    board_links.SUBSCRIPTIONS: SUBSCRIPTIONS,
    board_links.SYSTEMS[Kind.LICENCE]: LICENCES,
}


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: at(22, 18))
    monkeypatch.setattr(clock, "today", lambda: TODAY)


@pytest.fixture
def busy(desk: Desk) -> Desk:
    """A week, the days around it, and what must not be counted."""
    for when in (at(16, 5, 59), at(16, 6), at(20), at(22, 17, 59)):
        ask(desk, when, SAE)
    ask(desk, at(22, 17, 59), COI, BETO, Motive.NEW_COMPUTER)
    ask(desk, at(22, 17, 59), LICENCE, BETO, action=Action.RESEND_RETRIED)
    ask(desk, at(22, 17, 59), LICENCE, BETO, outcome=Outcome.REFUSED)
    accepted(desk, "a", at(22, 17, 59), SAE, COI)
    log(desk, at(22, 17, 59), SYSTEM, Entry(Action.MAIL_ACCEPTED, subject="notice"))
    return desk


def behind(desk: Desk, actor: Actor, target: Target) -> int:
    """How many rows its page shows, from the address that the link has."""
    said = parse_qs(urlsplit(target.address()).query)
    view = View.from_query(said["vista"][0])
    assert view == target.view
    return browsing.count(desk, labelled(_LISTS[target.page]), view, actor=actor)


def test_resends_by_agent_reason_and_day(busy: Desk, manager: Actor) -> None:
    found = board.figures(busy, manager, WEEK)
    assert found.resends.now == behind(busy, manager, board_links.resends(WEEK)) == 5
    for agent, count in found.by_agent.items():
        target = board_links.resends(WEEK, actor=f"={agent}")
        assert count.now == behind(busy, manager, target)
    for reason, count in found.by_reason.items():
        target = board_links.resends(WEEK, reason=f"={reason}")
        assert count.now == behind(busy, manager, target)
    for day, count in found.by_day:
        assert count.now == behind(busy, manager, board_links.resends_of_day(day))


def test_outcomes(busy: Desk, manager: Actor) -> None:
    found = board.figures(busy, manager, WEEK).outcomes
    assert {act: count.now for act, count in found.items()} == {
        "mail_accepted": 2,
        "resend_requested": 1,
    }
    for act, count in found.items():
        assert count.now == behind(busy, manager, board_links.outcome(WEEK, act))


def test_payments_and_activations(
    desk: Desk, manager: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    for today in (dt.date(2027, 3, 1), dt.date(2027, 5, 3), dt.date(2027, 2, 21)):
        monkeypatch.setattr(clock, "today", lambda today=today: today)
        for place, count in enumerate(board.outlook(desk, manager).due):
            assert count == behind(desk, manager, board_links.due(today, place))
    monkeypatch.setattr(clock, "today", lambda: dt.date(2025, 3, 1))
    for month, kinds in board.outlook(desk, manager).activations:
        for kind in (Kind.SUBSCRIPTION, Kind.LICENCE):
            target = board_links.activated(kind, month, dt.date(2025, 3, 1))
            assert kinds.get(kind, 0) == behind(desk, manager, target)


def test_a_serial_s_rows_begin_a_week_before(busy: Desk, manager: Actor) -> None:
    """The resend that a repeat repeats is among them."""
    ask(busy, at(22, 17, 59), SAE, ANA)
    assert behind(busy, manager, board_links.of_serial(WEEK, SAE)) == 6


def test_the_tablero_s_own_lists_say_the_period() -> None:
    target = board_links.rows(WEEK, "producto", "SAE")
    assert target.address() == "Tablero?periodo=7d&ver=producto&de=SAE"
    assert target.pressed() == {"periodo": "7d", "ver": "producto", "de": "SAE"}
