"""The rows behind what is ticked, and all the rows behind a view: for acts on many and exports."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from typing import Any

import duckdb

from lib.model.selection import Selection
from lib.model.view import View
from lib.store.database import Store
from lib.store.grid.columns import Column
from lib.store.grid.fragment import Sql, all_of, any_of, joined, one_of, sql
from lib.store.grid.plan import Plan, plan
from lib.store.grid.sources import PLACE, Source
from lib.store.grid.understood import can_be


@dataclass(frozen=True)
class Selected:
    """`rows` by column, with "id" and "account_no", in the order in which the view shows them:
    the first of `total`. `gone` is how many of the ticked ids are not there any more."""

    rows: tuple[dict[str, Any], ...]
    total: int
    gone: int


def selected(store: Store, source: Source, view: View, selection: Selection, most: int) -> Selected:
    """What is ticked as it is now: rows by their id whatever the view has come to show, groups as
    the view fills them. Raises AppError(STORAGE_FAILED)."""
    asked = _ticked(_with_corrections(store, source, view, source.columns), selection)
    known = [Sql(source.row_id), Sql("t.account_no")]
    rows = asked.reading.rows(
        sql(f"{{}} LIMIT {most:d}", _in_order(asked, [*known, *_cells(asked, source.columns)]))
    )
    names = ["id", "account_no", *(column.id for column in source.columns)]
    total = asked.reading.rows(sql("SELECT count(*) {}", asked.selection()))[0][0]
    shown = tuple(dict(zip(names, row, strict=True)) for row in rows)
    return Selected(shown, total, _gone(asked, selection))


def stream(
    store: Store,
    source: Source,
    view: View,
    selection: Selection | None = None,
    batch: int = 10_000,
) -> Generator[list[tuple[Any, ...]], None, None]:
    """All rows that the view selects (or only those ticked), `batch` at a time, in the order in
    which they lie when every group is open: the shown columns in the layout's order, values as
    stored, the desk's corrections over them. Raises AppError(STORAGE_FAILED)."""
    shown = source.shown(view.layout)
    if selection is None and _lies_in_order(plain := plan(store, source, view)):
        yield from _as_they_lie(store, plain, shown, batch)
        return
    asked = _with_corrections(store, source, view, shown)
    if selection is not None:
        asked = _ticked(asked, selection)
    question = _in_order(asked, _cells(asked, shown))
    with store.cursor() as cursor:
        answer = cursor.execute(question.text, list(question.params))
        while rows := answer.fetchmany(batch):
            yield rows


def _lies_in_order(asked: Plan) -> bool:
    """Whether the rows are asked for as they lie in one table, and no other is joined to it."""
    source = asked.source
    lies = source.key == PLACE and not source.newest_first
    alone = not asked.laid_over and asked.found is None
    return lies and alone and asked.tree_order() == [asked.last_term()]


def _as_they_lie(
    store: Store, asked: Plan, shown: tuple[Column, ...], batch: int
) -> Iterator[list[tuple[Any, ...]]]:
    """Without a sort, which holds every row (5 million: 1 GB): the engine keeps one table's order
    by itself. The desk's corrections, which are few, are laid over here."""
    cells = [*_cells(asked, shown), Sql("t.account_no")]
    question = sql("SELECT {} {}", joined(", ", cells), asked.selection())
    with store.cursor() as cursor:
        corrections = _corrections(cursor, shown)
        answer = cursor.execute(question.text, list(question.params))
        while rows := answer.fetchmany(batch):
            yield [_corrected(row, corrections) for row in rows]


_Corrections = dict[str, list[tuple[int, Any]]]  # by account: which cell is what instead


def _corrections(cursor: duckdb.DuckDBPyConnection, shown: tuple[Column, ...]) -> _Corrections:
    corrected = {at: column.corrected for at, column in enumerate(shown) if column.corrected}
    if not corrected:
        return {}
    names = ", ".join(corrected.values())
    rows = cursor.execute(f"SELECT account_no, {names} FROM ops.correction").fetchall()
    return {
        number: [(at, v) for at, v in zip(corrected, values, strict=True) if v is not None]
        for number, *values in rows
    }


def _corrected(row: tuple[Any, ...], corrections: _Corrections) -> tuple[Any, ...]:
    *cells, account_no = row
    for at, value in corrections.get(account_no, ()):
        cells[at] = value
    return tuple(cells)


def _with_corrections(
    store: Store, source: Source, view: View, columns: tuple[Column, ...]
) -> Plan:
    besides = {*(column.id for column in columns), *(name for name, _ in view.sort)}
    return plan(store, source, view, besides=frozenset(besides))


def _ticked(asked: Plan, selection: Selection) -> Plan:
    """The plan less what isn't ticked."""
    fixed = asked.source.conditions()
    paths = [path for path in selection.paths if can_be(asked.group, path)]
    ways = [_of_ids(asked.source, selection)] if selection.ids else []
    if paths:
        groups = any_of(asked.under(path) for path in paths)
        ways.append(all_of([*asked.where, groups]))
    return replace(asked, where=(*fixed, any_of(ways) if ways else Sql("false")))


def _of_ids(source: Source, selection: Selection) -> Sql:
    return one_of(Sql(source.row_id), selection.ids)


def _gone(asked: Plan, selection: Selection) -> int:
    """How many of the ids the source doesn't hold."""
    if not selection.ids:
        return 0
    source = asked.source
    question = sql(
        "SELECT count(DISTINCT {}) FROM {} AS t WHERE {}",
        Sql(source.row_id),
        Sql(source.table),
        all_of([*source.conditions(), _of_ids(source, selection)]),
    )
    return len(selection.ids) - int(asked.reading.rows(question)[0][0])


def _cells(asked: Plan, columns: tuple[Column, ...]) -> list[Sql]:
    return [column.value(laid_over=asked.laid_over) for column in columns]


def _in_order(asked: Plan, what: list[Sql]) -> Sql:
    order = joined(", ", (term.sql() for term in asked.tree_order()))
    selection = asked.selection((), asked.order_joins())
    return sql("SELECT {} {} ORDER BY {}", joined(", ", what), selection, order)
