"""The palette's script by itself in Chromium, fed with answers in an order of our choosing."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from lib.ui import hits, modules

pytestmark = pytest.mark.browser

_SET_UP = """async (script) => {
    document.body.innerHTML = "<main id=stMain tabindex=0><div id=host></div></main>";
    const shadow = document.getElementById("host").attachShadow({ mode: "open" });
    shadow.innerHTML = "<div class=mesa-palette></div>";
    const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
    const { default: update } = await import(url);
    window.asked = [];
    window.went = [];
    const fixed = { pages: [], keys: [], shortest: 3, nothing: "NADA" };
    window.answer = (answer) => update({
        data: { ...fixed, answer }, parentElement: shadow,
        setTriggerValue: (name, value) => (name === "ask" ? asked : went).push(value),
    });
    answer(null);
}"""


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    page.evaluate(_SET_UP, modules.PALETTE.script)
    page.keyboard.press("/")
    yield page
    page.close()


def answered(asked: dict[str, Any], *titles: str, total: int = 0) -> dict[str, Any]:
    options = [
        {
            "title": title,
            "detail": "00000001",
            "to": {"file": "pages/Cuenta.py", "query": {"cuenta": title}},
            "href": "/Cuenta",
            "row": "",
        }
        for title in titles
    ]
    total = total or len(titles)
    kind = {"id": "accounts", "label": "Cuentas", "total": total, "options": options}
    return {**asked, "kinds": [kind] if titles else [], "problem": ""}


def asked(page: Page, text: str) -> dict[str, Any]:
    """The question for this text, once it has been asked."""
    page.wait_for_function("text => asked.some(({ q }) => q === text)", arg=text)
    question: dict[str, Any] = page.evaluate("text => asked.findLast(({ q }) => q === text)", text)
    return question


def test_typing_asks_once_and_a_late_answer_is_dropped(tab: Page) -> None:
    tab.keyboard.insert_text("zoe")
    first = asked(tab, "zoe")
    tab.keyboard.insert_text(" perez")
    second = asked(tab, "zoe perez")
    tab.evaluate("answer", answered(second, "Zoé Pérez"))
    tab.evaluate("answer", answered(first, "Zoé Otra"))
    expect(tab.get_by_role("option")).to_have_text(["Zoé Pérez00000001"])
    assert tab.evaluate("asked.length") == 2


def test_enter_before_the_answer_opens_what_can_only_be_meant(tab: Page) -> None:
    tab.keyboard.insert_text("zoe")
    tab.keyboard.press("Enter")
    tab.evaluate("answer", answered(asked(tab, "zoe"), "Zoé", "Zoila", total=2))
    assert tab.evaluate("went") == []
    tab.keyboard.insert_text(" p")
    tab.keyboard.press("Enter")
    tab.evaluate("answer", answered(asked(tab, "zoe p"), "Zoé"))
    assert tab.evaluate("went.map(to => to.query.cuenta)") == ["Zoé"]
    expect(tab.get_by_role("dialog")).to_have_count(0)


def test_enter_before_the_answer_opens_nothing_merely_like_it(tab: Page) -> None:
    tab.keyboard.insert_text("zeo")
    tab.keyboard.press("Enter")
    answer = answered(asked(tab, "zeo"), "Zoé")
    answer["kinds"][0]["note"] = "Se muestran parecidos: «zoe» por «zeo»."
    tab.evaluate("answer", answer)
    expect(tab.get_by_text("Se muestran parecidos")).to_be_visible()
    assert tab.evaluate("went") == []


def test_arrows_choose_and_say_so(tab: Page) -> None:
    tab.keyboard.insert_text("zoe")
    tab.evaluate("answer", answered(asked(tab, "zoe"), "A", "B", "C"))
    field = tab.get_by_role("combobox")
    for key, chosen in (("", "A"), ("ArrowDown", "B"), ("ArrowUp", "A"), ("ArrowUp", "C")):
        if key:
            tab.keyboard.press(key)
        option = tab.get_by_role("option", selected=True)
        expect(option).to_contain_text(chosen)
        expect(field).to_have_attribute("aria-activedescendant", option.get_attribute("id") or "")
    tab.keyboard.press("Enter")
    assert tab.evaluate("went[0].query.cuenta") == "C"


def test_nothing_found_says_what_to_try_and_a_problem_can_be_retried(tab: Page) -> None:
    tab.keyboard.insert_text("zoe")
    tab.evaluate("answer", answered(asked(tab, "zoe")))
    expect(tab.get_by_role("status")).to_have_text("NADA")
    expect(tab.get_by_role("combobox")).to_have_attribute("aria-expanded", "false")
    tab.keyboard.insert_text("x")
    tab.evaluate("answer", {**answered(asked(tab, "zoex")), "problem": "El almacén no responde."})
    expect(tab.get_by_role("status")).to_contain_text("El almacén no responde.")
    tab.get_by_role("button", name="Reintentar").click()
    assert tab.evaluate("asked.filter(({ q }) => q === 'zoex').length") == 2
    expect(tab.get_by_role("combobox")).to_be_focused()


def test_a_short_text_asks_nothing_and_takes_back_what_was_asked(tab: Page) -> None:
    tab.keyboard.insert_text("zo")
    expect(tab.get_by_role("status")).to_contain_text("al menos 3 letras")
    tab.keyboard.press("Enter")
    tab.keyboard.insert_text("e")
    first = asked(tab, "zoe")
    tab.keyboard.press("Backspace")
    tab.evaluate("answer", answered(first, "Zoé"))
    expect(tab.get_by_role("option")).to_have_count(0)
    assert hits.SHORTEST == 3


def test_nothing_in_the_data_becomes_an_element(tab: Page) -> None:
    attack = "<img src=x onerror='window.hacked=1'>"
    tab.keyboard.insert_text("zoe")
    answer = answered(asked(tab, "zoe"), attack)
    answer["kinds"][0]["label"] = answer["kinds"][0]["options"][0]["detail"] = attack
    tab.evaluate("answer", answer)
    expect(tab.get_by_text(attack)).to_have_count(3)
    expect(tab.locator("img")).to_have_count(0)
    assert tab.evaluate("window.hacked") is None
