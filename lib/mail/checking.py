"""Whether a template may be saved: read part by part, then tried on made-up customers."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from lib.mail import language as jinja
from lib.mail import markup, samples, words
from lib.mail.words import Words
from lib.model.outbox import MailKind
from lib.model.template import LONGEST, SPECS, Draft, Fault, Language, Part, Wrong


def faults(kind: MailKind, language: Language, draft: Draft) -> list[Fault]:
    """What has to be corrected first; [] for a template that may be saved.

    Of a part that can't be read only that is said: the rest would follow from it.
    """
    found = [fault for part in Part for fault in _of_part(kind, draft, part)]
    return found or _tried(kind, language, draft)


def _of_part(kind: MailKind, draft: Draft, part: Part) -> list[Fault]:
    source = draft[part]
    if not source.strip():
        return [Fault(part, Wrong.EMPTY)]
    if len(source) > LONGEST[part]:
        return [Fault(part, Wrong.TOO_LONG)]
    found = jinja.faults(draft, part, SPECS[kind])
    if found or part is not Part.HTML:
        return found
    return markup.source_faults(source)


def _tried(kind: MailKind, language: Language, draft: Draft) -> list[Fault]:
    """Rendered as it would be for somebody, for nobody anybody wants, and for the largest."""
    typical = samples.typical(kind, language, "Asunto")
    hostile, large = samples.hostile(kind, language), samples.large(kind, language)
    for part in Part:  # each alone, to say which
        alone = replace(_NOTHING, **{part.value: draft[part]})
        try:
            for values in (typical, hostile, large):
                words.rendered(alone, values)
        except words.TooLongError:
            return [Fault(part, Wrong.TOO_LONG)]
        except Exception:  # Jinja2 and the compiler under it raise what they please
            return [Fault(part, Wrong.SYNTAX)]
    usual, odd = (words.rendered(draft, values) for values in (typical, hostile))
    if not markup.is_safe(usual.html) or not markup.is_safe(odd.html):
        return [Fault(Part.HTML, Wrong.UNSAFE)]
    return list(_missing(kind, typical, usual))


_NOTHING = Draft("", "", "")


def _missing(kind: MailKind, typical: Mapping[str, Any], said: Words) -> Iterator[Fault]:
    """Looked for in what a reader sees, not in the source: it may stand where nobody gets."""
    seen = {Part.TEXT: said.text, Part.HTML: markup.visible(said.html)}
    if not said.subject:
        yield Fault(Part.SUBJECT, Wrong.EMPTY)
    for part, text in seen.items():
        for name in sorted(SPECS[kind].required):
            if not all(value in text for value in _values_of(typical, name)):
                yield Fault(part, Wrong.MISSING, what=name)


def _values_of(typical: Mapping[str, Any], name: str) -> list[str]:
    owner, _, field = name.partition(".")
    value = typical[owner]
    if isinstance(value, str):
        return [value]
    return [entry[field] if field else entry for entry in value]
