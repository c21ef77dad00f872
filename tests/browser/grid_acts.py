"""What the grid's browser tests do with it, and what they look at."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs

from playwright.sync_api import Browser, Locator, Page

from lib.model.view import View
from tests.store.grid import brute

_PAINTED = """before => {
    const inside = (node) => [...node.querySelectorAll("*")].filter((n) => n.shadowRoot);
    const find = (node) => node.querySelector(".mesa-grid")
        ?? inside(node).map((n) => find(n.shadowRoot)).find(Boolean);
    const grid = find(document);
    return grid && Number(grid.dataset.seq) > before && !grid.classList.contains("waiting")
        && !grid.querySelector("table").style.marginBlockEnd;  // room for rows still to be drawn
}"""
_ACTIVE = """() => {
    let node = document.activeElement;
    while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
    if (node?.dataset?.action) return `${node.closest("tr").dataset.id} ${node.dataset.action}`;
    return node?.dataset?.id || node?.dataset?.col || node?.innerText.trim() || node?.tagName;
}"""


@contextmanager
def tab_of(browser: Browser, address: str, **how: Any) -> Iterator[Page]:
    """A tab with the grid on screen; any error in its console fails the test."""
    context = browser.new_context(
        base_url=address, viewport={"width": 1280, "height": 720}, locale="es-MX", **how
    )
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    page.goto("/")
    all_drawn(page)
    yield page
    context.close()
    assert errors == []


def all_drawn(page: Page) -> None:
    """Wait for a table that opens: what is in sight comes first, the rest of its rows after it."""
    page.locator("tr[data-id]").first.wait_for()
    page.wait_for_function(_PAINTED, arg=-1)


def painted(page: Page, act: Callable[[], object]) -> None:
    """Do `act` and wait until what it asked for is on screen."""
    grid = page.locator(".mesa-grid")
    before = int(grid.get_attribute("data-seq") or 0)
    act()
    page.wait_for_function(_PAINTED, arg=before)


def head(page: Page, column: str) -> Locator:
    return page.locator(f"th[data-col={column}]")


def ids(page: Page) -> list[str]:
    return page.locator("tr[data-id]").evaluate_all("rows => rows.map(r => r.dataset.id)")


def groups(page: Page) -> list[str]:
    return [text.strip() for text in page.locator("tr.group").all_inner_texts()]


def chips(page: Page) -> list[str]:
    return page.locator(".chip").evaluate_all("chips => chips.map(c => c.dataset.col)")


def group_by(page: Page, column: str) -> None:
    """By the menu: as keyboard and touch have it."""
    page.get_by_role("button", name="Agrupar por…").click()
    painted(page, page.get_by_role("menuitemcheckbox", name=column, exact=True).click)


def expected(rows: list[dict[str, Any]], **view: Any) -> list[str]:
    tree = brute.flattened(rows, View(**view))
    return [row[2] for row in tree if row[0] == "row"][:50]


def active(page: Page) -> str:
    """What has the focus, inside the shadow root too."""
    return str(page.evaluate(_ACTIVE))


def in_address(page: Page) -> View:
    """The address follows a moment after the rows."""
    search = str(page.evaluate("location.search"))
    return View.from_query(parse_qs(search.removeprefix("?")).get("vista", [""])[0])
