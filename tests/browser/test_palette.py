"""The search that opens on any page and the list of keys, on a real desk."""

import pytest
from playwright.sync_api import Locator, Page, WebSocket, expect

from tests.browser.conftest import SignIn, at_rest
from tests.browser.desk_server import DeskServer
from tests.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# What has the focus, through every shadow.
FOCUSED = """() => {
    let node = document.activeElement;
    while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
    return node?.dataset?.id || node?.id || node?.getAttribute("aria-label") || node?.innerText;
}"""


def search(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Buscar en todo")


def look_for(page: Page, text: str) -> Locator:
    """Open the palette by its key and type; the options that it finds."""
    page.keyboard.press("/")
    expect(search(page).get_by_role("combobox")).to_be_focused()
    page.keyboard.insert_text(text)
    options = search(page).get_by_role("option")
    options.first.wait_for()
    return options


def ready(page: Page) -> None:
    page.get_by_role("button", name="Buscar…").wait_for()


def sent(page: Page) -> list[object]:
    """What the page, opened anew, sends to the server from now on."""
    frames: list[object] = []

    def heard(socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: frames.append(frame))  # noqa: PLW0108 (playwright)

    page.on("websocket", heard)
    page.reload()
    return frames


def idle(page: Page) -> None:
    """The page has run, and asks nothing more by itself."""
    ready(page)
    page.get_by_label("Contraseña actual").wait_for()
    page.wait_for_load_state("networkidle")
    at_rest(page)


@pytest.fixture
def agent(page: Page, server: DeskServer, sign_in: SignIn) -> Page:
    sign_in(page, "agente", "/Mi_perfil")
    ready(page)
    return page


def test_a_name_leads_to_the_account(agent: Page) -> None:
    options = look_for(agent, "villasenor hector")
    expect(options.first).to_contain_text("Héctor Villaseñor Muñoz")
    expect(options.first).to_contain_text("h***")
    kinds = search(agent).get_by_role("group")
    expect(kinds).to_contain_text(["Cuentas1", "Sistemas2"])
    agent.keyboard.press("Enter")
    agent.get_by_role("heading", name="Héctor Villaseñor Muñoz").wait_for()
    assert agent.url.endswith("/Cuenta?cuenta=00000001")
    expect(search(agent)).to_have_count(0)


def test_a_serial_leads_to_its_row_with_resend_at_hand(agent: Page) -> None:
    look_for(agent, "s0000000001")
    agent.keyboard.press("Enter")
    until(lambda: agent.evaluate(FOCUSED) == "S0000000001", 20)
    assert agent.url.endswith("/Cuenta?cuenta=00000001")
    agent.keyboard.press("r")
    expect(agent.get_by_role("dialog")).to_contain_text("Reenviar CDA")


def test_the_rest_of_a_kind_is_in_its_list(agent: Page) -> None:
    options = look_for(agent, "villasenor")
    options.filter(has_text="Buscar en Suscripciones").click()
    table = agent.get_by_role("treegrid", name="Sistemas en Suscripción")
    expect(table.locator("tr[data-id]")).to_have_count(1)
    expect(agent.get_by_role("searchbox").first).to_have_value("villasenor")

    options = look_for(agent, "zoe perez")
    options.filter(has_text="Buscar en Suscripciones").click()
    expect(agent.get_by_role("searchbox").first).to_have_value("zoe perez")
    expect(table.locator("tr[data-id]")).to_have_attribute("data-id", "S0000000002")


def test_nothing_found_says_what_to_try(agent: Page) -> None:
    agent.keyboard.press("Control+k")
    agent.keyboard.insert_text("no hay tal cosa")
    status = search(agent).get_by_role("status")
    expect(status).to_contain_text("Prueba con menos palabras; se busca por nombre, serie, RFC")


def test_escape_gives_the_focus_back_to_the_row(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "agente", "/Suscripciones")
    row = page.locator("tr[data-id]").nth(1)
    row.wait_for()
    row.focus()
    for key, window in (("/", "Buscar en todo"), ("?", "Atajos de teclado")):
        page.keyboard.press(key)
        dialog = page.get_by_role("dialog", name=window)
        expect(dialog).to_be_visible()
        for _ in range(8):
            page.keyboard.press("Tab")
            assert dialog.evaluate("node => node.matches(':focus-within')")
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        expect(row).to_be_focused()


def test_what_is_typed_in_a_field_is_text_but_control_k_is_not(agent: Page) -> None:
    field = agent.get_by_label("Contraseña actual")
    field.press_sequentially("/?gsb")
    expect(field).to_have_value("/?gsb")
    expect(agent.get_by_role("dialog")).to_have_count(0)
    agent.keyboard.press("Control+k")
    expect(search(agent).get_by_role("combobox")).to_be_focused()


def test_over_a_window_that_asks_something_it_does_not_open(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "agente", "/Suscripciones")
    row = page.locator("tr[data-id]").first
    row.wait_for()
    row.focus()
    page.keyboard.press("r")
    asking = page.get_by_role("dialog").filter(has_text="Reenviar CDA")
    expect(asking).to_be_visible()
    asking.get_by_role("button", name="Cancelar").focus()
    for key in ("/", "?", "Control+k"):
        page.keyboard.press(key)
    expect(page.get_by_role("dialog")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    until(lambda: row.evaluate("node => node.matches(':focus-within')"), 5)


def test_g_and_a_letter_open_a_page(agent: Page) -> None:
    agent.keyboard.press("g")
    agent.keyboard.press("s")
    agent.get_by_role("treegrid", name="Sistemas en Suscripción").wait_for()
    assert agent.evaluate(FOCUSED) == "stMain"
    agent.keyboard.press("g")
    agent.keyboard.press("b")  # not an agent's page
    agent.keyboard.press("g")
    agent.keyboard.press("i")
    agent.get_by_role("heading", name="Hola, Agustina").wait_for()


def test_the_list_of_keys_is_that_of_the_page(agent: Page) -> None:
    agent.get_by_role("button", name="Atajos de teclado").click()
    sheet = agent.get_by_role("dialog", name="Atajos de teclado")
    expect(sheet).to_contain_text("Suscripciones")
    expect(sheet).not_to_contain_text("Bitácora")
    expect(sheet.get_by_role("heading", name="En la tabla")).to_have_count(0)
    agent.keyboard.press("Escape")
    agent.goto("/Suscripciones")
    agent.locator("tr[data-id]").first.wait_for()
    agent.keyboard.press("?")
    expect(sheet.get_by_role("heading", name="En la tabla")).to_be_visible()


def test_keys_of_one_character_can_be_switched_off(agent: Page) -> None:
    agent.keyboard.press("?")
    switch = agent.get_by_role("switch", name="Atajos de una sola tecla")
    expect(switch).to_be_checked()
    switch.press("Space")
    agent.keyboard.press("Escape")
    agent.reload()
    ready(agent)
    for key in ("/", "?", "g", "s"):
        agent.keyboard.press(key)
    expect(agent.get_by_role("dialog")).to_have_count(0)
    assert agent.url.endswith("/Mi_perfil")
    agent.keyboard.press("Control+k")
    expect(search(agent)).to_be_visible()


def test_streamlit_s_own_key_is_not_heard(agent: Page) -> None:
    """Its "r" ran the whole page again."""
    frames = sent(agent)
    idle(agent)
    before = len(frames)
    agent.keyboard.press("r")
    agent.keyboard.press("Control+k")  # what follows is heard, so "r" has been too
    expect(search(agent)).to_be_visible()
    assert len(frames) == before


def test_a_search_asks_only_what_it_must(agent: Page) -> None:
    """One question for what was typed at once, and none for a page that opens."""
    frames = sent(agent)
    idle(agent)
    before = len(frames)
    look_for(agent, "villasenor")
    assert len(frames) == before + 1


def test_who_is_signed_out_elsewhere_gets_the_form(agent: Page) -> None:
    agent.reload()  # signed in by the cookie from here on
    ready(agent)
    agent.keyboard.press("/")
    ours = {"X-Mesa-Ticket": "x", "Origin": agent.evaluate("location.origin")}
    assert agent.context.request.post("/sesion/cerrar", headers=ours).ok
    agent.keyboard.insert_text("villasenor")
    agent.get_by_role("button", name="Entrar").wait_for()
    expect(agent.get_by_text("Héctor")).to_have_count(0)
