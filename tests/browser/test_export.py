"""Exportar in a real browser: the file on the disk, the page where it was, the log's new row."""

import csv
import io
import json
from collections.abc import Iterator

import openpyxl
import pytest
from playwright.sync_api import Browser, Download, Page, expect

from lib.model.view import Layout, View
from tests.browser.axe import problems
from tests.browser.conftest import SignIn
from tests.browser.desk_server import DeskServer

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def manager(browser: Browser, server: DeskServer) -> Iterator[Page]:
    """One tab of a manager's for the whole file."""
    context = browser.new_context(
        base_url=server.url, viewport={"width": 1280, "height": 720}, locale="es-MX"
    )
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def signed_in(manager: Page, sign_in: SignIn) -> Page:
    if manager.url == "about:blank":
        sign_in(manager, "gerente", "/Suscripciones")
    return manager


def opened(page: Page, path: str, view: View | None = None) -> Page:
    page.goto(path + (f"?vista={view.to_query()}" if view else ""))
    page.locator("tr[data-id]").first.wait_for()
    page.get_by_role("button", name="Exportar", exact=True).click()
    return page


def fetched(page: Page, button: str) -> Download:
    with page.expect_download() as download:
        page.get_by_role("button", name=button).click()
    expect(page.get_by_text("La descarga empezó")).to_be_visible()
    return download.value


def content(download: Download) -> bytes:
    return download.path().read_bytes()


def test_what_is_filtered_lands_on_the_disk_and_in_the_log(signed_in: Page) -> None:
    layout = Layout(columns=("serial", "account_name"))
    view = View(q="munoz", filters={"product": "SAE"}, layout=layout)
    page = opened(signed_in, "/Suscripciones", view)
    expect(page.get_by_text("1 registro · con la búsqueda y los filtros puestos")).to_be_visible()
    address = page.url
    download = fetched(page, "CSV (.csv)")
    assert download.suggested_filename.startswith("suscripciones-20")
    text = content(download).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text))) == [
        ["No. Serie", "Cliente"],
        ["S0000000001", "Héctor Villaseñor Muñoz"],
    ]
    assert page.url == address
    page.goto("/Bitacora")
    row = page.locator("tr[data-id]").filter(has_text="Suscripciones: 1 (CSV)").first
    expect(row).to_contain_text("Exportación")


def test_a_workbook_opens(signed_in: Page) -> None:
    page = opened(signed_in, "/Licenciamiento")
    download = fetched(page, "Excel (.xlsx)")
    assert download.suggested_filename.endswith(".xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(content(download))).active
    assert sheet is not None
    assert [cell.value for cell in sheet["D"]] == ["No. Serie", "L0000000001", "L0000000002"]


def test_a_second_one_follows_in_the_same_window(signed_in: Page) -> None:
    page = opened(signed_in, "/Licenciamiento")
    assert content(fetched(page, "CSV (.csv)"))
    assert fetched(page, "Excel (.xlsx)").suggested_filename.endswith(".xlsx")


def test_nothing_to_export_is_said(signed_in: Page) -> None:
    signed_in.goto(f"/Suscripciones?vista={View(q='nadie se llama así').to_query()}")
    signed_in.get_by_role("button", name="Exportar", exact=True).click()
    expect(signed_in.get_by_text("No hay ningún registro que exportar")).to_be_visible()
    expect(signed_in.get_by_role("button", name="CSV (.csv)")).to_have_count(0)


def test_by_keyboard_alone(signed_in: Page) -> None:
    page = signed_in
    page.goto("/Licenciamiento")
    page.locator("tr[data-id]").first.wait_for()
    page.get_by_role("button", name="Exportar", exact=True).focus()
    page.keyboard.press("Enter")
    csv_button = page.get_by_role("button", name="CSV (.csv)")
    csv_button.wait_for()
    csv_button.focus()
    with page.expect_download():
        page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(csv_button).to_be_hidden()


def test_what_is_ticked_leaves_from_a_window_of_its_own(signed_in: Page) -> None:
    page = signed_in
    page.goto("/Suscripciones")
    for serial in ("S0000000001", "S0000000003"):
        page.locator(f'tr[data-id="{serial}"] .check').click()
    page.get_by_role("button", name="Exportar selección").click()
    window = page.get_by_role("dialog", name="Exportar selección")
    expect(window.get_by_text("2 registros · lo seleccionado")).to_be_visible()
    with page.expect_download() as download:
        window.get_by_role("button", name="CSV (.csv)").click()
    rows = list(csv.reader(io.StringIO(content(download.value).decode("utf-8-sig"))))
    assert [row[3] for row in rows] == ["No. Serie", "S0000000001", "S0000000003"]
    assert problems(page) == []


def test_axe_finds_nothing_where_it_is_asked_for(signed_in: Page) -> None:
    page = opened(signed_in, "/Licenciamiento")
    page.get_by_role("button", name="CSV (.csv)").wait_for()
    assert problems(page) == []


def test_agents_see_no_way_to_export(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "agente", "/Suscripciones")
    page.locator("tr[data-id]").first.wait_for()
    expect(page.get_by_role("button", name="Vistas")).to_be_visible()
    expect(page.get_by_role("button", name="Exportar", exact=True)).to_have_count(0)


def test_the_desk_s_log_holds_no_row_of_it(signed_in: Page, server: DeskServer) -> None:
    fetched(opened(signed_in, "/Licenciamiento"), "CSV (.csv)")
    for private in ("Villaseñor", "L0000000001", "Traceback", json.dumps("Héctor")):
        assert private not in server.log_text()
