"""Data in places where Streamlit reads Markdown: shown as the text it is."""

import re

from lib.model.errors import AppError
from lib.ui import messages

_MARKDOWN = frozenset("\\`*_{}[]()<>#+-.!|~$:&^=@")
_LONGEST = 120  # characters of a value in a heading or a link; the whole stands in its form
_JOINER = "\u2060"  # invisible and of no width
# What Streamlit makes of text that is no longer Markdown, whatever was escaped: links of addresses
# (a://b, www.a, a@b), icons and emoji (:a:), arrows and dashes (->, --). A joiner after the
# first character makes it none of these.
_REWRITTEN = re.compile(
    r":(?=\S)|@|www(?=\.)|(?<!\S)(?:<(?=->?(?!\S))|-(?=[->](?!\S))|[<>~](?==(?!\S)))", re.IGNORECASE
)


def plain(text: str) -> str:
    """`text` with everything that Markdown would read escaped, cut when it is very long."""
    return escaped(text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…")


def escaped(text: str) -> str:
    """`text` whole, with everything that Markdown or Streamlit would read made unreadable."""
    kept = _REWRITTEN.sub(lambda found: found[0] + _JOINER, text)
    return "".join(f"\\{c}" if c in _MARKDOWN else c for c in kept)


def refusal(error: AppError) -> str:
    """Why not, for st.error: its facts may come out of a file or an address somebody was sent."""
    return escaped(messages.sentence(error))
