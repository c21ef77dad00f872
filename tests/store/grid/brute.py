"""The grid worked out in plain Python: slow, and plainly right."""

import datetime as dt
import re
from collections import Counter
from dataclasses import replace
from typing import Any

from lib.model.selection import Selection
from lib.model.text import fold
from lib.model.view import Path, View

TEXT = ("version", "serial", "account_no", "account_name")
CHOICE = ("product", "period", "status")
Rows = list[dict[str, Any]]

# Filters whose meaning is written out by hand: from, to, both included.
NUMBERS = {"2": (2, 2), ">=10": (10, 10**9), "<10": (0, 9), " 2 .. 10 ": (2, 10), "..1": (0, 1)}
TODAY = dt.date(2026, 7, 2)  # a Thursday
DATES = {
    "29/02/2024": (dt.date(2024, 2, 29), dt.date(2024, 2, 29)),
    "2024-12": (dt.date(2024, 12, 1), dt.date(2024, 12, 31)),
    "02/2024": (dt.date(2024, 2, 1), dt.date(2024, 2, 29)),
    ">2024": (dt.date(2025, 1, 1), dt.date.max),
    "2024..1/1/2025": (dt.date(2024, 1, 1), dt.date(2025, 1, 1)),
    "<=2025-01-01": (dt.date.min, dt.date(2025, 1, 1)),
    "31-12-2024": (dt.date(2024, 12, 31), dt.date(2024, 12, 31)),
    "vencidas": (dt.date.min, dt.date(2026, 7, 1)),
    "esta semana": (dt.date(2026, 6, 29), dt.date(2026, 7, 5)),
    "próximos 300 días": (TODAY, dt.date(2027, 4, 28)),
    "mes pasado..hoy": (dt.date(2026, 6, 1), TODAY),
}


def flattened(rows: Rows, view: View) -> list[tuple[Any, ...]]:
    """Every row of the tree: ('group', level, path, count, seats, open), ('row', level, serial)."""
    return _level(selected(rows, view), view, ())


def in_order(rows: Rows, view: View) -> list[str]:
    """The serials of all rows as they lie when every group is open."""
    tree = flattened(rows, replace(view, unfolded=True, collapsed=()))
    return [entry[2] for entry in tree if entry[0] == "row"]


def counted(rows: Rows, view: View, column: str) -> dict[Any, int]:
    """How many rows have each value of a column, under the view's other filters."""
    others = {name: text for name, text in view.filters.items() if name != column}
    found = selected(rows, replace(view, filters=others))
    return dict(Counter(key(row, column) for row in found))


def ticked(rows: Rows, view: View, selection: Selection) -> list[str]:
    """The serials of what is ticked, as they lie when every group is open."""
    under = {
        row["serial"]
        for row in selected(rows, view)
        for path in selection.paths
        if path == tuple(key(row, name) for name in view.group[: len(path)])
    }
    free = View(group=view.group, sort=view.sort)
    return [s for s in in_order(rows, free) if s in under or s in selection.ids]


def selected(rows: Rows, view: View) -> Rows:
    words = fold(view.q).split()
    found = [
        row
        for row in rows
        if all(w in row["vendor_search"] or w in row["corrected_search"] for w in words)
    ]
    return [r for r in found if all(_passes(r[c], c, text) for c, text in view.filters.items())]


def _passes(value: Any, column: str, text: str) -> bool:
    if text in ("=", "!="):
        return (value in (None, "")) == (text == "=")
    if column in CHOICE:
        return any(
            _folded(value) == ("" if part == "=" else fold(part)) for part in text.split("|")
        )
    if column in TEXT:
        return _matches(fold(value) if column == "account_name" else _folded(value), text)
    first, last = NUMBERS[text] if column == "seats" else DATES[text]
    return value is not None and bool(first <= value <= last)


def _matches(cell: str, text: str) -> bool:
    if text[0] == "^":
        return cell.startswith(fold(text[1:]))
    return cell == fold(text[1:]) if text[0] == "=" else fold(text) in cell


def _folded(value: str) -> str:
    """As fold, but double spaces in a cell are text."""
    return "".join(fold(c) or c for c in value)


def _level(rows: Rows, view: View, path: Path) -> list[tuple[Any, ...]]:
    depth = len(path)
    if depth == len(view.group):
        return [("row", depth, row["serial"]) for row in _sorted(rows, view)]
    name, tree = view.group[depth], []
    groups: dict[Any, Rows] = {}
    for row in rows:
        groups.setdefault(key(row, name), []).append(row)
    for value in _group_order(groups, name, dict(view.sort).get(name.split(":")[0], False)):
        inner = (*path, value)
        opened = inner not in view.collapsed if view.unfolded else inner in view.expanded
        own = groups[value]
        tree.append(("group", depth, inner, len(own), seats(own), opened))
        if opened:
            tree += _level(own, view, inner)
    return tree


def seats(rows: Rows) -> int:
    return sum(row["seats"] for row in rows)


def key(row: dict[str, Any], name: str) -> Any:
    """A row's key in a path, for a level of that name."""
    column, _, grain = name.partition(":")
    value = row[column]
    if grain == "due":
        return _nearness(value)
    if not isinstance(value, dt.date):
        return value
    return {"": f"{value}", "month": f"{value}"[:7], "year": value.year}[grain]


def _nearness(day: dt.date | None) -> str:
    if day is None:
        return "none"
    if day < TODAY:
        return "overdue"
    if day.isocalendar()[:2] == TODAY.isocalendar()[:2]:
        return "this_week"
    return "this_month" if f"{day}"[:7] == f"{TODAY}"[:7] else "later"


NEARNESS = ("overdue", "this_week", "this_month", "later")


def _group_order(groups: dict[Any, Rows], name: str, descending: bool) -> list[Any]:
    values: list[Any] = sorted((v for v in groups if v not in (None, "none")), reverse=descending)
    values.sort(key=lambda value: _key(name, value), reverse=descending)
    return values + [value for value in groups if value in (None, "none")]


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
    if column == "next_payment_on:due":
        return NEARNESS.index(value)
    if column == "version":
        runs = [run for run in re.split(r"(\d+)", value) if run]
        return [(int(r), "") if r.isdigit() else (-1, r) for r in runs]
    return value
