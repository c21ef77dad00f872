"""XLSX: text stays text (zeros in front, no formulas, no links), dates are dates.

The rows are written here, into the file as it leaves: the library takes ten times as long for them
and lets nothing go before the last. All else of a workbook is the library's (xlsx_frame.py).
"""

import datetime as dt
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import IO, BinaryIO

from xlsxwriter.utility import xl_col_to_name

from lib.model import clock
from lib.model.sheet import Row, Sheet, Value
from lib.sheets.xlsx_frame import MOST_ROWS, Frame, frame, page_file

_MOST_TEXT = 32_767  # characters of one cell
_FIRST_DAY = dt.date(1900, 3, 1)  # Excel takes 1900 for a leap year: before this it errs
_DAY_ZERO = dt.date(1899, 12, 30)
_DAY_S = 86_400
_LEAST_WIDTH, _MOST_WIDTH = 8, 50  # characters
_AT_ONCE = 1_000  # rows compressed at a time
_QUICK = 1  # how hard to compress: more takes twice the time for a tenth less
_SPECIAL = re.compile(r"[&<>_\x00-\x1f\ufffe\uffff]|^\s|\s$")
# What XML can't hold is _xHHHH_ in a workbook; and what looks like that has its first "_" said so.
_LIKE_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_NOT_XML = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]")


def write(
    sheet: Sheet, batches: Iterable[Sequence[Row]], out: BinaryIO, most_rows: int = MOST_ROWS
) -> None:
    """Write the rows, each batch as it comes, on as many pages as they need."""
    coming = iter(batches)
    first = next(coming, [])
    widths = [_width(sheet, first, at) for at in range(len(sheet.columns))]
    made = frame(sheet, widths, [0, 0])
    counts: list[int] = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=_QUICK) as book:
        for rows in _pages(chain(first, chain.from_iterable(coming)), most_rows - 1):
            number = len(counts) + 1
            with book.open(page_file(number), "w") as page:
                page.write(made.above(min(number, 2)))
                counts.append(_write_rows(page, _Cells(sheet, made), rows))
                whole = frame(sheet, widths, counts)
                page.write(whole.below(number))
        for name in whole.files.keys() - set(book.namelist()):
            book.writestr(name, whole.files[name])


def _pages(rows: Iterator[Row], most: int) -> Iterator[Iterable[Row]]:
    """The rows a page at a time, each to be read before the next; one page even of none."""
    ahead = next(rows, None)
    while True:
        yield chain([ahead], islice(rows, most - 1)) if ahead is not None else ()
        ahead = next(rows, None)
        if ahead is None:
            return


def _write_rows(page: IO[bytes], cells: "_Cells", rows: Iterable[Row]) -> int:
    """How many there were."""
    count, left = 0, iter(rows)
    while some := list(islice(left, _AT_ONCE)):
        page.write("".join(cells.row(count + n, row) for n, row in enumerate(some, 2)).encode())
        count += len(some)
    return count


class _Cells:
    """Rows as a page's XML."""

    def __init__(self, sheet: Sheet, made: Frame) -> None:
        letters = [xl_col_to_name(at) for at in range(len(sheet.columns))]
        labels = [column.labels for column in sheet.columns]
        self._columns = list(zip(letters, labels, strict=True))
        self._made = made

    def row(self, number: int, row: Row) -> str:
        """The sheet's row `number`; cells of nothing are left out."""
        cells = (
            self._cell(f"{letter}{number}", value, labels)
            for (letter, labels), value in zip(self._columns, row, strict=True)
            if value is not None and value != ""
        )
        return f'<row r="{number}">{"".join(cells)}</row>'

    def _cell(self, at: str, value: Value, labels: Mapping[str, str]) -> str:
        said = _said(value, labels)
        if isinstance(said, str):
            text = _text(said) if _SPECIAL.search(said) else f"<t>{said}</t>"
            return f'<c r="{at}" s="{self._made.text}" t="inlineStr"><is>{text}</is></c>'
        if isinstance(said, dt.datetime):
            return f'<c r="{at}" s="{self._made.instant}"><v>{_instant(said)}</v></c>'
        if isinstance(said, dt.date):
            return f'<c r="{at}" s="{self._made.day}"><v>{(said - _DAY_ZERO).days}</v></c>'
        return f'<c r="{at}"><v>{said}</v></c>'


def _said(value: Value, labels: Mapping[str, str]) -> Value:
    """The value as the cell holds it: codes by name, instants on the office's clock."""
    if isinstance(value, str):
        return labels.get(value, value)[:_MOST_TEXT]
    if isinstance(value, dt.datetime):
        return clock.at_office(value).replace(tzinfo=None)
    if isinstance(value, dt.date) and value < _FIRST_DAY:
        return f"{value:%d/%m/%Y}"
    return value


def _instant(local: dt.datetime) -> float:
    """Days since Excel's first, with the time as a part of a day."""
    seconds = local.hour * 3600 + local.minute * 60 + local.second
    return (local.date() - _DAY_ZERO).days + seconds / _DAY_S


def _text(said: str) -> str:
    said = _LIKE_ESCAPED.sub("_x005F_", said)
    said = said.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    said = _NOT_XML.sub(lambda found: f"_x{ord(found[0]):04X}_", said)
    return f'<t xml:space="preserve">{said}</t>'


def _width(sheet: Sheet, rows: Sequence[Row], at: int) -> int:
    """What a column needs for its heading and these rows, in characters."""
    column = sheet.columns[at]
    cells = (_said(row[at], column.labels) for row in rows)
    longest = max((_length(said) for said in cells), default=0)
    arrow = 3  # the filter's, over the heading
    return max(_LEAST_WIDTH, min(max(longest, len(column.heading) + arrow) + 1, _MOST_WIDTH))


def _length(said: Value) -> int:
    if isinstance(said, dt.date):
        return 18 if isinstance(said, dt.datetime) else 10
    return 0 if said is None else len(str(said))
