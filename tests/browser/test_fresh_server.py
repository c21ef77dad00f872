"""Each page asked for by its address on a server where nothing has run yet, by nobody.

Streamlit runs pages/x.py without Home.py then: each page must guard itself (design.md, "Sign-in").
"""

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from lib.ui import pages
from tests.browser import desk_server
from tests.browser.raw_socket import run_page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
FORM = ["Usuario", "Contraseña"]


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("seeded") / "data"
    desk_server.seed(data)
    return data


@pytest.mark.parametrize("page", [p for p in pages.PAGES if p.exists], ids=lambda p: p.file)
def test_nobody_gets_anything_but_the_form(
    browser: Browser, seeded: Path, tmp_path: Path, page: pages.Page
) -> None:
    shutil.copytree(seeded, tmp_path / "data")
    with desk_server.running(tmp_path, {"MESA_DEMO": "1"}) as server:
        heard = run_page(server, page.path.strip("/"))
        assert heard.labels == FORM
        assert page.icon not in heard.text
        context = browser.new_context(base_url=server.url)
        tab = context.new_page()
        tab.goto(page.path)
        expect(tab.get_by_label("Contraseña")).to_be_visible()
        expect(tab.get_by_test_id("stSidebar")).not_to_be_attached()
        expect(tab.get_by_role("textbox")).to_have_count(len(FORM))
        context.close()
        assert "Traceback" not in server.log_text()
