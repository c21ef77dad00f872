"""A window as the browser draws it: text already in Spanish, nothing to work out."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from lib.model import clock
from lib.model.view import View
from lib.store.grid.columns import Column, Kind
from lib.store.grid.engine import Window
from lib.store.grid.sources import Source
from lib.store.grid.tree import Group, Record
from lib.ui.grid.names import HEADINGS, HINTS, TONES

PAGE_SIZES = (25, 50, 100, 200)


@dataclass(frozen=True)
class RowAction:
    """A button on each row. `icon` is one of js/dom.js: mail, paper, person, info, retry, eye."""

    id: str
    label: str
    icon: str


@dataclass(frozen=True)
class Status:
    """A row's cell under "Último envío". `tone`: ok, warn, bad, busy or "" for plain text."""

    text: str
    tone: str = ""
    title: str = ""


def page(source: Source, window: Window, statuses: Mapping[str, Status]) -> dict[str, Any]:
    """The part of the payload that changes with each answer."""
    return {
        "view": window.view.to_json(),
        "rows": [_row(source, window.view, row, statuses) for row in window.rows],
        "columns": [_column(column, window.choices) for column in source.columns],
        "total": window.total,
        "records": window.records,
        "offset": window.view.offset,
        "limit": window.view.limit,
        "sizes": PAGE_SIZES,
        "ignored": window.ignored,
    }


def _column(column: Column, choices: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    heading, (hint, help_text) = HEADINGS[column.id], HINTS[column.kind]
    return {
        "id": column.id,
        "label": heading.label,
        "kind": column.kind.value,
        "width": heading.width,
        "wide": heading.wide,
        "groupable": column.groupable,
        "sortable": column.sortable,
        "filterable": column.filterable,
        "hint": hint,
        "help": help_text,
        "choices": [[code, shown(column, code)] for code in choices.get(column.id, ())],
    }


def _row(
    source: Source, view: View, row: Group | Record, statuses: Mapping[str, Status]
) -> dict[str, Any]:
    if isinstance(row, Group):
        column = source.column(view.group[row.level])
        return {
            "level": row.level,
            "path": row.path,
            "label": shown(column, row.value) if column else "",
            "count": row.count,
            "open": row.open,
        }
    cells = zip(source.columns, row.cells, strict=True)
    drawn: dict[str, Any] = {
        "level": row.level,
        "id": row.id,
        "cells": [shown(column, cell) for column, cell in cells],
    }
    if row.tones:
        drawn["tones"] = {column: TONES[tone] for column, tone in row.tones.items()}
    if row.id in statuses:
        drawn["status"] = asdict(statuses[row.id])
    return drawn


def shown(column: Column, value: Any) -> str:
    """A cell as it reads: dates dd/mm/aaaa, instants on the office's clock."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return f"{clock.at_office(value):%d/%m/%Y %H:%M:%S}"
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"
    if column.kind is Kind.NUMBER:
        return f"{value:,}"
    return column.labels.get(value, str(value))
