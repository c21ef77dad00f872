"""Data is never Markdown."""

import pytest
from markdown_it import MarkdownIt

from lib.ui.plain import plain


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
    assert "".join(token.content for token in tokens) == text
    assert {token.type for token in tokens} <= {"text", "text_special"}


def test_a_very_long_name_is_cut() -> None:
    assert len(plain("ñ" * 500)) == 120
