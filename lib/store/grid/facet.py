"""The values of one column under a view, with how many rows have each: a filter's list."""

from dataclasses import dataclass, replace

from lib.model import clock
from lib.model.text import fold
from lib.model.view import MAX_TEXT, Key, View, clean
from lib.store.database import Store
from lib.store.grid.columns import Column, Kind
from lib.store.grid.fragment import Sql, bound, joined, one_of, sql
from lib.store.grid.levels import Level
from lib.store.grid.plan import Plan, plan
from lib.store.grid.sources import Source

MOST = 200


@dataclass(frozen=True)
class Facet:
    """`values` are (key, rows), the most frequent first: a code or text as it is stored, a number,
    a day in ISO, None for no date. `more`: there are others."""

    values: tuple[tuple[Key, int], ...] = ()
    more: bool = False


def facet(store: Store, source: Source, view: View, column: str, typed: str = "") -> Facet:
    """Under the view's search and all other filters, the values in which `typed` is found. None
    for a column that is unknown or has a value of its own in each row. Raises
    AppError(STORAGE_FAILED)."""
    asked = source.column(column)
    if asked is None or not asked.groupable:
        return Facet()
    others = {name: text for name, text in view.filters.items() if name != column}
    bare = replace(view, filters=others, sort=(), group=())
    under = plan(store, source, bare, besides=frozenset({column}))
    rows = under.reading.rows(_question(under, asked, fold(clean(typed, MAX_TEXT))))
    to_key = _level(asked).to_key
    return Facet(tuple((to_key(stored), n) for stored, n in rows[:MOST]), len(rows) > MOST)


def _level(column: Column) -> Level:
    return Level(column, None, clock.today())


def _question(under: Plan, column: Column, typed: str) -> Sql:
    level = _level(column)
    found, shown = _found(under, column, typed), _shown(column, typed)
    return sql(
        f"SELECT k, n FROM ({{}}) WHERE {{}} ORDER BY n DESC, {{}} LIMIT {MOST + 1}",
        under.having(found).grouped(level) if found else under.grouped(level),
        shown,
        joined(", ", (term.sql() for term in under.group_order(level))),
    )


def _found(under: Plan, column: Column, typed: str) -> Sql | None:
    """The rows in whose text `typed` is found: before they are grouped, names are many."""
    if not typed or column.kind not in (Kind.TEXT, Kind.CHOICE):
        return None
    values = under.reading.distinct(column) if column.kind is Kind.CHOICE else None
    if values is None:
        return sql("contains({}, {})", under.folded(column), bound(typed))
    codes = [code for code in values if typed in fold(column.labels.get(code, code))]
    return one_of(column.value(laid_over=under.laid_over), codes)


def _shown(column: Column, typed: str) -> Sql:
    """The numbers and days in which `typed` is found as they are written."""
    if not typed or column.kind in (Kind.TEXT, Kind.CHOICE):
        return Sql("true")
    written = "CAST(k AS VARCHAR)" if column.kind is Kind.NUMBER else "strftime(k, '%d/%m/%Y')"
    return sql("contains({}, {})", Sql(written), bound(typed))
