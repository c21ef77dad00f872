"""Reenviar CDA to a group in a real browser: the check, the mails, the bar's end, the file."""

import csv
import io

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import problems
from tests.browser.conftest import SignIn
from tests.browser.desk_server import DeskServer
from tests.browser.grid_acts import group_by
from tests.browser.motives import choose
from tests.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_groups_are_checked_sent_and_told(page: Page, sign_in: SignIn, server: DeskServer) -> None:
    """Of two groups one system goes; the account of the other has no address."""
    before = len(server.mail.messages)
    sign_in(page, "agente", "/Suscripciones")
    page.locator("tr[data-id]").first.wait_for()
    group_by(page, "Sistema")
    for product in ("COI", "NOI"):
        page.locator("tr.group").filter(has_text=product).locator(".check").click()
    page.get_by_role("button", name="Reenviar CDA", exact=True).click()

    window = page.get_by_role("dialog", name="Reenviar CDA a varios")
    expect(window.get_by_text("2 sistemas de 2 cuentas")).to_be_visible()
    expect(window.get_by_text("No salen: 1")).to_be_visible()
    window.get_by_text("Los que no salen").click()
    expect(window.get_by_text("La cuenta no tiene correo")).to_be_visible()
    choose(window, "Reinstalación")
    assert problems(page) == []
    window.get_by_role("button", name="Enviar 1 correo").click()

    expect(page.get_by_role("heading", name="Envíos a varios")).to_be_visible()
    expect(page.get_by_text("Terminado")).to_be_visible()
    expect(page.get_by_text("2 de 2")).to_be_visible()
    until(lambda: len(server.mail.messages) > before)
    assert problems(page) == []
    with page.expect_download() as download:
        page.get_by_role("button", name="Descargar resultado (CSV)").click()
    content = download.value.path().read_bytes().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content)))
    assert [(row[0], row[6]) for row in rows[1:]] == [
        ("S0000000002", "Aceptado por el servidor"),
        ("S0000000003", "No se envió"),
    ]
    assert "LIVE" not in content
    page.get_by_role("button", name="Revisar y reenviar los que no salieron").click()
    expect(window.get_by_text("1 sistema de 1 cuenta")).to_be_visible()
    expect(window.get_by_text("No quedó ningún sistema")).to_be_visible()
    window.get_by_role("button", name="Cerrar").last.click()
    expect(window).to_be_hidden()
