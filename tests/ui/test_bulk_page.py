"""Envíos under AppTest: none yet, one on its way, cancelled, and somebody else's."""

from collections.abc import Iterator

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from lib.model.action import Action
from lib.model.actor import SYSTEM, Actor
from lib.model.bulk import Bulk, BulkState, Manner
from lib.model.outbox import Motive
from lib.model.roles import Role
from lib.services.desk import Desk
from lib.services.doors import access
from lib.services.resends import bulk
from lib.services.resends.rounds import Rounds
from lib.ui import pages, process
from lib.ui.mail import bulk_page
from tests.services.log_rows import logged

PASSWORD = "frase probada"


@pytest.fixture
def served(desk: Desk, cheap_passwords: None) -> Iterator[Desk]:
    for username, role in (("agente", Role.AGENT), ("gerente", Role.MANAGER)):
        access.add_staff(desk, SYSTEM, username, username, "", role, PASSWORD)
    process.adopt(desk)
    yield desk
    process.adopt(None)


def opened(bulk_id: str = "") -> AppTest:
    app = AppTest.from_file(str(pages.ROOT / "Home.py"), default_timeout=30).run()
    name, secret = app.text_input
    name.input("agente")
    secret.input(PASSWORD)
    app.button[0].click().run()
    if bulk_id:
        app.query_params["envio"] = bulk_id
    app.switch_page("pages/Envios.py").run()
    assert not app.exception
    return app


def started(desk: Desk, actor: Actor) -> Bulk:
    serials = ("S0000000001", "L0000000001", "S0000000003")
    checked = bulk.check_serials(desk, "subscriptions", serials, actor=actor)
    return bulk.start(desk, actor, checked, Manner.PER_SYSTEM, Motive.OTHER, "", accepting=True)


def said(app: AppTest) -> str:
    return " ".join(element.value for element in (*app.markdown, *app.info, *app.error))


@pytest.mark.slow
def test_before_the_first_it_says_how_to_begin(served: Desk) -> None:
    assert "Selecciona renglones o grupos" in said(opened())


@pytest.mark.slow
def test_one_on_its_way_can_be_cancelled(served: Desk, agent: Actor) -> None:
    running = started(served, agent)
    app = opened()
    assert {metric.label: metric.value for metric in app.metric} == {
        "Por salir": "2",
        "No se enviaron": "1",
    }
    app.button("bulk.cancel").click().run()
    assert not app.exception
    assert bulk.see(served, agent, running.id).bulk.state is BulkState.CANCELLING
    assert len(logged(served, Action.BULK_CANCELLED)) == 1
    Rounds(served).turn()
    app.run()
    assert "Cancelado" in said(app)
    assert {metric.label for metric in app.metric} == {"No se enviaron", "Cancelados"}


def test_somebody_else_s_is_unknown(served: Desk, manager: Actor) -> None:
    app = opened(started(served, manager).id)
    assert "No encontré ese envío" in said(app)
    assert len(app.metric) == 0


def test_the_one_that_a_link_asks_for_is_written_to_the_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A link from the page to itself doesn't change it (seen): the next run would show another."""
    written: list[tuple[str, str]] = []

    class Address(dict[str, str]):
        def __setitem__(self, name: str, value: str) -> None:
            written.append((name, value))

    monkeypatch.setattr(st, "query_params", Address(envio="b7"))
    assert bulk_page.asked() == "b7"
    assert written == [("envio", "b7")]
    monkeypatch.setattr(st, "query_params", Address())
    assert (bulk_page.asked(), len(written)) == ("", 1)
