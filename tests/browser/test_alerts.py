"""An alert on the screen: seen on Inicio, followed to its rows, taken, and told what it was."""

import dataclasses
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from lib import settings
from lib.model.action import Action, Entry, Outcome
from lib.model.actor import SYSTEM
from lib.services.desk import open_desk
from tests.browser import desk_server
from tests.browser.axe import problems
from tests.browser.conftest import SignIn
from tests.browser.desk_server import DeskServer

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TRIES, NOTE = 12, "Olvidó su contraseña; hablé con ella."


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskServer]:
    """A desk in whose log somebody tried the agent's password before it opened."""
    folder = tmp_path_factory.mktemp("alerts")
    desk_server.seed(folder / "data")
    desk = open_desk(settings.read({"MESA_DATA": str(folder / "data")}))
    failed = Entry(Action.SIGN_IN_FAILED, Outcome.REFUSED, subject="agente")
    stranger = dataclasses.replace(SYSTEM, address="203.0.113.9")
    desk.store.write(lambda t: [t.log(stranger, failed) for _ in range(TRIES)])
    desk.close()
    with desk_server.running(folder) as running:
        yield running


def test_an_alert_from_inicio_to_what_it_was(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "gerente")
    main, menu = page.locator("#stMain"), page.get_by_test_id("stSidebar")
    why = f"Con el usuario agente fallaron {TRIES} inicios de sesión"
    expect(main.get_by_text(why)).to_be_visible()
    expect(menu.locator('[class*="st-key-badge_Alertas"]')).to_contain_text("1")
    assert problems(page) == []

    main.get_by_role("link", name="Ver en Bitácora").click()
    expect(page.get_by_role("heading", name="Bitácora")).to_be_visible()
    rows = page.locator("tr[data-id]")
    expect(rows).to_have_count(TRIES)
    expect(rows.first).to_contain_text("Inicio de sesión fallido")

    menu.get_by_role("link", name="Inicio", exact=True).click()
    main.get_by_text(f"{TRIES} renglones que la causaron").click()
    expect(main.get_by_text("desde 203.0.113.9").first).to_be_visible()
    main.get_by_role("button", name="Tomar la alerta").click()
    expect(main.get_by_text("La alerta está a tu cargo")).to_be_visible()
    main.get_by_label("Qué fue").fill(NOTE)
    main.get_by_role("button", name="Guardar y cerrar").dblclick()
    expect(main.get_by_text("Cerraste la alerta")).to_be_visible()
    expect(main.get_by_text(why)).to_have_count(0)

    menu.get_by_role("link", name="Alertas", exact=True).click()
    expect(main.get_by_text("No hay ninguna alerta abierta")).to_be_visible()
    expect(main.get_by_text(f"«{NOTE}»")).to_be_visible()
    assert problems(page) == []
    page.set_viewport_size({"width": 320, "height": 720})  # a window of 1280 at 400 %
    assert not main.evaluate("node => node.scrollWidth > node.clientWidth")
