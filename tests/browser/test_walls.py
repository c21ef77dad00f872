"""Nothing of the desk's pages leaves for another host; walls.py watches that in every test."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import Error as PlaywrightError

from tests.browser import walls
from tests.browser.conftest import SignIn, at_rest
from tests.browser.desk_server import DeskServer
from tests.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.slow]
UPLOADS = "**/_stcore/upload_file/**"


def test_no_page_has_a_browser_ask_another_host(
    browser: Browser, server: DeskServer, sign_in: SignIn
) -> None:
    """With all that the browser does by itself, on pages of each kind: the door, lists, charts,
    uploads. The rest is watched by every other test, each page in test_accessible.py."""
    with walls.Outside() as outside:
        way_out = {"server": outside.url, "bypass": "localhost"}
        context = browser.new_context(base_url=server.url, proxy=way_out)  # type: ignore[arg-type]
        tab = context.new_page()
        with walls.watched(context, server.url):
            sign_in(tab, "admin")
            for path in ("/Suscripciones", "/Tablero", "/Importar"):
                tab.goto(path)
                expect(tab.get_by_role("button", name="Cerrar sesión")).to_be_visible()
                at_rest(tab)
        assert outside.asked == []
        # What a page may not ask is seen, and so would what leaves be.
        with (
            pytest.raises(AssertionError, match="outside"),
            walls.watched(context, server.url),
            tab.expect_console_message(lambda said: "Content Security Policy" in said.text),
        ):
            tab.evaluate("() => { new Image().src = 'http://outside.example/icon.png' }")
        with pytest.raises(PlaywrightError, match="ERR_HTTP_RESPONSE_CODE_FAILURE"):
            tab.goto("http://outside.example/")
        assert outside.asked == ["GET http://outside.example/ HTTP/1.1"]
        context.close()


def test_a_refused_upload_says_what_to_do(page: Page, sign_in: SignIn) -> None:
    """What lib/ui/bodies.py refuses, Streamlit's page would say in English and by its number."""
    sign_in(page, "gerente", "/Importar")
    said = {
        401: "Tu sesión terminó",
        403: "Tu perfil no permite subirlo",
        413: "Pesa demasiado; divídelo",
        429: "ya tiene 50 archivos; recarga la página",
        503: "inténtalo en unos minutos",
        500: "No llegó; revisa la conexión",
    }
    statuses = iter(said)
    page.route(UPLOADS, lambda route: route.fulfill(status=next(statuses)))
    for status, sentence in said.items():
        chosen = {"name": f"{status}.csv", "mimeType": "text/csv", "buffer": b"a"}
        page.locator("input[type=file]").set_input_files([chosen])  # type: ignore[list-item]
        refused = page.get_by_test_id("stFileChip").filter(has_text=f"{status}.csv")
        expect(refused.get_by_role("alert")).to_contain_text(sentence)
    page.get_by_test_id("stFileChip").filter(has_text="429.csv").hover()
    expect(page.get_by_test_id("stTooltipErrorContent")).to_contain_text(said[429])


ACTS = """async (desk) => {
  const line = new WebSocket(desk.replace("http", "ws") + "/_stcore/stream", ["streamlit"]);
  const opened = await new Promise((told) => {
    line.onopen = () => told(true);
    line.onerror = () => told(false);
  });
  const ask = (path, more) => fetch(desk + path, { credentials: "include", ...more });
  const said = await Promise.allSettled([
    ask("/sesion/cerrar", { method: "POST", headers: { "X-Mesa-Ticket": "x" } }),
    ask("/sesion/cerrar", { method: "POST", mode: "no-cors" }),
    ask("/health"),
    ask("/favicon.png", { mode: "no-cors" }),
  ]);
  const frame = Object.assign(document.createElement("iframe"), { src: desk + "/Suscripciones" });
  document.body.append(frame);
  await new Promise((told) => { frame.onload = told; });
  return [opened, said.map(({ status }) => status)];
}"""


class Empty(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<body></body>")

    def log_message(self, *_: object) -> None: ...


@contextmanager
def another_site() -> Iterator[str]:
    """Of this machine too, so that nothing but the desk stands in its way."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Empty) as site:
        thread = threading.Thread(target=site.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{site.server_port}/"
        site.shutdown()
        thread.join()


def _framed(page: Page) -> str:
    """Where the one frame in a page is; what Playwright was last asked brings that up to date."""
    (frame,) = page.frames[1:]
    return frame.url


def test_another_site_s_page_gets_and_does_nothing(
    browser: Browser, server: DeskServer, sign_in: SignIn
) -> None:
    """In the very browser that is signed in: it opens no WebSocket, ends no session, reads and
    embeds nothing, and frames no page."""
    context = browser.new_context(base_url=server.url, locale="es-MX")
    tab = context.new_page()
    sign_in(tab, "agente")
    evil = context.new_page()
    with another_site() as address:
        evil.goto(address)
        assert evil.evaluate(ACTS, server.url) == [False, ["rejected"] * 4]
        until(lambda: evil.evaluate("true") and _framed(evil) == "chrome-error://chromewebdata/")
    tab.reload()
    expect(tab.get_by_role("button", name="Cerrar sesión")).to_be_visible()
    context.close()
