"""Over and under the grid's rows in a real Chromium: menus, filters, chips, groups, columns."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from lib.model.text import fold
from lib.model.view import Layout, View
from tests.browser.grid_acts import (
    active,
    chips,
    expected,
    group_by,
    groups,
    head,
    ids,
    in_address,
    painted,
    tab_of,
)
from tests.store.grid import brute
from tests.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.slow]

COLUMNS = [
    *("product", "version", "seats", "serial", "account_name"),
    *("activated_on", "next_payment_on", "period", "status"),
]


@pytest.fixture
def tab(browser: Browser, address: str) -> Iterator[Page]:
    with tab_of(browser, address) as page:
        page.set_default_timeout(10_000)
        yield page


def funnel(page: Page, column: str) -> Locator:
    return page.locator(f"[data-filter={column}] + .funnel")


def pills(page: Page) -> list[str]:
    return page.locator(".pill").all_inner_texts()


def menu(page: Page, column: str, item: str) -> None:
    head(page, column).hover()
    head(page, column).locator(".more").click()
    painted(page, page.locator("[role^=menuitem]").filter(has_text=item).first.click)


def columns(page: Page) -> list[str]:
    return page.locator("th[data-col]").evaluate_all("cells => cells.map(c => c.dataset.col)")


def those(rows: list[dict[str, Any]], fits: Callable[[dict[str, Any]], bool]) -> list[str]:
    """The serials of the first page of the rows that fit, worked out by hand."""
    by_serial = {row["serial"]: row for row in rows}
    every = [entry[2] for entry in brute.flattened(rows, View())]
    return [serial for serial in every if fits(by_serial[serial])][:50]


def box(place: Locator) -> dict[str, float]:
    found = place.bounding_box()
    assert found is not None
    return dict(found)


# ---- the menu of a heading -------------------------------------------------------------------


def test_a_heading_s_menu_by_keyboard(tab: Page, rows: list[dict[str, Any]]) -> None:
    head(tab, "version").locator(".label").focus()
    tab.keyboard.press("Alt+ArrowDown")
    expect(tab.get_by_role("menu", name="Opciones de Versión")).to_be_visible()
    tab.keyboard.press("ArrowDown")
    assert active(tab) == "Ordenar de mayor a menor"
    tab.keyboard.press("Escape")
    expect(tab.get_by_role("menu")).to_have_count(0)
    assert (
        head(tab, "version")
        .locator(".more")
        .evaluate("node => node === node.getRootNode().activeElement")
    )
    tab.keyboard.press("Shift+F10")
    tab.keyboard.press("ArrowDown")
    painted(tab, lambda: tab.keyboard.press("Enter"))
    assert ids(tab) == expected(rows, sort=(("version", True),))
    menu(tab, "version", "Quitar el orden")
    assert ids(tab) == expected(rows)


def test_a_heading_s_menu_hides_none_of_its_letters(tab: Page) -> None:
    words = box(head(tab, "version").locator(".label span").first)
    head(tab, "version").hover()
    dots = box(head(tab, "version").locator(".more svg"))  # they stand in its middle
    assert words["x"] + words["width"] <= dots["x"] + dots["width"] * 0.35


def test_a_date_is_grouped_by_month_and_then_by_year(tab: Page) -> None:
    menu(tab, "activated_on", "Por mes")
    assert chips(tab) == ["activated_on:month"]
    assert groups(tab)[0].startswith("Fecha Activación (mes): febrero de 2024 (")
    tab.get_by_role("button", name="Fecha Activación: agrupar por mes; cambiar").click()
    painted(tab, tab.get_by_role("menuitemcheckbox", name="Año").click)
    assert chips(tab) == ["activated_on:year"]
    assert groups(tab)[0].startswith("Fecha Activación (año): 2024 (")
    until(lambda: in_address(tab).group == ("activated_on:year",))


def test_payments_are_grouped_by_how_near_they_are(tab: Page) -> None:
    menu(tab, "next_payment_on", "Por vencimiento")
    assert groups(tab)[0].startswith("Próximo Pago (vencimiento): Vencidas (")
    assert re.search(r"· [\d,]+ usuarios", groups(tab)[0])


def test_a_dragged_date_is_grouped_by_its_month(tab: Page) -> None:
    painted(tab, lambda: head(tab, "activated_on").drag_to(tab.locator(".panel")))
    assert chips(tab) == ["activated_on:month"]


# ---- all groups at once ----------------------------------------------------------------------


def test_all_groups_open_and_close_and_the_address_knows(tab: Page) -> None:
    group_by(tab, "Sistema")
    painted(tab, tab.get_by_label("Expandir todo").click)
    opened = tab.locator("tr.group").first
    assert opened.get_attribute("aria-expanded") == "true"
    assert len(ids(tab)) == 49
    painted(tab, opened.click)
    assert opened.get_attribute("aria-expanded") == "false"
    until(lambda: in_address(tab).unfolded and in_address(tab).collapsed == (("COI",),))
    painted(tab, opened.click)
    assert opened.get_attribute("aria-expanded") == "true"
    painted(tab, tab.get_by_label("Contraer todo").click)
    assert ids(tab) == []


# ---- filters by kind -------------------------------------------------------------------------


def test_a_text_filter_in_its_window(tab: Page, rows: list[dict[str, Any]]) -> None:
    funnel(tab, "account_name").click()
    window = tab.get_by_role("dialog", name="Filtrar Cliente")
    window.get_by_label("Condición").select_option("^")
    painted(tab, lambda: window.get_by_label("Valor").fill("angel"))
    assert ids(tab) == those(rows, lambda row: fold(row["account_name"]).startswith("angel"))
    assert pills(tab) == ["Cliente: empieza con «angel»"]
    expect(window).to_contain_text("Cliente: empieza con «angel»")
    assert tab.get_by_label("Filtrar Cliente", exact=True).first.input_value() == "^angel"
    tab.keyboard.press("Escape")
    expect(window).to_have_count(0)


def test_a_number_filter_in_its_window(tab: Page, rows: list[dict[str, Any]]) -> None:
    tab.get_by_label("Filtrar Usuarios").press("Alt+ArrowDown")
    window = tab.get_by_role("dialog", name="Filtrar Usuarios")
    window.get_by_label("Condición").select_option("..")
    window.get_by_label("Valor").fill("2")
    painted(tab, lambda: window.get_by_label("Hasta").fill("10"))
    assert ids(tab) == expected(rows, filters={"seats": " 2 .. 10 "})
    assert pills(tab) == ["Usuarios: de 2 a 10"]
    tab.keyboard.press("Enter")
    expect(window).to_have_count(0)


def test_a_date_filter_by_a_word_and_by_the_calendar(tab: Page, rows: list[dict[str, Any]]) -> None:
    funnel(tab, "next_payment_on").click()
    window = tab.get_by_role("dialog", name="Filtrar Próximo Pago")
    painted(tab, window.get_by_role("button", name="Vencidas").click)
    assert pills(tab) == ["Próximo Pago: vencidas"]
    assert window.get_by_role("button", name="Vencidas").get_attribute("aria-pressed") == "true"
    assert tab.locator("td .tone.bad:not(.status *)").count() == len(ids(tab)) > 0
    painted(tab, lambda: window.get_by_label("Desde").fill("2024-12-31"))
    painted(tab, lambda: window.get_by_label("Hasta").fill("2025-01-01"))
    assert pills(tab) == ["Próximo Pago: del 31/12/2024 al 01/01/2025"]
    days = {f"{row['next_payment_on']:%Y-%m-%d}" for row in rows if row["serial"] in ids(tab)}
    assert days == {"2024-12-31", "2025-01-01"}


def test_a_choice_is_listed_with_counts_and_takes_several(
    tab: Page, rows: list[dict[str, Any]]
) -> None:
    painted(tab, lambda: tab.get_by_label("Filtrar Periodo").select_option("Anual"))
    funnel(tab, "product").click()
    window = tab.get_by_role("dialog", name="Filtrar Sistema")
    anual = [row["product"] for row in rows if row["period"] == "Anual"]
    expect(window.locator(".choice", has_text="COI")).to_have_text(f"COI{anual.count('COI')}")
    painted(tab, window.get_by_label("SAE").check)
    painted(tab, window.get_by_label("NOI").check)
    assert ids(tab) == expected(rows, filters={"product": "SAE|NOI", "period": "Anual"})
    assert pills(tab) == ["Sistema: SAE o NOI", "Periodo: Anual"]
    painted(tab, window.get_by_label("SAE").uncheck)
    assert pills(tab) == ["Sistema: NOI", "Periodo: Anual"]
    painted(tab, window.get_by_role("button", name="Quitar el filtro").click)
    assert ids(tab) == expected(rows, filters={"period": "Anual"})
    expect(tab.get_by_text("corridas completas: 1")).to_be_visible()


def test_few_texts_are_listed_too(tab: Page, rows: list[dict[str, Any]]) -> None:
    funnel(tab, "version").click()
    window = tab.get_by_role("dialog", name="Filtrar Versión")
    painted(tab, window.get_by_label("10.0,").check)
    assert ids(tab) == those(rows, lambda row: row["version"] == "10.0")
    assert pills(tab) == ["Versión: es «10.0»"]


def test_what_means_nothing_is_said_where_it_stands(tab: Page) -> None:
    painted(tab, lambda: tab.get_by_label("Filtrar Usuarios").fill("diez"))
    assert pills(tab) == ["Usuarios: no se entiende «diez»"]
    field = tab.get_by_label("Filtrar Usuarios")
    assert field.get_attribute("aria-invalid") == "true"
    assert "Por ejemplo: 5, >=10" in (field.get_attribute("title") or "")


# ---- chips -----------------------------------------------------------------------------------


def test_chips_are_taken_away_by_mouse_and_by_key(tab: Page, rows: list[dict[str, Any]]) -> None:
    painted(tab, lambda: tab.get_by_label("Buscar por serie").fill("angel"))
    painted(tab, lambda: tab.get_by_label("Filtrar Sistema").select_option("SAE"))
    painted(tab, lambda: tab.get_by_label("Filtrar Usuarios").fill(">=2"))
    assert pills(tab) == ["Búsqueda: «angel»", "Sistema: SAE", "Usuarios: 2 o más"]
    found = tab.locator(".found").inner_text().split(" ·")[0]
    expect(tab.get_by_role("status").filter(has_text="filtros")).to_have_text(f"{found}, 3 filtros")
    tab.get_by_role("button", name="Sistema: SAE. Suprimir lo quita").focus()
    painted(tab, lambda: tab.keyboard.press("Delete"))
    assert active(tab) == "Usuarios: 2 o más"
    painted(tab, tab.get_by_label("Quitar Búsqueda: «angel»").click)
    assert tab.get_by_label("Buscar por serie").input_value() == ""
    assert ids(tab) == those(rows, lambda row: row["seats"] >= 2)
    painted(tab, tab.locator(".bar").get_by_text("Limpiar todo").click)
    assert pills(tab) == []
    assert ids(tab) == expected(rows)


def test_the_filter_of_a_hidden_column_still_has_its_chip(
    tab: Page, rows: list[dict[str, Any]]
) -> None:
    painted(tab, lambda: tab.get_by_label("Filtrar Sistema").select_option("SAE"))
    menu(tab, "product", "Ocultar la columna")
    assert "product" not in columns(tab)
    assert pills(tab) == ["Sistema: SAE"]
    painted(tab, lambda: head(tab, "serial").locator(".label").click())
    assert ids(tab) == expected(rows, filters={"product": "SAE"}, sort=(("serial", False),))
    tab.locator(".pill .open").click()
    window = tab.get_by_role("dialog", name="Filtrar Sistema")
    painted(tab, window.get_by_label("COI").check)
    assert pills(tab) == ["Sistema: SAE o COI"]
    painted(tab, tab.get_by_label("Quitar Sistema").click)
    assert pills(tab) == []


def test_nothing_moves_when_a_chip_comes(tab: Page) -> None:
    before = box(tab.locator("thead"))
    painted(tab, lambda: tab.get_by_label("Filtrar Sistema").select_option("SAE"))
    painted(tab, lambda: tab.get_by_label("Buscar por serie").fill("angel"))
    assert box(tab.locator("thead"))["y"] == before["y"]


# ---- what a link asks for in vain ---------------------------------------------------------------


def test_what_a_link_asked_for_in_vain_is_said_until_it_is_sent_away(tab: Page) -> None:
    view = {"group": ["serial", "nada"], "offset": 10**6, "sort": [["nada", True]]}
    tab.goto(f"/?vista={View.parse(view).to_query()}")
    notices = tab.locator(".notice")
    expect(notices.first).to_be_visible()
    said = notices.all_inner_texts()
    assert "Se abrió sin agrupar por lo que no se puede: No. Serie." in said
    assert "Se abrió sin lo que esta tabla no tiene: «nada»." in said
    assert "Esa página ya no existe: se muestra la última." in said
    tab.get_by_label("Cerrar este aviso").first.click()
    expect(notices).to_have_count(len(said) - 1)


# ---- columns ---------------------------------------------------------------------------------


def test_columns_are_chosen_and_ordered_in_a_window(tab: Page) -> None:
    tab.get_by_role("button", name="Columnas", exact=True).click()
    window = tab.get_by_role("dialog", name="Columnas")
    painted(tab, window.get_by_label("Cuenta", exact=True).check)
    assert columns(tab) == [*COLUMNS[:4], "account_no", *COLUMNS[4:]]
    window.get_by_label("Usuarios", exact=True).focus()
    painted(tab, lambda: tab.keyboard.press("Alt+ArrowUp"))
    assert columns(tab)[:3] == ["product", "seats", "version"]
    assert active(tab) != "BODY"
    painted(tab, window.get_by_label("Bajar Sistema").click)
    assert columns(tab)[:3] == ["seats", "product", "version"]
    assert tab.locator("tr[data-id]").first.locator("td.number").count() == 1
    until(lambda: in_address(tab).layout.columns[:2] == ("seats", "product"))
    painted(tab, window.get_by_role("button", name="Restaurar").click)
    assert columns(tab) == COLUMNS
    until(lambda: in_address(tab).layout == Layout())


def test_a_column_just_hidden_leaves_the_next_under_the_mouse_where_it_was(tab: Page) -> None:
    tab.get_by_role("button", name="Columnas", exact=True).click()
    window = tab.get_by_role("dialog", name="Columnas")
    lines = window.locator("[data-col]")
    before = lines.evaluate_all("rows => rows.map((row) => row.dataset.col)")
    painted(tab, window.get_by_label("Sistema", exact=True).uncheck)
    assert columns(tab) == [column for column in COLUMNS if column != "product"]
    assert lines.evaluate_all("rows => rows.map((row) => row.dataset.col)") == before
    painted(tab, window.get_by_label("Sistema", exact=True).check)
    assert columns(tab) == COLUMNS


def test_a_heading_dropped_on_another_changes_its_place(tab: Page) -> None:
    painted(
        tab,
        lambda: head(tab, "serial").drag_to(head(tab, "product"), target_position={"x": 3, "y": 9}),
    )
    assert columns(tab)[:2] == ["serial", "product"]
    menu(tab, "serial", "Mover a la derecha")
    assert columns(tab)[:2] == ["product", "serial"]


def test_a_column_s_width_by_its_edge_and_by_keys(tab: Page) -> None:
    before = box(head(tab, "product"))
    edge = box(head(tab, "product").locator(".edge"))
    x, y = edge["x"] + edge["width"] / 2, edge["y"] + edge["height"] / 2

    def drag() -> None:
        tab.mouse.move(x, y)
        tab.mouse.down()
        tab.mouse.move(x + 60, y, steps=3)
        assert box(head(tab, "product"))["width"] == pytest.approx(before["width"] + 60, abs=2)
        tab.mouse.up()

    painted(tab, drag)
    assert box(head(tab, "product"))["width"] == pytest.approx(before["width"] + 60, abs=2)
    assert chips(tab) == []
    head(tab, "product").locator(".label").focus()
    wide = box(head(tab, "product"))["width"]
    painted(tab, lambda: tab.keyboard.press("Shift+Alt+ArrowLeft"))
    assert box(head(tab, "product"))["width"] < wide
    assert active(tab).startswith("Sistema")
    painted(tab, head(tab, "product").locator(".edge").dblclick)
    assert box(head(tab, "product"))["width"] == pytest.approx(before["width"], abs=1)


def test_frozen_columns_stay_in_sight(tab: Page) -> None:
    tab.set_viewport_size({"width": 900, "height": 720})
    menu(tab, "version", "Fijar hasta esta columna")
    cells = [head(tab, "version"), tab.locator("tr[data-id]").first.locator("td").nth(2)]
    before = [box(cell)["x"] for cell in (*cells, head(tab, "serial"))]
    tab.locator(".scroll").evaluate("box => { box.scrollLeft = 100; }")
    after = [box(cell)["x"] for cell in (*cells, head(tab, "serial"))]
    assert after[0] == before[0]
    assert after[2] == before[2] - 100
    until(lambda: in_address(tab).layout.frozen == 2)
    menu(tab, "version", "Soltar las columnas fijas")
    assert box(head(tab, "version"))["x"] == before[0] - 100


def test_rows_closer_together(tab: Page) -> None:
    row = tab.locator("tr[data-id]").first
    before = box(row)["height"]
    tab.get_by_role("button", name="Columnas", exact=True).click()
    painted(tab, tab.get_by_label("Renglones más juntos").check)
    assert box(row)["height"] < before
    until(lambda: in_address(tab).layout.dense)


def test_the_address_opens_the_same_columns(tab: Page) -> None:
    layout = {"columns": ["serial", "product", "seats"], "widths": {"serial": 14}, "dense": True}
    tab.goto(f"/?vista={View.parse({'layout': layout}).to_query()}")
    tab.locator("tr[data-id]").first.wait_for()
    assert columns(tab) == ["serial", "product", "seats"]
    assert box(head(tab, "serial"))["width"] == pytest.approx(14 * 15, abs=1)


# ---- popups and keys ---------------------------------------------------------------------------


def test_popups_stay_inside_a_phone_and_close(tab: Page) -> None:
    tab.set_viewport_size({"width": 390, "height": 700})
    funnel(tab, "status").click()
    window = tab.locator(".popup")
    place = box(window)
    assert place["x"] >= 0
    assert place["x"] + place["width"] <= 390
    tab.locator(".found").click()
    expect(window).to_be_hidden()
    tab.get_by_role("button", name="Agrupar por…").click()
    place = box(window)
    assert place["y"] >= 0
    assert place["y"] + place["height"] <= 700
    tab.keyboard.press("End")
    tab.keyboard.press("Escape")
    expect(window).to_be_hidden()
    assert active(tab) == "Agrupar por…"


def test_a_page_s_key_comes_to_the_search(tab: Page) -> None:
    search = tab.get_by_label("Buscar por serie")
    painted(tab, lambda: search.fill("angel"))
    head(tab, "serial").locator(".label").focus()
    ask = "document.dispatchEvent(new CustomEvent('mesa:focus-search', { cancelable: true }))"
    assert tab.evaluate(ask) is False  # taken
    tab.keyboard.type("x")
    assert search.input_value() == "x"
