"""What people type to filter a column, understood: one text for each column, no SQL.

    text            abc contains · ^abc starts with · =abc equals
    number          5  =5  >=5  >5  <=5  <5  3..7  3..  ..7, also 1,000; several: 5|8|20..
    date, instant   15/07/2026  15-07-26  2026-07-15, a month 07/2026, a year 2026, with the same
                    operators and ranges; hoy, esta semana, próximos 30 días… (see When)
    choice          one or several codes or labels: SAE|NOI
    all             = empty · != not empty

Words stay words in the text, so that a saved "vencidas" means today's. lib/store/grid/filters.py
makes conditions of what is understood here, lib/ui/grid/sentences.py sentences.
"""

import calendar
import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from lib.model.text import fold

T = TypeVar("T", int, dt.date)

EMPTY, FILLED = "=", "!="  # whole texts: no value, any value
SEPARATOR = "|"  # between the values of a choice, or several numbers


class Kind(StrEnum):
    """What a column holds, and so what may be typed under its heading."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"  # few distinct values: filtered by some of them
    INSTANT = "instant"  # stored in UTC, read and grouped by the office's day


class Unusable(ValueError):  # noqa: N818 — says what the text is
    """A filter's text that means nothing for its column."""


class How(StrEnum):
    CONTAINS = "contains"
    STARTS = "starts"
    EQUALS = "equals"


class When(StrEnum):
    """Days told from today. Weeks run from Monday to Sunday."""

    OVERDUE = "overdue"  # before today
    TODAY = "today"
    YESTERDAY = "yesterday"
    THIS_WEEK = "this_week"
    THIS_MONTH = "this_month"
    LAST_MONTH = "last_month"
    THIS_YEAR = "this_year"
    NEXT_DAYS = "next_days"  # today and so many after it
    LAST_DAYS = "last_days"  # today and so many before it


@dataclass(frozen=True)
class Matches:
    """Text as typed, to be compared without accents or case; never empty."""

    how: How
    text: str


@dataclass(frozen=True)
class Within(Generic[T]):
    """From `first` to `last`, both included; None is open, at one end at most."""

    first: T | None
    last: T | None


@dataclass(frozen=True)
class Several:
    """Numbers, or spans of them, of which one will do; never none."""

    spans: tuple[Within[int], ...]


@dataclass(frozen=True)
class Relative:
    """`within` is what `when` means today; `days` is how many of NEXT_DAYS and LAST_DAYS, else
    0."""

    when: When
    within: Within[dt.date]
    days: int = 0


@dataclass(frozen=True)
class OneOf:
    """Codes or labels as typed. `empty`: having none passes too."""

    values: tuple[str, ...]
    empty: bool = False


@dataclass(frozen=True)
class Blank:
    """No value when `empty`, any value otherwise."""

    empty: bool


Wanted = Matches | Within[int] | Within[dt.date] | Several | Relative | OneOf | Blank


def understand(kind: Kind, text: str, today: dt.date) -> Wanted:
    """What a filter's text asks of a column of that kind. Raises Unusable."""
    typed = text.strip()
    if typed in (EMPTY, FILLED):
        return Blank(typed == EMPTY)
    if kind is Kind.NUMBER:
        return _several(typed) if SEPARATOR in typed else _span(typed, _number)
    if kind is Kind.CHOICE:
        return _one_of(typed)
    if kind is Kind.TEXT:
        return _matches(typed)
    return _relative(typed, today) or _span(typed, lambda part: _days(part, today))


def _matches(typed: str) -> Matches:
    how = {"^": How.STARTS, "=": How.EQUALS}.get(typed[:1], How.CONTAINS)
    text = typed if how is How.CONTAINS else typed[1:].strip()
    if not text:
        raise Unusable
    return Matches(how, text)


def _one_of(typed: str) -> OneOf:
    parts = [part.strip() for part in typed.split(SEPARATOR)]
    named = (part.removeprefix(EMPTY).strip() for part in parts)  # =SAE is SAE
    values = tuple(dict.fromkeys(name for name in named if name))
    if not values and EMPTY not in parts:
        raise Unusable
    return OneOf(values, EMPTY in parts)


# ---- spans: 5  =5  >=5  <5  3..7  3..  ..7 ---------------------------------------------------

_COMPARED = re.compile(r"(>=|<=|>|<|=)?\s*(.+)")
_NUMBER = re.compile(
    r"-?([0-9]{1,12}|[0-9]{1,3}(,[0-9]{3}){1,3})"
)  # 1000, and 1,000 as Mexico has it


def _span(typed: str, atom: Callable[[str], Within[T]]) -> Within[T]:
    """The span a text means, `atom` reading its parts."""
    if ".." in typed:
        first, last = (part.strip() for part in typed.split("..", 1))
        if not first and not last:
            raise Unusable
        return _between(atom(first) if first else None, atom(last) if last else None)
    match = _COMPARED.fullmatch(typed)
    if match is None:
        raise Unusable
    return _compared(match[1] or "=", atom(match[2]))


def _between(one: Within[T] | None, other: Within[T] | None) -> Within[T]:
    """From the lesser to the greater, whichever was typed first; None is an open end."""
    first, last = one.first if one else None, other.last if other else None
    if one and other and first is not None and last is not None and last < first:
        return _between(other, one)
    return Within(first, last)


def _several(typed: str) -> Several:
    found = [_span(part.strip(), _number) for part in typed.split(SEPARATOR) if part.strip()]
    if not found:
        raise Unusable
    return Several(tuple(found))


def _compared(operator: str, whole: Within[T]) -> Within[T]:
    first, last = whole.first, whole.last
    if operator == "=":
        return whole
    if operator == ">=":
        return Within(first, None)
    if operator == "<=":
        return Within(None, last)
    if operator == ">":
        return Within(_beside(last, 1), None)
    return Within(None, _beside(first, -1))


def _beside(value: T | None, step: int) -> T | None:
    try:
        if isinstance(value, dt.date):
            return value + dt.timedelta(days=step)
        return None if value is None else value + step
    except OverflowError as error:
        raise Unusable from error


def _number(typed: str) -> Within[int]:
    if not _NUMBER.fullmatch(typed):
        raise Unusable
    value = int(typed.replace(",", ""))
    return Within(value, value)


# ---- dates ----------------------------------------------------------------------------------

_CENTURY = 2000  # of a year of two digits: the vendor's rows are all of this one

_DATE_FORMS = (
    re.compile(r"(?P<d>\d{1,2})([/-])(?P<m>\d{1,2})\2(?P<y>\d{4}|\d{2})", re.ASCII),
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})", re.ASCII),
    re.compile(r"(?P<m>\d{1,2})[/-](?P<y>\d{4})", re.ASCII),
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})", re.ASCII),
    re.compile(r"(?P<y>\d{4})", re.ASCII),
)


def _days(typed: str, today: dt.date) -> Within[dt.date]:
    """A day, a month, a year, or a word for one."""
    if (said := _relative(typed, today)) and said.when is not When.OVERDUE:
        return said.within
    for form in _DATE_FORMS:
        if match := form.fullmatch(typed):
            parts = {name: int(value) for name, value in match.groupdict().items()}
            year = parts["y"] + (_CENTURY if len(match["y"]) == 2 else 0)
            return _calendar(year, parts.get("m"), parts.get("d"))
    raise Unusable


def _calendar(year: int, month: int | None, day: int | None) -> Within[dt.date]:
    try:
        if month is None:
            return Within(dt.date(year, 1, 1), dt.date(year, 12, 31))
        if day is None:
            return month_of(dt.date(year, month, 1))
        return Within(dt.date(year, month, day), dt.date(year, month, day))
    except ValueError as error:
        raise Unusable from error


def week_of(day: dt.date) -> Within[dt.date]:
    """Its Monday to its Sunday."""
    monday = day - dt.timedelta(days=day.weekday())
    return Within(monday, monday + dt.timedelta(days=6))


def month_of(day: dt.date) -> Within[dt.date]:
    """Its month's first day to its last."""
    days = calendar.monthrange(day.year, day.month)[1]
    return Within(day.replace(day=1), day.replace(day=days))


# As fold leaves what is typed.
_WORDS: dict[str, When] = {
    "vencidas": When.OVERDUE,
    "vencidos": When.OVERDUE,
    "vencida": When.OVERDUE,
    "vencido": When.OVERDUE,
    "hoy": When.TODAY,
    "ayer": When.YESTERDAY,
    "esta semana": When.THIS_WEEK,
    "este mes": When.THIS_MONTH,
    "mes pasado": When.LAST_MONTH,
    "este ano": When.THIS_YEAR,
}
_IN_DAYS = re.compile(r"^(vencen? )?en (?=[0-9])")
_SOME_DAYS = re.compile(r"(proximos|ultimos) ([0-9]{1,4}) dias?")


def _relative(typed: str, today: dt.date) -> Relative | None:
    """The words that mean days told from today; None when they are others."""
    words = _IN_DAYS.sub("proximos ", fold(typed)).removeprefix("vence ").removeprefix("vencen ")
    if when := _WORDS.get(words):
        return Relative(when, _told_from(today, when))
    if match := _SOME_DAYS.fullmatch(words):
        days = int(match[2])
        if match[1] == "proximos":
            return Relative(When.NEXT_DAYS, Within(today, today + dt.timedelta(days)), days)
        return Relative(When.LAST_DAYS, Within(today - dt.timedelta(days), today), days)
    return None


def _told_from(today: dt.date, when: When) -> Within[dt.date]:
    yesterday = today - dt.timedelta(days=1)
    return {
        When.OVERDUE: Within(None, yesterday),
        When.TODAY: Within(today, today),
        When.YESTERDAY: Within(yesterday, yesterday),
        When.THIS_WEEK: week_of(today),
        When.THIS_MONTH: month_of(today),
        When.LAST_MONTH: month_of(today.replace(day=1) - dt.timedelta(days=1)),
        When.THIS_YEAR: Within(today.replace(month=1, day=1), today.replace(month=12, day=31)),
    }[when]
