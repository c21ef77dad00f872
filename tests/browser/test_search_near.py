"""A mistyped name in the grid: rows all the same, and the word taken for it said above the foot."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import grid_server

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    data = tmp_path_factory.mktemp("near")
    grid_server.fill(data, 60)
    with grid_server.running(data) as address:
        yield address


def test_the_word_taken_for_a_mistyped_one_is_said(browser: Browser, address: str) -> None:
    page = browser.new_page(base_url=address, viewport={"width": 1280, "height": 720})
    page.goto("/")
    page.locator("tr[data-id]").first.wait_for()
    search = page.get_by_role("searchbox")
    search.fill("zuñgia")
    search.press("Enter")
    notice = page.locator(".notice")
    expect(notice).to_contain_text(
        "No hay coincidencias exactas; se muestran parecidos: «zuniga» por «zungia»."
    )
    expect(page.locator("tr[data-id]").first).to_contain_text("iga")
    search.fill("zuñiga")
    search.press("Enter")
    expect(notice).to_have_count(0)
    page.close()
