"""The values of one column under a view, with how many rows have each: a filter's list."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from lib.model import clock
from lib.model.filter import How, Matches
from lib.model.text import fold
from lib.model.view import MAX_TEXT, Key, View, clean
from lib.store.database import Store
from lib.store.grid import filters
from lib.store.grid.columns import Column, Kind
from lib.store.grid.fragment import Sql, joined, one_of, sql
from lib.store.grid.levels import Level
from lib.store.grid.plan import Plan, plan
from lib.store.grid.reading import Row
from lib.store.grid.sources import Source

MOST = 200
_DAYS = 40_000  # more than a century


@dataclass(frozen=True)
class Facet:
    """`values` are (key, rows), the most frequent first: a code or text as it is stored, a number,
    a day in ISO, None for no date. `more`: there are others."""

    values: tuple[tuple[Key, int], ...] = ()
    more: bool = False


def facet(store: Store, source: Source, view: View, column: str, typed: str = "") -> Facet:
    """Under the view's search and all other filters, the values in which `typed` is found; no
    values for a column that is unknown or has another one in each row. Raises
    AppError(STORAGE_FAILED)."""
    asked = source.column(column)
    if asked is None or not asked.groupable:
        return Facet()
    others = {name: text for name, text in view.filters.items() if name != column}
    bare = replace(view, filters=others, sort=(), group=())
    under = plan(store, source, bare, besides=frozenset({column}))
    rows = _counted(under, asked, fold(clean(typed, MAX_TEXT)))
    to_key = _level(asked).to_key
    return Facet(tuple((to_key(stored), n) for stored, n in rows[:MOST]), len(rows) > MOST)


def _level(column: Column) -> Level:
    return Level(column, None, clock.today())


def _counted(under: Plan, column: Column, typed: str) -> list[Row]:
    """(stored value, rows), at least MOST + 1 of them if there are."""
    if column.kind in (Kind.TEXT, Kind.CHOICE):
        condition = _found(under, column, typed) if typed else None
        asked = under.having(condition) if condition else under
        return under.reading.rows(_question(asked, column, MOST + 1))
    # In SQL it would be looked for in each row; the days of a century are few.
    rows = under.reading.rows(_question(under, column, _DAYS))
    return [row for row in rows if typed in _written(row[0])] if typed else rows


def _written(value: Any) -> str:
    """As people read it and type it."""
    if value is None:
        return ""
    return f"{value:%d/%m/%Y}" if isinstance(value, dt.date) else str(value)


def _question(under: Plan, column: Column, limit: int) -> Sql:
    level = _level(column)
    return sql(
        f"SELECT k, n FROM ({{}}) ORDER BY n DESC, {{}} LIMIT {limit:d}",
        under.grouped(level),
        joined(", ", (term.sql() for term in under.group_order(level))),
    )


def _found(under: Plan, column: Column, typed: str) -> Sql:
    """The rows in whose text `typed` is found: before they are grouped, names are many."""
    values: Iterable[str] | None = None
    if (
        column.kind is Kind.CHOICE
    ):  # however many there are, one whose labels name them all is asked
        named = column.labels if column.closed else {}
        values = named or under.reading.distinct(column)
    if values is None:
        return filters.matching(column, Matches(How.CONTAINS, typed), laid_over=under.laid_over)
    codes = [code for code in values if typed in fold(column.labels.get(code, code))]
    return one_of(column.value(laid_over=under.laid_over), codes)
