"""The grid's door: a window for a view, a row for an id, lists for filters, rows for acts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from lib.model.left_out import LeftOut, What
from lib.model.view import View
from lib.store.database import Store
from lib.store.grid.columns import Column, Kind
from lib.store.grid.facet import Facet, facet
from lib.store.grid.fragment import Sql, all_of, bound, joined, sql
from lib.store.grid.plan import Plan, plan, totals
from lib.store.grid.reading import Reading
from lib.store.grid.rows import read
from lib.store.grid.selected import Selected, selected, stream
from lib.store.grid.sources import Source
from lib.store.grid.tree import Group, Record, Tree
from lib.store.grid.whole import Whole, whole

__all__ = [
    "Facet", "Selected", "Window", "count", "facet", "record", "selected", "stream", "window",
]  # fmt: skip

SOME = 10  # open groups with groups in them, each a question: for more, all are counted by one


@dataclass(frozen=True)
class Window:
    """One page of the flattened tree.

    `view` is the view as understood: unknown columns left out, the offset inside the tree; what
    was left out is in `left_out`. `total` counts the tree's rows with what is open, `records` the
    rows selected, `seats` their users (None where the source has none). `choices` are the values
    that each choice column may be filtered by. `near` pairs words of the search that seem mistyped
    with words taken for them: rows found so come last, or alone (`only_near`).
    """

    view: View
    rows: tuple[Group | Record, ...]
    total: int
    records: int
    seats: int | None
    left_out: tuple[LeftOut, ...]
    choices: dict[str, tuple[str, ...]]
    near: tuple[tuple[str, str], ...] = ()
    only_near: bool = False


def window(store: Store, source: Source, view: View) -> Window:
    """The page that `view` asks for. Raises AppError(STORAGE_FAILED)."""
    asked = plan(store, source, view)
    records, seats = totals(asked)
    shown, tree = _tree(asked, records)
    offset = _inside(view.offset, view.limit, tree.size())
    known = replace(shown.view, offset=offset)
    rows = _finished(shown, list(read(shown, tree.page(offset, view.limit))))
    left_out = shown.left_out
    if offset < view.offset:
        left_out += (LeftOut(What.PAGE),)
    near, only_near = (asked.found.near, asked.found.is_near) if asked.found else ((), False)
    return Window(
        known, rows, tree.size(), records, seats, left_out, _choices(asked), near, only_near
    )


def _tree(asked: Plan, records: int) -> tuple[Plan, Tree | Whole]:
    """The tree of a plan, and the plan as far as it goes: too many groups stay closed."""
    view = asked.view
    inner = sum(len(path) < len(asked.group) for path in view.expanded)
    if not asked.group or not records or not (view.unfolded or inner > SOME):
        return asked, Tree(asked, records)
    if known := whole(asked):
        return asked, known
    if view.unfolded:
        left_out = (*asked.left_out, LeftOut(What.UNFOLDED))
        asked = replace(asked, view=replace(view, unfolded=False), left_out=left_out)
    return asked, Tree(asked, records)


def count(store: Store, source: Source, view: View) -> int:
    """How many records `view` selects. Raises AppError(STORAGE_FAILED)."""
    return totals(plan(store, source, view))[0]


def record(store: Store, source: Source, row_id: str) -> dict[str, Any] | None:
    """A row of the source by what it is known by outside, its cells by column; None when there
    is none (any more). The id may come from a browser."""
    reading = Reading(store, source)
    question = sql(
        "SELECT {} FROM {} AS t WHERE {}",
        joined(", ", [Sql("t.account_no"), *(Sql(column.sql) for column in source.columns)]),
        Sql(source.table),
        all_of([*source.conditions(), sql("{} = {}", Sql(source.row_id), bound(row_id))]),
    )
    rows = store.rows(question.text, question.params)
    if not rows:
        return None
    account_no, *cells = rows[0]
    found = Record(0, row_id, account_no, tuple(cells))
    shown = _laid_over(reading, source, [found])[0]
    return dict(zip((c.id for c in source.columns), shown.cells, strict=True)) | {
        "account_no": account_no
    }


def _inside(offset: int, limit: int, total: int) -> int:
    """The offset, or where the last page starts when it lies beyond."""
    return offset if offset < total else max(0, (total - 1) // limit * limit)


def _choices(asked: Plan) -> dict[str, tuple[str, ...]]:
    offered = {}
    for column in asked.source.columns:
        if column.kind is Kind.CHOICE:
            codes = [code for code in asked.reading.distinct(column) or () if code]
            offered[column.id] = tuple(sorted(codes, key=lambda c: column.labels.get(c, c)))
    return offered


# ---- what a page's rows still lack ----------------------------------------------------------


def _finished(asked: Plan, rows: Sequence[Group | Record]) -> tuple[Group | Record, ...]:
    records = [row for row in rows if isinstance(row, Record)]
    corrected = iter(_laid_over(asked.reading, asked.source, records))
    return tuple(
        _toned(asked.source, next(corrected)) if isinstance(r, Record) else r for r in rows
    )


def _laid_over(reading: Reading, source: Source, records: list[Record]) -> list[Record]:
    """The desk's corrections over the page's rows: all of them, which are hundreds, are asked for
    once after each correction."""
    columns = [column for column in source.columns if column.corrected]
    if not records or not columns:
        return records
    names = ", ".join(column.corrected for column in columns)
    every = reading.rows(Sql(f"SELECT account_no, {names} FROM ops.correction"))
    here = {record.account_no for record in records}
    found = {number: values for number, *values in every if number in here}
    return [_corrected(source, r, columns, found.get(r.account_no)) for r in records]


def _corrected(
    source: Source, record: Record, columns: list[Column], values: list[Any] | None
) -> Record:
    if values is None:
        return record
    said = {c.id: v for c, v in zip(columns, values, strict=True) if v is not None}
    cells = zip(source.columns, record.cells, strict=True)
    return replace(record, cells=tuple(said.get(column.id, cell) for column, cell in cells))


def _toned(source: Source, record: Record) -> Record:
    cells = zip(source.columns, record.cells, strict=True)
    tones = {c.id: tone for c, cell in cells if c.tone and (tone := c.tone(cell))}
    return replace(record, tones=tones)
