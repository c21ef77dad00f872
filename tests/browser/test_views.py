"""Views by name, in links and in the menu: what is opened shows, here and for whoever gets it."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from lib.model.view import Layout, View
from tests.browser import desk_server
from tests.browser.axe import problems
from tests.browser.conftest import SignIn
from tests.browser.desk_server import DeskServer
from tests.ports import free_port
from tests.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LIST = "/Suscripciones"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskServer]:
    """A desk of this file's own: what is pinned stands in everybody's way."""
    with desk_server.running(tmp_path_factory.mktemp("views")) as running:
        yield running


def context(browser: Browser, desk: DeskServer) -> BrowserContext:
    tab = browser.new_context(
        base_url=desk.url, viewport={"width": 1280, "height": 720}, locale="es-MX"
    )
    tab.set_default_timeout(20_000)
    return tab


@pytest.fixture
def page(browser: Browser, desk: DeskServer) -> Iterator[Page]:
    tab = context(browser, desk)
    yield tab.new_page()
    tab.close()


@pytest.fixture
def elsewhere(browser: Browser, desk: DeskServer) -> Iterator[Page]:
    """Another person's browser."""
    tab = context(browser, desk)
    yield tab.new_page()
    tab.close()


def link(view: View, path: str = LIST) -> str:
    return f"{path}?vista={view.to_query()}"


def rows(page: Page) -> list[str]:
    """What each row on screen says, from the first cell to the last."""
    return page.locator("tbody tr[data-i]").all_inner_texts()


def columns(page: Page) -> list[str]:
    return page.locator("th[data-col]").evaluate_all("all => all.map((th) => th.dataset.col)")


def drawn(page: Page) -> None:
    page.locator("tbody tr[data-i]").first.wait_for()


def group(page: Page, column: str) -> None:
    page.locator(f'th[data-col="{column}"]').drag_to(page.locator(".panel"))
    expect(page.locator("tr.group").first).to_be_visible()


def menu(page: Page) -> Locator:
    return page.get_by_test_id("stSidebar")


def in_menu(page: Page, name: str) -> Locator:
    return menu(page).get_by_role("link", name=name, exact=True)


def views(page: Page) -> Locator:
    """Vistas, open."""
    page.get_by_role("button", name="Vistas", exact=True).click()
    body = page.get_by_test_id("stPopoverBody")
    body.get_by_role("button", name="Copiar enlace").wait_for()
    return body


def save(page: Page, name: str, *, for_everybody: bool = False) -> None:
    body = views(page)
    body.get_by_label("Guardar la tabla como está").fill(name)
    if for_everybody:
        body.get_by_text("Para todos").click()
    body.get_by_role("button", name="Guardar", exact=True).click()
    titled(page, f"Suscripciones · {name}")


def titled(page: Page, title: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def grouped(page: Page, groups: int) -> None:
    expect(page.locator("tr.group")).to_have_count(groups)


# ---- by name ---------------------------------------------------------------------------------


def test_a_view_is_saved_changed_pinned_and_opened_from_the_menu(
    page: Page, sign_in: SignIn
) -> None:
    sign_in(page, "agente", LIST)
    drawn(page)
    expect(views(page)).to_contain_text("Aún no hay vistas de esta lista.")
    page.keyboard.press("Escape")
    group(page, "product")
    button = page.get_by_role("button", name="Vistas", exact=True)
    button.press("Enter")
    page.get_by_test_id("stPopoverBody").get_by_role("button", name="Copiar enlace").wait_for()
    page.keyboard.press("Tab")
    page.keyboard.type("Por sistema")
    page.keyboard.press("Enter")
    titled(page, "Suscripciones · Por sistema")
    expect(button).to_be_focused()
    body = views(page)
    body.get_by_label("Guardar la tabla como está").fill("POR SISTEMA")
    body.get_by_label("Guardar la tabla como está").press("Enter")
    expect(body).to_contain_text("Ya tienes una vista llamada «POR SISTEMA» en esta lista")
    page.keyboard.press("Escape")

    group(page, "version")
    titled(page, "Suscripciones · Por sistema •")
    views(page).get_by_role("button", name="Descartarlos").click()
    titled(page, "Suscripciones · Por sistema")
    grouped(page, 3)

    views(page).get_by_role("button", name="Fijar en el menú").click()
    in_menu(page, "Por sistema").wait_for()
    badge = menu(page).locator('[class*="st-key-pin_here_"] [data-testid="stCaptionContainer"] p')
    expect(badge).to_have_text("4")
    expect(badge, "a count of any length stands on one line").to_have_css("white-space", "nowrap")
    page.keyboard.press("Escape")

    in_menu(page, "Licenciamiento").click()
    titled(page, "Licenciamiento")
    expect(menu(page).locator('[class*="st-key-pin_here_"]')).to_have_count(0)
    in_menu(page, "Por sistema").click()
    titled(page, "Suscripciones · Por sistema")
    grouped(page, 3)
    expect(page).not_to_have_url(re.compile("abrir"))

    page.get_by_label("Dejar de agrupar por Sistema").click()
    grouped(page, 0)
    titled(page, "Suscripciones · Por sistema •")
    in_menu(page, "Por sistema").click()  # on its own page, where a grid is on screen
    titled(page, "Suscripciones · Por sistema")
    grouped(page, 3)
    page.go_back()
    grouped(page, 0)
    page.go_forward()
    grouped(page, 3)

    page.get_by_label("Dejar de agrupar por Sistema").click()
    grouped(page, 0)
    views(page).get_by_role("button", name="Guardar cambios").click()
    titled(page, "Suscripciones · Por sistema")
    views(page).get_by_role("button", name="Administrar").click()
    window = page.get_by_role("dialog", name="Administrar vista")
    window.get_by_label("Nombre").fill("Todas")
    window.get_by_role("button", name="Guardar").click()
    titled(page, "Suscripciones · Todas")
    in_menu(page, "Todas").wait_for()

    views(page).get_by_role("button", name="Administrar").click()
    window.get_by_text("Sí, borrar «Todas»").click()
    window.get_by_role("button", name="Borrar vista").click()
    titled(page, "Suscripciones")
    expect(in_menu(page, "Todas")).to_have_count(0)


def test_what_a_manager_shares_an_agent_opens_and_can_t_change(
    page: Page, elsewhere: Page, sign_in: SignIn
) -> None:
    page.emulate_media(reduced_motion="reduce")
    sign_in(page, "gerente", LIST)
    drawn(page)
    group(page, "product")
    save(page, "Del equipo", for_everybody=True)
    body = views(page)
    body.get_by_role("button", name="Fijar en el menú").click()
    body.get_by_role("button", name="Quitar del menú").wait_for()
    assert problems(page) == []
    body.get_by_role("button", name="Administrar").click()
    page.get_by_role("dialog", name="Administrar vista").wait_for()
    assert problems(page) == []
    page.keyboard.press("Escape")

    sign_in(elsewhere, "agente", LIST)
    drawn(elsewhere)
    body = views(elsewhere)
    expect(body).to_contain_text("De todos")
    expect(body.get_by_role("button", name="Administrar")).to_have_count(0)
    expect(body.get_by_text("Para todos")).to_have_count(0)
    body.get_by_role("button", name="Del equipo").click()
    titled(elsewhere, "Suscripciones · Del equipo")
    until(lambda: rows(elsewhere) == rows(page))  # the title may come first
    group(elsewhere, "version")
    titled(elsewhere, "Suscripciones · Del equipo •")
    body = views(elsewhere)
    expect(body).to_contain_text("cambios sin guardar")
    expect(body.get_by_role("button", name="Guardar cambios")).to_have_count(0)
    body.get_by_role("button", name="Fijar en el menú").click()
    in_menu(elsewhere, "Del equipo").wait_for()
    elsewhere.keyboard.press("Escape")

    views(page).get_by_role("button", name="Administrar").click()
    window = page.get_by_role("dialog", name="Administrar vista")
    window.get_by_text("Sí, borrar «Del equipo»").click()
    window.get_by_role("button", name="Borrar vista").click()
    titled(page, "Suscripciones")
    expect(views(elsewhere)).to_contain_text("Aún no hay vistas de esta lista.")
    elsewhere.keyboard.press("Escape")
    elsewhere.locator("tr.group").first.click()
    titled(elsewhere, "Suscripciones")
    elsewhere.reload()
    drawn(elsewhere)
    expect(in_menu(elsewhere, "Del equipo")).to_have_count(0)


# ---- links -----------------------------------------------------------------------------------


def test_a_copied_link_opens_the_same_table_for_somebody_else(
    page: Page, elsewhere: Page, sign_in: SignIn
) -> None:
    wanted = View(
        q="s000",
        filters={"seats": ">=1"},
        sort=(("seats", True),),
        group=("product",),
        expanded=(("SAE",),),
        layout=Layout(("serial", "seats", "product"), {"serial": 12.0}, 1),
    )
    sign_in(page, "gerente", link(wanted))
    drawn(page)
    group(page, "seats")  # what is pressed counts too
    page.locator("tr.group").first.click()
    expect(page.locator('tr.group[aria-expanded="true"]')).to_have_count(1)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    before = page.url
    body = views(page)
    until(lambda: page.url != before or "vista=" in page.url)
    body.get_by_role("button", name="Copiar enlace").click()
    expect(body.get_by_role("status")).to_contain_text("Copiado")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.url
    page.keyboard.press("Escape")

    sign_in(elsewhere, "agente", copied)
    drawn(elsewhere)
    assert columns(elsewhere) == columns(page) == ["serial", "seats", "product"]
    assert rows(elsewhere) == rows(page)
    chips = elsewhere.locator(".chip").all_inner_texts()
    assert chips == page.locator(".chip").all_inner_texts()


DAMAGED = "El enlace está incompleto o dañado: se muestra la lista completa."
HOSTILE = {
    "cut": (link(View(group=("product",)))[:-6], DAMAGED),
    "edited": (f"{LIST}?vista=no-es-una-vista", DAMAGED),
    "too long": (f"{LIST}?vista={'A' * 8001}", DAMAGED),
    "another list's columns": (
        link(View(filters={"folio": "x"}, group=("holder",), sort=(("folio", True),))),
        "folio",
    ),
    "SQL for a column": (link(View(group=("1; DROP TABLE ops.staff",))), "DROP TABLE"),
    "ten levels": (
        link(
            View(
                group=(
                    *("product", "version", "seats", "account_no", "account_name"),
                    *("activated_on", "next_payment_on", "period", "status", "serial"),
                )
            )
        ),
        "Se agrupa hasta por cinco columnas",
    ),
    "page a million": (link(View(offset=50_000_000)), "Esa página ya no existe"),
}


def test_a_hostile_link_opens_as_near_as_it_can_and_says_what_it_left_out(
    page: Page, desk: DeskServer, sign_in: SignIn
) -> None:
    sign_in(page, "agente", LIST)
    drawn(page)
    for name, (address, said) in HOSTILE.items():
        page.goto(address)
        drawn(page)
        notice = page.locator(".notices")
        expect(notice, name).not_to_be_empty()
        expect(notice, name).to_contain_text(said)
        expect(page.get_by_role("alert").filter(has_text="Algo falló"), name).to_have_count(0)
    group(page, "period")
    expect(page.locator(".notices"), "gone with the first act").to_be_empty()
    page.goto(link(View(q="'; DROP TABLE ops.staff; --", filters={"serial": "' OR 1=1 --"})))
    expect(page.locator("tbody")).to_contain_text("Sin resultados")
    page.locator('th[data-col="product"]').wait_for()
    assert "Traceback" not in desk.log_text()


def test_back_from_an_account_reopens_the_list_as_it_was(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "agente", LIST)
    drawn(page)
    group(page, "product")
    page.locator("tr.group").first.click()
    page.locator("tr[data-id]").first.wait_for()
    seen = rows(page)
    page.locator("tr[data-id]").first.get_by_role("button", name="Abrir la cuenta").click()
    page.get_by_role("tab", name="Datos generales").wait_for()
    expect(page).to_have_url(re.compile(r"/Cuenta\?cuenta=\d+$"))
    page.go_back()
    titled(page, "Suscripciones")
    grouped(page, 3)
    until(lambda: rows(page) == seen)
    expect(page, "nothing of the account").to_have_url(re.compile(r"/Suscripciones\?vista=[^&]+$"))


# ---- what is one's own -----------------------------------------------------------------------


def test_columns_are_remembered_after_signing_in_again(
    page: Page, elsewhere: Page, sign_in: SignIn
) -> None:
    sign_in(page, "gerente", LIST)
    drawn(page)
    every = columns(page)
    page.get_by_role("button", name="Columnas").click()
    page.get_by_label("Versión", exact=True).uncheck()
    expect(page.locator('th[data-col="version"]')).to_have_count(0)
    page.keyboard.press("Escape")
    less = [column for column in every if column != "version"]
    assert columns(page) == less

    page.goto(link(View(layout=Layout(("serial", "version")))))  # a link's own columns win
    drawn(page)
    assert columns(page) == ["serial", "version"]
    sign_in(elsewhere, "gerente", LIST)
    drawn(elsewhere)
    assert columns(elsewhere) == less
    elsewhere.get_by_role("button", name="Columnas").click()
    elsewhere.get_by_role("button", name="Restaurar").click()
    expect(elsewhere.locator('th[data-col="version"]')).to_have_count(1)

    page.context.clear_cookies()
    sign_in(page, "gerente", LIST)
    drawn(page)
    assert columns(page) == every


# ---- a server that lost its memory -----------------------------------------------------------


def test_a_restarted_server_leaves_no_empty_table(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory, sign_in: SignIn
) -> None:
    folder = tmp_path_factory.mktemp("restarted")
    desk_server.seed(folder / "data")
    port = free_port()
    first = desk_server.start(folder / "data", folder / "1.log", port=port)
    until(lambda: desk_server.answers(first), 60)
    tab = context(browser, first)
    page = tab.new_page()
    sign_in(page, "agente", LIST)
    drawn(page)
    for column in ("product", "version"):
        group(page, column)
    seen = rows(page)
    first.stop()
    second = desk_server.start(folder / "data", folder / "2.log", port=port)
    try:
        until(lambda: desk_server.answers(second), 60)
        # The new session numbers its answers from 0, below what this browser has asked.
        expect(page.locator(".mesa-grid")).to_have_attribute("data-seq", "0", timeout=60_000)
        until(lambda: rows(page) == seen)
        page.get_by_label("Dejar de agrupar por Versión").click()
        expect(page.locator(".chip")).to_have_count(1)
        until(lambda: len(rows(page)) == 3)
    finally:
        tab.close()
        second.stop()
