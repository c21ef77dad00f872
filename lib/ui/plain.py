"""Data in places where Streamlit reads Markdown: shown as the text it is."""

_MARKDOWN = frozenset("\\`*_{}[]()<>#+-.!|~$:&^=@")
_LONGEST = 120  # characters of a value in a heading or a link; the whole stands in its form


def plain(text: str) -> str:
    """`text` with everything that Markdown would read escaped, cut when it is very long."""
    short = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return "".join(f"\\{c}" if c in _MARKDOWN else c for c in short)
