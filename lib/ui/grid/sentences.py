"""A filter and a group as a person reads them: "de 3 a 7", "SAE o NOI", "julio de 2026".

lib/model/filter.py understands what was typed; here it is said back.
"""

import datetime as dt
from collections.abc import Mapping
from typing import assert_never

from lib.model.filter import (
    Blank,
    How,
    Kind,
    Matches,
    OneOf,
    Relative,
    Several,
    Unusable,
    Wanted,
    When,
    Within,
    month_of,
    understand,
)
from lib.model.text import fold
from lib.ui import written

_HOW: Mapping[How, str] = {
    How.CONTAINS: "contiene «{}»",
    How.STARTS: "empieza con «{}»",
    How.EQUALS: "es «{}»",
}
_WHEN: Mapping[When, str] = {
    When.OVERDUE: "vencidas",
    When.TODAY: "hoy",
    When.YESTERDAY: "ayer",
    When.THIS_WEEK: "esta semana",
    When.THIS_MONTH: "este mes",
    When.LAST_MONTH: "el mes pasado",
    When.THIS_YEAR: "este año",
    When.NEXT_DAYS: "próximos {} días",
    When.LAST_DAYS: "últimos {} días",
}
_MONTHS = (
    *("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto"),
    *("septiembre", "octubre", "noviembre", "diciembre"),
)
_MOST_SAID = 4  # values of a choice that are named; of more, how many


def of_filter(
    kind: Kind, text: str, today: dt.date, labels: Mapping[str, str] | None = None
) -> str | None:
    """What a filter's text asks for; None when it means nothing for its kind. `labels` names a
    choice's codes."""
    try:
        return _said(understand(kind, text, today), labels or {})
    except Unusable:
        return None


def of_month(first: dt.date) -> str:
    """By its first day: julio de 2026."""
    return f"{_MONTHS[first.month - 1]} de {first.year}"


def _said(wanted: Wanted, labels: Mapping[str, str]) -> str:
    if isinstance(wanted, Matches):
        return _HOW[wanted.how].format(wanted.text)
    if isinstance(wanted, OneOf):
        return _one_of(wanted, labels)
    if isinstance(wanted, Relative):
        return _WHEN[wanted.when].format(wanted.days)
    if isinstance(wanted, Blank):
        return "vacío" if wanted.empty else "con algún valor"
    if isinstance(wanted, Several):
        return _or([*map(_within, wanted.spans)])
    if isinstance(wanted, Within):
        return _within(wanted)
    assert_never(wanted)


def _one_of(wanted: OneOf, labels: Mapping[str, str]) -> str:
    by_name = {fold(name): label for code, label in labels.items() for name in (code, label)}
    values = [by_name.get(fold(value), value) for value in wanted.values]
    return _or(list(dict.fromkeys(values)) + (["vacío"] if wanted.empty else []))


def _or(said: list[str]) -> str:
    """The first ones, and how many more."""
    if len(said) > _MOST_SAID:
        said = [*said[: _MOST_SAID - 1], f"{len(said) - _MOST_SAID + 1} más"]
    return f"{', '.join(said[:-1])} o {said[-1]}" if len(said) > 1 else said[0]


def _within(span: Within[int] | Within[dt.date]) -> str:
    first, last = span.first, span.last
    if isinstance(first, dt.date) or isinstance(last, dt.date):
        return _days(first, last)  # type: ignore[arg-type]  # both ends are of one kind
    if first is None:
        return f"{last:,} o menos"
    if last is None:
        return f"{first:,} o más"
    return f"{first:,}" if first == last else f"de {first:,} a {last:,}"


def _days(first: dt.date | None, last: dt.date | None) -> str:
    if first is None:
        return f"hasta {written.day(last)}"
    if last is None:
        return f"desde {written.day(first)}"
    if first == last:
        return written.day(first)
    if (first, last) == (first.replace(month=1, day=1), first.replace(month=12, day=31)):
        return str(first.year)
    if Within(first, last) == month_of(first):
        return of_month(first)
    return f"del {written.day(first)} al {written.day(last)}"
