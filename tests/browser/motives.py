"""Choosing a reason in a window, as a person does who sees the list close and opens it again."""

from playwright.sync_api import Locator, TimeoutError

_TRIES, _PATIENCE_MS = 4, 4_000


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
