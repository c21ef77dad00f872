"""What a grid may show, and to whom: systems, certificates, accounts, the log.

Filters and searches see the whole value of what is shown masked (lib/model/masks.py), so that an
agent finds an account by the address that the caller says.
"""

from dataclasses import replace
from typing import Any

from lib.model import masks
from lib.model.actor import Actor
from lib.model.roles import Permission
from lib.model.selection import Selection
from lib.model.view import View
from lib.services.desk import Desk
from lib.store.grid import engine
from lib.store.grid.engine import Facet, Selected, Window
from lib.store.grid.sources import AUDIT, Source
from lib.store.grid.tree import Group, Record


def browse(desk: Desk, source: Source, view: View, *, actor: Actor) -> Window:
    """The page of `source` that `view` asks for, persons' data masked. Raises AppError(FORBIDDEN |
    STORAGE_FAILED)."""
    _allow(desk, source, actor)
    window = engine.window(desk.store, source, view)
    if not any(column.id in masks.OF_FIELD for column in source.columns):
        return window
    return replace(window, rows=tuple(_masked(source, each) for each in window.rows))


def count(desk: Desk, source: Source, view: View, *, actor: Actor) -> int:
    """How many records `view` selects of `source`. Raises AppError(FORBIDDEN | STORAGE_FAILED)."""
    _allow(desk, source, actor)
    return engine.count(desk.store, source, view)


def row(desk: Desk, source: Source, row_id: str, *, actor: Actor) -> dict[str, Any] | None:
    """A row's cells by column, masked, by the id that a browser sent back; None when the source has
    no such row (any more). Raises AppError(FORBIDDEN | STORAGE_FAILED)."""
    _allow(desk, source, actor)
    found = engine.record(desk.store, source, row_id)
    return found and {name: masks.masked(name, value) for name, value in found.items()}


def facet(
    desk: Desk, source: Source, view: View, column: str, typed: str = "", *, actor: Actor
) -> Facet:
    """The values of a column under the view's other filters, with their counts. Raises
    AppError(FORBIDDEN | STORAGE_FAILED)."""
    _allow(desk, source, actor)
    return engine.facet(desk.store, source, view, column, typed)


def selected(
    desk: Desk, source: Source, view: View, selection: Selection, most: int, *, actor: Actor
) -> Selected:
    """What is ticked, as it is now: at most `most` rows. Raises AppError(FORBIDDEN |
    STORAGE_FAILED)."""
    _allow(desk, source, actor)
    return engine.selected(desk.store, source, view, selection, most)


def _masked(source: Source, row: Group | Record) -> Group | Record:
    """Groups are never of such a column (lib/store/grid/sources.py)."""
    if isinstance(row, Group):
        return row
    cells = zip(source.columns, row.cells, strict=True)
    return replace(row, cells=tuple(masks.masked(column.id, cell) for column, cell in cells))


def _allow(desk: Desk, source: Source, actor: Actor) -> None:
    """Everybody may read their own entries of the log, and the history of one account."""
    desk.require(actor, Permission.FIND)
    if source.table != AUDIT.table:
        return
    narrowed_to = dict(source.fixed)
    if narrowed_to.get("actor") != actor.username and "account_no" not in narrowed_to:
        desk.require(actor, Permission.READ_LOG)
