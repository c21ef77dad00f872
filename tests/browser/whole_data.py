"""A customer's data, whole: what somebody presses in one of Cuenta's tabs before correcting it."""

from playwright.sync_api import Page

from tests.browser.conftest import at_rest


def see(page: Page) -> None:
    """In the tab that is open; the form is there then."""
    page.get_by_role("button", name="Ver y corregir").locator("visible=true").click()
    page.get_by_role("button", name="Guardar").locator("visible=true").wait_for()
    at_rest(page)
