"""A view put over a source: which rows, grouped how, in which order. Names come from the
source's whitelist; whatever the view says that the source doesn't know is left out."""

from dataclasses import dataclass, replace

from lib.model.view import Key, Path, View
from lib.store.database import Store
from lib.store.grid import filters, search
from lib.store.grid.columns import FOLDED, Column, Kind, NotAKey, from_key
from lib.store.grid.fragment import Sql, all_of, bound, sql
from lib.store.grid.reading import Reading
from lib.store.grid.sources import Source

_CORRECTIONS = " LEFT JOIN ops.correction AS c ON c.account_no = t.account_no"


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
    """`view` is the one asked for, less what the source doesn't know. `ignored` names the columns
    whose filter means nothing. `laid_over`: the desk's corrections are joined, because the view
    sorts, filters or groups by what they correct."""

    source: Source
    reading: Reading
    view: View
    laid_over: bool
    where: tuple[Sql, ...]
    group: tuple[Column, ...]
    ignored: tuple[str, ...]

    def selection(self, path: Path = ()) -> Sql:
        """FROM and WHERE for the rows under a group."""
        table = Sql(f"FROM {self.source.table} AS t{_CORRECTIONS if self.laid_over else ''}")
        under = [self._under(c, key) for c, key in zip(self.group, path, strict=False)]
        conditions = [*self.where, *under]
        return sql("{} WHERE {}", table, all_of(conditions)) if conditions else table

    def _under(self, column: Column, key: Key) -> Sql:
        value, group_key = from_key(column, key), self.group_key(column)
        if value is None:
            return sql("{} IS NULL", group_key)
        return sql("{} = {}", group_key, bound(value))

    def group_key(self, column: Column) -> Sql:
        return column.group_key(laid_over=self.laid_over)

    def folded(self, column: Column) -> Sql:
        return column.as_compared(laid_over=self.laid_over)

    def group_order(self, column: Column) -> list[Term]:
        """Of groups, whose value is `k` (and `f` folded, where that is stored); equals in a folded
        order are told apart by it."""
        way, folded = self._descending(column), Sql("f") if column.folded else sql(FOLDED, Sql("k"))
        return [Term(self.reading.ordered(column, Sql("k"), folded), way), Term(Sql("k"), way)]

    def row_order(self) -> list[Term]:
        """Of the rows of one group: its own columns are the same in all of them, except for the
        instants of a day."""
        sorted_by = [(self.source.column(name), way) for name, way in self.view.sort]
        terms = [
            Term(self._ordered(column), way)
            for column, way in sorted_by
            if column and (column not in self.group or column.kind is Kind.INSTANT)
        ]
        return [*terms, Term(Sql(self.source.key), self.source.newest_first)]

    def _ordered(self, column: Column) -> Sql:
        value = column.value(laid_over=self.laid_over)
        return self.reading.ordered(column, value, self.folded(column))

    def _descending(self, column: Column) -> bool:
        newest = self.source.newest_first and column.kind is Kind.INSTANT
        return dict(self.view.sort).get(column.id, newest)


def plan(store: Store, source: Source, view: View) -> Plan:
    reading, known = Reading(store, source), _known(source, view)
    laid_over = _reads_corrections(source, known) and reading.has_corrections
    where, ignored = _where(source, known, reading, laid_over)
    group = tuple(c for name in known.group if (c := source.column(name)))
    return Plan(source, reading, known, laid_over, where, group, ignored)


def _known(source: Source, view: View) -> View:
    """The view less the columns that the source lacks or doesn't allow there."""
    columns = {column.id: column for column in source.columns}
    group = tuple(g for g in view.group if g in columns and columns[g].groupable)
    grouped = tuple(columns[g] for g in group)
    return replace(
        view,
        filters={
            name: text
            for name, text in view.filters.items()
            if name in columns and columns[name].filterable
        },
        sort=tuple((n, way) for n, way in view.sort if n in columns and columns[n].sortable),
        group=group,
        expanded=tuple(path for path in view.expanded if _possible(grouped, path)),
    )


def _possible(group: tuple[Column, ...], path: Path) -> bool:
    try:
        return len([from_key(c, key) for c, key in zip(group, path, strict=False)]) == len(path)
    except NotAKey:
        return False


def _reads_corrections(source: Source, view: View) -> bool:
    used = {*view.filters, *(name for name, _ in view.sort), *view.group}
    return any(column.corrected and column.id in used for column in source.columns)


def _where(
    source: Source, view: View, reading: Reading, laid_over: bool
) -> tuple[tuple[Sql, ...], tuple[str, ...]]:
    """The conditions in force, and the columns whose filter means nothing."""
    conditions = [sql(f"t.{name} = {{}}", bound(value)) for name, value in source.fixed]
    if found := search.condition(source, view.q, reading.is_corrected):
        conditions.append(found)
    ignored = []
    for name, text in view.filters.items():
        column = source.column(name)
        assert column is not None
        try:
            conditions.append(filters.condition(column, text, laid_over=laid_over))
        except filters.Unusable:
            ignored.append(name)
    return tuple(conditions), tuple(ignored)
