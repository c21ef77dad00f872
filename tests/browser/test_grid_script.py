"""The grid's script by itself in Chromium, fed with real answers in an order of our choosing."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from lib.model.view import View
from lib.store.grid import engine
from lib.store.grid.sources import SUBSCRIPTIONS
from lib.ui import modules
from lib.ui.grid import payload
from tests.store.grid.conftest import Wide, wide

__all__ = ["wide"]  # the fixture
pytestmark = pytest.mark.browser

_SET_UP = """async (script) => {
    document.body.innerHTML = "<div id=host></div>";
    const shadow = document.getElementById("host").attachShadow({ mode: "open" });
    shadow.innerHTML = "<div class=mesa-grid></div>";
    const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
    const { default: update } = await import(url);
    window.asked = [];
    window.fired = [];
    window.grid = shadow.querySelector(".mesa-grid");
    window.answer = (data) => update({
        data, parentElement: shadow,
        setStateValue: (_, view) => window.asked.push(view),
        setTriggerValue: (...what) => window.fired.push(what),
    });
}"""


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    page.evaluate(_SET_UP, modules.GRID.script)
    yield page
    page.close()


def answered(wide: Wide, **view: Any) -> dict[str, Any]:
    window = engine.window(wide.store, SUBSCRIPTIONS, View(**view))
    fixed = {"title": "Sistemas", "actions": [], "status": None, "fill": True}
    return {**fixed, **payload.page(SUBSCRIPTIONS, window, {})}


def shown(page: Page) -> tuple[str, list[str]]:
    """What is drawn once what the grid asked for is, rows below those in sight too."""
    page.wait_for_function("() => !grid.classList.contains('waiting')")
    rows = page.locator("tr[data-id]").evaluate_all("rows => rows.map(r => r.dataset.id)")
    return str(page.evaluate("grid.dataset.seq")), rows


def test_a_late_answer_is_dropped(tab: Page, wide: Wide) -> None:
    tab.evaluate("answer", answered(wide))
    tab.get_by_label("Página siguiente").click()
    tab.get_by_label("Página siguiente").click()
    sorted_view = (("serial", True),)
    tab.evaluate("answer", answered(wide, seq=2, sort=sorted_view))
    newest = shown(tab)
    assert newest[0] == "2"
    tab.evaluate("answer", answered(wide, seq=1, offset=50))
    assert shown(tab) == newest


def test_typing_asks_once_and_keeps_what_is_in_the_field(tab: Page, wide: Wide) -> None:
    tab.evaluate("answer", answered(wide))
    search = tab.get_by_label("Buscar por serie")
    search.press_sequentially("ang")
    tab.wait_for_function("asked.length > 0")
    assert [view["q"] for view in tab.evaluate("asked")] == ["ang"]
    search.press_sequentially("el")
    tab.evaluate("answer", answered(wide, q="ang", seq=1))
    assert search.input_value() == "angel"
    tab.wait_for_function("asked.length > 1")
    assert tab.evaluate("asked.at(-1).q") == "angel"


def test_rows_that_stay_are_not_drawn_again(tab: Page, wide: Wide) -> None:
    """What is selected to be copied stays selected when a status elsewhere changes."""
    tab.evaluate("answer", answered(wide))
    tab.evaluate("window.first = grid.querySelector('tr[data-id]')")
    other = answered(wide)
    other["rows"][3]["cells"][5] = "Otro nombre"
    tab.evaluate("answer", other)
    assert tab.evaluate("first === grid.querySelector('tr[data-id]')")
    assert tab.get_by_text("Otro nombre").count() == 1


def test_the_focus_follows_its_row(tab: Page, wide: Wide) -> None:
    tab.evaluate("answer", answered(wide))
    wanted = shown(tab)[1][5]
    tab.locator(f"tr[data-id='{wanted}']").focus()
    moved = answered(wide, seq=1)
    moved["rows"] = moved["rows"][3:]
    tab.evaluate("answer", moved)
    assert tab.evaluate("grid.getRootNode().activeElement.dataset.id") == wanted


def test_nothing_in_the_data_becomes_an_element(tab: Page, wide: Wide) -> None:
    attack = "<img src=x onerror='window.hacked=1'><svg onload='window.hacked=1'>"
    data = answered(wide, group=("product",))
    data["rows"][0]["label"] = data["title"] = attack
    data["columns"][1]["label"] = data["columns"][1]["hint"] = attack
    data["columns"][0]["choices"] = [[attack, attack]]
    flat = answered(wide)["rows"][:3]
    for row in flat:
        row["cells"] = [attack] * len(row["cells"])
        row["id"] = attack + row["id"]
    data["rows"] += flat
    tab.evaluate("answer", data)
    assert tab.locator(".mesa-grid img").count() == 0
    assert tab.get_by_text(attack).count() > 10
    assert tab.evaluate("window.hacked") is None


def test_what_may_not_be_seen_any_more_is_taken_away(tab: Page, wide: Wide) -> None:
    data = {**answered(wide), "peeks": True, "peek": None}
    tab.evaluate("answer", data)
    tab.locator("tr[data-id]").first.click()
    refused = {"problem": "Tu perfil no permite esta acción.", "view": data["view"], "gone": True}
    tab.evaluate("answer", refused)
    assert tab.locator("tr[data-id]").count() == 0
    assert tab.locator(".peek").is_hidden()
    assert tab.get_by_role("alert").get_by_text("Tu perfil no permite").is_visible()
    assert tab.evaluate("grid.getRootNode().activeElement.innerText") == "Reintentar"
    tab.evaluate("answer", data)
    expect(tab.locator("tr[data-id]")).to_have_count(50)  # those below come when Chromium is idle


def test_a_row_without_an_account_has_no_act_on_one(tab: Page, wide: Wide) -> None:
    acts = [
        {"id": name, "label": name, "icon": "mail", "key": name[0], "menu": False}
        for name in ("paper", "account")
    ]
    data = {**answered(wide), "actions": acts, "copied": {"act": "Copiar serie"}}
    data["rows"][1]["acts"] = ["paper"]
    tab.evaluate("answer", data)
    rows = tab.locator("tr[data-id]")
    assert rows.nth(0).locator("[data-action=account]").count() == 1
    assert rows.nth(1).locator("[data-action=account]").count() == 0
    rows.nth(1).get_by_role("button", name="Más acciones").click()
    assert tab.get_by_role("menuitem").all_inner_texts()[0].startswith("paper")
    assert tab.get_by_role("menuitem", name="account").count() == 0


def test_a_letter_with_ctrl_or_command_is_none_of_a_rows(tab: Page, wide: Wide) -> None:
    account = {"id": "account", "label": "Cuenta", "icon": "person", "key": "a", "menu": False}
    tab.evaluate("answer", {**answered(wide), "actions": [account]})
    tab.locator("tr[data-id]").first.focus()
    for held in ("Meta+a", "Control+a"):
        tab.keyboard.press(held)
    assert tab.evaluate("fired") == []
    tab.keyboard.press("a")
    assert tab.evaluate("fired.at(-1)[0]") == "action"


@pytest.mark.parametrize(
    ("name", "asked"), [("Ñ" * 199, "=" + "Ñ" * 199), ("Ñ" * 500, "^" + "Ñ" * 199)]
)
def test_only_the_rows_of_a_very_long_name(tab: Page, wide: Wide, name: str, asked: str) -> None:
    data = answered(wide)
    at = [column["id"] for column in data["columns"]].index("account_name")
    data["rows"][0]["cells"][at] = name
    tab.evaluate("answer", data)
    tab.locator("tr[data-id]").first.locator("td").nth(at).click(button="right")
    tab.get_by_role("menuitem", name="Solo Cliente").click()
    assert tab.evaluate("asked.at(-1).filters") == {"account_name": asked}


def test_an_answer_for_another_row_stays_out_of_the_panel(tab: Page, wide: Wide) -> None:
    data = {**answered(wide), "peeks": True}
    tab.evaluate("answer", data)
    first, second = shown(tab)[1][:2]
    told = {"title": "", "about": "", "sections": [], "acts": []}
    tab.locator(f"tr[data-id='{first}']").click()
    tab.evaluate("answer", {**data, "peek": {**told, "id": second, "title": "Otro"}})
    assert tab.get_by_role("heading", name="Otro").count() == 0
    tab.evaluate("answer", {**data, "peek": {**told, "id": first, "title": "El suyo"}})
    assert tab.get_by_role("heading", name="El suyo").count() == 1


def test_a_new_set_of_columns_is_framed_anew(tab: Page, wide: Wide) -> None:
    tab.evaluate("answer", answered(wide))
    data = answered(wide, seq=1)
    data["columns"] = data["columns"][:2]
    for row in data["rows"]:
        row["cells"] = row["cells"][:2]
    tab.evaluate("answer", data)
    assert tab.locator("th").count() == 2
    assert tab.locator("tr[data-id]").first.locator("td").count() == 2


def test_what_was_ticked_stays_though_its_answer_is_still_to_come(tab: Page, wide: Wide) -> None:
    tab.evaluate("answer", answered(wide))
    tab.locator("[data-filter=product] + .funnel").click()
    tab.get_by_label("SAE").check()
    tab.locator("th[data-col=serial] .label").click()
    assert tab.evaluate("asked.at(-1).filters") == {"product": "SAE"}
    assert tab.evaluate("asked.at(-1).sort") == [["serial", False]]


def test_a_list_that_got_no_answer_asks_again(tab: Page, wide: Wide) -> None:
    tab.evaluate("answer", answered(wide))
    tab.locator("[data-filter=product] + .funnel").click()
    tab.evaluate("answer", answered(wide))
    counts = [["SAE", "SAE", 7]]
    facet = {"column": "product", "values": counts, "more": False}
    tab.evaluate("answer", {**answered(wide), "facet": facet})
    assert tab.evaluate("fired") == [["ask", {"facet": "product", "typed": ""}]] * 2
    assert tab.get_by_label("SAE, 7 registros").count() == 1
