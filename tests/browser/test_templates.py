"""Plantillas in a real browser: seen while it is typed, tried on oneself, saved, brought back."""

import pytest
from playwright.sync_api import Page, expect

from lib.mail import samples
from tests.browser.conftest import SignIn
from tests.browser.desk_server import DeskServer
from tests.mail.letters import body
from tests.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def choose(page: Page, kind: str) -> None:
    page.get_by_label("Correo", exact=True).click()
    page.get_by_role("option", name=kind).click()


def test_a_template_is_seen_tried_saved_and_restored(
    page: Page, server: DeskServer, sign_in: SignIn
) -> None:
    """Of a mail that no other test asks for: the desk is everybody's."""
    sign_in(page, "admin", "/Plantillas")
    choose(page, "Aviso de cambio de correo")
    frame = page.locator("iframe[title='Vista previa del correo']")
    seen = page.frame_locator("iframe[title='Vista previa del correo']")
    expect(seen.get_by_role("heading", name="Cambió el correo de tu cuenta")).to_be_visible()
    assert frame.get_attribute("sandbox") == ""

    # Nothing is pressed: what is typed is seen, and what is wrong is said with its line.
    source = page.get_by_label("HTML del correo")
    own = source.input_value()
    source.fill(own.replace("Estimado", "Hola <script>alert(1)</script>"))
    expect(page.get_by_text("Renglón 13 del HTML: <script> no se permite")).to_be_visible()
    page.get_by_role("button", name="Guardar").click()
    expect(page.get_by_text("La plantilla tiene errores")).to_be_visible()
    source.fill(own.replace("Estimado", "Hola otra vez"))
    expect(seen.get_by_text(f"Hola otra vez {samples.NAME},")).to_be_visible()
    expect(page.get_by_text("con cambios sin guardar")).to_be_visible()

    before = len(server.mail.messages)
    page.get_by_role("button", name="Enviarme una prueba").click()
    expect(page.get_by_text("con un CDA inventado")).to_be_visible()
    mail = until(lambda: server.mail.messages[before:])[0]
    assert mail["Subject"].startswith("[Prueba] ")
    assert f"Hola otra vez {samples.NAME}," in body(mail, "html")

    page.get_by_role("button", name="Guardar").click()
    expect(page.get_by_text("Guardado como versión 1; ya está en uso.")).to_be_visible()
    expect(page.get_by_text("Versión 1, en uso.")).to_be_visible()
    page.get_by_role("button", name="Restaurar").last.click()
    expect(page.get_by_text("La original vuelve a estar en uso, como versión 2.")).to_be_visible()
    expect(page.get_by_label("HTML del correo")).to_have_value(own)


def test_an_agent_chooses_the_language_of_an_account(
    page: Page, server: DeskServer, sign_in: SignIn
) -> None:
    sign_in(page, "agente", "/Cuenta?cuenta=00000003")
    page.get_by_role("tab", name="Datos generales").click()
    page.get_by_role("combobox", name="Idioma de los correos").click()
    page.get_by_role("option", name="Inglés").click()
    expect(page.get_by_text("Los correos de esta cuenta irán en inglés.")).to_be_visible()
