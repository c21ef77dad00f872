"""What a browser says was pressed: checked before anything is done with it."""

from typing import Any

import pytest
import streamlit as st

from lib.model.actor import Actor
from lib.model.view import View
from lib.services.desk import Desk
from lib.store.grid.sources import AUDIT, CERTIFICATES, SUBSCRIPTIONS, Source
from lib.ui.grid.acts import COPY, BulkAction, BulkEvent, RowAction, RowEvent
from lib.ui.grid.names import ROW_GONE
from lib.ui.grid.peek import Peek
from lib.ui.grid.pressed import Offer, Pressed

RESEND = RowAction("resend", "Reenviar CDA", "mail", of_account=True)
PAPER = RowAction("paper", "Dónde está el CDA", "paper")
SERIALS = ["S0000000001", "S0000000002"]


def pressed(
    desk: Desk,
    actor: Actor,
    source: Source = SUBSCRIPTIONS,
    /,
    view: View | None = None,
    **sent: Any,
) -> Pressed:
    bulk = [BulkAction(COPY, "Copiar series", "copy"), BulkAction("send", "Enviar", "mail")]
    offer = Offer([RESEND, PAPER], bulk, lambda row_id: Peek(row_id, "", ()), "serial")
    return Pressed(sent, desk, source, actor, view or View(), offer)


@pytest.fixture
def toasts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    said: list[str] = []
    monkeypatch.setattr(st, "toast", lambda text, icon: said.append(text))
    return said


def test_a_row_s_button(desk: Desk, agent: Actor) -> None:
    event = pressed(desk, agent, action={"action": "resend", "id": SERIALS[0]}).event()
    assert isinstance(event, RowEvent)
    assert (event.id, event.row["account_no"]) == (SERIALS[0], "00000001")


def test_a_row_that_is_gone_is_told(desk: Desk, agent: Actor, toasts: list[str]) -> None:
    assert pressed(desk, agent, action={"action": "resend", "id": "L0000000001"}).event() is None
    assert toasts == [ROW_GONE]


def test_who_may_not_see_the_row_any_more_is_told(
    desk: Desk, agent: Actor, toasts: list[str]
) -> None:
    assert pressed(desk, agent, AUDIT, action={"action": "resend", "id": "1"}).event() is None
    [said] = toasts
    assert "Tu perfil no permite esta acción" in said


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"action": "resend"},
        {"action": {"action": "erase", "id": SERIALS[0]}},
        {"action": {"action": "resend", "id": 5}},
        {"action": {"action": ["resend"], "id": SERIALS[0]}},
        {"bulk": {"action": "erase", "selection": {"ids": SERIALS}}},
        {"bulk": {"action": "send", "selection": {"ids": []}}},
        {"bulk": {"action": "send", "selection": "all"}},
        {"bulk": [COPY], "peek": {"id": 1}},
        {"bulk": {"action": COPY, "token": "x", "selection": {"ids": SERIALS}}},
        {"bulk": {"action": COPY, "token": -1, "selection": {"ids": SERIALS}}},
    ],
)
def test_what_a_grid_never_sends_does_nothing(desk: Desk, agent: Actor, sent: Any) -> None:
    asked = pressed(desk, agent, **sent)
    assert asked.event() is None
    assert asked.answers() == {"peek": None, "clip": None}


def test_what_is_selected_reaches_the_page_with_its_view(desk: Desk, agent: Actor) -> None:
    selection = {"ids": SERIALS, "paths": [["SAE"]]}
    view = View(group=("product",))
    event = pressed(desk, agent, view=view, bulk={"action": "send", "selection": selection}).event()
    assert isinstance(event, BulkEvent)
    assert event.view == view
    assert event.selection.to_json() == selection


def test_serials_of_rows_and_of_a_closed_group_are_copied(desk: Desk, agent: Actor) -> None:
    selection = {"ids": ["S0000000002", "S0000000009"], "paths": [["SAE"]]}
    sent = {"action": COPY, "token": 7, "selection": selection}
    clip = pressed(desk, agent, view=View(group=("product",)), bulk=sent).answers()["clip"]
    assert sorted(clip["text"].split()) == ["S0000000001", "S0000000002", "S0000000004"]
    assert (clip["token"], clip["words"]) == (7, "3 series copiadas; 1 renglón ya no existe")


def test_nothing_is_copied_for_who_may_not_see_it(desk: Desk, agent: Actor) -> None:
    sent = {"action": COPY, "token": 7, "selection": {"ids": ["1"]}}
    clip = pressed(desk, agent, AUDIT, bulk=sent).answers()["clip"]
    assert clip["text"] == ""
    assert clip["words"].startswith("Tu perfil no permite")


def test_acts_on_an_account_are_for_rows_that_have_one(desk: Desk, agent: Actor) -> None:
    told = pressed(desk, agent, peek=SERIALS[0]).answers()["peek"]
    assert told["acts"] == ["resend", "paper"]
    asked = pressed(desk, agent, peek=SERIALS[0])
    assert asked.offer.of(account=False) == ["paper"]
    assert asked.offer.copied_apart(SUBSCRIPTIONS) == ""
    assert asked.offer.copied_apart(CERTIFICATES) == "serial"
