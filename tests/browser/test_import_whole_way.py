"""An import the whole way in a real browser: checked, mended on the page, the rest taken away as a
file and uploaded again, undone; and what the log says of each act."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from lib import settings
from lib.model.action import Action
from lib.services.desk import open_desk
from tests.browser import desk_server
from tests.browser.axe import problems
from tests.browser.conftest import SignIn, at_rest
from tests.browser.desk_server import DeskServer
from tests.services.log_rows import logged

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FILE = (
    "Folio;No. Serie;Sistema;Versión;Usuarios;Fecha Compra;Titular;RFC;No. Cuenta\r\n"
    "F0000701;0D1;SAE;9.0;1;31/01/2020;Íñigo Peña;;\r\n"
    "F0000702;0D2;NOY;10.0;2;;Sistema raro;;\r\n"
    "\r\n"
    "F0000703;0D3;COI;9.0;1;31/02/2020;Fecha imposible;;\r\n"
    "F0000704;1.23E+11;COI;9.0;1;;Comida por Excel;;\r\n"
).encode("cp1252")
_MENDED = {"31/02/2020": "29/02/2020", "1.23E+11": "0D4"}
_SYSTEM = 6  # columns to the right of the table's first: of where each file's own begin, the third


@pytest.fixture
def own(tmp_path: Path) -> Iterator[DeskServer]:
    """A desk of its own: its log is read when it has stopped."""
    with desk_server.running(tmp_path) as server:
        yield server


@pytest.fixture
def tab(browser: Browser, own: DeskServer) -> Iterator[Page]:
    context = browser.new_context(
        base_url=own.url, viewport={"width": 1280, "height": 720}, locale="es-MX"
    )
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


def upload(page: Page, name: str, content: bytes) -> None:
    file: FilePayload = {"name": name, "mimeType": "text/csv", "buffer": content}
    page.locator('input[type="file"]').set_input_files([file])


def type_over(page: Page, right: int, text: str) -> None:
    """A cell of the first bad row, so far to the right, by keyboard."""
    page.locator(".st-key-fixing_table .dvn-scroller").click(position={"x": 20, "y": 50})
    for _ in range(right):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.locator(".gdg-input").fill(text)
    page.keyboard.press("Enter")


def bring_in(page: Page, button: str, done: str) -> None:
    page.get_by_role("button", name=re.compile(f"^{button}")).click()
    expect(page.get_by_text(done)).to_be_visible()
    at_rest(page)


def taken_away(page: Page) -> list[list[str]]:
    at_rest(page)  # what was typed last is still being checked
    with page.expect_download() as download:
        page.get_by_role("button", name="Errores en CSV").click()
    text = download.value.path().read_bytes().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def mended(rows: list[list[str]]) -> bytes:
    """As Excel saves it."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(
        [_MENDED.get(cell, cell) for cell in row] for row in rows
    )
    return text.getvalue().encode("utf-8-sig")


def on_a_phone(page: Page) -> None:
    """Each row by itself and its reasons whole, where a table would show two columns."""
    table, one = page.locator(".st-key-fixing_table"), page.locator(".st-key-fixing_one")
    expect(one).to_be_hidden()
    page.set_viewport_size({"width": 390, "height": 844})
    expect(table).to_be_hidden()
    expect(one.get_by_label("Sistema", exact=True)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.set_viewport_size({"width": 1280, "height": 720})
    expect(table).to_be_visible()


def test_checked_mended_uploaded_again_and_undone(
    tab: Page, sign_in: SignIn, own: DeskServer
) -> None:
    sign_in(tab, "gerente", "/Importar")
    upload(tab, "marzo.csv", FILE)
    expect(tab.get_by_text("5 filas leídas = 1 nueva")).to_be_visible()
    expect(tab.get_by_text("3 filas por corregir")).to_be_visible()
    assert problems(tab) == []
    on_a_phone(tab)
    type_over(tab, _SYSTEM, "NOI")
    expect(tab.get_by_text("1 corregida")).to_be_visible()
    expect(tab.get_by_text("5 filas leídas = 2 nuevas")).to_be_visible()

    errors = taken_away(tab)
    assert [row[0] for row in errors] == ["Folio", "F0000703", "F0000704"]
    assert errors[0][-1] == "Motivo"
    assert errors[1][-1].startswith("Línea 5: Fecha Compra: fecha imposible: «31/02/2020»")
    bring_in(tab, "Importar 2 certificados", "Importación terminada: 2 nuevos y 0 cambiados.")
    upload(tab, "errores.csv", mended(errors))
    bring_in(tab, "Importar 2 certificados", "Importación terminada: 2 nuevos y 0 cambiados.")

    tab.get_by_role("link", name=re.compile("marzo.csv")).click()
    expect(tab.get_by_text("1 fila corregida a mano")).to_be_visible()
    assert [row[0] for row in taken_away(tab)] == ["Folio", "F0000703", "F0000704"]
    tab.get_by_label("Motivo", exact=True).fill("era de prueba")
    tab.get_by_role("button", name="Deshacer importación").click()
    expect(tab.get_by_text("Deshecha. 2 certificados salieron.")).to_be_visible()
    own.stop()
    the_log_says_it(own.data)


def the_log_says_it(data: Path) -> None:
    desk = open_desk(settings.read({"MESA_DATA": str(data)}))
    try:
        march, april = logged(desk, Action.CERTIFICATES_IMPORTED)
        assert (march["actor"], march["detail"]["file"]) == ("gerente", "marzo.csv")
        assert [march["detail"][n] for n in ("new", "mended", "set_aside")] == [2, 1, 2]
        assert (april["detail"]["file"], april["detail"]["new"]) == ("errores.csv", 2)
        before, of_batch = logged(desk, Action.ROWS_EXPORTED)
        assert before["reason"] == of_batch["reason"] == "Filas apartadas: 2 (CSV)"
        assert (before["subject"], of_batch["subject"]) == ("", march["subject"])
        (undone,) = logged(desk, Action.BATCH_UNDONE)
        assert (undone["subject"], undone["detail"]["gone"]) == (march["subject"], 2)
        held = desk.store.rows("SELECT folio FROM held_certificate WHERE folio LIKE 'F00007%'")
        assert sorted(held) == [("F0000703",), ("F0000704",)]
    finally:
        desk.close()
