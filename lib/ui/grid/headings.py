"""What stands around a window's rows: its columns as they are laid out, its filters and what was
left out of the view, in Spanish."""

from collections.abc import Mapping, Sequence
from typing import Any

from lib.model import clock
from lib.model.filter import EMPTY, Kind
from lib.model.left_out import LeftOut, What
from lib.model.text import fold
from lib.model.view import Key, Layout, View
from lib.store.grid import levels
from lib.store.grid.columns import Column
from lib.store.grid.engine import Facet, Window
from lib.store.grid.reading import natural
from lib.store.grid.sources import Source
from lib.ui.grid import nearness, sentences
from lib.ui.grid.names import (
    DATE_PRESETS,
    GRAINS,
    HEADINGS,
    HIDDEN,
    HINTS,
    LEFT_OUT,
    LISTED,
    NO_VALUE,
    PRESETS,
    SEARCHES,
)

_DATES = (Kind.DATE, Kind.INSTANT)
_MOST_LISTED = 5  # names that one sentence repeats
_MOST_NAMED = 60  # characters of a name from outside that a sentence repeats


def around(source: Source, window: Window) -> dict[str, Any]:
    """The part of the payload that isn't rows."""
    layout = window.view.layout
    shown = shown_columns(source, layout)
    names = {column.id for column in shown}
    described = {c.id: _column(c, layout, window.choices) for c in source.columns}
    return {
        "columns": [described[column.id] for column in shown],
        # In the source's order; what is shown is described once, above.
        "every": [{"id": c.id} if c.id in names else described[c.id] for c in source.columns],
        "usual": [column.id for column in usual_columns(source)],
        "filters": filters(source, window.view),
        "notices": [
            *nearness.said(window.near, only=window.only_near),
            *notices(source, window.left_out),
        ],
        "search": SEARCHES[source.id],
    }


def shown_columns(source: Source, layout: Layout) -> list[Column]:
    """The columns on screen, from left to right."""
    chosen = [column for name in layout.columns if (column := source.column(name))]
    return chosen or usual_columns(source)


def usual_columns(source: Source) -> list[Column]:
    """Those of a layout that chooses none."""
    hidden = HIDDEN.get(source.id, frozenset())
    return [column for column in source.columns if column.id not in hidden]


def _column(column: Column, layout: Layout, choices: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    heading, (hint, help_text) = HEADINGS[column.id], HINTS[column.kind]
    width = layout.widths.get(column.id)
    return {
        "id": column.id,
        "label": heading.label,
        "kind": column.kind.value,
        "width": width or heading.width,
        "sized": width is not None,
        "wide": heading.wide and width is None,
        "groupable": column.groupable,
        "sortable": column.sortable,
        "filterable": column.filterable,
        "grains": _grains(column),
        "presets": _presets(column),
        "listed": column.id in LISTED,
        "hint": hint,
        "help": help_text,
        "choices": [[code, named(column, code)] for code in choices.get(column.id, ())],
    }


def _grains(column: Column) -> list[list[str]]:
    """Ways to group by a date, each with its name; "" is its day. None where there is one."""
    offered = {grain.value for grain in column.grains} | {""}
    return [[code, name] for code, name in GRAINS.items() if code in offered and column.grains]


def _presets(column: Column) -> list[list[str]]:
    if column.kind not in _DATES:
        return []
    return [list(preset) for preset in PRESETS.get(column.id, DATE_PRESETS)]


def named(column: Column, code: Key) -> str:
    return NO_VALUE if code is None else column.labels.get(str(code), str(code))


# ---- filters --------------------------------------------------------------------------------


def filters(source: Source, view: View) -> list[dict[str, Any]]:
    """The filters in force, in the columns' order, each as it was typed and as it reads."""
    asked = [(c, view.filters[c.id]) for c in source.columns if c.id in view.filters]
    return [_filter(column, text) for column, text in asked]


def _filter(column: Column, text: str) -> dict[str, Any]:
    words = sentences.of_filter(column.kind, text, clock.today(), column.labels)
    return {
        "id": column.id,
        "label": HEADINGS[column.id].label,
        "text": text,
        "words": words or "",
        "bad": words is None,
    }


def facet(column: Column, found: Facet) -> dict[str, Any]:
    """A column's values: what is typed for one, what it is called, how many there are. In the order
    of their names where they are all here, so that a list doesn't move while it is looked at."""
    counts: dict[Key, int] = {}
    for value, count in found.values:
        known = None if value == "" else value
        counts[known] = counts.get(known, 0) + count
    values = [[EMPTY if v is None else v, named(column, v), n] for v, n in counts.items()]
    if not found.more:
        values.sort(key=lambda value: (value[0] == EMPTY, natural(fold(str(value[1])))))
    return {"column": column.id, "values": values, "more": found.more}


# ---- what was left out ------------------------------------------------------------------------


def notices(source: Source, left_out: Sequence[LeftOut]) -> list[str]:
    """A sentence for each kind of thing that the view asked for in vain, where nothing else on
    screen tells."""
    names: dict[What, dict[str, None]] = {}
    for left in left_out:
        names.setdefault(left.what, {})[level(source, left.name)] = None
    return [
        LEFT_OUT[what].format(_listed(list(n))) for what, n in names.items() if what in LEFT_OUT
    ]


def _listed(names: Sequence[str]) -> str:
    """The first ones, and how many more."""
    more = len(names) - _MOST_LISTED
    return ", ".join(names[:_MOST_LISTED]) + (f" y {more} más" if more > 0 else "")


def level(source: Source, name: str) -> str:
    """What a column, or a level of groups, is called: "activated_on:month", Fecha Activación (mes).
    A name that isn't known is said as it came, cut."""
    column_id, grain = levels.split(name)
    column = source.column(column_id)
    if column is None:
        return f"«{name[:_MOST_NAMED]}»"
    label, way = HEADINGS[column.id].label, GRAINS.get(grain) if grain else None
    return f"{label} ({way.lower()})" if way else label
