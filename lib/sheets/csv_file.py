"""CSV as Excel in Mexico reads it and the importer reads back: UTF-8 with BOM, CRLF, commas.

Values stand as they are: 00012345 keeps its zeros here, though Excel drops them when it opens a
CSV by itself. Nothing that prevents that (="00012345", a tab) is still the value to whatever else
reads the file; XLSX is what we offer for Excel.
"""

import csv
import datetime as dt
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import BinaryIO

from lib.model import clock, formula
from lib.model.sheet import Row, Sheet, Value


def write(sheet: Sheet, batches: Iterable[Sequence[Row]], out: BinaryIO) -> None:
    """Write the heading and the rows, each batch as it comes."""
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([formula.escape(column.heading) for column in sheet.columns])
    labels = [column.labels for column in sheet.columns]
    for batch in batches:
        for row in batch:
            writer.writerow(list(map(_said, row, labels)))
    text.flush()
    text.detach()


def _said(value: Value, labels: Mapping[str, str]) -> str:
    if isinstance(value, str):
        return formula.escape(labels.get(value, value))
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        local = clock.at_office(value)
        return f"{_day(local)} {local:%H:%M:%S}"
    return _day(value) if isinstance(value, dt.date) else str(value)


def _day(day: dt.date) -> str:
    return f"{day.day:02}/{day.month:02}/{day.year:04}"
