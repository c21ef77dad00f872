"""Cuenta's Historia: by day, newest first, some at a time, to each what they may see."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lib.model import clock
from lib.model.account import Section
from lib.model.action import Action, Entry
from lib.model.actor import SYSTEM, Actor
from lib.model.roles import Role
from lib.services.desk import Desk
from lib.services.doors import access
from lib.services.log import entries
from lib.services.records import customers
from lib.ui.log import timeline, timeline_words
from lib.ui.log.timeline_words import days
from tests.ui.one_page import PASSWORD, entered

ACCOUNT = "00000001"


def logged(desk: Desk, actor: Actor, *actions: Action) -> None:
    for action in actions:
        desk.store.write(lambda t, a=action: t.log(actor, Entry(a, account_no=ACCOUNT)))


def correct(desk: Desk, actor: Actor, email: str) -> None:
    now = customers.find(desk, actor, ACCOUNT)
    typed = {"name": now.name, "email": email, "phone": now.phone}
    customers.correct(desk, actor, ACCOUNT, Section.CONTACT, typed, now.version)


def test_days_are_those_of_the_office(
    desk: Desk, agent: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Six hours behind UTC: what is done in the evening is of the same day."""
    for hour in (18, 23):
        at = dt.datetime(2025, 3, 1, hour) + dt.timedelta(hours=6)  # noqa: DTZ001 - as stored
        monkeypatch.setattr(clock, "now", lambda at=at: at)
        logged(desk, agent, Action.CDA_REVEALED)
    [day] = days(entries.of_account(desk, agent, ACCOUNT, 9))
    assert day["name"] == "Sábado 1 de marzo de 2025"
    assert [act["time"] for act in day["acts"]] == ["23:00", "18:00"]
    assert day["acts"][0]["at"] == "2025-03-01T23:00:00-06:00"


def test_today_and_yesterday_are_called_so() -> None:
    today = clock.today()
    assert timeline_words.day(today).startswith("Hoy, ")
    assert timeline_words.day(today - dt.timedelta(days=1)).startswith("Ayer, ")


def test_a_manager_reads_old_and_new_and_an_agent_does_not(
    desk: Desk, agent: Actor, manager: Actor
) -> None:
    correct(desk, agent, "hector@nuevo.example.com")
    for actor, sees in ((manager, True), (agent, False)):
        [day] = days(entries.of_account(desk, actor, ACCOUNT, 9))
        [act] = day["acts"]
        assert ("→ hector@nuevo.example.com" in act["text"]) is sees
        assert ("villasenor" in str(day)) is sees


def test_no_act_is_of_two_kinds() -> None:
    named = [action for actions in timeline_words.KINDS.values() for action in actions]
    assert len(named) == len(set(named))


@pytest.fixture
def app(desk: Desk, cheap_passwords: None, tmp_path: Path) -> Iterator[AppTest]:
    """The page of an account, with an agent in it."""
    access.add_staff(desk, SYSTEM, "agente", "Agustina", "", Role.AGENT, PASSWORD)
    logged(desk, SYSTEM, *[Action.MAIL_ACCEPTED] * 30, Action.CDA_REVEALED)
    with entered("Cuenta.py", desk, tmp_path, "agente", {"cuenta": ACCOUNT}) as app:
        yield app


@pytest.mark.slow
def test_it_shows_some_and_more_when_asked(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[int] = []
    monkeypatch.setattr(
        timeline,
        "_component",
        lambda key, data: drawn.append(sum(len(day["acts"]) for day in data["days"])),
    )
    app.run()
    more = next(b for b in app.button if b.label == "Ver más")
    more.click().run()
    assert drawn == [25, 31]
    assert "Ver más" not in [b.label for b in app.button]


@pytest.mark.slow
def test_it_shows_one_kind(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    monkeypatch.setattr(timeline, "_component", lambda key, data: drawn.append(str(data)))
    [pills] = [each for each in app.pills if "CDA vistos" in each.options]
    pills.set_value("CDA vistos").run()
    assert not app.exception
    assert "vio en pantalla" in drawn[-1]
    assert "aceptó" not in drawn[-1]
    pills.set_value("Cambios de datos").run()
    assert any("no hay nada de «Cambios de datos»" in each.value for each in app.caption)
