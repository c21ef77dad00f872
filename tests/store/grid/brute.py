"""The grid worked out in plain Python: slow, and plainly right."""

import datetime as dt
import re
from typing import Any

from lib.model.text import fold
from lib.model.view import Path, View

TEXT = ("version", "serial", "account_no")
CHOICE = ("product", "period", "status")
Rows = list[dict[str, Any]]

# Filters whose meaning is written out by hand: from, to, both included.
NUMBERS = {"2": (2, 2), ">=10": (10, 10**9), "<10": (0, 9), " 2 .. 10 ": (2, 10), "..1": (0, 1)}
DATES = {
    "29/02/2024": (dt.date(2024, 2, 29), dt.date(2024, 2, 29)),
    "2024-12": (dt.date(2024, 12, 1), dt.date(2024, 12, 31)),
    "02/2024": (dt.date(2024, 2, 1), dt.date(2024, 2, 29)),
    ">2024": (dt.date(2025, 1, 1), dt.date.max),
    "2024..1/1/2025": (dt.date(2024, 1, 1), dt.date(2025, 1, 1)),
    "<=2025-01-01": (dt.date.min, dt.date(2025, 1, 1)),
}


def flattened(rows: Rows, view: View) -> list[tuple[Any, ...]]:
    """Every row of the tree: ('group', level, path, count, open) or ('row', level, serial)."""
    return _level(selected(rows, view), view, ())


def selected(rows: Rows, view: View) -> Rows:
    words = fold(view.q).split()
    found = [
        row
        for row in rows
        if all(w in row["vendor_search"] or w in row["corrected_search"] for w in words)
    ]
    return [r for r in found if all(_passes(r[c], c, text) for c, text in view.filters.items())]


def _passes(value: Any, column: str, text: str) -> bool:
    if column == "account_name":
        return fold(text) in fold(value)
    if column in TEXT:
        return fold(text) in _folded(value)
    if column in CHOICE:
        return _folded(value) == fold(text)
    first, last = NUMBERS[text] if column == "seats" else DATES[text]
    return value is not None and bool(first <= value <= last)


def _folded(value: str) -> str:
    """As fold, but double spaces in a cell are text."""
    return "".join(fold(c) or c for c in value)


def _level(rows: Rows, view: View, path: Path) -> list[tuple[Any, ...]]:
    depth = len(path)
    if depth == len(view.group):
        return [("row", depth, row["serial"]) for row in _sorted(rows, view)]
    column, tree = view.group[depth], []
    groups: dict[Any, Rows] = {}
    for row in rows:
        groups.setdefault(row[column], []).append(row)
    for value in _group_order(groups, column, dict(view.sort).get(column, False)):
        inner = (*path, value.isoformat() if isinstance(value, dt.date) else value)
        opened = inner in view.expanded
        tree.append(("group", depth, inner, len(groups[value]), opened))
        if opened:
            tree += _level(groups[value], view, inner)
    return tree


def _group_order(groups: dict[Any, Rows], column: str, descending: bool) -> list[Any]:
    values = sorted((v for v in groups if v is not None), reverse=descending)
    values.sort(key=lambda value: _key(column, value), reverse=descending)
    return values + [None] * (None in groups)


def _sorted(rows: Rows, view: View) -> Rows:
    ordered = sorted(rows, key=lambda row: row["id"])
    for column, descending in reversed([s for s in view.sort if s[0] not in view.group]):
        some = [row for row in ordered if row[column] is not None]
        some.sort(key=lambda row, c=column: _key(c, row[c]), reverse=descending)
        ordered = some + [row for row in ordered if row[column] is None]
    return ordered


def _key(column: str, value: Any) -> Any:
    if column == "account_name":
        return fold(value)
    if column == "version":
        runs = [run for run in re.split(r"(\d+)", value) if run]
        return [(int(r), "") if r.isdigit() else (-1, r) for r in runs]
    return value
