"""The side panel and what a role may do from a row, at a whole desk."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import SignIn
from tests.browser.desk_server import DeskServer
from tests.browser.motives import choose
from tests.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SERIAL = "S0000000001"


def row(page: Page, serial: str) -> Locator:
    return page.locator(f'tr[data-id="{serial}"]')


def panel(page: Page) -> Locator:
    return page.get_by_role("region", name=re.compile("^Detalle de"))


def menu_of(page: Page, serial: str) -> list[str]:
    row(page, serial).focus()
    page.keyboard.press("m")
    page.get_by_role("menuitem").first.wait_for()
    names = page.get_by_role("menuitem").all_inner_texts()
    page.keyboard.press("Escape")
    return [name.split("\n")[0] for name in names]


def test_what_the_panel_tells_of_a_system(page: Page, server: DeskServer, sign_in: SignIn) -> None:
    sign_in(page, "agente", "/Suscripciones")
    row(page, SERIAL).locator("td").nth(2).click()
    expect(panel(page)).to_contain_text("Héctor Villaseñor Muñoz")
    expect(panel(page)).to_contain_text("h***************r@example.com")
    expect(panel(page)).to_contain_text("*** *** 4158")
    expect(panel(page)).to_contain_text("1 desbloqueo")
    expect(panel(page)).to_contain_text("01/02/2026 · Desbloqueo")
    assert "hector.villasenor" not in panel(page).inner_text()
    for code in ("LIVE1", "DEAD1"):
        assert code not in page.content()
        assert code not in panel(page).inner_html()


def test_the_panel_follows_the_mail_it_asked_for(
    page: Page, server: DeskServer, sign_in: SignIn
) -> None:
    sign_in(page, "agente", "/Licenciamiento")
    row(page, "L0000000001").focus()
    page.keyboard.press("Enter")
    expect(panel(page)).to_contain_text("nunca se ha reenviado")
    panel(page).get_by_role("button", name="Reenviar CDA").click()
    dialog = page.get_by_role("dialog")
    choose(dialog, "Reinstalación")
    dialog.get_by_role("button", name="Reenviar").click()
    dialog.get_by_role("button", name="Aceptar").click()
    expect(dialog).to_have_count(0)
    expect(panel(page)).to_contain_text("Aceptado por el servidor")
    expect(panel(page)).to_contain_text("agente · Reinstalación")
    until(lambda: "L0000000001" in _active(page))


def _active(page: Page) -> str:
    return str(
        page.evaluate(
            "() => { let n = document.activeElement;"
            " while (n?.shadowRoot?.activeElement) n = n.shadowRoot.activeElement;"
            " return (n?.closest('tr')?.dataset.id ?? '')"
            " + (n?.closest('.peek')?.getAttribute('aria-label') ?? ''); }"
        )
    )


def test_an_agent_has_neither_the_log_nor_the_export(
    page: Page, server: DeskServer, sign_in: SignIn
) -> None:
    sign_in(page, "agente", "/Suscripciones")
    assert "Reenviar CDA" in menu_of(page, SERIAL)
    assert "Ver en Bitácora" not in menu_of(page, SERIAL)
    row(page, SERIAL).get_by_role("checkbox").click()
    bar = page.get_by_role("toolbar", name="Selección")
    expect(bar.get_by_role("button", name="Copiar series")).to_be_visible()
    expect(bar.get_by_role("button", name="Exportar selección")).to_have_count(0)


def test_a_manager_goes_to_the_log_of_a_serial_and_exports_what_is_ticked(
    page: Page, server: DeskServer, sign_in: SignIn
) -> None:
    sign_in(page, "gerente", "/Suscripciones")
    for serial in (SERIAL, "S0000000002"):
        row(page, serial).get_by_role("checkbox").click()
    page.get_by_role("button", name="Exportar selección").click()
    expect(page.get_by_role("dialog")).to_contain_text("2 registros · lo seleccionado")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    # The window gives the focus back a moment after it has gone.
    expect(page.get_by_role("button", name="Exportar selección")).to_be_focused()
    assert "Ver en Bitácora" in menu_of(page, SERIAL)
    page.keyboard.press("l")
    page.wait_for_url("**/Bitacora**")
    expect(page.get_by_text("No. Serie: es «S0000000001»")).to_be_visible()
