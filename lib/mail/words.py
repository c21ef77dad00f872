"""From a template and values to what a mail says: bounded, and never code.

Templates are edited by people: nothing of them is compiled before lib/mail/language.py has read
it, and it lets nothing through that can call, compute or loop over more than what is given.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from lib.model.contact import clean
from lib.model.template import Draft

MOST = 1_000_000  # characters that one part may grow to


@dataclass(frozen=True)
class Words:
    """What one mail says. It may hold a CDA, so its repr shows nothing."""

    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str = field(repr=False)


class TooLongError(Exception):
    """A template grew beyond MOST."""


def environment(*, html: bool) -> ImmutableSandboxedEnvironment:
    """A block alone on its line leaves none behind; an unknown name is an error."""
    return ImmutableSandboxedEnvironment(
        undefined=jinja2.StrictUndefined, autoescape=html, trim_blocks=True, lstrip_blocks=True
    )


_PLAIN, _HTML = environment(html=False), environment(html=True)


def rendered(draft: Draft, values: Mapping[str, Any]) -> Words:
    """The words for these values; in text and HTML, `asunto` is the subject as it goes.

    Raises jinja2.TemplateError for a template that lib.mail.checking would have refused, and
    TooLongError.
    """
    subject = clean(_render(draft.subject, values, html=False))
    inside = {**values, "asunto": subject}
    return Words(
        subject, _render(draft.text, inside, html=False), _render(draft.html, inside, html=True)
    )


def _render(source: str, values: Mapping[str, Any], *, html: bool) -> str:
    pieces, size = [], 0
    for piece in _compiled(source, html).generate(values):
        size += len(piece)
        if size > MOST:
            raise TooLongError
        pieces.append(piece)
    return "".join(pieces)


@lru_cache(maxsize=64)  # compiling takes longer than the rest of writing a mail
def _compiled(source: str, html: bool) -> jinja2.Template:
    return (_HTML if html else _PLAIN).from_string(source)
