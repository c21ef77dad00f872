"""All of a workbook but its rows, by the library: pages, heading, styles, widths, filters."""

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

import xlsxwriter

from lib.model.sheet import Sheet

MOST_ROWS = 1_048_576  # of one page, its heading's included
_LONGEST_TITLE = 25  # of 31, so that a number fits behind it
_LOOKS = ("@", "dd/mm/yyyy", "dd/mm/yyyy hh:mm:ss")  # "@": stays text also when it is edited
# The second row is there to tell what the library calls each look: rows take its place.
_SAMPLE = re.compile(rb'<row r="2".*?</row>')
_STYLE = re.compile(rb' s="(\d+)"')
_DIMENSION = re.compile(rb"<dimension [^>]*/>")  # optional, and not known before the rows


@dataclass(frozen=True)
class Frame:
    """`files` are the workbook's parts by name. `text`, `day` and `instant` are the styles of such
    cells."""

    files: dict[str, bytes]
    text: int
    day: int
    instant: int

    def above(self, page: int) -> bytes:
        """A page (from 1) up to its first row."""
        return _DIMENSION.sub(b"", _SAMPLE.split(self.files[page_file(page)])[0])

    def below(self, page: int) -> bytes:
        """The same page after its last row."""
        return _SAMPLE.split(self.files[page_file(page)])[1]


def page_file(page: int) -> str:
    return f"xl/worksheets/sheet{page}.xml"


def frame(sheet: Sheet, widths: Sequence[int], rows: Sequence[int]) -> Frame:
    """For pages that hold so many `rows`; `widths` are the columns', in characters."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"title": sheet.title, "author": "Mesa CDA"})
        bold = book.add_format({"bold": True, "bottom": 1})
        looks = [book.add_format({"num_format": look}) for look in _LOOKS]
        for page, count in enumerate(rows, 1):
            title = sheet.title[:_LONGEST_TITLE]
            drawn = book.add_worksheet(title if page == 1 else f"{title} ({page})")
            for at, (column, width) in enumerate(zip(sheet.columns, widths, strict=True)):
                drawn.write_string(0, at, column.heading, bold)
                drawn.set_column(at, at, width)
            for at, look in enumerate(looks):
                drawn.write_blank(1, at, None, look)
            drawn.freeze_panes(1, 0)
            drawn.autofilter(0, 0, count, len(sheet.columns) - 1)
            drawn.ignore_errors({"number_stored_as_text": f"A1:XFD{MOST_ROWS}"})
    with zipfile.ZipFile(out) as made:
        files = {name: made.read(name) for name in made.namelist()}
    sample = _SAMPLE.findall(files[page_file(1)])[0]
    return Frame(files, *(int(style) for style in _STYLE.findall(sample)))
