"""The company's account in a browser: there and back, asked again, out; and forged answers."""

import re
from collections.abc import Callable, Iterator
from contextlib import closing

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from lib import settings
from lib.model.actor import SYSTEM
from lib.services.desk import open_desk
from lib.services.doors import emergency
from tests.browser import company as companies
from tests.browser import desk_server, walls
from tests.browser.company import Company
from tests.browser.desk_server import DeskServer
from tests.browser.forged import FORGED
from tests.ports import free_port

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    # The provider works in this process: old ways of its own library, weak keys to forge with.
    pytest.mark.filterwarnings("ignore"),
]
ENTER = "Entrar con la cuenta de la empresa"
PEOPLE = {
    "ana-1": {"email": "agente@example.com", "email_verified": True, "name": "Ana"},
    "gil-1": {"email": "gerente@example.com", "email_verified": True, "name": "Gil"},
    "ada-1": {"email": "admin@example.com", "email_verified": True, "name": "Ada"},
    "eva-1": {"email": "eva@example.com", "email_verified": True, "name": "Eva"},
    "mal-1": {"email": "gerente@example.com", "email_verified": False, "name": "Mal"},
}


@pytest.fixture(scope="module")
def company() -> Iterator[Company]:
    with companies.running(PEOPLE) as company:
        yield company


@pytest.fixture(scope="module")
def server(company: Company, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskServer]:
    folder, port = tmp_path_factory.mktemp("company"), free_port()
    more = company.settings(folder, f"http://localhost:{port}")
    more |= {"MESA_LOCAL_SIGN_IN": "emergencia", "MESA_OIDC_SIGN_OUT": "proveedor"}
    desk_server.seed(folder / "data")
    with closing(open_desk(settings.read({"MESA_DATA": str(folder / "data")}))) as desk:
        emergency.mark(desk, SYSTEM, "admin", breaks_glass=True)
    with desk_server.running(folder, more, port=port) as running:
        yield running


@pytest.fixture
def page(browser: Browser, server: DeskServer, company: Company) -> Iterator[Page]:
    """As everybody's, of somebody who may go to the provider."""
    context = browser.new_context(
        base_url=server.url, viewport={"width": 1280, "height": 720}, locale="es-MX"
    )
    context.set_default_timeout(20_000)
    with walls.watched(context, server.url, company.url):
        yield context.new_page()
    context.close()


def come(page: Page, account: str) -> None:
    """From the door to the provider and back, wherever that leads."""
    page.goto("/")
    page.get_by_role("button", name=ENTER).click()
    page.get_by_role("button", name=account).first.click()


def is_in(page: Page) -> None:
    page.get_by_role("button", name="Cerrar sesión").wait_for()


def test_there_and_back_and_out(page: Page, company: Company, server: DeskServer) -> None:
    with page.expect_request("**/oauth2callback?*") as back:
        come(page, "ana-1")
    is_in(page)
    expect(page).to_have_url(f"{server.url}/")
    asked = company.asked[-1]
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    assert {"state", "nonce", "code_challenge"} <= set(asked)
    assert asked["redirect_uri"] == f"{server.url}/oauth2callback"

    names = {cookie["name"] for cookie in page.context.cookies(server.url)}
    assert not any(name.startswith("_streamlit_user") for name in names)
    page.reload()
    is_in(page)
    kept = page.context.cookies(server.url)
    page.get_by_role("button", name="Cerrar sesión").click()
    # On to the provider, whose session ends too, and back.
    page.wait_for_url(f"{company.url}/oauth2/end_session?*")
    page.get_by_role("button").first.click()
    page.get_by_role("button", name=ENTER).wait_for()

    # All that the browser had while it was in, and the provider's answer once more: nothing opens.
    page.context.add_cookies(kept)  # type: ignore[arg-type]
    page.reload()
    page.get_by_role("button", name=ENTER).wait_for()
    page.goto(back.value.url)
    page.get_by_text("No se completó la entrada").wait_for()
    assert company.tokens[-1] not in server.log_text()


def test_asked_again_before_what_is_dangerous(page: Page, company: Company) -> None:
    come(page, "ada-1")
    is_in(page)
    for _ in range(2):
        page.goto("/Usuarios")
        card = page.locator(".st-key-user_agente")
        card.get_by_role("button", name="Cambiar").click()
        page.get_by_role("button", name="Dar de baja").click()
        if company.asked[-1].get("prompt") == "login":
            break
        expect(page.get_by_test_id("stPopoverBody")).to_have_count(0)  # it would cover the window
        page.get_by_role("button", name="Confirmar con la cuenta de la empresa").click()
        page.wait_for_url(f"{company.url}/oauth2/authorize?*")
        page.get_by_role("button", name="ada-1").first.click()
        page.get_by_text("Confirmaste que eres tú").wait_for()
        assert (company.asked[-1]["prompt"], company.asked[-1]["max_age"]) == ("login", "0")
    expect(card.get_by_text("De baja", exact=True)).to_be_visible()


# ---- by hand -------------------------------------------------------------------------------------


class Hand:
    """A browser's way there and back, request by request. Its cookie is kept by hand: a browser
    takes localhost for safe enough for Secure ones, Python's jar doesn't."""

    def __init__(self, server: DeskServer, login: str) -> None:
        self.client = httpx.Client(base_url=server.url, timeout=20, verify=False)
        self._login, self._state = login, ""

    def there(self, account: str) -> str:
        """The address with which the provider sends somebody back."""
        asked = self.client.get(self._login)
        assert asked.status_code == 302, asked.headers
        self._state = asked.headers["set-cookie"].partition(";")[0]
        answer = self.client.post(asked.headers["location"], data={"sub": account})
        return str(answer.headers["location"])

    def back(self, address: str) -> httpx.Response:
        return self.client.get(address, headers={"Cookie": self._state})

    def come(self, account: str) -> httpx.Response:
        return self.back(self.there(account))


@pytest.fixture
def hand(page: Page, server: DeskServer) -> Iterator[Callable[[], Hand]]:
    """`hand()`: somebody new at the door each time, with the address that its button leads to."""
    page.goto("/")
    with page.expect_request("**/auth/login?*") as asked:
        page.get_by_role("button", name=ENTER).click()
    hands: list[Hand] = []

    def new() -> Hand:
        hands.append(Hand(server, asked.value.url))
        return hands[-1]

    yield new
    for each in hands:
        each.client.close()


def arrival(answer: httpx.Response) -> str:
    """The header that sets it; "" when nobody came in."""
    found = [h for h in answer.headers.get_list("set-cookie") if h.startswith("__Host-mesa")]
    return found[0] if found else ""


def refused(answer: httpx.Response, code: str) -> None:
    assert (answer.status_code, answer.headers["location"]) == (303, f"/?acceso={code}")
    assert arrival(answer) == ""


def test_what_comes_back(hand: Callable[[], Hand], company: Company, server: DeskServer) -> None:
    good = hand()
    address = good.there("gil-1")
    answer = good.back(address)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    header = arrival(answer).lower()
    assert all(flag in header for flag in ("secure", "httponly", "samesite=strict", "max-age=60"))
    assert "_streamlit_user" not in "".join(answer.headers.get_list("set-cookie"))
    refused(good.back(address), "incompleto")  # the browser's Back
    refused(hand().back(hand().there("gil-1")), "incompleto")  # begun in another browser
    refused(good.back(re.sub("state=[^&]+", "state=otra", hand().there("gil-1"))), "incompleto")
    refused(good.back("/oauth2callback?error=access_denied&state=x"), "incompleto")
    refused(good.back("/oauth2callback"), "incompleto")
    assert good.client.get("/auth/login?provider=otro").headers["location"] == "/"
    assert good.client.get("/auth/logout").status_code == 404

    company.metadata = {
        "id_token_signing_alg_values_supported": ["none", "HS256", "HS512", "RS256"]
    }
    for name, make in FORGED.items():
        company.make = make
        answer = hand().come("ana-1")
        assert answer.headers["location"] == "/?acceso=incompleto", name
        assert arrival(answer) == "", name
    earlier = company.tokens[0]
    company.make = lambda _claims, _key: earlier
    refused(hand().come("gil-1"), "incompleto")
    company.make, company.metadata = companies.signed, {}

    refused(hand().come("mal-1"), "sin-alta")  # an address that nobody verified, gil's
    company.more = {"email_verified": True}
    refused(hand().come("mal-1"), "sin-alta")  # his, and his account is another
    company.more = {}
    refused(hand().come("eva-1"), "sin-alta")  # nobody of the desk
    assert not any(token in server.log_text() for token in company.tokens)


def test_the_provider_is_down(page: Page, company: Company) -> None:
    company.down = True
    try:
        page.goto("/")
        page.get_by_role("button", name=ENTER).click()
        page.get_by_text("no responde; espera unos minutos").wait_for()
        expect(page).to_have_url(re.compile("/$"))
        # Whose password doesn't break the glass is told what a wrong one is.
        page.get_by_role("button", name="Entrar con contraseña (emergencia)").click()
        for username in ("gerente", "admin"):
            page.get_by_label("Usuario").fill(username)
            page.get_by_label("Contraseña").fill(desk_server.PASSWORD)
            page.get_by_role("button", name="Entrar", exact=True).click()
            if username == "gerente":
                page.get_by_text("Usuario o contraseña incorrectos").wait_for()
        is_in(page)
    finally:
        company.down = False
