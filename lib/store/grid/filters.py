"""What people type under a column's heading, as conditions: filters are data, never SQL."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from lib.model import clock
from lib.model.text import fold
from lib.store.grid.columns import FOLDED, Column, Kind
from lib.store.grid.fragment import Sql, all_of, any_of, bound, sql

T = TypeVar("T", int, dt.date)


class Unusable(ValueError):  # noqa: N818 — says what the text is
    """A filter's text that means nothing for its column."""


@dataclass(frozen=True)
class Span(Generic[T]):
    """From `first` to `last`, both included; None is open."""

    first: T | None
    last: T | None


def condition(column: Column, text: str, *, laid_over: bool) -> Sql:
    """The condition that `text` puts on a column. Raises Unusable."""
    value = column.value(laid_over=laid_over)
    if column.kind is Kind.NUMBER:
        return _within(value, span(text, number))
    if column.kind is Kind.DATE:
        return _within(value, span(text, days))
    if column.kind is Kind.INSTANT:
        return _within_instants(value, span(text, days))
    if column.kind is Kind.CHOICE:
        return _chosen(column, value, text)
    return sql("contains({}, {})", column.as_compared(laid_over=laid_over), bound(fold(text)))


def _chosen(column: Column, value: Sql, text: str) -> Sql:
    """One of the codes: typed as it is stored, or as it is called on screen."""
    wanted = fold(text)
    codes = [code for code, label in column.labels.items() if fold(label) == wanted]
    same = [sql("{} = {}", sql(FOLDED, value), bound(wanted))]
    return any_of(same + [sql("{} = {}", value, bound(code)) for code in codes])


# ---- spans: 5  =5  >=5  <5  3..7  3..  ..7 ---------------------------------------------------

_COMPARED = re.compile(r"^\s*(>=|<=|>|<|=)?\s*(.+?)\s*$")


def span(text: str, atom: Callable[[str], Span[T]]) -> Span[T]:
    """The span a text means, `atom` reading its parts. Raises Unusable."""
    if ".." in text:
        first, last = (part.strip() for part in text.split("..", 1))
        if not first and not last:
            raise Unusable
        return Span(atom(first).first if first else None, atom(last).last if last else None)
    match = _COMPARED.match(text)
    if match is None:
        raise Unusable
    operator, whole = match[1] or "=", atom(match[2])
    return _compared(operator, whole)


def _compared(operator: str, whole: Span[T]) -> Span[T]:
    first, last = whole.first, whole.last
    if operator == "=":
        return whole
    if operator == ">=":
        return Span(first, None)
    if operator == "<=":
        return Span(None, last)
    if operator == ">":
        return Span(_next(last), None)
    return Span(None, _next(first, -1))


def _next(value: T | None, step: int = 1) -> T | None:
    try:
        if isinstance(value, dt.date):
            return value + dt.timedelta(days=step)
        return None if value is None else value + step
    except OverflowError as error:
        raise Unusable from error


def number(text: str) -> Span[int]:
    if not re.fullmatch(r"-?[0-9]{1,12}", text):
        raise Unusable
    return Span(int(text), int(text))


_DATE_FORMS = (
    re.compile(r"(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{4})", re.ASCII),
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})", re.ASCII),
    re.compile(r"(?P<m>\d{1,2})/(?P<y>\d{4})", re.ASCII),
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})", re.ASCII),
    re.compile(r"(?P<y>\d{4})", re.ASCII),
)


def days(text: str) -> Span[dt.date]:
    """A day, a month or a year."""
    for form in _DATE_FORMS:
        if match := form.fullmatch(text):
            parts = {name: int(value) for name, value in match.groupdict().items()}
            return _calendar(parts["y"], parts.get("m"), parts.get("d"))
    raise Unusable


def _calendar(year: int, month: int | None, day: int | None) -> Span[dt.date]:
    try:
        if day:
            return Span(dt.date(year, month or 1, day), dt.date(year, month or 1, day))
        first = dt.date(year, 1 if month is None else month, 1)
        end = dt.date(year, 12, 31) if month is None else _month_end(first)
    except ValueError as error:
        raise Unusable from error
    if day == 0:
        raise Unusable
    return Span(first, end)


def _month_end(first: dt.date) -> dt.date:
    if first.month == 12:
        return first.replace(day=31)
    return first.replace(month=first.month + 1) - dt.timedelta(days=1)


def _within(value: Sql, within: Span[int] | Span[dt.date]) -> Sql:
    conditions = []
    if within.first is not None:
        conditions.append(sql("{} >= {}", value, bound(within.first)))
    if within.last is not None:
        conditions.append(sql("{} <= {}", value, bound(within.last)))
    return all_of(conditions)


def _within_instants(value: Sql, within: Span[dt.date]) -> Sql:
    """Office days, as the stored UTC instants at which they begin."""
    conditions = []
    if within.first is not None:
        conditions.append(sql("{} >= {}", value, bound(_day_begins(within.first))))
    if within.last is not None:
        conditions.append(sql("{} < {}", value, bound(_day_begins(_next(within.last)))))
    return all_of(conditions)


def _day_begins(day: dt.date | None) -> dt.datetime:
    assert day is not None
    try:
        begins = dt.datetime.combine(day, dt.time(), clock.OFFICE).astimezone(dt.UTC)
    except OverflowError as error:
        raise Unusable from error
    return begins.replace(tzinfo=None)
