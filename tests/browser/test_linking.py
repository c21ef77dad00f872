"""A certificate scanned in, then those without an account linked one after another: no mouse."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from lib import settings
from lib.services.desk import open_desk
from tests.browser import desk_server
from tests.browser.conftest import SignIn, at_rest
from tests.browser.desk_server import DeskServer

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAPERS = (("F1", "Héctor Villaseñor Muñoz", ""), ("F2", "Nadie", "99999999"), ("F3", "Zoé", ""))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskServer]:
    folder: Path = tmp_path_factory.mktemp("linking")
    desk_server.seed(folder / "data")
    desk = open_desk(settings.read({"MESA_DATA": str(folder / "data")}))
    for folio, holder, account_no in PAPERS:
        values = [folio, f"0{folio}", holder, account_no]
        desk.store.write(
            lambda t, values=values: t.run(
                "INSERT INTO ops.certificate VALUES"
                " (?, ?, 'SAE', '9.0', 1, NULL, ?, '', ?, '', '')",
                values,
            )
        )
    desk.close()
    with desk_server.running(folder) as running:
        yield running
    shutil.rmtree(folder)


SCANNED = ("F4", "0F4", "XAE", "9.0", "1", "01/02/2020", "Ana", "", "")


def test_scanned_in_and_linked_by_keyboard(page: Page, server: DeskServer, sign_in: SignIn) -> None:
    sign_in(page, "gerente", "/Registrar")
    expect(page.get_by_label("Folio")).to_be_focused()
    for code in SCANNED:
        page.keyboard.type(code)
        page.keyboard.press("Enter")
    expect(page.get_by_text("sistema desconocido")).to_be_visible()
    expect(page.get_by_label("Sistema")).to_be_focused()
    at_rest(page)  # or what is typed may be drawn over
    page.get_by_label("Sistema").fill("SAE")
    for _ in SCANNED[2:]:
        page.keyboard.press("Enter")
    expect(page.get_by_text("Certificado F4 guardado")).to_be_visible()
    expect(page.get_by_label("Folio")).to_be_focused()
    expect(page.get_by_label("Folio")).to_have_value("")
    page.goto("/")
    search = page.get_by_label("Busca un cliente o un sistema")
    search.click()
    for code in ("0F4", "0F4000"):
        page.keyboard.type(code)
        page.keyboard.press("Enter")
        at_rest(page)
        expect(search).to_have_value(code)
    page.goto("/Certificados")
    page.get_by_role("button", name="Sin cuenta (4)").press("Enter")
    expect(page.get_by_role("heading", name="Certificados · Sin cuenta")).to_be_visible()
    page.locator('tr[data-id="F1"]').focus()
    page.keyboard.press("v")
    window = page.get_by_role("dialog")
    expect(window).to_contain_text("mismo nombre")
    expect(window.get_by_role("button", name="Vincular")).to_be_focused()
    page.keyboard.press("Enter")
    expect(window).to_contain_text("Vinculado a la cuenta 00000001")
    expect(window.get_by_role("button", name="Siguiente")).to_be_focused()
    page.keyboard.press("Enter")
    expect(window).to_contain_text("la cuenta 99999999, que no existe")
    expect(window.get_by_role("searchbox")).to_be_focused()
    window.get_by_role("searchbox").fill("00000002")
    page.keyboard.press("Enter")
    window.get_by_role("button", name="Vincular").press("Enter")
    expect(window).to_contain_text("Vinculado a la cuenta 00000002")
    window.get_by_role("button", name="Deshacer").press("Enter")
    expect(window).to_contain_text("la cuenta 99999999, que no existe")
    page.keyboard.press("Escape")
    expect(window).to_have_count(0)
    expect(page.get_by_role("button", name="Sin cuenta (3)")).to_be_visible()
    expect(page.locator('tr[data-id="F1"]')).to_have_count(0)
