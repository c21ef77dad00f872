"""Ver CDA in a real browser: why, half a minute, and then it's nowhere on the page."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import problems
from tests.browser.conftest import SignIn
from tests.browser.desk_server import DeskServer
from tests.browser.motives import choose
from tests.browser.test_panel import menu_of, row

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SERIAL, CODE = "S0000000001", "LIVE1-AAAAA-BBBBB-CCCCC"
# Everything drawn, also inside the components' own roots, and what fields hold.
_ALL = """() => {
  const walk = (node) => [node.nodeValue ?? "", node.value ?? "",
    ...[...(node.attributes ?? [])].map((a) => a.value),
    ...[...node.childNodes].map(walk), node.shadowRoot ? walk(node.shadowRoot) : ""].join(" ");
  return walk(document.documentElement) + location.href + JSON.stringify(history.state)
    + JSON.stringify({ ...localStorage }) + JSON.stringify({ ...sessionStorage });
}"""


def ask(page: Page, motive: str = "Compararlo con el que tiene el cliente") -> None:
    row(page, SERIAL).focus()
    page.keyboard.press("m")
    page.get_by_role("menuitem", name="Ver CDA").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Queda en la Bitácora con tu nombre")
    choose(dialog, motive)


def test_a_code_is_seen_for_half_a_minute_and_then_nowhere(
    page: Page, server: DeskServer, sign_in: SignIn
) -> None:
    sign_in(page, "gerente", "/Suscripciones")
    ask(page)
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Ver 30 segundos").click()
    expect(dialog).to_contain_text("Escribe el ticket o la llamada")
    assert CODE not in page.evaluate(_ALL)
    dialog.get_by_label("Ticket o llamada").fill("T-77")
    dialog.get_by_role("button", name="Ver 30 segundos").click()
    expect(dialog.get_by_text(CODE)).to_be_visible()
    expect(dialog).to_contain_text(re.compile(r"Se oculta en \d+ s"))
    assert CODE not in page.url
    expect(dialog).to_contain_text("El CDA se ocultó", timeout=45_000)
    expect(dialog.get_by_role("button", name="Aceptar")).to_be_visible()
    assert CODE not in page.evaluate(_ALL)
    page.reload()
    expect(row(page, SERIAL)).to_be_visible()
    assert CODE not in page.evaluate(_ALL)
    assert CODE not in server.log_text()
    assert "LIVE1" not in server.log_text()


def test_it_goes_at_once_when_it_is_hidden_and_by_itself_without_a_server(
    page: Page, server: DeskServer, sign_in: SignIn
) -> None:
    page.clock.install()
    sign_in(page, "admin", "/Suscripciones")
    ask(page)
    assert problems(page, dark=False) == []
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Ticket o llamada").fill("T-78")
    dialog.get_by_role("button", name="Ver 30 segundos").click()
    expect(dialog.get_by_text(CODE)).to_be_visible()
    assert problems(page, dark=False) == []
    dialog.get_by_role("button", name="Ocultar").click()
    expect(dialog).to_have_count(0)
    assert CODE not in page.evaluate(_ALL)

    ask(page)
    dialog.get_by_label("Ticket o llamada").fill("T-79")
    dialog.get_by_role("button", name="Ver 30 segundos").click()
    expect(dialog.get_by_text(CODE)).to_be_visible()
    page.context.set_offline(True)
    page.clock.fast_forward("00:31")
    expect(page.get_by_text(CODE)).to_have_count(0)
    assert CODE not in page.evaluate(_ALL)


def test_an_agent_is_not_offered_it(page: Page, server: DeskServer, sign_in: SignIn) -> None:
    sign_in(page, "agente", "/Suscripciones")
    assert "Ver CDA" not in menu_of(page, SERIAL)
