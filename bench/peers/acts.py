"""The acts that each peer knows, in Chromium: from the event to the painted rows, in ms.

Where a peer could be judged in two ways, the kinder one is taken: the first frame that shows
something of the answer counts, not the last.
"""

import itertools
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Frame, Page

from bench.engine import TERMS
from bench.figures import Figures

Results = dict[str, Figures]
WINDOW = {"width": 1280, "height": 720}


@contextmanager
def _page(browser: Browser, script: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    context.add_init_script(script)
    try:
        yield context.new_page()
    finally:
        context.close()


# ---- Django's admin: every act is a new page ---------------------------------------------------

_NEW_PAGE = """
for (const name of ["click", "keydown"]) addEventListener(name, (e) => {
    sessionStorage.began = performance.timeOrigin + e.timeStamp;
}, true);
addEventListener("load", () => requestAnimationFrame(() => requestAnimationFrame(() => {
    window.painted = performance.timeOrigin + performance.now();
})));
"""
_PAINTED_ANEW = "(origin) => performance.timeOrigin > origin && window.painted"


class Admin:
    """Django's list of systems."""

    def __init__(self, page: Page, repeat: int) -> None:
        self.page, self.repeat = page, repeat
        self.results: Results = {}

    def open(self, url: str) -> None:
        self.page.goto(f"{url}/admin/login/?next=/admin/django_admin/system/")
        self.page.fill("#id_username", "bench")
        self.page.fill("#id_password", "bench")
        self.page.click("input[type=submit]")
        self.page.wait_for_selector("#result_list tbody tr", timeout=120_000)

    def time(self, name: str, act: Callable[[], None]) -> None:
        origin = self.page.evaluate("performance.timeOrigin")
        act()
        self.page.wait_for_function(_PAINTED_ANEW, arg=origin, timeout=120_000)
        took = self.page.evaluate("window.painted - Number(sessionStorage.began)")
        self.results.setdefault(name, Figures()).add(took)

    def all(self) -> Results:
        for act in (self.sorts, self.pages, self.searches, self.choices):
            act()
        return self.results

    def _list(self, query: str = "") -> None:
        self.page.goto(self.page.url.split("?")[0] + query)

    def sorts(self) -> None:
        columns = ("serial", "next_payment_on", "version", "seats", "account_name", "activated_on")
        for column, _ in zip(itertools.cycle(columns), range(self.repeat), strict=False):
            self._list()
            link = self.page.locator(f"th.column-{column} .text a")
            self.time("sort", link.click)

    def pages(self) -> None:
        self._list("?o=4")
        for _ in range(self.repeat):
            now = int(self.page.locator(".paginator .this-page").inner_text())
            following = self.page.get_by_role("link", name=str(now + 1), exact=True)
            self.time("page", following.click)
        for _ in range(self.repeat // 4):
            self._list("?o=4")
            self.time("page, last", self.page.locator(".paginator .end").click)

    def searches(self) -> None:
        for term, _ in zip(itertools.cycle(TERMS), range(self.repeat), strict=False):
            self._list()
            self.page.fill("#searchbar", term)
            self.time("search", lambda: self.page.press("#searchbar", "Enter"))

    def choices(self) -> None:
        for product, _ in zip(itertools.cycle(("SAE", "COI", "NOI")), range(self.repeat)):
            self._list()
            link = self.page.locator("#changelist-filter").get_by_role("link", name=product)
            self.time("filter by a choice", link.first.click)


def django(browser: Browser, url: str, repeat: int) -> Results:
    with _page(browser, _NEW_PAGE) as page:
        admin = Admin(page, repeat)
        admin.open(url)
        return admin.all()


# ---- AG Grid: rows are elements, in a frame ------------------------------------------------------

# The first row in sight; an act is over two frames after it says something else.
_FIRST_ROW = """() => [...document.querySelectorAll(".ag-center-cols-container .ag-row")]
    .sort((a, b) => a.getAttribute("row-index") - b.getAttribute("row-index"))[0]?.innerText"""
_WATCH_ROWS = f"""() => {{
    const first = {_FIRST_ROW};
    const before = first();
    window.took = 0;
    const began = (e) => {{ window.began = e.timeStamp; }};
    for (const name of ["click", "mouseup", "input"])
        addEventListener(name, began, {{ capture: true, once: true }});
    const look = () => first() !== before
        ? requestAnimationFrame(() => {{ window.took = performance.now() - window.began; }})
        : requestAnimationFrame(look);
    look();
}}"""


class AgGrid:
    def __init__(self, frame: Frame, repeat: int) -> None:
        self.frame, self.repeat = frame, repeat
        self.results: Results = {}

    def time(self, name: str, act: Callable[[], None]) -> None:
        self.frame.evaluate(_WATCH_ROWS)
        act()
        self.frame.wait_for_function("window.took > 0", timeout=60_000)
        if name:
            self.results.setdefault(name, Figures()).add(self.frame.evaluate("window.took"))

    def all(self) -> Results:
        columns = itertools.cycle(("serial", "account_name", "account_no"))
        for column, _ in zip(columns, range(self.repeat), strict=False):
            self.time("sort", self._heading(column).click)
        for _ in range(self.repeat):
            self.time("page", self.frame.locator(".ag-paging-button").nth(2).click)
        for _ in range(self.repeat // 2):
            self.time("page, last", self.frame.locator(".ag-paging-button").nth(3).click)
            self.time("", self.frame.locator(".ag-paging-button").nth(0).click)
        for column, _ in zip(itertools.cycle(("product", "status")), range(self.repeat)):
            self.time("drag to group", lambda column=column: self._drag(column))
            self.time("", self.frame.locator(".ag-column-drop-cell-button").first.click)
        return self.results

    def _heading(self, column: str):  # type: ignore[no-untyped-def]
        return self.frame.locator(f".ag-header-cell[col-id={column}] .ag-header-cell-label")

    def _drag(self, column: str) -> None:
        panel = self.frame.locator(".ag-column-drop-horizontal").first
        self._heading(column).drag_to(panel)


def aggrid(browser: Browser, url: str, repeat: int) -> tuple[Results, float]:
    """The times, and the seconds until the first rows showed."""
    with _page(browser, "") as page:
        began = time.perf_counter()
        page.goto(url, timeout=120_000)
        page.wait_for_selector("iframe", timeout=120_000)
        frame = page.query_selector("iframe").content_frame()  # type: ignore[union-attr]
        assert frame is not None
        frame.wait_for_selector(".ag-row", timeout=180_000)
        opened = time.perf_counter() - began
        return AgGrid(frame, repeat).all(), opened


# ---- st.dataframe: a canvas, watched by what it writes ------------------------------------------

_CANVAS = """
window.drawn = new Map();
window.recent = new Set();
window.unseen = new Set();
const write = CanvasRenderingContext2D.prototype.fillText;
CanvasRenderingContext2D.prototype.fillText = function (text, x, y, ...rest) {
    window.drawn.set(text, [this.canvas, this.getTransform().e + x]);
    window.recent.add(text);
    if (window.known && !window.known.has(text)) window.unseen.add(text);
    if (window.unseen.size > 5 && !window.took)  // rows, not the mark on a heading
        requestAnimationFrame(() => { window.took ||= performance.now() - window.began; });
    return write.call(this, text, x, y, ...rest);
};
for (const name of ["pointerdown", "wheel"])
    addEventListener(name, (e) => { window.began = e.timeStamp; }, true);
"""
_ABOUT_TO_ACT = """
    window.known = window.recent;  // what stood there since the act before
    window.recent = new Set();
    window.unseen.clear();
    window.took = 0;
"""
_IN_SIGHT = (
    "serial", "account_no", "account_name", "activated_on", "next_payment_on",
    "product", "version", "seats", "period", "status",
)  # fmt: skip
_SCROLLER = "document.querySelector('.dvn-scroller')"


def dataframe(browser: Browser, url: str, repeat: int) -> tuple[Results, float]:
    """The times, and the seconds until the first rows showed."""
    results: Results = {}
    with _page(browser, _CANVAS) as page:
        began = time.perf_counter()
        page.goto(url, timeout=120_000)
        page.wait_for_function("window.drawn.size > 40", timeout=180_000)
        opened = time.perf_counter() - began

        def timed(name: str, act: Callable[[], None]) -> None:
            page.evaluate(_ABOUT_TO_ACT)
            act()
            page.wait_for_function("window.took > 0", timeout=120_000)
            results.setdefault(name, Figures()).add(page.evaluate("window.took"))

        for at in range(min(repeat, 2 * len(_IN_SIGHT))):  # each column up, then down
            timed("sort", lambda at=at: _press_heading(page, _IN_SIGHT[at // 2]))
        for at in range(repeat):  # never twice to the same place: its rows would be known
            timed("page, last", lambda at=at: page.evaluate(_jump(1 - at / repeat)))
    return results, opened


def _jump(share: float) -> str:
    began = "window.began = performance.now();"
    return f"{began} {_SCROLLER}.scrollTop = {_SCROLLER}.scrollHeight * {share}"


def _press_heading(page: Page, column: str) -> None:
    box = page.locator("canvas").first.bounding_box()
    x = page.evaluate("(c) => window.drawn.get(c)[1] / devicePixelRatio", column)
    assert box is not None
    page.mouse.click(box["x"] + x + 10, box["y"] + 15)
