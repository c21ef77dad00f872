"""The components' code comes once, not with every answer."""

import pytest
from playwright.sync_api import Page, Response

from tests.browser.conftest import SignIn
from tests.browser.desk_server import DeskServer

pytestmark = pytest.mark.browser

_SCRIPT = 20_000  # characters: far less than the grid's code, far more than an answer's page


def test_an_answer_carries_no_code(page: Page, server: DeskServer, sign_in: SignIn) -> None:
    fetched: list[Response] = []
    frames: list[int] = []
    page.on("response", lambda r: fetched.append(r) if "/componentes/grid" in r.url else None)
    page.on("websocket", lambda ws: ws.on("framereceived", lambda f: frames.append(len(f))))
    sign_in(page, "agente", "/Suscripciones")
    page.locator("tr[data-id]").first.wait_for()
    assert [response.status for response in fetched] == [200]
    assert "immutable" in fetched[0].headers["cache-control"]
    assert len(fetched[0].text()) > _SCRIPT
    frames.clear()
    page.locator("th[data-col=serial] .label").click()
    page.locator("th[data-col=serial][aria-sort=ascending]").wait_for()
    assert frames
    assert max(frames) < _SCRIPT
    assert len(fetched) == 1
