"""Importar in a browser: a workbook's sheet chosen by hand, and the rows that it holds go in."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.imports.test_workbooks import HEADING, NUMBERS, ROW, xlsx

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_another_sheet_is_chosen_and_goes_in(page: Page, sign_in: SignIn, tmp_path: Path) -> None:
    file = tmp_path / "cajas.xlsx"
    file.write_bytes(
        xlsx(Enero=[HEADING, ROW], Febrero=[("Febrero",), HEADING, NUMBERS]).getvalue()
    )
    sign_in(page, "gerente", "/Importar")
    page.locator('input[type="file"]').set_input_files(file)
    expect(page.get_by_text("Excel · hoja «Enero» · encabezado en la línea 1")).to_be_visible()
    page.get_by_role("button", name="Cambiar cómo se lee").click()
    page.get_by_role("combobox", name="Hoja").click()
    page.get_by_role("option", name="Febrero").click()
    said = "Excel · hoja «Febrero» · encabezado en la línea 2 · 1 línea de título sin contar"
    expect(page.get_by_text(said)).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Importar 1 certificado").click()
    expect(page.get_by_text("Importación terminada: 1 nuevo")).to_be_visible()
