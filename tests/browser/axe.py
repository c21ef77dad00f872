"""What is wrong with a screen for somebody: axe's findings, by light and by dark, and English.

axe-core comes inside axe-playwright-python and runs in the page, shadows included.
"""

import re
from contextlib import suppress
from pathlib import Path
from typing import Literal

import axe_playwright_python
from playwright.sync_api import Page, expect

from tests.waiting import until

_AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
_LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
_EVERYTHING = {"type": "tag", "values": _LEVELS}
_COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
_RUN = """async ([only, off]) => {
    const rules = Object.fromEntries(off.map((rule) => [rule, { enabled: false }]));
    const { violations } = await axe.run(document, {
        runOnly: only, rules, resultTypes: ["violations"], elementRef: false,
    });
    return violations.flatMap(({ id, nodes }) => nodes.map((node) =>
        [id, node.target.join(" "), node.html.slice(0, 160), node.any[0]?.message].join(" | ")));
}"""
_PAPER = "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
_PAPERS = {"light": "rgb(255, 255, 255)", "dark": "rgb(18, 25, 26)"}  # .streamlit/config.toml
_INKS = {"light": "rgb(27, 38, 36)", "dark": "rgb(232, 238, 236)"}
_LEFT_BEHIND = """ink => [...document.querySelectorAll("p, h1, h2, label, button")]
    .filter((node) => getComputedStyle(node).color === ink).length"""

# What Streamlit or a library of its says in English; names of files and of people aside.
_HEARD = """() => {
    const said = [];
    const walk = (root) => {
        for (const node of root.querySelectorAll("*")) {
            if (node.shadowRoot) walk(node.shadowRoot);
            for (const name of ["aria-label", "title", "placeholder", "alt"]) {
                if (node.getAttribute(name)) said.push(node.getAttribute(name));
            }
            const own = [...node.childNodes].filter((n) => n.nodeType === Node.TEXT_NODE);
            const shut = "style, script, noscript, [data-testid=stIconMaterial]";
            if (!node.closest(shut)) said.push(...own.map((n) => n.data.trim()).filter(Boolean));
        }
    };
    walk(document.body);
    return said;
}"""
_ENGLISH = re.compile(
    r"\b(the|open|close|clear|show|hide|search|select|choose|remove|upload|file|press|enter to|"
    r"skip|sidebar|collapse|expand|icon|options?|available|loading|running|fullscreen|help for|"
    r"dismiss|drag|drop|limit|per)\b",
    re.IGNORECASE,
)
_SPANISH_TOO = re.compile(r"Presiona Enter|Enter|No\. Serie|\.csv|example", re.IGNORECASE)


def problems(page: Page, *off: str, dark: bool = True) -> list[str]:
    """What axe finds on the screen as it stands, by light and, for its colours, by dark; and what
    is said in English. `off`: rules that say nothing here."""
    settled(page)
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_AXE)
    found: list[str] = page.evaluate(_RUN, [_EVERYTHING, list(off)])
    if dark:
        theme(page, "dark")
        found += [f"dark {each}" for each in page.evaluate(_RUN, [_COLOURS, []])]
        theme(page, "light")
    with suppress(AssertionError):  # a theme's change draws icons anew, Spanish a moment later
        until(lambda: not english(page))
    return found + [f"English: {text}" for text in english(page)]


def theme(page: Page, name: Literal["light", "dark"]) -> None:
    """Change it as a person's system does, and wait until all of the page has followed."""
    page.emulate_media(color_scheme=name)
    until(lambda: page.evaluate(_PAPER) == _PAPERS[name], 10)
    other = _INKS["light" if name == "dark" else "dark"]
    until(lambda: page.evaluate(_LEFT_BEHIND, other) == 0, 10)


def settled(page: Page) -> None:
    """Nothing runs on the server and nothing moves on the screen."""
    app = page.get_by_test_id("stApp")
    expect(app).to_have_attribute("data-test-script-state", "notRunning")
    until(lambda: page.evaluate("document.documentElement.lang === 'es-MX'"))
    until(lambda: page.evaluate("document.getAnimations().every(a => a.playState !== 'running')"))


def english(page: Page) -> list[str]:
    said: list[str] = page.evaluate(_HEARD)
    return sorted({t for t in said if _ENGLISH.search(t) and not _SPANISH_TOO.search(t)})
