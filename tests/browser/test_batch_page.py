"""An import from its file to its undoing, in a real browser; its original comes back as it was."""

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import SignIn

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FILE = (
    "Folio;No. Serie;Sistema;Versión;Usuarios;Fecha Compra;Titular;RFC;No. Cuenta\r\n"
    "F0000901;0C1;SAE;9.0;1;31/01/2020;Íñigo Peña;;\r\n"
    "F0000902;0C2;NOI;10.0;2;31/02/2020;Fecha imposible;;\r\n"
    "F0000903;0C3;COI;9.0;1;;Zoé Núñez;;\r\n"
).encode("cp1252")


def test_an_import_looked_at_and_undone(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "gerente", "/Importar")
    march: FilePayload = {"name": "marzo.csv", "mimeType": "text/csv", "buffer": FILE}
    page.locator('input[type="file"]').set_input_files([march])
    page.get_by_role("button", name="Importar 2 certificados").click()
    expect(page.get_by_text("Importación terminada: 2 nuevos y 0 cambiados.")).to_be_visible()

    page.get_by_role("link", name="marzo.csv").click()
    expect(page.get_by_role("heading", name="marzo.csv")).to_be_visible()
    expect(page.get_by_text("Filas apartadas: 1")).to_be_visible()
    expect(page.get_by_text("2 certificados salen.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Descargar original").click()
    assert download.value.path().read_bytes() == FILE

    page.get_by_role("link", name="Ver en Certificados").click()
    expect(page.locator("tr[data-id]")).to_have_count(2)
    chip = page.get_by_role("button", name="Quitar Importación: marzo.csv")
    chip.click()
    expect(chip).to_have_count(0)
    page.goto("/Importar")
    page.get_by_role("link", name="marzo.csv").click()

    page.get_by_label("Motivo", exact=True).fill("era de prueba")
    page.get_by_role("button", name="Deshacer importación").click()
    expect(page.get_by_text("Deshecha. 2 certificados salieron.")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="era de prueba")).to_be_visible()
    page.get_by_role("button", name="Todas las importaciones").click()
    expect(page.get_by_role("link", name="marzo.csv")).to_contain_text("deshecha")

    page.goto("/Certificados")
    page.get_by_role("searchbox").first.fill("F0000901")
    expect(page.locator('tr[data-id="F0000901"]')).to_have_count(0)
