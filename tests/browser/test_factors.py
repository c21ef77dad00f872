"""The second factor as a manager meets it: enrolled at the door, asked for from then on."""

import base64
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from lib.model import clock
from lib.services.doors import totp
from tests.browser import desk_server
from tests.browser.authenticators import Authenticators
from tests.browser.axe import problems
from tests.browser.desk_server import DeskServer

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskServer]:
    more = {"MESA_SECOND_FACTOR": "gerentes"}
    with desk_server.running(tmp_path_factory.mktemp("factors"), more) as running:
        yield running


def password(page: Page, username: str = "gerente") -> None:
    page.goto("/")
    page.get_by_label("Usuario").fill(username)
    page.get_by_label("Contraseña").fill(desk_server.PASSWORD)
    page.get_by_role("button", name="Entrar").click()


def seed_shown(page: Page) -> bytes:
    page.get_by_text("No puedo escanearlo").click()
    text = "".join(page.locator(".stCode").inner_text().split())
    return base64.b32decode(text + "=" * (-len(text) % 8))


def test_a_manager_enrols_and_is_asked_from_then_on(
    page: Page, browser: Browser, server: DeskServer
) -> None:
    page.add_init_script("delete window.PublicKeyCredential")
    password(page)
    expect(page.get_by_text("Este navegador no tiene llaves de acceso")).to_be_visible()
    page.get_by_role("button", name="Usar una aplicación de códigos").click()
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
    in_by(page, "Ya los guardé; entrar")

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
    in_by(other, "Continuar")
    context.close()


def in_by(page: Page, button: str) -> None:
    with page.expect_response("**/sesion/abrir") as kept:
        page.get_by_role("button", name=button).click()
    assert kept.value.status == 204
    page.get_by_role("button", name="Cerrar sesión").wait_for()


def test_a_passkey_instead_from_the_door_to_mi_perfil(page: Page) -> None:
    keys = Authenticators(page)
    laptop = keys.add()
    password(page, "admin")
    make = page.get_by_role("button", name="Crear llave de acceso")
    expect(make).to_be_focused()
    keys.verify(laptop, right=False)
    make.click()
    expect(page.get_by_text("No se completó: se canceló")).to_be_visible()
    assert problems(page) == []
    keys.verify(laptop, right=True)
    make.click()
    page.get_by_role("heading", name="Códigos de recuperación").wait_for()
    assert len(page.locator(".stCode").inner_text().split()) == 10
    in_by(page, "Ya los guardé; entrar")

    with page.expect_response("**/sesion/cerrar"):
        page.get_by_role("button", name="Cerrar sesión").click()
    password(page, "admin")
    page.get_by_role("button", name="Usar un código").click()
    page.get_by_label("Código de recuperación").wait_for()
    page.get_by_role("button", name="Usar mi llave de acceso").click()
    page.get_by_text("Con tu llave de acceso").wait_for()
    in_by(page, "Usar mi llave de acceso")

    # In Mi perfil it can't be removed before there is another, which another thing keeps.
    page.goto("/Mi_perfil")
    one = page.locator('[class*="st-key-passkey_"]')
    expect(one).to_have_count(1)
    one.get_by_role("button", name="Quitar").click()
    window = page.get_by_role("dialog")
    window.get_by_role("button", name="Usar mi llave de acceso").click()
    page.get_by_text("este es el único que tienes").wait_for()
    page.get_by_role("button", name="Agregar llave de acceso").click()
    window.get_by_label("Nombre").fill("La azul")
    window.get_by_role("button", name="Crear llave de acceso").click()
    expect(window.get_by_text("Ese equipo ya guarda una llave")).to_be_visible()
    assert problems(page) == []
    keys.add("usb")
    window.get_by_role("button", name="Crear llave de acceso").click()
    page.get_by_text("Llave de acceso agregada").wait_for()
    expect(one).to_have_count(2)
    one.first.get_by_role("button", name="Quitar").click()
    expect(one).to_have_count(1)
    expect(one).to_contain_text("La azul")
