"""A view put over a source: which rows, grouped how, in which order. Names come from the
source's whitelist; whatever the view says that the source doesn't know is left out, and said."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from lib.model import clock
from lib.model.filter import Unusable
from lib.model.left_out import LeftOut, What
from lib.model.view import Key, Path, View
from lib.store.database import Store
from lib.store.grid import filters, search
from lib.store.grid.columns import FOLDED, Column, Kind
from lib.store.grid.fragment import NOTHING, Sql, all_of, bound, joined, sql
from lib.store.grid.levels import Level
from lib.store.grid.placed import Placed, placed
from lib.store.grid.reading import Reading
from lib.store.grid.search import Found
from lib.store.grid.sources import Source
from lib.store.grid.understood import Understood, understood

# By where the account lies: whole numbers, half of what joining by its text costs.
_CORRECTIONS = (
    " LEFT JOIN (SELECT own.*, a.place FROM ops.correction AS own"
    " JOIN account AS a ON a.account_no = own.account_no) AS c"
)
_CORRECTIONS_BY_NUMBER = " LEFT JOIN ops.correction AS c ON c.account_no = t.account_no"


@dataclass(frozen=True)
class Term:
    """One part of an order. Nulls come last whichever way it runs."""

    expression: Sql
    descending: bool

    def sql(self, *, backwards: bool = False) -> Sql:
        way = "DESC" if self.descending != backwards else "ASC"
        return sql(f"{{}} {way} NULLS {'FIRST' if backwards else 'LAST'}", self.expression)


@dataclass(frozen=True)
class Plan:
    """`view` is the one asked for, less what the source doesn't know or can't do: that is
    `left_out`. `laid_over`: the desk's corrections are joined, because the view sorts, filters or
    groups by what they correct."""

    source: Source
    reading: Reading
    view: View
    laid_over: bool
    where: tuple[Sql, ...]
    group: tuple[Level, ...]
    left_out: tuple[LeftOut, ...]
    found: Found | None = None

    @property
    def listed(self) -> Found | None:
        """What the search found, when that is all that says which rows and in which order."""
        if not self.found or self.found.rows is None or self.view.sort or self.group:
            return None
        alone = self.where == (*self.source.conditions(), self.found.condition)
        return self.found if alone else None

    def selection(self, path: Path = (), joins: Sql = NOTHING) -> Sql:
        """FROM and WHERE for the rows under a group."""
        corrections = self._corrections() if self.laid_over else ""
        table = sql(f"FROM {self.source.table} AS t{corrections}{{}}", joins)
        conditions = [*self.where, *([self.under(path)] if path else [])]
        return sql("{} WHERE {}", table, all_of(conditions)) if conditions else table

    def _corrections(self) -> str:
        account = self.source.account
        return f"{_CORRECTIONS} ON c.place = {account}" if account else _CORRECTIONS_BY_NUMBER

    def having(self, condition: Sql) -> "Plan":
        """Fewer rows."""
        return replace(self, where=(*self.where, condition))

    def under(self, path: Path) -> Sql:
        """The condition of the rows in a group."""
        pairs = zip(self.group, path, strict=False)
        return all_of(self._under(level, key) for level, key in pairs)

    def _under(self, level: Level, key: Key) -> Sql:
        stored, group_key = level.from_key(key), self.group_key(level)
        if stored is None:
            return sql("{} IS NULL", group_key)
        return sql("{} = {}", group_key, bound(stored))

    def group_key(self, level: Level) -> Sql:
        return level.key_of(level.column.group_key(laid_over=self.laid_over))

    def folded(self, column: Column) -> Sql:
        return column.as_compared(laid_over=self.laid_over)

    def seats(self) -> Sql:
        """What the groups' totals add up, over the rows of a selection."""
        summed = self.source.summed
        return Sql(f"coalesce(sum({summed}), 0)" if summed else "NULL")

    def grouped(self, level: Level, path: Path = ()) -> Sql:
        """The groups of a level under a path: stored value k, rows n, users s (and f, its place
        among all values, where that is known)."""
        key = self.group_key(level)
        if not level.ranked:
            question = "SELECT {} AS k, count(*) AS n, {} AS s {} GROUP BY 1"
            return sql(question, key, self.seats(), self.selection(path))
        known = self.placed(level.column)
        question = "SELECT {} AS k, count(*) AS n, {} AS s, min({}) AS f {} GROUP BY 1"
        selection = self.selection(path, known.joins)
        return sql(question, key, self.seats(), known.expression, selection)

    def group_order(self, level: Level, key: str = "k", place: str = "f") -> list[Term]:
        """Of groups, whose stored value is `key` (and `place`, where that is known); equals in a
        folded order are told apart by it."""
        way, value = self.descends(level.column), Sql(key)
        if level.grain:
            return [Term(value, way)]
        if level.ranked:
            return [Term(Sql(place), way), Term(value, way)]
        folded = sql(FOLDED, value)
        return [Term(self.reading.ordered(level.column, value, folded), way), Term(value, way)]

    def placed(self, column: Column) -> Placed:
        return placed(self.reading, self.source, column)

    def order_joins(self) -> Sql:
        """What must be joined for tree_order, and for the places of groups."""
        columns = [
            *(lv.column for lv in self.group if lv.ranked),
            *(c for c, _ in self.sorted_by()),
        ]
        joins = (self.placed(column).joins for column in columns if column.rank)
        return joined("", dict.fromkeys(joins))

    def tree_order(self) -> list[Term]:
        """Of all rows: as they lie in the tree when every group is open."""
        terms = [term for level in self.group for term in self._level_order(level)]
        return [*terms, *self.row_order()]

    def _level_order(self, level: Level) -> list[Term]:
        if level.grain or level.column.kind is Kind.INSTANT:
            return [Term(self.group_key(level), self.descends(level.column))]
        way, value = self.descends(level.column), self.group_key(level)
        return [Term(self.ordered(level.column), way), Term(value, way)]

    def row_order(self) -> list[Term]:
        """Of the rows of one group: its own columns are the same in all of them, except for the
        instants of a day and the days of a month."""
        terms = [Term(self.ordered(column), way) for column, way in self.sorted_by()]
        return [*self.first_terms(), *terms, self.last_term()]

    def first_terms(self) -> list[Term]:
        """What was found exactly comes before what is only like it."""
        return [Term(self.found.last, False)] if self.found and self.found.last else []

    def sorted_by(self) -> list[tuple[Column, bool]]:
        """What tells the rows of one group apart, and whether it descends."""
        same = {level.column.id for level in self.group if not level.grain}
        named = [(self.source.column(name), way) for name, way in self.view.sort]
        return [
            (column, way)
            for column, way in named
            if column and (column.id not in same or column.kind is Kind.INSTANT)
        ]

    def last_term(self) -> Term:
        return Term(Sql(self.source.key), self.source.newest_first)

    def ordered(self, column: Column) -> Sql:
        if column.rank:
            return self.placed(column).expression
        value = column.value(laid_over=self.laid_over)
        return self.reading.ordered(column, value, self.folded(column))

    def descends(self, column: Column) -> bool:
        newest = self.source.newest_first and column.kind is Kind.INSTANT
        return dict(self.view.sort).get(column.id, newest)


def plan(
    store: Store, source: Source, view: View, *, besides: frozenset[str] = frozenset()
) -> Plan:
    """`besides` are columns that will be read with the desk's corrections over them."""
    reading, known = Reading(store, source), understood(source, view, clock.today())
    laid_over = _corrects(source, known, besides) and reading.has_corrections
    found = search.find(store, source, known.view.q, reading)
    where, unusable = _where(source, known.view, reading, found, laid_over)
    left_out = (*known.left_out, *unusable)
    return Plan(source, reading, known.view, laid_over, where, known.group, left_out, found)


def totals(asked: Plan) -> tuple[int, int | None]:
    """How many rows a plan selects, and their users."""
    if (found := asked.listed) and found.rows is not None:
        return len(found.rows), found.seats
    question = sql("SELECT count(*), {} {}", asked.seats(), asked.selection())
    records, seats = asked.reading.rows(question)[0]
    return records, seats


def _corrects(source: Source, known: Understood, besides: frozenset[str]) -> bool:
    """Whether any column that decides what is shown where can be corrected."""
    grouped = (level.column.id for level in known.group)
    used = {*known.view.filters, *_sorted_over(source, known.view), *grouped, *besides}
    return any(column.corrected and column.id in used for column in source.columns)


def _sorted_over(source: Source, view: View) -> Iterator[str]:
    """The columns sorted by their text: a rank has the corrections in it (placed.py)."""
    columns = (source.column(name) for name, _ in view.sort)
    return (column.id for column in columns if column and not column.rank)


def _where(
    source: Source, view: View, reading: Reading, found: Found | None, laid_over: bool
) -> tuple[tuple[Sql, ...], list[LeftOut]]:
    """The conditions in force, and the filters that mean nothing."""
    conditions = source.conditions()
    if found:
        conditions.append(found.condition)
    unusable = []
    for name, text in view.filters.items():
        column = source.column(name)
        assert column is not None
        values = reading.distinct(column) if column.kind is Kind.CHOICE else None
        try:
            conditions.append(filters.condition(column, text, values, laid_over=laid_over))
        except Unusable:
            unusable.append(LeftOut(What.FILTER, name))
    return tuple(conditions), unusable
