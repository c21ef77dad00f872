"""The log's proof on the screen: asked for on Bitácora, said beside the button, kept in the log."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import problems
from tests.browser.conftest import SignIn

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_manager_has_the_log_checked(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "gerente")
    page.get_by_test_id("stSidebar").get_by_role("link", name="Bitácora", exact=True).click()
    rows = page.locator("tr[data-id]")
    expect(rows.first).to_be_visible()
    foot = page.get_by_test_id("stHorizontalBlock").filter(
        has=page.get_by_role("button", name="Comprobar ahora")
    )
    verdict = foot.get_by_test_id("stCaptionContainer").first
    before = verdict.inner_text()
    foot.get_by_role("button", name="Comprobar ahora").click()
    expect(verdict).not_to_have_text(before)
    expect(foot.get_by_role("progressbar")).to_have_count(0)
    expect(page.get_by_test_id("stAlert")).to_have_count(0)  # nothing found

    page.reload()
    expect(rows.first).to_be_visible()
    assert problems(page) == []
    done = rows.filter(has_text="Comprobación de la bitácora").first
    done.click()
    panel = page.get_by_role("region", name="Detalle de")
    expect(panel.get_by_text("comprobó la bitácora").first).to_be_visible()
    expect(verdict).not_to_have_text(before)  # said to whoever comes after
