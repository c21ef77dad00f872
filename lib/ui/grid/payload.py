"""A window as the browser draws it: text already in Spanish, nothing to work out."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from lib.model.view import Path, View
from lib.store.grid import levels
from lib.store.grid.columns import Column, Grain, Kind
from lib.store.grid.engine import Window
from lib.store.grid.sources import Source
from lib.store.grid.tree import Group, Record
from lib.ui import written
from lib.ui.grid import headings, sentences
from lib.ui.grid.names import DUE, TONES

PAGE_SIZES = (25, 50, 100, 200)


@dataclass(frozen=True)
class Status:
    """A row's cell under "Último envío". `tone`: ok, warn, bad, busy or "" for plain text."""

    text: str
    tone: str = ""
    title: str = ""


def page(
    source: Source,
    window: Window,
    statuses: Mapping[str, Status],
    without_account: Sequence[str] = (),
    copied: str = "",
) -> dict[str, Any]:
    """The part of the payload that changes with each answer. `without_account` are the actions
    that rows of no account have; `copied` is the column whose value goes along though it be
    hidden."""
    rows = [_row(source, window.view, row, statuses) for row in window.rows]
    at = next((i for i, column in enumerate(source.columns) if column.id == copied), None)
    for row, drawn in zip(window.rows, rows, strict=True):
        if isinstance(row, Record) and not row.account_no:
            drawn["acts"] = without_account
        if isinstance(row, Record) and at is not None:
            drawn["copy"] = row.cells[at]
    return {
        "view": window.view.to_json(),
        "rows": rows,
        "under": _under(window.rows),
        **headings.around(source, window),
        "total": window.total,
        "records": window.records,
        "seats": window.seats,
        "offset": window.view.offset,
        "limit": window.view.limit,
        "sizes": PAGE_SIZES,
    }


def _under(rows: Sequence[Group | Record]) -> Path:
    """The group in which a page begins, whose heading stands on an earlier one."""
    first = rows[0] if rows else None
    return first.path if isinstance(first, Record) else ()


def _row(
    source: Source, view: View, row: Group | Record, statuses: Mapping[str, Status]
) -> dict[str, Any]:
    if isinstance(row, Group):
        return {
            "level": row.level,
            "path": row.path,
            "label": _group_label(source, view.group[row.level], row.value),
            "count": row.count,
            "seats": row.seats,
            "open": row.open,
        }
    values = dict(zip((c.id for c in source.columns), row.cells, strict=True))
    columns = headings.shown_columns(source, view.layout)
    drawn: dict[str, Any] = {
        "level": row.level,
        "id": row.id,
        "cells": [shown(column, values[column.id]) for column in columns],
    }
    if row.tones:
        drawn["tones"] = {column: TONES[tone] for column, tone in row.tones.items()}
    if row.id in statuses:
        drawn["status"] = asdict(statuses[row.id])
    return drawn


def _group_label(source: Source, name: str, value: Any) -> str:
    """What a group's rows share: a value, or the month, year or nearness of a date."""
    column_id, grain = levels.split(name)
    column = source.column(column_id)
    if column is None or value is None:
        return ""
    if grain == Grain.MONTH:
        return sentences.of_month(value)
    if grain == Grain.DUE:
        return DUE[value]
    return str(value) if grain == Grain.YEAR else shown(column, value)


def shown(column: Column, value: Any) -> str:
    """A cell as it reads: dates dd/mm/aaaa, instants on the office's clock."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return written.instant(value)
    if isinstance(value, dt.date):
        return written.day(value)
    if column.kind is Kind.NUMBER:
        return f"{value:,}"
    return column.labels.get(value, str(value))
