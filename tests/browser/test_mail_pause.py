"""An administrator is told on any page that mail stopped leaving, and no longer once it leaves."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from lib import settings
from lib.model.actor import SYSTEM
from lib.services.desk import open_desk
from lib.services.resends import resending
from tests.browser import desk_server
from tests.browser.axe import problems
from tests.browser.conftest import SignIn

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_the_banner_comes_and_its_button_puts_an_end_to_it(
    tmp_path: Path, browser: Browser, sign_in: SignIn
) -> None:
    """A login refused in the last run; somebody put it right at the mail server since."""
    data = tmp_path / "data"
    desk_server.seed(data)
    desk = open_desk(settings.read({"MESA_DATA": str(data)}))
    resending.resend(desk, SYSTEM, "S0000000001", "other", "", "k1")
    desk.close()
    with desk_server.running(tmp_path, {"MESA_SMTP_SECURITY": "starttls"}) as wrong:
        page = browser.new_page(base_url=wrong.url)
        sign_in(page, "admin", "/Bitacora")
        banner = page.get_by_text("Los correos están en pausa")
        expect(banner).to_be_visible(timeout=30_000)
        # Beside the customer's the administrator's own, of a browser that was new.
        expect(page.get_by_text("Esperan 2 correos; ninguno se pierde.")).to_be_visible()
        assert problems(page) == []
        page.get_by_role("button", name="Reintentar ahora").click()
        expect(page.get_by_text("Se está reintentando el envío.")).to_be_visible()
        # Where the mouse rests now, nothing lies over it.
        page.get_by_role("button", name="Reintentar ahora").click(trial=True, timeout=2_000)
        page.close()
    with desk_server.running(tmp_path) as right:
        page = browser.new_page(base_url=right.url)
        sign_in(page, "admin")
        expect(page.get_by_role("heading", name="Hola")).to_be_visible()
        expect(page.get_by_text("Los correos están en pausa")).to_have_count(0, timeout=30_000)
        customers = [m for m in right.mail.messages if "hector" in str(m["To"])]
        assert len(customers) == 1
        page.close()
