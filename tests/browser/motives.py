"""Windows, as a person uses them who sees nothing come of a press and presses again."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, TimeoutError

_TRIES, _PATIENCE_MS = 4, 4_000


def window_by(page: Page, press: Callable[[], object]) -> Locator:
    """The window that `press` opens. Rarely Streamlit loses the one that a run right after the
    page's first asks for ("Cannot set a node at a delta path"), and with it all of the page: then
    it takes another press, or the page anew."""
    window, main = page.get_by_role("dialog"), page.get_by_test_id("stMain")
    for _ in range(_TRIES):
        try:
            if not main.is_visible():
                page.reload()
                main.wait_for()
            press()
            window.wait_for(timeout=_PATIENCE_MS)
            return window
        except TimeoutError:
            if window.is_visible():  # it came late, over what was to be pressed again
                return window
    raise AssertionError("no window opens")


def choose(window: Locator, motive: str) -> None:
    """A run that comes late draws the window anew, and its open list is gone with the old one."""
    box = window.get_by_role("combobox").first
    option = window.page.get_by_role("option", name=motive)
    box.click()
    for _ in range(_TRIES):
        box.press("ArrowDown")
        try:
            option.click(timeout=_PATIENCE_MS)
            return
        except TimeoutError:
            continue
    raise AssertionError(f"{motive} can't be chosen")
