"""A person's acts on the Suscripciones page, in Chromium: from the event to the painted rows."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from bench.engine import TERMS
from bench.figures import Figures
from bench.prepared import AGENT
from tests.browser import desk_server
from tests.browser.conftest import FLAGS, chromium
from tests.waiting import until

# The grid sets data-seq when it has drawn; two frames later it is on the glass.
_WATCH = """() => {
    const inside = (node) => [...node.querySelectorAll("*")].filter((n) => n.shadowRoot);
    const find = (node) => node.querySelector(".mesa-grid")
        ?? inside(node).map((n) => find(n.shadowRoot)).find(Boolean);
    const grid = window.grid = find(document);
    window.painted = [];
    window.events = {};
    const frame = (then) => requestAnimationFrame(() => requestAnimationFrame(then));
    const seen = () => {
        const seq = Number(grid.dataset.seq);
        frame(() => window.painted.push([seq, performance.now()]));
    };
    new MutationObserver(seen).observe(grid, { attributes: true, attributeFilter: ["data-seq"] });
    for (const name of ["click", "drop", "keydown", "input"])
        window.addEventListener(name, (e) => { window.events[name] = e.timeStamp; }, true);
}"""
_SEQ = "Number(grid.dataset.seq)"
_IS_PAINTED = "(seq) => window.painted.some(([painted]) => painted > seq)"
_TOOK = """([seq, event]) =>
    window.painted.filter(([painted]) => painted > seq).at(-1)[1] - window.events[event]"""

Act = Callable[[], None]


def measure(data: Path, repeat: int) -> dict[str, Figures]:
    """Times of each act in ms, on a desk started over `data` and stopped at the end."""
    with _desk(data) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(playwright), args=FLAGS)
        page = browser.new_page(base_url=url, viewport={"width": 1280, "height": 720})
        _sign_in(page)
        page.locator("tr[data-id]").first.wait_for(timeout=60_000)
        page.evaluate(_WATCH)
        bench = _Bench(page, repeat)
        for act in (bench.sorts, bench.pages, bench.searches, bench.groups, bench.choices):
            act()
        browser.close()
    return bench.figures


@contextmanager
def _desk(data: Path) -> Iterator[str]:
    server = desk_server.start(data, data / "server.log")
    try:
        until(lambda: desk_server.answers(server), 60)
        yield server.url
    finally:
        server.stop()


def _sign_in(page: Page) -> None:
    page.goto("/Suscripciones")
    page.get_by_label("Usuario").fill(AGENT)
    page.get_by_label("Contraseña").fill(desk_server.PASSWORD)
    with page.expect_response("**/sesion/abrir"):
        page.get_by_role("button", name="Entrar").click()


class _Bench:
    def __init__(self, page: Page, repeat: int) -> None:
        self.page = page
        self.repeat = repeat
        self.figures: dict[str, Figures] = {}

    def time(self, name: str, event: str, act: Act) -> None:
        """Do `act`, wait for its rows, note the time since its last `event`; no name: not noted."""
        seq = self.page.evaluate(_SEQ)
        self.page.evaluate("window.painted = []")
        act()
        self.page.wait_for_function(_IS_PAINTED, arg=seq, timeout=60_000, polling=5)
        took = self.page.evaluate(_TOOK, [seq, event])
        if name:
            self.figures.setdefault(name, Figures()).add(took)

    def sorts(self) -> None:
        columns = ("serial", "next_payment_on", "version", "seats", "account_name", "activated_on")
        for column, _ in zip(itertools.cycle(columns), range(self.repeat), strict=False):
            label = self.page.locator(f"th[data-col={column}] .label")
            self.time("sort", "click", label.click)

    def pages(self) -> None:
        self.time("", "click", self.page.locator("th[data-col=serial] .label").click)
        for _ in range(self.repeat):
            self.time("page", "click", self.page.get_by_label("Página siguiente").click)
        for _ in range(self.repeat // 2):
            self.time("page, far", "click", self.page.get_by_label("Última página").click)
            self.time("page, far", "click", self.page.get_by_label("Primera página").click)
        for _ in ("descending", "as it was"):
            self.time("", "click", self.page.locator("th[data-col=serial] .label").click)

    def searches(self) -> None:
        """Enter sends what is typed at once: the pause after typing isn't counted."""
        search = self.page.get_by_label("Buscar por serie")
        for term, _ in zip(itertools.cycle(TERMS), range(self.repeat), strict=False):
            search.fill(term)
            self.time("search", "keydown", lambda: search.press("Enter"))
        search.fill("")
        self.time("", "keydown", lambda: search.press("Enter"))

    def groups(self) -> None:
        seconds = itertools.cycle(("version", "period", "status", "seats"))
        for i, second in zip(range(self.repeat), seconds, strict=False):
            self.time("drag to group", "drop", lambda: self._drag("product"))
            self.time("expand", "click", self.page.locator("tr.group").nth(i % 6).click)
            self.time("drag a second", "drop", lambda column=second: self._drag(column))
            self.time("expand", "click", self.page.locator("tr.group").nth(i % 6).click)
            inner = self.page.locator("tr.group[aria-level='2']").first
            self.time("expand", "click", inner.click)
            for _ in range(2):
                ungroup = self.page.locator(".chip button").first
                self.time("ungroup", "click", ungroup.click)

    def _drag(self, column: str) -> None:
        self.page.locator(f"th[data-col={column}]").drag_to(self.page.locator(".panel"))

    def choices(self) -> None:
        select = self.page.get_by_label("Filtrar Sistema")
        values = itertools.cycle(("SAE", "COI", "NOI", "CAJA", ""))
        for value, _ in zip(values, range(self.repeat), strict=False):
            self.time(
                "filter by a choice", "input", lambda value=value: select.select_option(value)
            )
