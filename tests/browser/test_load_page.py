"""Cargar in a real browser: a pack through the page, its report, and the new customer found."""

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import SignIn
from tests.browser.desk_server import DeskServer

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ACCOUNTS = (
    "No. Cuenta;Nombre y Apellidos;Correo de Contacto;Teléfono de Contacto;RFC;Razón Social;"
    "Régimen Fiscal;Uso CFDI;Código Postal;Calle y Número;Colonia;Municipio;Estado;Fecha Alta\r\n"
    "00000077;Íñigo Recién Llegado;inigo@example.com;5511223344;;Íñigo;612;G03;06600;Calle 1;"
    "Centro;Cuauhtémoc;Ciudad de México;01/02/2026\r\n"
    "00000078;Fecha Imposible;f@example.com;5511223345;;F;612;G03;06600;Calle 2;Centro;"
    "Cuauhtémoc;Ciudad de México;31/02/2026\r\n"
)


def pack(name: str, text: str) -> FilePayload:
    return {"name": name, "mimeType": "text/csv", "buffer": text.encode("cp1252")}


def test_a_pack_through_the_page(page: Page, server: DeskServer, sign_in: SignIn) -> None:
    sign_in(page, "admin", "/Cargar")
    chooser = page.get_by_role("button", name="Elegir archivos", exact=True)  # heard once
    expect(chooser.and_(page.locator("button"))).to_be_visible()
    expect(page.get_by_text("o arrástralos aquí: hasta 200 MB cada uno • CSV, TXT")).to_be_visible()
    page.locator('input[type="file"]').set_input_files([pack("Cuentas.CSV", ACCOUNTS)])
    page.get_by_role("button", name="Cargar", exact=True).click()
    done = page.get_by_text("Carga terminada: 1 nueva, 0 cambiadas, 0 iguales y 1 apartada")
    expect(done).to_be_visible(timeout=60_000)
    expect(page.get_by_text("Filas apartadas: 1")).to_be_visible()

    page.goto("/Cuenta")
    page.get_by_role("searchbox").first.fill("inigo recien")
    expect(page.locator('tr[data-id="00000077"]')).to_be_visible()
    assert not list((server.data / "incoming").glob("*"))


def test_files_of_no_pack_are_refused_without_a_server_path(
    page: Page, server: DeskServer, sign_in: SignIn
) -> None:
    sign_in(page, "admin", "/Cargar")
    page.locator('input[type="file"]').set_input_files([pack("otra cosa.csv", "a;b\r\n1;2\r\n")])
    page.get_by_role("button", name="Cargar", exact=True).click()
    refusal = page.get_by_text(
        "No encontré ningún archivo del paquete en los archivos que elegiste"
    )
    expect(refusal).to_be_visible(timeout=30_000)


def test_a_wrong_file_is_refused_with_the_reason(
    page: Page, server: DeskServer, sign_in: SignIn
) -> None:
    sign_in(page, "admin", "/Cargar")
    page.locator('input[type="file"]').set_input_files([pack("cuentas.csv", "a;b\r\n1;2\r\n")])
    page.get_by_role("button", name="Cargar", exact=True).click()
    refusal = page.get_by_text("No pude leer cuentas.csv: no le encontré encabezado")
    expect(refusal).to_be_visible(timeout=30_000)
