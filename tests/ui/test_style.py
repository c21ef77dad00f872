"""shell.css: what its selectors must not ask of the browser."""

import re
from pathlib import Path

from lib import ui

_CSS = Path(ui.__file__ or "").parent / "shell.css"


def test_no_rule_makes_a_class_change_restyle_everything_below() -> None:
    """A selector that ends in "any element" below a class makes the browser work out the whole
    subtree again whenever any class changes in it: 1,500 elements, 9 ms, four times an act."""
    text = re.sub(r"/\*.*?\*/", "", _CSS.read_text("utf-8"), flags=re.S)
    selectors = [part.strip() for rule in re.findall(r"([^{}]+){", text) for part in _parts(rule)]
    assert any('[class*="st-key-' in selector for selector in selectors)
    assert [s for s in selectors if "[class" in s and _ends_in_anything(s)] == []


def _parts(rule: str) -> list[str]:
    """Split at the commas outside parentheses."""
    return re.split(r",(?![^()]*\))", rule)


def _ends_in_anything(selector: str) -> bool:
    last = re.split(r"[\s>+~]+(?![^()]*\))", selector)[-1]
    return last.startswith(("*", ":")) and not last.startswith(":is(")
