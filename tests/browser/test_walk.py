"""A day at the desk, as the people who work there: every step through the screen."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import whole_data
from tests.browser.conftest import SignIn
from tests.browser.desk_server import DeskServer
from tests.browser.motives import choose
from tests.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SERIAL = "S0000000002"
CODE = "LIVE2-AAAAA-BBBBB-CCCCC"


def grid(page: Page, title: str) -> None:
    page.get_by_role("treegrid", name=title).locator("tr[data-id]").first.wait_for()


def search(page: Page, text: str) -> None:
    page.get_by_role("searchbox").first.fill(text)


def row(page: Page, serial: str):  # type: ignore[no-untyped-def]
    return page.locator(f'tr[data-id="{serial}"]')


def test_find_group_resend_and_see_it_accepted(
    page: Page, server: DeskServer, sign_in: SignIn
) -> None:
    sign_in(page, "agente", "/Suscripciones")
    grid(page, "Sistemas en Suscripción")
    search(page, "ordonez zoe")
    expect(page.locator("tr[data-id]")).to_have_count(1)

    page.locator('th[data-col="product"]').drag_to(
        page.get_by_text("Arrastra una columna aquí para agrupar por ella")
    )
    heading = page.get_by_role("row", name=re.compile(r"Sistema: COI"))
    heading.click()
    row(page, SERIAL).wait_for()

    row(page, SERIAL).get_by_role("button", name="Reenviar CDA").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Reenviar CDA")
    expect(dialog).to_contain_text("z*******z@example.com")
    expect(dialog).not_to_contain_text("zoe.perez@example.com")
    choose(dialog, "No recibió el correo")
    dialog.get_by_role("button", name="Reenviar").click()

    expect(dialog).to_contain_text("Aspel notifica")
    expect(dialog).to_contain_text("ha sido enviado a tu cuenta de correo", timeout=15_000)
    assert CODE not in page.content()
    dialog.get_by_role("button", name="Aceptar").click()
    expect(dialog).to_have_count(0)
    expect(row(page, SERIAL)).to_contain_text("Aceptado")

    mail = until(lambda: [m for m in server.mail.messages if "zoe.perez" in str(m["To"])])[-1]
    assert mail["Subject"] == "Aviso de aspel.com - Reenvío de CDA"
    for kind in ("plain", "html"):
        part = mail.get_body((kind,))
        assert part is not None
        assert CODE in part.get_content()


def test_no_address_leads_to_the_account_where_it_is_corrected(
    page: Page, server: DeskServer, sign_in: SignIn
) -> None:
    sign_in(page, "agente", "/Suscripciones")
    grid(page, "Sistemas en Suscripción")
    row(page, "S0000000003").get_by_role("button", name="Reenviar CDA").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("no tiene correo")
    dialog.get_by_role("link", name="Corregir en Cuenta").click()

    page.get_by_role("tab", name="Datos generales").click()
    whole_data.see(page)
    page.get_by_label("Correo de Contacto*").fill("corregida(arroba)example.com")
    page.get_by_role("button", name="Guardar").first.click()
    expect(page.get_by_text("No es un correo válido")).to_be_visible()
    page.get_by_label("Correo de Contacto*").fill("corregida@example.com")
    page.get_by_role("button", name="Guardar").first.click()
    expect(page.get_by_text("Guardado a las")).to_be_visible()

    page.get_by_role("tab", name="Sistemas").click()
    row(page, "S0000000003").get_by_role("button", name="Reenviar CDA").click()
    expect(page.get_by_role("dialog")).to_contain_text("c*******a@example.com")
    expect(page.get_by_role("dialog")).to_contain_text("El correo de esta cuenta cambió")

    page.context.clear_cookies()
    sign_in(page, "gerente", "/Bitacora")
    grid(page, "Bitácora")
    search(page, "00000003")
    change = page.get_by_role("row", name=re.compile("Cambio de datos generales")).first
    expect(change).to_contain_text("Agustina Agente")
    change.click()
    panel = page.get_by_role("region", name=re.compile("Cambio de datos generales"))
    expect(panel).to_contain_text("Correo de Contacto: corregida@example.com")


def test_a_certificate_s_code_is_on_the_paper(
    page: Page, server: DeskServer, sign_in: SignIn, tmp_path: Path
) -> None:
    file = tmp_path / "certificados.csv"
    file.write_text(
        "Folio;No. Serie;Sistema;Versión;Usuarios;Fecha Compra;Titular;RFC;No. Cuenta\r\n"
        "W1;0WALK000001;SAE;9.0;1;01/02/2020;<b>Peña</b> e Hijos;;\r\n"
        "W2;1.23E+11;SAE;9.0;1;01/02/2020;Comida por Excel;;\r\n",
        "cp1252",
    )
    sign_in(page, "gerente", "/Importar")
    page.locator('input[type="file"]').set_input_files(file)
    expect(page.get_by_text("Apartados")).to_be_visible()
    page.get_by_role("button", name="Importar 1 certificado").click()
    expect(page.get_by_text("Importación terminada: 1 nuevo")).to_be_visible()

    page.goto("/Certificados")
    grid(page, "Certificados")
    search(page, "pena hijos")
    expect(row(page, "W1")).to_contain_text("<b>Peña</b> e Hijos")
    row(page, "W1").get_by_role("button", name="Dónde está el CDA").click()
    expect(page.get_by_role("dialog")).to_contain_text("Certificado de Autenticidad")
