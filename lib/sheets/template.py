"""The workbook that people fill in: every cell of it is text, so that Excel eats neither the zeros
in front of a serial nor the last digits of a long one; and a sheet that shows how.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

_ROWS = 1_048_575  # of a sheet, below its heading
_WIDTH = 18  # characters


@dataclass(frozen=True)
class Field:
    """A column to fill in: what it is called, what to write, an example of it. `options` are the
    only values it takes (() = any)."""

    heading: str
    about: str
    example: str
    required: bool = False
    options: tuple[str, ...] = ()


def workbook(title: str, guide: str, notes: Sequence[str], fields: Sequence[Field]) -> bytes:
    """XLSX: the sheet `title` with nothing but its heading, and the sheet `guide`: `notes`, then
    each field with its example."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"title": title, "author": "Mesa CDA"})
        _rows(book, book.add_worksheet(title), fields)
        _guide(book, book.add_worksheet(guide), notes, fields)
    return out.getvalue()


def _rows(book: Any, sheet: Any, fields: Sequence[Field]) -> None:
    text = book.add_format({"num_format": "@"})
    heads = {
        True: book.add_format(
            {"bold": True, "bottom": 1, "num_format": "@", "bg_color": "#D9EFE6"}
        ),
        False: book.add_format({"bold": True, "bottom": 1, "num_format": "@"}),
    }
    for at, field in enumerate(fields):
        sheet.set_column(at, at, _WIDTH, text)
        sheet.write_string(0, at, field.heading, heads[field.required])
        if field.options:
            rule = {"validate": "list", "source": [*field.options], "error_type": "warning"}
            sheet.data_validation(1, at, _ROWS, at, rule)
    sheet.freeze_panes(1, 0)
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{_ROWS + 1}"})


def _guide(book: Any, sheet: Any, notes: Sequence[str], fields: Sequence[Field]) -> None:
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True})
    text = book.add_format({"num_format": "@"})
    for at, width in enumerate((_WIDTH, 14, 62, 24)):
        sheet.set_column(at, at, width)
    for at, note in enumerate(notes):
        sheet.write_string(at, 0, note, bold if at == 0 else None)
    top = len(notes) + 1
    for at, title in enumerate(("Columna", "¿Hace falta?", "Qué se escribe", "Ejemplo")):
        sheet.write_string(top, at, title, bold)
    for row, field in enumerate(fields, top + 1):
        sheet.write_string(row, 0, field.heading)
        sheet.write_string(row, 1, "Sí" if field.required else "No")
        sheet.write_string(row, 2, field.about, wrapped)
        sheet.write_string(row, 3, field.example, text)
