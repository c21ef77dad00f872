"""A running desk and a real Chromium, shared by the browser tests.

def test_something(page, sign_in):
    sign_in(page, "agente", "/Suscripciones")
    page.get_by_role("heading", name="Suscripciones").wait_for()
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from lib.ui.identity import DEVICE
from tests.browser import desk_server, grid_server, walls
from tests.browser.desk_server import DeskServer

# What a window of nobody's has no use for. A suggestion box under its address (two more pages a
# window, drawn by processes of their own) and a process kept ready cost a third of a test's time.
_NOT_LOOKED_AT = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "SpareRendererForSitePerProcess")
# Chromium heeds only the last --disable-features: Playwright's own, of those our pages meet.
_PLAYWRIGHT_S = (
    "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding",
    "ThirdPartyStoragePartitioning", "AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints",
    "NetworkTimeServiceQuerying", "AimEnabled", "PreconnectToSearch",
)  # fmt: skip
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join(_NOT_LOOKED_AT + _PLAYWRIGHT_S)}",
]
_INSTALLED = ("chromium", "chromium-browser", "google-chrome")

SignIn = Callable[..., None]

expect.set_options(timeout=15_000)  # ms: a machine that does other things too is slow, not wrong


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskServer]:
    """A desk for each file of tests, whichever ran before it: what one corrects or resends, another
    would find. Its data is the file's: leave the three people as they are."""
    with desk_server.running(tmp_path_factory.mktemp("desk")) as running:
        yield running


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=chromium(playwright), args=FLAGS)
    fresh = browser.new_context

    def known(**options: Any) -> BrowserContext:
        """One that the three people have come in with before: else each would be mailed of it, and
        every test would find that mail among those that it looks for."""
        context = fresh(**options)
        if url := str(options.get("base_url") or "").replace("http:", "https:"):
            context.add_cookies([{"name": DEVICE, "value": desk_server.KNOWN, "url": url}])
        return context

    with patch.object(browser, "new_context", known):
        yield browser
    browser.close()


@pytest.fixture(scope="session")
def rows(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, object]]:
    """What the page at `address` shows: for tests that only look."""
    return grid_server.fill(tmp_path_factory.getbasetemp() / "grid")


@pytest.fixture(scope="session")
def address(
    rows: list[dict[str, object]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A page with nothing but a grid (tests/browser/apps/grid_page.py)."""
    with grid_server.running(tmp_path_factory.getbasetemp() / "grid") as address:
        yield address


@pytest.fixture
def page(browser: Browser, server: DeskServer) -> Iterator[Page]:
    """A tab of somebody who has never been here; "/" is the desk."""
    context = browser.new_context(
        base_url=server.url, viewport={"width": 1280, "height": 720}, locale="es-MX"
    )
    context.set_default_timeout(20_000)
    with walls.watched(context, server.url):
        yield context.new_page()
    context.close()


@pytest.fixture
def sign_in() -> SignIn:
    """`sign_in(page, username, path="/", password=…)`: through the form, until the page is in."""

    def act(
        page: Page, username: str, path: str = "/", password: str = desk_server.PASSWORD
    ) -> None:
        page.goto(path)
        page.get_by_label("Usuario").fill(username)
        page.get_by_label("Contraseña").fill(password)
        with page.expect_response("**/sesion/abrir"):
            page.get_by_role("button", name="Entrar").click()
        page.get_by_role("button", name="Cerrar sesión").wait_for()
        at_rest(page)

    return act


def at_rest(page: Page) -> None:
    """Wait until the page has run: what is pressed while it is still drawn, Streamlit may lose."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def chromium(playwright: Playwright) -> str:
    installed = next((path for name in _INSTALLED if (path := shutil.which(name))), None)
    if installed:
        return installed
    bundled = playwright.chromium.executable_path
    if not Path(bundled).exists():
        missing = "no Chromium: install Debian's, or run .ci/chromium"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    return bundled
