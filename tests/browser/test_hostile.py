"""Every text that somebody could have written, on every page: shown as it was written, running
nothing and asking no other host for anything."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from lib.model.view import View
from lib.ui import pages
from lib.ui.grid import opening
from tests.browser import desk_server, hostile, whole_data
from tests.browser.conftest import SignIn, at_rest
from tests.browser.desk_server import DeskServer
from tests.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# By page: a row, and what its menu opens.
WINDOWS = {
    "/Suscripciones": (f'tr[data-id="{hostile.SERIAL}"]', "Reenviar CDA", "Ver CDA"),
    "/Certificados": ("tr[data-id]", "Dónde está el CDA", "Vincular a una cuenta"),
}
# What is on the screen or in reach of a screen reader, and what should be nowhere.
_LOOK = """() => {
  const texts = [], bad = [];
  const walk = (root) => {
    for (const node of root.querySelectorAll("*")) {
      if (node.shadowRoot) walk(node.shadowRoot);
      if (["SCRIPT", "STYLE"].includes(node.tagName)) continue;
      for (const name of ["aria-label", "title", "placeholder", "alt"])
        if (node.getAttribute(name)) texts.push(node.getAttribute(name));
      if (node.value) texts.push(String(node.value));
      for (const child of node.childNodes) if (child.nodeType === 3) texts.push(child.data);
    }
    const wrong = `img[src="x"], [href^="javascript"], [href*="OUTSIDE"], [src*="OUTSIDE"], .katex`;
    for (const node of root.querySelectorAll(wrong)) bad.push(node.outerHTML.slice(0, 200));
  };
  walk(document);
  return [texts, bad];
}""".replace("OUTSIDE", hostile.OUTSIDE)
_MARK = re.compile(f"({'|'.join(hostile.TOKENS)})")
_BROWSER = hostile.text(0, 300)  # what a browser calls itself is its user's choice


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskServer]:
    folder = tmp_path_factory.mktemp("hostile")
    hostile.seed(folder / "data")
    with desk_server.running(folder) as running:
        yield running


class Watch:
    """What a page did that it shouldn't."""

    def __init__(self, page: Page, host: str) -> None:
        self.page, self.wrong = page, list[str]()
        page.expose_function("hit", lambda: self.wrong.append("something ran"))
        page.on("request", lambda sent: self._asked(sent.url, host))
        page.on("dialog", lambda dialog: self.wrong.append(f"said {dialog.message}"))

    def _asked(self, url: str, host: str) -> None:
        if re.match(r"https?:|wss?:", url) and host not in url.split("/")[2]:
            self.wrong.append(f"asked for {url}")

    def look(self, *, marks: bool = True, without: str = "") -> None:
        """`marks`: there is such text here. `without`: a token's mark that is shown otherwise."""
        texts, bad = self.page.evaluate(_LOOK)
        where = self.page.url[:80]
        self.wrong += [f"{where} made {node}" for node in bad]
        seen = [found for text in texts for found in _misread(text)]
        wrong = [found for found in seen if found and not (without and found.startswith(without))]
        self.wrong += [f"{where} showed {found}" for found in wrong]
        if marks and not seen:
            self.wrong.append(f"{where} has no such text")


def _misread(text: str) -> Iterator[str]:
    """For each token in it "", or how it is shown instead; one may be cut at the text's end."""
    text = text.replace("\u2060", "")  # lib/ui/plain.py
    for found in _MARK.finditer(text):
        token = hostile.TOKENS[found[0]].split(maxsplit=1)[0]
        after = text[found.end() :]
        shown, *cut = re.split(r"…|\.\.\.", after, maxsplit=1)  # Streamlit's own is the latter
        whole = after.startswith(token) or (bool(shown or cut) and token.startswith(shown))
        yield "" if whole else text[found.start() :][:40]


@pytest.fixture
def page(browser: Browser, server: DeskServer) -> Iterator[Page]:
    context = browser.new_context(
        base_url=server.url,
        viewport={"width": 1280, "height": 720},
        locale="es-MX",
        user_agent=_BROWSER.encode("ascii", "ignore").decode(),
    )
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def watch(page: Page, server: DeskServer) -> Iterator[Watch]:
    watch = Watch(page, server.host)
    yield watch
    assert not watch.wrong, "\n".join(sorted(set(watch.wrong)))


def open_all(page: Page, watch: Watch) -> None:
    """What a page keeps folded, and each of its tabs."""
    at_rest(page)
    closed = page.locator('[data-testid="stMain"] details:not([open]) > summary:visible')
    for _ in range(min(closed.count(), 12)):
        closed.first.click()
        at_rest(page)
    watch.look(marks=False)
    for tab in page.get_by_role("tab").all():
        tab.click()
        at_rest(page)
        watch.look(marks=False)


def go(page: Page, path: str, view: View | None = None) -> None:
    said = f"?{opening.URL}={view.to_query()}" if view else ""
    page.goto(path + said)
    page.get_by_role("button", name="Cerrar sesión").wait_for()
    at_rest(page)


def test_each_page_shows_it_as_it_was_written(page: Page, sign_in: SignIn, watch: Watch) -> None:
    sign_in(page, "admin")
    for each in pages.PAGES:
        if each.demo_only:
            continue
        go(page, each.path)
        watch.look()
        open_all(page, watch)


def test_so_do_what_opens_over_a_page_and_what_was_typed(
    page: Page, sign_in: SignIn, watch: Watch
) -> None:
    sign_in(page, "admin")
    row = page.locator("tr[data-id]")
    for path in ("/Suscripciones", "/Licenciamiento", "/Certificados", "/Bitacora"):
        go(page, path)
        row.first.click()
        page.get_by_role("region").first.wait_for()
        at_rest(page)
        watch.look()
    search = page.get_by_role("searchbox").first
    for typed in hostile.TOKENS.values():
        search.fill(typed)
        at_rest(page)
    watch.look()
    asked = View(q=hostile.text(5, 80), filters={"product": hostile.text(6, 80)})
    for path in ("/Suscripciones", "/Bitacora"):
        go(page, path, asked)
        watch.look()
    go(page, f"/Cuenta?cuenta={hostile.ACCOUNT}")
    open_all(page, watch)
    for tab in ("Datos generales", "Datos de facturación"):
        go(page, f"/Cuenta?cuenta={hostile.ACCOUNT}")
        page.get_by_role("tab", name=tab).click()
        whole_data.see(page)
        watch.look()
    for path in (f"/Cuenta?cuenta={hostile.text(0)}", f"/Tablero?de={hostile.text(1)}"):
        go(page, path.replace("#", "%23").replace("&", "%26"))
        watch.look()


def test_so_do_windows_and_what_hangs_from_buttons(
    page: Page, sign_in: SignIn, watch: Watch
) -> None:
    sign_in(page, "admin")
    opened = 0
    for path in ("/Suscripciones", "/Certificados", "/Usuarios", "/Bitacora"):
        go(page, path)
        hanging = page.get_by_test_id("stMain").get_by_test_id("stPopover").locator("button")
        for button in hanging.all()[:6]:
            button.click()
            at_rest(page)
            watch.look()
            page.keyboard.press("Escape")
            opened += 1
    assert opened > 5
    for path, (row, *acts) in WINDOWS.items():
        for act in acts:
            go(page, path)
            page.locator(row).first.focus()
            page.keyboard.press("m")
            page.get_by_role("menuitem", name=act).click()
            expect(page.get_by_role("dialog")).to_be_visible()
            at_rest(page)
            watch.look()


def test_so_does_a_file_that_somebody_brings(page: Page, sign_in: SignIn, watch: Watch) -> None:
    sign_in(page, "gerente", "/Importar")
    brought: FilePayload = {
        "name": hostile.file_name(7), "mimeType": "text/csv", "buffer": hostile.file(3).getvalue(),
    }  # fmt: skip
    page.locator('input[type="file"]').set_input_files([brought])
    expect(page.get_by_text("Apartados")).to_be_visible()
    watch.look()
    open_all(page, watch)


def test_so_do_mails(page: Page, server: DeskServer, watch: Watch) -> None:
    """What left by itself as the desk opened: a customer's name, people's and what they wrote."""
    mails = server.mail.messages
    until(lambda: len(mails) > 1)
    for mail in mails:
        parts = {kind: mail.get_body((kind,)) for kind in ("plain", "html")}
        said = {kind: part.get_content() for kind, part in parts.items() if part}
        page.set_content(said["html"])
        watch.look(without="qzH")  # what turns text around is a space there
        assert any(token in said["plain"] for token in hostile.TOKENS.values())
        for name, value in mail.items():
            assert "\n" not in value, name
            assert name == "To" or hostile.OUTSIDE not in value, name
