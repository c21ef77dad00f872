"""The grid's rows in a real Chromium: the side panel, selection, menus, copying, where the focus
goes (tests/browser/apps/grid_page.py)."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from lib.model.view import View
from tests.browser import grid_server
from tests.browser.conftest import at_rest
from tests.browser.grid_acts import active, all_drawn, group_by, head, ids, painted
from tests.browser.motives import window_by
from tests.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.slow]

_IN_PANEL = "() => { let n = document.activeElement;" + (
    " while (n?.shadowRoot?.activeElement) n = n.shadowRoot.activeElement;"
    " return Boolean(n?.closest('.peek')); }"
)


LOST = "Cannot set a node at a delta path"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("rows")


@pytest.fixture(scope="module")
def rows(data: Path) -> list[dict[str, Any]]:
    return grid_server.fill(data)


@pytest.fixture(scope="module")
def address(rows: list[dict[str, Any]], data: Path) -> Iterator[str]:
    with grid_server.running(data) as address:
        yield address


@pytest.fixture
def context(browser: Browser, address: str) -> Iterator[BrowserContext]:
    context = browser.new_context(
        base_url=address, viewport={"width": 1280, "height": 720}, locale="es-MX"
    )
    context.set_default_timeout(20_000)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    yield context
    context.close()


@pytest.fixture
def tab(context: BrowserContext) -> Iterator[Page]:
    """A tab with the grid on screen; any error of its script fails the test."""
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto("/")
    all_drawn(page)
    at_rest(page)
    yield page
    assert [error for error in errors if error != LOST] == []


def row(page: Page, i: int) -> Locator:
    return page.locator("tr[data-id]").nth(i)


def panel(page: Page) -> Locator:
    return page.locator(".peek")


def shown(page: Page, serial: str) -> None:
    """The panel tells of this serial."""
    expect(panel(page).locator("dd").first).to_contain_text(serial)


def bar(page: Page) -> Locator:
    return page.get_by_role("toolbar", name="Selección")


def copied(page: Page) -> str:
    return str(page.evaluate("navigator.clipboard.readText()"))


def selected(page: Page) -> list[str]:
    chosen = page.locator("tr[data-id][aria-selected=true]")
    return [str(i) for i in chosen.evaluate_all("rows => rows.map(r => r.dataset.id)")]


def group_by_product(page: Page) -> None:
    painted(page, lambda: head(page, "product").drag_to(page.locator(".panel")))


# ---- the side panel --------------------------------------------------------------------------


def test_a_click_opens_the_panel_and_keeps_the_place(tab: Page) -> None:
    painted(tab, lambda: head(tab, "serial").locator(".label").click())
    painted(tab, lambda: tab.get_by_label("Página siguiente").click())
    before = ids(tab)
    scroll = tab.locator(".scroll")
    row(tab, 30).scroll_into_view_if_needed()
    at = scroll.evaluate("e => e.scrollTop")
    row(tab, 30).locator("td").nth(4).click()
    shown(tab, before[30])
    assert ids(tab) == before
    assert scroll.evaluate("e => e.scrollTop") == at
    assert active(tab) == before[30]
    row(tab, 2).locator("td").nth(4).click()
    shown(tab, before[2])
    painted(tab, lambda: tab.get_by_label("Página siguiente").click())
    shown(tab, before[2])


def test_arrows_move_the_panel_along_and_escape_closes_it(tab: Page) -> None:
    every = ids(tab)
    row(tab, 0).focus()
    tab.keyboard.press("Enter")
    shown(tab, every[0])
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("ArrowDown")
    shown(tab, every[2])
    assert active(tab) == every[2]
    tab.keyboard.press("Enter")
    assert tab.evaluate(_IN_PANEL)
    tab.keyboard.press("ArrowUp")
    shown(tab, every[1])
    tab.keyboard.press("Escape")
    expect(panel(tab)).to_be_hidden()
    assert active(tab) == every[1]


def test_the_panel_follows_the_row_with_the_focus_when_a_page_is_turned(tab: Page) -> None:
    row(tab, 0).focus()
    tab.keyboard.press("Enter")
    painted(tab, lambda: tab.keyboard.press("PageDown"))
    assert active(tab) == ids(tab)[0]
    shown(tab, ids(tab)[0])


def test_its_buttons_step_and_copy(tab: Page) -> None:
    every = ids(tab)
    row(tab, 0).locator("td").nth(4).click()
    shown(tab, every[0])
    expect(tab.get_by_label("Renglón anterior")).to_have_attribute("aria-disabled", "true")
    tab.get_by_label("Renglón siguiente").click()
    shown(tab, every[1])
    panel(tab).get_by_label("Copiar No. Serie").click()
    expect(tab.get_by_text("Serie copiada").first).to_be_visible()
    assert copied(tab) == every[1]
    panel(tab).get_by_role("button", name="Reenviar CDA").click()
    expect(tab.get_by_role("dialog")).to_contain_text(f"Serie {every[1]}")


def test_a_row_that_is_gone_is_said(tab: Page, data: Path) -> None:
    (data / "lose").touch()
    try:
        row(tab, 0).locator("td").nth(4).click()
        expect(panel(tab)).to_contain_text("Ese renglón ya no existe")
    finally:
        (data / "lose").unlink()
    tab.keyboard.press("ArrowDown")
    shown(tab, ids(tab)[1])


def test_a_row_that_vanished_while_shown_is_told_and_the_table_refreshed(
    tab: Page, data: Path
) -> None:
    row(tab, 4).focus()
    (data / "vanish").touch()
    try:
        tab.keyboard.press("r")
        expect(tab.get_by_text("Ese renglón ya no existe")).to_be_visible()
        expect(tab.locator("tr[data-id]")).to_have_count(0)
        expect(tab.get_by_role("dialog")).to_have_count(0)
        expect(tab.get_by_label("Buscar por serie")).to_be_focused()
    finally:
        (data / "vanish").unlink()


def test_the_whole_of_what_is_cut_stands_in_its_title(tab: Page) -> None:
    cell = row(tab, 0).locator("td").nth(4)
    assert cell.get_attribute("title") == ids(tab)[0]


def test_a_name_of_hundreds_of_letters_hides_nothing_else(tab: Page) -> None:
    painted(tab, lambda: tab.get_by_label("Filtrar Cliente").fill("x" * 100))
    group_by(tab, "Cliente")
    group = tab.locator("tr.group")
    assert group.locator("td[title]").get_attribute("title") == "x" * 500
    count, stage = group.locator(".count").bounding_box(), tab.locator(".stage").bounding_box()
    assert count
    assert stage
    assert count["x"] + count["width"] < stage["x"] + stage["width"]
    painted(tab, group.click)
    row(tab, 0).locator("td").nth(4).click()
    shown(tab, ids(tab)[0])
    title = panel(tab).locator(".title")
    assert title.get_attribute("title") == title.inner_text()
    title.evaluate("title => { title.textContent = 'Nombre '.repeat(70); }")
    assert title.evaluate("title => title.clientHeight") < 80


def test_deep_under_groups_a_row_s_first_cell_can_be_read(tab: Page) -> None:
    deep = View(group=("product", "version", "seats", "period", "status"), unfolded=True)
    tab.goto(f"/?vista={deep.to_query()}")
    row(tab, 0).wait_for()
    first = tab.locator("tr[data-id] td:nth-child(2)")
    cut = first.evaluate_all(
        "all => all.filter((td) => td.scrollWidth > td.clientWidth).map((td) => td.textContent)"
    )
    assert cut == []


# ---- selection -------------------------------------------------------------------------------


def test_selection_survives_pages_and_sorts(tab: Page) -> None:
    first = ids(tab)[1:5]
    row(tab, 1).get_by_role("checkbox").click()
    row(tab, 4).get_by_role("checkbox").click(modifiers=["Shift"])
    assert selected(tab) == first
    expect(bar(tab)).to_contain_text("4 seleccionados")
    painted(tab, lambda: tab.get_by_label("Página siguiente").click())
    assert selected(tab) == []
    row(tab, 0).get_by_role("checkbox").click()
    expect(bar(tab)).to_contain_text("5 seleccionados")
    painted(tab, lambda: tab.get_by_label("Página anterior").click())
    assert selected(tab) == first
    painted(tab, lambda: head(tab, "serial").locator(".label").click())
    expect(bar(tab)).to_contain_text("5 seleccionados")
    bar(tab).get_by_text("Copiar series").click()
    expect(tab.get_by_text("5 series copiadas").first).to_be_visible()
    assert set(first) < set(copied(tab).splitlines())
    bar(tab).get_by_text("Quitar selección").click()
    expect(bar(tab)).to_be_hidden()
    assert active(tab) in ids(tab)


def test_the_bar_moves_nothing(tab: Page) -> None:
    def places() -> list[Any]:
        return [row(tab, 3).bounding_box(), tab.locator(".foot").bounding_box()]

    before = places()
    row(tab, 3).get_by_role("checkbox").click()
    expect(bar(tab)).to_be_visible()
    assert places() == before


def test_what_can_no_longer_be_seen_is_not_selected(tab: Page) -> None:
    row(tab, 0).get_by_role("checkbox").click()
    painted(tab, lambda: tab.get_by_label("Buscar por serie").fill("ana"))
    expect(bar(tab)).to_be_hidden()
    expect(tab.get_by_text("Selección quitada: cambió la búsqueda").last).to_be_visible()


def test_the_heading_s_box_is_this_page(tab: Page) -> None:
    box = tab.get_by_role("checkbox", name="Seleccionar esta página")
    box.click()
    expect(bar(tab)).to_contain_text("50 seleccionados")
    row(tab, 3).get_by_role("checkbox").click()
    expect(box).to_have_attribute("aria-checked", "mixed")
    painted(tab, lambda: tab.get_by_label("Página siguiente").click())
    expect(box).to_have_attribute("aria-checked", "false")
    box.press(" ")
    expect(bar(tab)).to_contain_text("99 seleccionados")
    box.press(" ")
    expect(bar(tab)).to_contain_text("49 seleccionados")


def test_a_whole_group_open_or_closed(tab: Page, rows: list[dict[str, Any]]) -> None:
    group_by_product(tab)
    noi = [r["serial"] for r in rows if r["product"] == "NOI"]
    tab.get_by_role("checkbox", name="Seleccionar todo el grupo NOI").click()
    expect(bar(tab)).to_contain_text(f"{len(noi)} seleccionados")
    bar(tab).get_by_text("Copiar series").click()
    expect(tab.get_by_text(f"{len(noi)} series copiadas").first).to_be_visible()
    assert sorted(copied(tab).splitlines()) == sorted(noi)
    painted(tab, lambda: tab.locator("tr.group").nth(1).click())
    assert selected(tab) == ids(tab)
    painted(tab, lambda: tab.get_by_label("Página siguiente").click())
    inside = [serial for serial in ids(tab) if serial in noi]
    assert inside
    assert selected(tab) == inside
    row(tab, 0).get_by_role("checkbox").click()
    expect(tab.get_by_text("Está en un grupo seleccionado completo").first).to_be_visible()
    expect(bar(tab)).to_contain_text(f"{len(noi)} seleccionados")


def test_a_group_with_some_of_its_rows_selected_says_so(tab: Page) -> None:
    group_by_product(tab)
    painted(tab, tab.locator("tr.group").first.click)
    row(tab, 0).get_by_role("checkbox").click()
    box = tab.locator("tr.group").first.get_by_role("checkbox")
    expect(box).to_have_attribute("aria-checked", "mixed")
    box.click()
    assert selected(tab) == ids(tab)
    count = re.search(r"\((\d+)\)", tab.locator("tr.group").first.inner_text())
    assert count
    expect(bar(tab)).to_contain_text(f"{count[1]} seleccionados")


def test_what_is_done_with_a_selection_reaches_python(tab: Page) -> None:
    group_by_product(tab)
    painted(tab, tab.locator("tr.group").first.click)
    row(tab, 0).get_by_role("checkbox").click()
    painted(tab, tab.locator("tr.group").first.click)
    tab.get_by_role("checkbox", name="Seleccionar todo el grupo SAE").click()
    bar(tab).get_by_text("Contar").click()
    expect(tab.get_by_text("count 1 [('SAE',)]")).to_be_visible()


def test_selecting_by_keyboard(tab: Page) -> None:
    every = ids(tab)
    row(tab, 0).focus()
    tab.keyboard.press(" ")
    assert selected(tab) == every[:1]
    tab.keyboard.press("Shift+ArrowDown")
    tab.keyboard.press("Shift+ArrowDown")
    assert selected(tab) == every[:3]
    assert active(tab) == every[2]
    tab.keyboard.press(" ")
    assert selected(tab) == every[:2]
    for _ in range(4):
        tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Shift+ ")
    assert selected(tab) == every[:7]
    tab.keyboard.press("Control+a")
    assert selected(tab) == every
    assert tab.evaluate("String(getSelection())") == ""


# ---- copying ---------------------------------------------------------------------------------


def test_one_key_copies_the_serial(tab: Page) -> None:
    row(tab, 2).focus()
    tab.keyboard.press("c")
    expect(tab.get_by_text("Serie copiada").first).to_be_visible()
    assert copied(tab) == ids(tab)[2]
    assert active(tab) == ids(tab)[2]


def test_it_copies_where_there_is_no_clipboard(context: BrowserContext) -> None:
    """Over plain HTTP a browser has none."""
    context.add_init_script("delete Navigator.prototype.clipboard")
    page = context.new_page()
    page.goto("/")
    row(page, 2).focus()
    page.keyboard.press("c")
    expect(page.get_by_text("Serie copiada").first).to_be_visible()
    assert active(page) == ids(page)[2]
    page.get_by_label("Buscar por serie").focus()
    page.keyboard.press("Control+v")
    assert page.get_by_label("Buscar por serie").input_value() == ids(page)[2]


def test_what_can_t_be_copied_stands_ready_to_be(context: BrowserContext) -> None:
    context.add_init_script(
        "delete Navigator.prototype.clipboard; Document.prototype.execCommand = () => false"
    )
    page = context.new_page()
    page.goto("/")
    row(page, 2).focus()
    page.keyboard.press("c")
    field = page.get_by_role("dialog").get_by_role("textbox")
    expect(field).to_be_focused()
    assert field.input_value() == ids(page)[2]
    page.keyboard.press("Escape")
    assert active(page) == ids(page)[2]


# ---- menus and letters -----------------------------------------------------------------------


@pytest.mark.parametrize("way", ["m", "Shift+F10", "ContextMenu", "button"])
def test_a_row_s_menu(tab: Page, way: str) -> None:
    serial = ids(tab)[1]
    row(tab, 1).focus()
    if way == "button":
        row(tab, 1).get_by_role("button", name="Más acciones").click()
    else:
        tab.keyboard.press(way)
    menu = tab.get_by_role("menu", name=f"Acciones de {serial}")
    names = [text.split("\n")[0] for text in menu.get_by_role("menuitem").all_inner_texts()]
    first = ["Reenviar CDA", "Ver la cuenta", "Ver en Bitácora", "Ver en el panel"]
    assert names[:4] == first
    assert "Copiar serie" in names
    tab.keyboard.press("Escape")
    expect(menu).to_have_count(0)
    assert active(tab).startswith(serial)
    tab.keyboard.press("m")
    tab.keyboard.press("v")  # by its letter: Ver la cuenta
    tab.keyboard.press("Enter")
    expect(tab.get_by_text(re.compile(r"^account \d+"))).to_be_visible()


def test_a_cell_s_value_becomes_a_filter(tab: Page, rows: list[dict[str, Any]]) -> None:
    cell = row(tab, 0).locator("td").nth(1)
    product = cell.inner_text()
    cell.click(button="right")
    painted(tab, lambda: tab.get_by_role("menuitem", name=f"Solo Sistema: {product}").click())
    counted = sum(r["product"] == product for r in rows)
    expect(tab.locator(".foot .where")).to_contain_text(f"de {counted}")


def test_a_letter_acts_and_the_focus_comes_back(tab: Page) -> None:
    serial = ids(tab)[3]
    window_by(tab, lambda: row(tab, 3).press("r", timeout=5_000))
    expect(tab.get_by_role("dialog")).to_contain_text(f"Serie {serial}")
    tab.wait_for_function("() => document.activeElement.closest('[role=dialog]') != null")
    tab.keyboard.press("Escape")
    expect(tab.get_by_role("dialog")).to_have_count(0)
    until(lambda: active(tab) == serial)


def test_a_letter_after_g_is_not_the_row_s(tab: Page) -> None:
    row(tab, 2).focus()
    tab.evaluate("navigator.clipboard.writeText('antes')")
    tab.keyboard.press("g")
    tab.keyboard.press("c")
    assert copied(tab) == "antes"


def test_the_focus_goes_to_the_nearest_row_and_never_away(tab: Page) -> None:
    painted(tab, lambda: tab.get_by_label("Última página").click())
    row(tab, 5).focus()
    tab.keyboard.press("PageDown")
    assert active(tab) == ids(tab)[-1]
    painted(tab, lambda: tab.keyboard.press("PageUp"))
    assert active(tab) == ids(tab)[0]


# ---- a telephone -----------------------------------------------------------------------------


@pytest.fixture
def phone(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(
        base_url=address,
        viewport={"width": 390, "height": 844},
        locale="es-MX",
        has_touch=True,
        is_mobile=True,
    )
    context.set_default_timeout(20_000)
    page = context.new_page()
    page.goto("/")
    all_drawn(page)
    at_rest(page)
    yield page
    context.close()


def test_a_tap_opens_a_sheet_over_everything(phone: Page) -> None:
    every = ids(phone)
    row(phone, 1).locator("td").nth(1).tap()
    sheet = phone.get_by_role("dialog")
    shown(phone, every[1])
    box = sheet.bounding_box()
    assert box == {"x": 0, "y": 0, "width": 390, "height": 844}
    for _ in range(8):
        phone.keyboard.press("Tab")
        assert phone.evaluate(_IN_PANEL)
    phone.get_by_label("Renglón siguiente").tap()
    shown(phone, every[2])
    phone.get_by_label("Cerrar el panel").tap()
    expect(sheet).to_be_hidden()
    assert active(phone) == every[2]


def test_a_row_shows_its_first_act_and_the_way_to_the_rest(phone: Page) -> None:
    acts = row(phone, 0).locator(".act")
    narrow = acts.bounding_box()
    assert narrow
    assert narrow["width"] < 75
    expect(acts.locator("button:visible")).to_have_count(2)
    row(phone, 0).focus()
    for _ in range(3):
        phone.keyboard.press("ArrowRight")
    expect(acts.locator(":focus")).to_have_attribute("data-action", ":menu")
    phone.set_viewport_size({"width": 900, "height": 700})
    expect(acts.locator("button:visible")).to_have_count(3)


def test_a_finger_that_stays_selects(phone: Page) -> None:
    box = row(phone, 2).locator("td").nth(1).bounding_box()
    assert box
    touch = {"x": box["x"] + 10, "y": box["y"] + 10}
    hand = phone.context.new_cdp_session(phone)
    hand.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [touch]})
    expect(bar(phone)).to_contain_text("1 seleccionado")
    hand.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(bar(phone)).to_contain_text("1 seleccionado")
    assert selected(phone) == [ids(phone)[2]]
    expect(panel(phone)).to_be_hidden()
