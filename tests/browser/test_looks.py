"""What a person reads, where Streamlit would say it in English or so that it can't be read."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import desk_server, whole_data
from tests.browser.conftest import SignIn
from tests.browser.desk_server import DeskServer
from tests.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.slow]

_CONTRAST = """button => {
    const parts = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).map((n) => n / 255)
        .map((n) => (n <= 0.04045 ? n / 12.92 : ((n + 0.055) / 1.055) ** 2.4));
    const weights = [0.2126, 0.7152, 0.0722];
    const light = (colour) => weights.reduce((sum, w, i) => sum + w * parts(colour)[i], 0);
    const style = getComputedStyle(button);
    const [dark, bright] = [light(style.color), light(style.backgroundColor)].sort((a, b) => a - b);
    return (bright + 0.05) / (dark + 0.05);
}"""  # WCAG 2.2, contrast ratio


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("pointed_at", [False, True])
def test_the_words_on_a_button_can_be_read(
    page: Page, server: DeskServer, sign_in: SignIn, theme: str, pointed_at: bool
) -> None:
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    sign_in(page, "agente", "/Cuenta?cuenta=00000001")
    page.get_by_role("tab", name="Datos generales").click()
    whole_data.see(page)
    button = page.get_by_role("button", name="Guardar").locator("visible=true")
    if pointed_at:
        button.hover()
    assert button.evaluate(_CONTRAST) >= 4.5


@pytest.mark.parametrize("path", ["Suscripciones", "Bitacora", "Cuenta"])
def test_a_page_with_a_table_has_one_scroll_bar(
    page: Page, server: DeskServer, sign_in: SignIn, path: str
) -> None:
    sign_in(page, "gerente", f"/{path}")
    page.locator("tr[data-id]").first.wait_for()
    main = page.get_by_test_id("stMain")
    until(lambda: main.evaluate("e => e.scrollHeight <= e.clientHeight"), 5)


def test_an_address_that_leads_nowhere_leads_home(
    page: Page, server: DeskServer, sign_in: SignIn
) -> None:
    sign_in(page, "agente", "/no/hay?tal=cosa")
    expect(page.get_by_role("heading", name="Hola")).to_be_visible()
    assert page.evaluate("location.pathname + location.search") == "/"
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.goto("/health")
    expect(page.get_by_role("heading")).to_have_count(0)


def test_a_desk_that_went_away_is_told_in_spanish(
    browser: Browser, tmp_path: Path, sign_in: SignIn
) -> None:
    with desk_server.running(tmp_path) as desk:
        page = browser.new_context(base_url=desk.url, locale="es-MX").new_page()
        page.clock.install()
        sign_in(page, "agente")
    dialog = page.get_by_role("dialog", name="Sin conexión con la mesa")
    expect(dialog).to_be_visible(timeout=20_000)
    for words in ("Is Streamlit still running?", "streamlit run"):
        expect(dialog.get_by_text(words)).to_be_hidden()
    heading = page.get_by_role("heading", name="Hola")
    expect(heading).to_be_attached()
    page.clock.fast_forward("19:00")
    expect(heading).to_be_attached()
    page.clock.fast_forward("02:00")  # no session idles for so long
    expect(page.get_by_role("alert")).to_have_text(re.compile("Tu sesión terminó"))
    expect(heading).not_to_be_attached()
    page.context.close()
