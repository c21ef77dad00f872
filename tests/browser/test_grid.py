"""The grid in a real Chromium, on a page of its own (tests/browser/apps/grid_page.py)."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from lib.model.view import View
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

PANEL = "Arrastra una columna aquí para agrupar por ella"


@pytest.fixture
def tab(browser: Browser, address: str) -> Iterator[Page]:
    with tab_of(browser, address, has_touch=True) as page:
        yield page


# ---- grouping --------------------------------------------------------------------------------


def test_dragging_headings_and_chips(tab: Page, rows: list[dict[str, Any]]) -> None:
    panel = tab.locator(".panel")
    expect(panel).to_contain_text(PANEL)
    painted(tab, lambda: head(tab, "product").drag_to(panel))
    counts = {p: sum(r["product"] == p for r in rows) for p in ("COI", "NOI", "SAE")}
    assert [g.split(" ·")[0] for g in groups(tab)] == [
        f"Sistema: {p} ({n})" for p, n in counts.items()
    ]
    painted(tab, lambda: head(tab, "period").drag_to(panel))
    assert chips(tab) == ["product", "period"]
    painted(tab, tab.locator("tr.group").first.click)
    assert groups(tab)[1].startswith("Periodo: (vacío) (")
    second, first = tab.locator(".chip").nth(1), tab.locator(".chip").nth(0)
    painted(tab, lambda: second.drag_to(first, target_position={"x": 3, "y": 5}))
    assert chips(tab) == ["period", "product"]
    assert groups(tab)[0].startswith("Periodo: (vacío)")
    painted(tab, lambda: tab.get_by_label("Dejar de agrupar por Periodo").click())
    painted(tab, lambda: tab.get_by_label("Dejar de agrupar por Sistema").click())
    expect(panel).to_contain_text(PANEL)
    assert ids(tab) == expected(rows)


def test_a_dragged_unique_column_is_not_grouped(tab: Page) -> None:
    head(tab, "serial").drag_to(tab.locator(".panel"))
    assert chips(tab) == []
    tab.get_by_label("Opciones de No. Serie", exact=True).click()
    assert tab.get_by_role("menuitemcheckbox", name="Agrupar").count() == 0


def test_expanding_shows_the_rows_of_the_group(tab: Page, rows: list[dict[str, Any]]) -> None:
    painted(tab, lambda: head(tab, "product").drag_to(tab.locator(".panel")))
    painted(tab, lambda: tab.locator("tr.group").nth(1).click())
    assert tab.locator("tr.group").nth(1).get_attribute("aria-expanded") == "true"
    assert ids(tab) == expected([r for r in rows if r["product"] == "NOI"])[: len(ids(tab))]
    painted(tab, lambda: tab.locator("tr.group").nth(1).click())
    assert ids(tab) == []


# ---- sorting, filtering, searching, paging ---------------------------------------------------


def test_sorting_by_one_column_and_by_two(tab: Page, rows: list[dict[str, Any]]) -> None:
    version = head(tab, "version").locator(".label")
    painted(tab, version.click)
    assert ids(tab) == expected(rows, sort=(("version", False),))
    assert head(tab, "version").get_attribute("aria-sort") == "ascending"
    painted(tab, version.click)
    assert ids(tab) == expected(rows, sort=(("version", True),))
    painted(tab, lambda: head(tab, "serial").locator(".label").click(modifiers=["Shift"]))
    assert ids(tab) == expected(rows, sort=(("version", True), ("serial", False)))


def test_filters_by_kind(tab: Page, rows: list[dict[str, Any]]) -> None:
    painted(tab, lambda: tab.get_by_label("Filtrar Usuarios").fill(">=10"))
    painted(tab, lambda: tab.get_by_label("Filtrar Sistema").select_option("SAE"))
    painted(tab, lambda: tab.get_by_label("Filtrar Fecha Activación").fill("2024-12"))
    filters = {"seats": ">=10", "product": "SAE", "activated_on": "2024-12"}
    assert ids(tab) == expected(rows, filters=filters)
    painted(tab, lambda: tab.get_by_label("Filtrar Usuarios").fill("diez"))
    field = tab.get_by_label("Filtrar Usuarios")
    assert field.get_attribute("aria-invalid") == "true"
    expect(tab.locator(".pill.bad")).to_have_text("Usuarios: no se entiende «diez»")
    painted(tab, lambda: tab.locator(".bar").get_by_text("Limpiar todo").click())
    assert ids(tab) == expected(rows)
    assert field.input_value() == ""


def test_searching_without_accents(tab: Page, rows: list[dict[str, Any]]) -> None:
    search = tab.get_by_label("Buscar por serie")
    painted(tab, lambda: search.fill("nandu s.a."))
    found = expected(rows, q="nandu s.a.")
    assert ids(tab) == found
    assert found
    painted(tab, lambda: search.fill("no hay nada así"))
    expect(tab.locator("tr.none")).to_contain_text("Prueba con menos palabras o limpia los filtros")
    expect(tab.get_by_role("status").filter(has_text="Sin resultados")).to_be_visible()
    painted(tab, lambda: tab.locator("tr.none").get_by_text("Limpiar todo").click())
    assert ids(tab) == expected(rows)


def test_paging(tab: Page, rows: list[dict[str, Any]]) -> None:
    tree = [row[2] for row in brute.flattened(rows, View())]
    expect(tab.locator(".foot .where")).to_have_text(f"1–50 de {len(tree)} renglones")
    expect(tab.locator(".found")).to_contain_text(f"{len(tree)} registros · ")
    painted(tab, lambda: tab.get_by_label("Página siguiente").click())
    assert ids(tab) == tree[50:100]
    painted(tab, lambda: tab.get_by_label("Última página").click())
    assert ids(tab) == tree[(len(tree) - 1) // 50 * 50 :]
    painted(tab, lambda: tab.get_by_label("Renglones por página").select_option("25"))
    assert ids(tab) == tree[:25]


def test_what_was_typed_goes_along_with_what_is_pressed_before_the_pause_ends(
    tab: Page, rows: list[dict[str, Any]]
) -> None:
    tab.get_by_label("Buscar por serie").fill("zuniga")
    painted(tab, lambda: head(tab, "serial").locator(".label").click())
    assert ids(tab) == expected(rows, q="zuniga", sort=(("serial", False),))


# ---- keyboard --------------------------------------------------------------------------------


def test_everything_by_keyboard(tab: Page) -> None:
    head(tab, "product").locator(".label").focus()
    tab.keyboard.press("Alt+ArrowDown")
    tab.keyboard.press("a")  # to "Agrupar por Sistema", by its letter
    painted(tab, lambda: tab.keyboard.press("Enter"))
    assert chips(tab) == ["product"]
    tab.get_by_label("Buscar por serie").press("ArrowDown")
    assert active(tab).startswith("Sistema: COI")
    tab.keyboard.press("ArrowDown")
    painted(tab, lambda: tab.keyboard.press("ArrowRight"))
    assert active(tab).startswith("Sistema: NOI")
    tab.keyboard.press("ArrowRight")
    row = active(tab)
    assert row == ids(tab)[0]
    tab.keyboard.press("ArrowRight")
    assert active(tab) == f"{row} resend"
    tab.keyboard.press("ArrowRight")
    assert active(tab) == f"{row} account"
    tab.keyboard.press("ArrowDown")
    assert active(tab) == ids(tab)[1]
    tab.keyboard.press("End")
    assert active(tab) == ids(tab)[-1]
    painted(tab, lambda: tab.keyboard.press("PageDown"))
    assert active(tab) == ids(tab)[0]
    painted(tab, lambda: tab.keyboard.press("PageUp"))
    tab.keyboard.press("Home")
    assert active(tab).startswith("Sistema: COI")
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("ArrowLeft")
    assert active(tab).startswith("Sistema: NOI")
    painted(tab, lambda: tab.keyboard.press("ArrowLeft"))
    assert ids(tab) == []
    assert active(tab).startswith("Sistema: NOI")


def test_chips_by_keyboard(tab: Page) -> None:
    for column in ("Sistema", "Versión", "Periodo"):
        group_by(tab, column)
    tab.locator(".chip").nth(2).focus()
    painted(tab, lambda: tab.keyboard.press("ArrowLeft"))
    assert chips(tab) == ["product", "period", "version"]
    assert active(tab) == "period"
    painted(tab, lambda: tab.keyboard.press("Delete"))
    assert chips(tab) == ["product", "version"]
    assert active(tab) == "version"


# ---- acts ------------------------------------------------------------------------------------


def test_a_rows_action_fires_with_its_id_and_gives_the_focus_back(
    tab: Page, rows: list[dict[str, Any]]
) -> None:
    row = next(r for r in rows if r["serial"] == ids(tab)[3])
    tab.get_by_label(f"Reenviar CDA, {row['serial']}").click()
    dialog = tab.get_by_role("dialog")
    expect(dialog).to_contain_text(f"Serie {row['serial']} de {row['account_name']}")
    tab.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    tab.wait_for_function("() => document.activeElement.shadowRoot?.activeElement != null")
    assert active(tab) == f"{row['serial']} resend"
    tab.get_by_label(f"Ver la cuenta, {row['serial']}").click()
    expect(tab.get_by_text(f"account {row['account_no']}")).to_be_visible()
    expect(tab.get_by_text("corridas completas: 1")).to_be_visible()


def test_the_action_column_is_always_in_sight(tab: Page) -> None:
    for width in (1280, 390):
        tab.set_viewport_size({"width": width, "height": 720})
        expect(tab.locator("[data-action=resend]").first).to_be_visible()
        box = tab.locator("[data-action=resend]").first.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= width


def test_a_group_s_name_stays_in_sight_however_far_right_one_looks(tab: Page) -> None:
    tab.set_viewport_size({"width": 600, "height": 720})
    group_by(tab, "Sistema")
    tab.locator(".scroll").evaluate("box => { box.scrollLeft = box.scrollWidth; }")
    assert tab.locator(".scroll").evaluate("box => box.scrollLeft") > 100
    names = tab.locator(".scroll").evaluate(
        "box => [...box.querySelectorAll('.group .value')].map("
        "e => e.getBoundingClientRect().left - box.getBoundingClientRect().left)"
    )
    assert names
    assert all(left >= 0 for left in names)


def test_statuses_stand_in_their_column(tab: Page) -> None:
    serial = next(s for s in ids(tab) if s.endswith("1"))
    cell = tab.locator(f"tr[data-id='{serial}'] td.status")
    expect(cell).to_have_text("Fallido")
    assert "bad" in (cell.locator("span").get_attribute("class") or "")


def test_what_is_only_heard_takes_no_room_below(tab: Page) -> None:
    assert tab.locator(".sr", has_text="Vencida").count() > 0
    tall = "box => box.scrollHeight - box.clientHeight"
    assert tab.locator(".scroll").evaluate(tall) > 0
    assert tab.locator(".mesa-grid").evaluate(tall) <= 1


def test_overdue_is_red_and_said(tab: Page) -> None:
    cell = tab.locator("td:has(.tone.bad):not(.status)").first
    assert re.fullmatch(r"\d\d/\d\d/\d{4} · Vencida", cell.get_attribute("title") or "")
    expect(cell).to_contain_text("Vencida")


# ---- the address -----------------------------------------------------------------------------


def test_the_address_opens_the_same_table(tab: Page, browser: Browser) -> None:
    painted(tab, lambda: tab.get_by_label("Buscar por serie").fill("angel"))
    painted(tab, lambda: head(tab, "product").drag_to(tab.locator(".panel")))
    painted(tab, lambda: head(tab, "version").locator(".label").click())
    painted(tab, tab.locator("tr.group").first.click)
    shown = ids(tab)
    until(lambda: in_address(tab).expanded)
    link = tab.url
    other = browser.new_context(locale="es-MX").new_page()
    other.goto(link)
    other.locator("tr[data-id]").first.wait_for()
    assert (ids(other), chips(other)) == (shown, ["product"])
    assert other.get_by_label("Buscar por serie").input_value() == "angel"
    other.context.close()
    painted(tab, lambda: tab.get_by_label("Dejar de agrupar por Sistema").click())
    painted(tab, lambda: head(tab, "version").locator(".label").click())
    painted(tab, lambda: head(tab, "version").locator(".label").click())
    painted(tab, lambda: tab.locator(".bar").get_by_text("Limpiar todo").click())
    until(lambda: in_address(tab) == View())
    assert "vista=" not in tab.url


def test_the_next_page_s_address_is_left_alone(tab: Page) -> None:
    """It is there before this page's grid is gone."""
    tab.evaluate("history.pushState(null, '', '/Cuenta?cuenta=00000001')")
    painted(tab, lambda: head(tab, "serial").locator(".label").click())
    tab.evaluate("new Promise((done) => setTimeout(done, 100))")  # in line behind the grid's own
    assert tab.url.endswith("/Cuenta?cuenta=00000001")


@pytest.mark.parametrize("text", ["x", "%00", "A" * 9000, "q1bKLFayUrKoBQA"])
def test_a_broken_address_opens_something(tab: Page, text: str) -> None:
    tab.goto(f"/?vista={text}")
    tab.locator("tr[data-id]").first.wait_for()
    assert len(ids(tab)) == 50


# ---- bad input -------------------------------------------------------------------------------


def test_hostile_text_is_text(tab: Page, rows: list[dict[str, Any]]) -> None:
    painted(tab, lambda: tab.get_by_label("Buscar por serie").fill("<b>ana</b>"))
    name = "<b>Ana</b> % _ \\ Ríos"
    expect(tab.get_by_role("gridcell", name=name).first).to_be_visible()
    group_by(tab, "Cliente")
    assert f"Cliente: {name} (" in "".join(groups(tab))
    assert tab.locator(".mesa-grid b, .mesa-grid img, .mesa-grid script").count() == 0


def test_a_view_from_an_enemy_is_answered(tab: Page) -> None:
    """Straight to the socket's end: what the component would never send."""
    view = {"q": 5, "filters": {"'; DROP": "x", "seats": "<script>"}, "group": ["serial", "code"]}
    link = View.parse(view).to_query()
    tab.goto(f"/?vista={link}")
    tab.locator("tr[data-id]").first.wait_for()
    expect(tab.locator(".pill.bad")).to_contain_text("Usuarios: no se entiende")
    expect(tab.locator(".notices")).to_contain_text("Se abrió sin lo que esta tabla no tiene")


def test_a_broken_answer_is_a_sentence_and_can_be_retried(
    tab: Page, rows: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    broken: Path = tmp_path_factory.getbasetemp() / "grid" / "broken"
    broken.touch()
    try:
        painted(tab, lambda: tab.get_by_label("Página siguiente").click())
        expect(tab.get_by_role("alert")).to_contain_text("La base de datos no respondió")
        assert ids(tab) == expected(rows)
    finally:
        broken.unlink()
    painted(tab, lambda: tab.get_by_role("button", name="Reintentar").click())
    expect(tab.get_by_role("alert").filter(has_text="base de datos")).to_have_count(0)
    assert ids(tab) == [row[2] for row in brute.flattened(rows, View())][50:100]
