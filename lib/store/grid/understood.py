"""A view less what its source lacks or can't do, and what that was."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

from lib.model.left_out import LeftOut, What
from lib.model.view import Layout, Path, View
from lib.store.grid import levels
from lib.store.grid.columns import Column
from lib.store.grid.levels import Level, NotAKey
from lib.store.grid.sources import Source

DEEPEST = 5  # levels of groups

_Columns = dict[str, Column]


@dataclass(frozen=True)
class Understood:
    """`group` is the view's, as levels."""

    view: View
    group: tuple[Level, ...]
    left_out: tuple[LeftOut, ...]


def understood(source: Source, view: View, today: dt.date) -> Understood:
    columns = {column.id: column for column in source.columns}
    named = [(name, levels.named(columns, name, today)) for name in view.group]
    possible = [level for _, level in named if level]
    group = tuple(possible[:DEEPEST])
    known = replace(
        view,
        filters={n: text for n, text in view.filters.items() if _filterable(columns, n)},
        sort=tuple((n, way) for n, way in view.sort if _sortable(columns, n)),
        group=tuple(level.id for level in group),
        expanded=tuple(path for path in view.expanded if can_be(group, path)),
        collapsed=tuple(path for path in view.collapsed if can_be(group, path)),
        layout=_layout(columns, view.layout),
    )
    unknown = (name for name, level in named if level is None)
    left = [*_names_left(columns, view, known), *(_ungrouped(columns, n) for n in unknown)]
    left += [LeftOut(What.DEPTH, level.id) for level in possible[DEEPEST:]]
    if (known.expanded, known.collapsed) != (view.expanded, view.collapsed):
        left.append(LeftOut(What.OPENED))
    return Understood(known, group, tuple(dict.fromkeys(left)))


def _filterable(columns: _Columns, name: str) -> bool:
    return name in columns and columns[name].filterable


def _sortable(columns: _Columns, name: str) -> bool:
    return name in columns and columns[name].sortable


def can_be(group: tuple[Level, ...], path: Path) -> bool:
    """Whether some row could lie under this path."""
    try:
        keys = [level.from_key(key) for level, key in zip(group, path, strict=False)]
    except NotAKey:
        return False
    return len(keys) == len(path)


def _layout(columns: _Columns, layout: Layout) -> Layout:
    shown = tuple(name for name in layout.columns if name in columns)
    return replace(
        layout,
        columns=shown,
        widths={name: width for name, width in layout.widths.items() if name in columns},
        frozen=min(layout.frozen, len(shown or columns)),
    )


def _names_left(columns: _Columns, view: View, known: View) -> Iterator[LeftOut]:
    sorts = dict(known.sort)
    left = [name for name in view.filters if name not in known.filters]
    left += [name for name, _ in view.sort if name not in sorts]
    left += [name for name in (*view.layout.columns, *view.layout.widths) if name not in columns]
    return (LeftOut(What.COLUMN, name) for name in left)


def _ungrouped(columns: _Columns, name: str) -> LeftOut:
    known = levels.split(name)[0] in columns
    return LeftOut(What.GROUP if known else What.COLUMN, name)
