"""Cuenta in a real browser: hostile text is text, and two agents don't overwrite each other."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import whole_data
from tests.browser.conftest import SignIn
from tests.browser.desk_server import DeskServer

pytestmark = [pytest.mark.browser, pytest.mark.slow]

HOSTILE = (
    '<img src=x onerror="window.hacked=1"> **Ñ** [x](javascript:alert(1)) '
    "'; DROP TABLE account; -- O'Higgins \u202eabc"
)


def billing(page: Page) -> None:
    page.get_by_role("tab", name="Datos de facturación").click()
    whole_data.see(page)
    page.get_by_label("Razón social").wait_for()


def save(page: Page) -> None:
    page.get_by_role("button", name="Guardar").locator("visible=true").click()


def test_hostile_text_is_kept_and_shown_as_text(
    page: Page, server: DeskServer, sign_in: SignIn
) -> None:
    sign_in(page, "agente", "/Cuenta?cuenta=00000002")
    billing(page)
    page.get_by_label("Razón social").fill(HOSTILE)
    save(page)
    expect(page.get_by_text("Guardado")).to_be_visible()
    page.reload()
    billing(page)
    kept = HOSTILE.replace("\u202e", "")  # direction marks are taken out
    expect(page.get_by_label("Razón social")).to_have_value(kept)
    assert page.evaluate("window.hacked") is None


def test_the_history_tells_what_was_changed_as_text(
    page: Page, server: DeskServer, sign_in: SignIn
) -> None:
    sign_in(page, "gerente", "/Cuenta?cuenta=00000002")
    billing(page)
    page.get_by_label("Razón social").fill(f"2 {HOSTILE}")
    save(page)
    expect(page.get_by_text("Guardado")).to_be_visible()
    page.get_by_role("tab", name="Historia").click()
    expect(page.get_by_role("heading", name="Hoy, ")).to_be_visible()
    told = page.get_by_role("listitem").filter(has_text="→ 2 <img src=x")
    expect(told).to_contain_text("Gerente cambió los datos de facturación de la cuenta 00000002")
    expect(told.locator("img, a")).to_have_count(0)
    assert page.evaluate("window.hacked") is None


def test_the_second_of_two_agents_sees_the_first_s_change(
    page: Page, browser: Browser, server: DeskServer, sign_in: SignIn
) -> None:
    other = browser.new_context(base_url=server.url, locale="es-MX").new_page()
    for each, username in ((page, "agente"), (other, "gerente")):
        sign_in(each, username, "/Cuenta?cuenta=00000001")
        each.get_by_role("tab", name="Datos de envío").click()
        whole_data.see(each)
        each.get_by_label("Colonia").wait_for()

    page.get_by_label("Calle y número").fill("Calle Primera 1")
    save(page)
    expect(page.get_by_text("Guardado")).to_be_visible()

    other.get_by_label("Colonia").fill("Roma Norte")
    save(other)
    expect(other.get_by_text("Otra persona cambió esta cuenta")).to_be_visible()
    expect(other.get_by_label("Calle y número")).to_have_value("Calle Primera 1")
    expect(other.get_by_label("Colonia")).to_have_value("Roma Norte")
    save(other)
    expect(other.get_by_text("Guardado")).to_be_visible()
    expect(other.get_by_label("Calle y número")).to_have_count(1)  # the form before has gone
    expect(other.get_by_label("Calle y número")).to_have_value("Calle Primera 1")
    assert "default value" not in server.log_text()  # of a field that was given two
    other.context.close()


def test_an_unknown_account_says_so_and_offers_the_list(
    page: Page, server: DeskServer, sign_in: SignIn
) -> None:
    sign_in(page, "agente", "/Cuenta?cuenta=%3Cb%3E99999")
    expect(page.get_by_text("no existe; búscala por nombre o serie")).to_be_visible()
    page.get_by_role("treegrid", name="Cuentas").locator("tr[data-id]").first.wait_for()


def test_a_name_in_a_heading_makes_no_link_nor_icon(
    page: Page, server: DeskServer, sign_in: SignIn
) -> None:
    name = "[l](http://a.example) www.a.example ana@a.example :material/home: $x^2$ a -> b"
    sign_in(page, "agente", "/Cuenta?cuenta=00000004")
    page.get_by_role("tab", name="Datos generales").click()
    whole_data.see(page)
    page.get_by_label("Nombre y Apellidos").fill(name)
    save(page)
    expect(page.get_by_text("Guardado")).to_be_visible()
    heading = page.get_by_role("heading", level=1)
    shown = heading.filter(has_text="a.example").inner_text().replace("\u2060", "")
    assert shown == name
    expect(heading.get_by_role("link")).to_have_count(0)
    expect(heading.get_by_test_id("stIconMaterial")).to_have_count(0)


def test_an_address_somebody_was_sent_writes_nothing_on_the_page(
    page: Page, server: DeskServer, sign_in: SignIn
) -> None:
    sign_in(page, "agente")
    page.goto("/Cuenta?cuenta=[clic](https://a.example)![x](https://a.example/p.png)")
    refused = page.get_by_role("alert").filter(has_text="no existe")
    expect(refused).to_contain_text("[clic](")
    expect(refused.get_by_role("link")).to_have_count(0)
    expect(refused.locator("img")).to_have_count(0)
