"""A person's acts on the Suscripciones page, in Chromium: from the event to the painted rows."""

import itertools
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Locator, Page, sync_playwright

from bench import crowd
from bench.engine import SECONDS, SORTS, TERMS, all_rows
from bench.figures import Figures
from bench.prepared import AGENT
from lib.model.view import View
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

FIRST_AMONG = 500  # more filters than a bench alone sets
AT_ONCE, ANSWERED = "all acts, twenty at once", "answer alone, twenty at once"


def measure(data: Path, repeat: int, others: list[str]) -> dict[str, Figures]:
    """Times of each act in ms, on a desk started over `data` and stopped at the end; then, with
    `others` (the cookies of as many agents) at work besides, all acts together."""
    with desk_over(data) as server, sync_playwright() as playwright:
        url = server.url
        browser = playwright.chromium.launch(executable_path=chromium(playwright), args=FLAGS)
        page = browser.new_page(base_url=url, viewport={"width": 1280, "height": 720})
        _sign_in(page)
        bench = _Bench(page, repeat, first=0)
        bench.all()
        figures = bench.figures
        if others:
            figures |= _among(page, url, repeat, others)
        browser.close()
    return figures


def _among(page: Page, url: str, repeat: int, others: list[str]) -> dict[str, Figures]:
    answered, bench = Figures(), _Bench(page, max(3, repeat // 3), first=FIRST_AMONG)
    with crowd.at_work(url, others, answered):
        bench.all()
    together = Figures([ms for figures in bench.figures.values() for ms in figures.ms])
    return {AT_ONCE: together, ANSWERED: answered}


@contextmanager
def desk_over(data: Path) -> Iterator[desk_server.DeskServer]:
    """A desk at work over `data`, once it has come to rest."""
    server = desk_server.start(data, data / "server.log")
    try:
        until(lambda: desk_server.answers(server), 60)
        _rest(server.process.pid)
        yield server
    finally:
        server.stop()


def _rest(pid: int) -> None:
    """Wait until a desk just started has done what it does beforehand: it is up all day."""
    stat, before = Path(f"/proc/{pid}/stat"), -1
    while stat.exists():
        fields = stat.read_text("utf-8").rpartition(")")[2].split()
        used = int(fields[11]) + int(fields[12])  # hundredths of a second
        if used - before < 5:
            return
        before = used
        time.sleep(1)


def _sign_in(page: Page) -> None:
    page.goto("/Suscripciones")
    page.get_by_label("Usuario").fill(AGENT)
    page.get_by_label("Contraseña").fill(desk_server.PASSWORD)
    with page.expect_response("**/sesion/abrir"):
        page.get_by_role("button", name="Entrar").click()


class _Bench:
    """`first` numbers the filters: another bench on the desk must not have had their answers."""

    def __init__(self, page: Page, repeat: int, first: int) -> None:
        self.page = page
        self.repeat = repeat
        self.figures: dict[str, Figures] = {}
        self._filters = itertools.count(first)

    def all(self) -> None:
        self.open()
        for act in (self.sorts, self.pages, self.middle, self.searches, self.groups, self.choices):
            act()

    def open(self, view: View | None = None) -> None:
        self.page.goto(f"/Suscripciones?vista={view.to_query()}" if view else "/Suscripciones")
        self.page.locator("tr[data-id]").first.wait_for(timeout=60_000)
        self.page.evaluate(_WATCH)

    def time(self, name: str, event: str, act: Act) -> None:
        """Do `act`, wait for its rows, note the time since its last `event`; no name: not noted."""
        seq = self.page.evaluate(_SEQ)
        self.page.evaluate("window.painted = []")
        act()
        self.page.wait_for_function(_IS_PAINTED, arg=seq, timeout=60_000, polling=5)
        took = self.page.evaluate(_TOOK, [seq, event])
        if name:
            self.figures.setdefault(name, Figures()).add(took)

    def renew(self) -> None:
        """Put another filter that every row passes: what the desk has kept answers nothing."""
        field = self.page.locator("input[data-filter=seats]")
        field.fill(all_rows(next(self._filters)))
        self.time("", "keydown", lambda: field.press("Enter"))

    def sorts(self) -> None:
        for i in range(self.repeat):
            if i % len(SORTS) == 0:
                self.renew()
            label = self.page.locator(f"th[data-col={SORTS[i % len(SORTS)]}] .label")
            self.time("sort", "click", label.click)

    def pages(self) -> None:
        self.time("", "click", self.page.locator("th[data-col=serial] .label").click)
        for _ in range(self.repeat):
            self.time("page", "click", self.page.get_by_label("Página siguiente").click)
        for _ in range(self.repeat // 2):
            self.renew()
            self.time("page, last", "click", self.page.get_by_label("Última página").click)
            self.time("page, first", "click", self.page.get_by_label("Primera página").click)

    def middle(self) -> None:
        """A link into the middle is opened, then pages are turned there."""
        total = int(self.page.locator("[role=treegrid]").get_attribute("aria-rowcount") or 0)
        for i, column in enumerate(("activated_on", "account_name", "product", "serial")):
            filters = {"seats": all_rows(next(self._filters))}
            sort = ((column, i % 2 == 1),)
            self.open(View(sort=sort, filters=filters, offset=total // 100 * 50))
            for _ in range(max(1, self.repeat // 4)):
                turn = self.page.get_by_label("Página siguiente").click
                self.time("page, middle", "click", turn)
        self.open()

    def searches(self) -> None:
        """Enter sends what is typed at once: the pause after typing isn't counted."""
        search = self.page.locator("input.search")
        for i in range(self.repeat):
            if i % len(TERMS) == 0:
                self.renew()
            search.fill(TERMS[i % len(TERMS)])
            self.time("search", "keydown", lambda: search.press("Enter"))
        search.fill("")
        self.time("", "keydown", lambda: search.press("Enter"))

    def groups(self) -> None:
        for i in range(self.repeat):
            self.renew()
            self.time("drag to group", "drop", lambda: self._drag("product"))
            self.time("expand", "click", self._heading(1, i % 6).click)
            second = SECONDS[i % len(SECONDS)].partition(":")[0]
            self.time("drag a second", "drop", lambda column=second: self._drag(column))
            self.time("expand", "click", self._heading(1, i % 6).click)
            self.time("expand", "click", self._heading(2, 0).click)
            for _ in range(2):
                ungroup = self.page.get_by_label(re.compile("^Dejar de agrupar")).first
                self.time("ungroup", "click", ungroup.click)

    def _heading(self, level: int, at: int) -> Locator:
        return self.page.locator(f"tr.group[aria-level='{level}']").nth(at)

    def _drag(self, column: str) -> None:
        self.page.locator(f"th[data-col={column}]").drag_to(self.page.locator(".panel"))

    def choices(self) -> None:
        select = self.page.locator("select[data-filter=product]")
        values = ("SAE", "COI", "NOI", "CAJA", "")
        for i in range(self.repeat):
            if i % len(values) == 0:
                self.renew()
            value = values[i % len(values)]
            self.time(
                "filter by a choice", "input", lambda value=value: select.select_option(value)
            )
