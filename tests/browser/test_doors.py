"""The doors, against the running desk in a real Chromium; by hand, test_attacks.py."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from lib.ui import pages
from tests.browser.conftest import SignIn
from tests.browser.desk_server import NAMES, PEOPLE, DeskServer
from tests.browser.raw_socket import run_page
from tests.waiting import until

pytestmark = pytest.mark.browser
FORM = ["Usuario", "Contraseña"]


def cookie_of(context: BrowserContext) -> str:
    found = [c["value"] for c in context.cookies() if c["name"] == "__Host-mesa"]
    return found[0] if found else ""


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Cerrar sesión").click()


# ---- the form ---------------------------------------------------------------------------------


def test_the_form_is_ready_to_type_in_and_enter_submits(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_label("Usuario")).to_be_focused()
    expect(page.get_by_label("Usuario")).to_have_attribute("autocomplete", "username")
    page.keyboard.type("gerente")
    page.keyboard.press("Tab")
    page.keyboard.type("frase probada")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Cerrar sesión")).to_be_visible()
    expect(page.get_by_text(NAMES["gerente"])).to_be_visible()


@pytest.mark.parametrize("username", ["nadie", "agente"])
def test_unknown_and_wrong_read_the_same(page: Page, username: str) -> None:
    page.goto("/")
    page.get_by_label("Usuario").fill(username)
    page.get_by_label("Contraseña").fill("no es esta")
    page.get_by_role("button", name="Entrar").click()
    expect(page.get_by_role("alert")).to_contain_text(
        "Usuario o contraseña incorrectos; revísalos y, si fallas varias veces, espera un poco."
    )


def test_the_way_in_leads_to_the_page_asked_for(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "agente", "/Mi_perfil")
    expect(page.get_by_role("heading", name="Mi perfil")).to_be_visible()
    assert page.url.endswith("/Mi_perfil")


# ---- the session --------------------------------------------------------------------------------


def test_the_cookie_is_for_this_host_alone_and_no_script(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "agente")
    (cookie,) = [c for c in page.context.cookies() if c["name"] == "__Host-mesa"]
    assert (cookie["httpOnly"], cookie["secure"], cookie["sameSite"]) == (True, True, "Strict")
    assert "__Host-mesa" not in page.evaluate("document.cookie")


def test_a_reload_and_a_second_tab_keep_the_session(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "agente")
    page.reload()
    expect(page.get_by_text(NAMES["agente"])).to_be_visible()
    second = page.context.new_page()
    second.goto("/Mi_perfil")
    expect(second.get_by_text(NAMES["agente"])).to_be_visible()


def test_signing_out_ends_it_in_every_tab(page: Page, sign_in: SignIn, server: DeskServer) -> None:
    sign_in(page, "agente")
    second = page.context.new_page()
    second.goto("/Mi_perfil")
    second.get_by_label("Contraseña actual").wait_for()
    copied = cookie_of(page.context)
    with page.expect_response("**/sesion/cerrar"):
        sign_out(page)
    expect(page.get_by_label("Contraseña")).to_be_visible()
    until(lambda: not cookie_of(page.context))
    second.get_by_role("link", name="Inicio").click()
    expect(second.get_by_role("button", name="Entrar")).to_be_visible()
    assert run_page(server, cookie=copied).labels == FORM


def test_a_tab_nobody_touches_notices_that_the_session_ended(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "agente")
    second = page.context.new_page()
    second.clock.install()
    second.goto("/Mi_perfil")
    second.get_by_label("Contraseña actual").wait_for()
    sign_out(page)
    expect(page.get_by_role("button", name="Entrar")).to_be_visible()
    second.clock.fast_forward("00:31")
    expect(second.get_by_role("button", name="Entrar")).to_be_visible()


def test_another_person_after_a_sign_out_starts_clean(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "admin", "/Mi_perfil")
    with page.expect_response("**/sesion/cerrar"):
        sign_out(page)
    page.get_by_label("Usuario").fill("agente")
    page.get_by_label("Contraseña").fill("frase probada")
    with page.expect_response("**/sesion/abrir"):
        page.get_by_role("button", name="Entrar").click()
    expect(page.get_by_text(NAMES["agente"])).to_be_visible()
    expect(page.get_by_text(NAMES["admin"])).to_have_count(0)
    expect(page.get_by_role("heading", name="Mi perfil")).to_be_visible()
    page.reload()
    expect(page.get_by_text(NAMES["agente"])).to_be_visible()


# ---- roles --------------------------------------------------------------------------------------


@pytest.mark.parametrize("username", PEOPLE)
def test_each_role_gets_its_pages_and_no_other(
    page: Page, sign_in: SignIn, server: DeskServer, username: str
) -> None:
    sign_in(page, username)
    cookie = cookie_of(page.context)
    allowed = {p.file for p in pages.PAGES if p.permission in permissions(username)}
    for asked in (p for p in pages.PAGES if p.exists):
        heard = run_page(server, asked.path.strip("/"), cookie=cookie)
        refused = "no permite" in heard.text or "solo existe en la demostración" in heard.text
        assert refused is (asked.file not in allowed or asked.demo_only), asked.file
        in_menu = f'page: "{asked.path.strip("/")}"' in heard.text
        assert in_menu is (asked.file in allowed and not asked.demo_only) or asked.path == "/"


def permissions(username: str) -> object:
    from lib.model.roles import ALLOWED

    return ALLOWED[PEOPLE[username]]
