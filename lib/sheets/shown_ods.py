"""The same of an OpenDocument sheet (shown.py), where each cell has beside its value the text that
is shown for it."""

import re
import zipfile
from collections.abc import Iterator
from xml.parsers import expat

_PIECE = 1 << 20
_SOME = re.compile(rb"value-type=[\"']error|value-type=[\"']float[^>]*>\s*<text:p>[^<\d]{0,9}0\d")
_WIDEST = 400  # bytes that such a match takes: pieces overlap by so much
_PADDED = re.compile(r"[A-Za-z]{0,9}[- ]?0[\d -]*")
_EXACT = 10**15
_MOST_ROWS = 1 << 20
_MOST_COLUMNS = 1 << 14

# (row, how many alike, [(column, how many alike, text)])
_Rows = tuple[int, int, list[tuple[int, int, str]]]


def shown(archive: zipfile.ZipFile, sheet: str) -> Iterator[tuple[int, int, str]]:
    if not _has_some(archive):
        return
    reader = _Reader(sheet)
    parser = expat.ParserCreate()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    with archive.open("content.xml") as content:
        while piece := content.read(_PIECE):
            parser.Parse(piece)
            rows, reader.rows = reader.rows, []
            for first, alike, cells in rows:
                for row in range(first, min(first + alike, _MOST_ROWS)):
                    yield from _of_row(row, cells)


def _of_row(row: int, cells: list[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    for first, alike, text in cells:
        for column in range(first, min(first + alike, _MOST_COLUMNS)):
            yield row, column, text


def _has_some(archive: zipfile.ZipFile) -> bool:
    """A quick look that spares a slow one."""
    tail = b""
    with archive.open("content.xml") as content:
        while piece := content.read(_PIECE):
            if _SOME.search(tail + piece):
                return True
            tail = piece[-_WIDEST:]
    return False


class _Reader:
    """Gathers, of one table, the rows with cells to be read as shown."""

    def __init__(self, sheet: str) -> None:
        self.rows: list[_Rows] = []
        self._sheet = sheet
        self._inside = False
        self._row = self._column = 0
        self._row_alike = self._alike = 1
        self._cells: list[tuple[int, int, str]] = []
        self._cell: dict[str, str] = {}
        self._deep = 0  # elements open within the cell
        self._text: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self._deep:
            self._deep += 1
        elif name == "table:table":
            self._inside = attributes.get("table:name") == self._sheet
        elif name == "table:table-row":
            self._row_alike = _repeated(attributes, "table:number-rows-repeated")
            self._column, self._cells = 0, []
        elif name in ("table:table-cell", "table:covered-table-cell"):
            self._alike = _repeated(attributes, "table:number-columns-repeated")
            self._cell, self._deep, self._text = attributes, 1, []

    def text(self, text: str) -> None:
        if self._deep == 2:  # a paragraph of the cell itself, not of a note on it
            self._text.append(text)

    def end(self, name: str) -> None:
        if self._deep:
            self._deep -= 1
            if not self._deep:
                self._end_cell()
        elif name == "table:table-row":
            if self._inside and self._cells:
                self.rows.append((self._row, self._row_alike, self._cells))
            self._row = self._row + self._row_alike if self._inside else 0
        elif name == "table:table":
            self._inside = False

    def _end_cell(self) -> None:
        seen = "".join(self._text).strip()
        is_error = self._cell.get("calcext:value-type") == "error"
        if seen and (is_error or _is_padded(self._cell, seen)):
            self._cells.append((self._column, self._alike, seen))
        self._column += self._alike


def _is_padded(cell: dict[str, str], seen: str) -> bool:
    """Whether the text is the whole number with zeros before it."""
    if cell.get("office:value-type") != "float" or not _PADDED.fullmatch(seen):
        return False
    try:
        number = float(cell.get("office:value", ""))
    except ValueError:
        return False
    if not 0 < number < _EXACT or number != int(number):
        return False
    return re.sub(r"\D", "", seen).lstrip("0") == str(int(number))


def _repeated(attributes: dict[str, str], name: str) -> int:
    times = attributes.get(name, "1")
    return int(times) if times.isdecimal() and len(times) < 9 else 1
