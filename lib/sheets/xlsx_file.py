"""XLSX: text stays text (zeros in front, no formulas, no links), dates are dates.

The library keeps one row in memory and the others in temporary files: `folder` holds them.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter

from lib.model import clock
from lib.model.sheet import Column, Row, Sheet, Value

MOST_ROWS = 1_048_576  # of one page, its heading's included
_MOST_TEXT = 32_767  # characters of one cell
_FIRST_DAY = dt.date(1900, 3, 1)  # Excel takes 1900 for a leap year: before this it errs
_LONGEST_TITLE = 25  # of 31, so that a number fits behind it
_LEAST_WIDTH, _MOST_WIDTH = 8, 50  # characters
_MEASURED = 1_000  # rows that a column's width is taken from
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


def write(
    sheet: Sheet,
    batches: Iterable[Sequence[Row]],
    out: BinaryIO,
    folder: Path,
    most_rows: int = MOST_ROWS,
) -> None:
    """Write the rows on as many pages as they need; the file leaves when all are in."""
    with xlsxwriter.Workbook(out, {**_OPTIONS, "tmpdir": str(folder)}) as book:
        book.set_properties({"title": sheet.title, "author": "Mesa CDA"})
        pages = _Pages(book, sheet, most_rows)
        for batch in batches:
            for row in batch:
                pages.add(row)
        pages.finish()


class _Pages:
    """The workbook's pages: a new one when the last is full."""

    def __init__(self, book: Any, sheet: Sheet, most_rows: int) -> None:
        self._book, self._sheet, self._most = book, sheet, most_rows
        self._bold = book.add_format({"bold": True, "bottom": 1})
        self._text = book.add_format({"num_format": "@"})  # stays text when it is edited
        self._day = book.add_format({"num_format": "dd/mm/yyyy"})
        self._instant = book.add_format({"num_format": "dd/mm/yyyy hh:mm:ss"})
        self._widths = [len(column.heading) + 3 for column in sheet.columns]  # the filter's arrow
        self._count = 0
        self._turn()

    def add(self, row: Row) -> None:
        if self._next == self._most:
            self.finish()
            self._turn()
        for at, (value, column) in enumerate(zip(row, self._sheet.columns, strict=True)):
            if value is not None:
                said = _said(value, column)
                self._put(at, said)
                if self._next <= _MEASURED:
                    self._widths[at] = max(self._widths[at], _length(said))
        self._next += 1

    def finish(self) -> None:
        """What a page says of itself once its rows are known."""
        self._page.freeze_panes(1, 0)
        self._page.autofilter(0, 0, self._next - 1, len(self._sheet.columns) - 1)
        for at, width in enumerate(self._widths):
            self._page.set_column(at, at, max(_LEAST_WIDTH, min(width + 1, _MOST_WIDTH)))
        self._page.ignore_errors({"number_stored_as_text": f"A1:XFD{MOST_ROWS}"})

    def _turn(self) -> None:
        self._count += 1
        title = self._sheet.title[:_LONGEST_TITLE]
        name = title if self._count == 1 else f"{title} ({self._count})"
        self._page = self._book.add_worksheet(name)
        for at, column in enumerate(self._sheet.columns):
            self._page.write_string(0, at, column.heading, self._bold)
        self._next = 1

    def _put(self, at: int, said: Value) -> None:
        if isinstance(said, str):
            self._page.write_string(self._next, at, said, self._text)
        elif isinstance(said, int):
            self._page.write_number(self._next, at, said)
        else:
            look = self._instant if isinstance(said, dt.datetime) else self._day
            self._page.write_datetime(self._next, at, said, look)


def _said(value: Value, column: Column) -> Value:
    """The value as the cell holds it: codes by name, instants on the office's clock."""
    if isinstance(value, str):
        return column.labels.get(value, value)[:_MOST_TEXT]
    if isinstance(value, dt.datetime):
        return clock.at_office(value).replace(tzinfo=None)
    if isinstance(value, dt.date) and value < _FIRST_DAY:
        return f"{value:%d/%m/%Y}"
    return value


def _length(said: Value) -> int:
    if isinstance(said, dt.date):
        return 18 if isinstance(said, dt.datetime) else 10
    return len(str(said))
