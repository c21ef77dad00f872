"""The second factor as a manager meets it: enrolled at the door, asked for from then on."""

import base64
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from lib.model import clock
from lib.services.doors import totp
from tests.browser import desk_server
from tests.browser.desk_server import DeskServer


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskServer]:
    more = {"MESA_SECOND_FACTOR": "gerentes"}
    with desk_server.running(tmp_path_factory.mktemp("factors"), more) as running:
        yield running


def password(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Usuario").fill("gerente")
    page.get_by_label("Contraseña").fill(desk_server.PASSWORD)
    page.get_by_role("button", name="Entrar").click()


def seed_shown(page: Page) -> bytes:
    page.get_by_text("No puedo escanearlo").click()
    text = "".join(page.locator(".stCode").inner_text().split())
    return base64.b32decode(text + "=" * (-len(text) % 8))


def test_a_manager_enrols_and_is_asked_from_then_on(
    page: Page, browser: Browser, server: DeskServer
) -> None:
    password(page)
    expect(page.get_by_alt_text("Código QR para la aplicación")).to_be_visible()
    seed = seed_shown(page)
    page.get_by_label("Código que muestra").fill("000000")
    page.get_by_role("button", name="Continuar").click()
    page.get_by_text("Ese código no es").wait_for()
    expect(page.get_by_label("Código que muestra")).to_have_value("")
    page.get_by_label("Código que muestra").fill(totp.code_at(seed, clock.now()))
    page.get_by_role("button", name="Continuar").click()
    page.get_by_role("heading", name="Códigos de recuperación").wait_for()
    recovery = page.locator(".stCode").inner_text().split()
    with page.expect_response("**/sesion/abrir"):
        page.get_by_role("button", name="Ya los guardé; entrar").click()
    page.get_by_role("button", name="Cerrar sesión").wait_for()

    # Another browser, with the password alone: no page of the desk until the code.
    context = browser.new_context(base_url=server.url, locale="es-MX")
    other = context.new_page()
    password(other)
    field = other.get_by_label("Código de tu aplicación, o uno de recuperación")
    field.wait_for()
    other.goto("/Bitacora")
    other.get_by_label("Usuario").wait_for()
    password(other)
    field.fill(recovery[0])
    with other.expect_response("**/sesion/abrir"):
        other.get_by_role("button", name="Continuar").click()
    other.get_by_role("button", name="Cerrar sesión").wait_for()
    context.close()
