"""The doors, against the running desk in a real Chromium; by hand, test_attacks.py."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from lib.model.roles import Role
from lib.ui import pages
from lib.ui.identity import DEVICE
from tests.browser import people_inside
from tests.browser.conftest import SignIn
from tests.browser.desk_server import NAMES, PASSWORD, PEOPLE, DeskServer
from tests.browser.held_desk import Inside, held
from tests.browser.raw_socket import run_page
from tests.waiting import until

pytestmark = pytest.mark.browser
FORM = ["Usuario", "Contraseña"]


@pytest.fixture(scope="module")
def held_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[DeskServer, Inside]]:
    with held(tmp_path_factory.mktemp("doors")) as running:
        yield running


@pytest.fixture(scope="module")
def server(held_desk: tuple[DeskServer, Inside]) -> DeskServer:
    return held_desk[0]


@pytest.fixture
def inside(held_desk: tuple[DeskServer, Inside]) -> Inside:
    return held_desk[1]


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
    secret = page.get_by_label("Contraseña", exact=True)
    expect(secret).to_have_attribute("autocomplete", "current-password")
    expect(secret).to_have_attribute("type", "password")
    page.keyboard.type("gerente")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.get_by_role("button", name="Mostrar lo escrito").click()
    expect(secret).to_have_attribute("type", "text")
    secret.press("Enter")
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


def test_a_new_password_role_or_state_ends_it_in_every_tab_and_browser(
    page: Page, browser: Browser, sign_in: SignIn, server: DeskServer, inside: Inside
) -> None:
    inside(people_inside.another_admin, "rosa")
    second = page.context.new_page()
    elsewhere = browser.new_context(base_url=server.url, locale="es-MX").new_page()

    def comes_in(secret: str) -> None:
        sign_in(page, "rosa", "/Mi_perfil", secret)
        second.goto("/Mi_perfil")
        second.get_by_label("Contraseña actual").wait_for()

    comes_in(PASSWORD)
    sign_in(elsewhere, "rosa", "/Mi_perfil")
    change_password(page, PASSWORD, "una frase recién hecha")
    is_out(elsewhere)
    second.reload()  # the session it was changed in goes on, in all its tabs
    second.get_by_label("Contraseña actual").wait_for()
    inside(people_inside.role, "rosa", Role.MANAGER)
    is_out(page, second)

    comes_in("una frase recién hecha")
    inside(people_inside.active, "rosa", False)
    is_out(page, second)
    elsewhere.context.close()


def is_out(*tabs: Page) -> None:
    """The next click shows the form, unless the page saw by itself that it was over."""
    for tab in tabs:
        tab.evaluate("document.querySelector('[data-testid=stPageLink-NavLink]')?.click()")
        expect(tab.get_by_role("button", name="Entrar")).to_be_visible()


def change_password(page: Page, current: str, new: str) -> None:
    page.get_by_label("Contraseña actual").fill(current)
    page.get_by_label("Contraseña nueva", exact=True).fill(new)
    page.get_by_label("Repite la contraseña nueva").fill(new)
    page.get_by_role("button", name="Cambiar contraseña").click()
    page.get_by_text("Contraseña cambiada").wait_for()


def test_a_browser_is_known_by_a_cookie_of_its_own(
    page: Page, browser: Browser, server: DeskServer, sign_in: SignIn
) -> None:
    known = {c["name"]: c for c in page.context.cookies(server.url.replace("http:", "https:"))}
    sign_in(page, "gerente")
    kept = {c["name"]: c for c in page.context.cookies()}[DEVICE]
    assert kept["value"] == known[DEVICE]["value"]
    assert (kept["httpOnly"], kept["secure"], kept["sameSite"]) == (True, True, "Strict")
    assert kept["expires"] > time.time() + 300 * 24 * 3600
    assert told(server, "gerente") == []
    other = browser.new_context(locale="es-MX", user_agent="Firefox/140.0 (X11; Linux)").new_page()
    sign_in(other, "gerente", f"{server.url}/Mi_perfil")
    expect(other.get_by_text("Firefox en Linux")).to_be_visible()
    news = "Mesa CDA - Entraste desde un equipo nuevo"
    assert until(lambda: told(server, "gerente")) == [news]
    other.context.close()


def told(server: DeskServer, username: str) -> list[str]:
    """The subjects of what somebody was mailed."""
    to = f"{username}@example.com"
    return [mail["Subject"] for mail in server.mail.messages if to in str(mail["To"])]


def test_another_person_after_a_sign_out_starts_clean(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "admin", "/Mi_perfil")
    with page.expect_response("**/sesion/cerrar"):
        sign_out(page)
    page.get_by_label("Usuario").fill("agente")
    page.get_by_label("Contraseña").fill(PASSWORD)
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
        refused = "no permite esta" in heard.text or "solo existe en la demostración" in heard.text
        assert refused is (asked.file not in allowed or asked.demo_only), asked.file
        in_menu = f'page: "{asked.path.strip("/")}"' in heard.text
        assert in_menu is (asked.file in allowed and not asked.demo_only) or asked.path == "/"


def permissions(username: str) -> object:
    from lib.model.roles import ALLOWED

    return ALLOWED[PEOPLE[username]]
