"""The doors, in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn

pytestmark = pytest.mark.browser


def test_a_reload_keeps_the_session(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "agente")
    page.reload()
    expect(page.get_by_role("button", name="Cerrar sesión")).to_be_visible()
    expect(page.get_by_text("Agustina Agente")).to_be_visible()
