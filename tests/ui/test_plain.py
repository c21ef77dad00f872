"""Data is never Markdown."""

import re

import pytest
from markdown_it import MarkdownIt

from lib.model.errors import AppError, Reason
from lib.ui.plain import plain, refusal

JOINER = "\u2060"


@pytest.mark.parametrize(
    "text",
    [
        "<img src=x onerror=alert(1)> *Ana*",
        "[clic](javascript:alert(1))",
        "**negritas** _y_ `código`",
        ":red[rojo] :material/home:",
        "$x^2$ y $$y$$",
        "# título",
        "a & b &lt; c",
        "https://evil.example.com y ana@example.com",
    ],
)
def test_markdown_renders_what_was_written(text: str) -> None:
    tokens = MarkdownIt("commonmark").parseInline(plain(text))[0].children or []
    assert "".join(token.content for token in tokens).replace(JOINER, "") == text
    assert {token.type for token in tokens} <= {"text", "text_special"}


@pytest.mark.parametrize(
    ("text", "rewritten"),
    [
        ("http://a.example", r"https?://"),
        ("HTTP://a.example", r"(?i)https?://"),
        ("WWW.a.example", r"(?i)www\."),
        ("ana@a.example", r"@\w"),
        (":material/home:", r":material/\w+:"),
        (":streamlit:", r":[\w-]+:"),
        ("a:+1:b", r":\+1:"),
        ("a -> b", r"\s->\s"),
        ("<- a", r"^<-\s"),
        ("a <-> b", r"\s<->\s"),
        ("a -- b", r"\s--\s"),
        ("a >= b", r"\s>=\s"),
        ("a ~= b", r"\s~=\s"),
    ],
)
def test_nothing_is_left_that_streamlit_makes_something_else_of(text: str, rewritten: str) -> None:
    assert re.search(rewritten, text)
    tokens = MarkdownIt("commonmark").parseInline(plain(text))[0].children or []
    shown = "".join(token.content for token in tokens)
    assert not re.search(rewritten, shown)
    assert shown.replace(JOINER, "") == text


def test_an_ordinary_name_has_nothing_invisible_in_it() -> None:
    assert JOINER not in plain("Refaccionaria Peña-López, S.A. de C.V. (Norte) & Hijos: 24/7")


def test_a_very_long_name_is_cut() -> None:
    assert len(plain("ñ" * 500)) == 120


def test_a_refusal_is_whole_and_its_facts_are_text() -> None:
    said = refusal(AppError(Reason.UNKNOWN_ACCOUNT, account_no="[x](https://a.example)" * 20))
    tokens = MarkdownIt("commonmark").parseInline(said)[0].children or []
    assert {token.type for token in tokens} <= {"text", "text_special"}
    assert said.count("a\\.example") == 20
