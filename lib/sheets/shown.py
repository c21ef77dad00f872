"""What a workbook's cells show and calamine doesn't give: errors (#N/A), which it reads as empty,
and the zeros and signs that a number's format writes (12345 under 00000000 is 00012345).

Cells come as (row, column, text), counted from 0, in the sheet's order; whatever asks too much is
ended by the child's limits (unpacking.py).
"""

import re
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Generator, Iterable, Iterator

from lib.model.reading import FileKind
from lib.sheets import shown_ods
from lib.sheets.number_format import displayed, shows_more

_PIECE = 1 << 20  # bytes of a sheet looked at together
_PART = 16 << 20  # bytes that are read of styles and of the list of sheets
_ROW_MOST = 32 << 20  # bytes of one row: 16,384 cells are about 2 MB
_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_END = re.compile(rb"</(?:\w+:)?row>")
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]*)<")
_ERROR = re.compile(rb"\st=[\"']e[\"']")
_TYPED = re.compile(rb"\st=[\"'](?!n[\"'])")  # no number
_STYLE = re.compile(rb"\ss=[\"'](\d+)[\"']")
# A cell with a value as every usual program writes it, taken out whole: the rest take ten times as
# long.
_USUAL = b'<c r="'
_USUAL_CELL = re.compile(
    rb'<c r="([A-Z]{1,3})(\d{1,7})"([^>]*)>(?:<f[^>]*/>|<f[^<]*</f>)?<v>([^<]*)'
)
_FAULT = "error"  # no number's format
_MOST_KINDS = 10_000
_PLACE = re.compile(rb"\sr=[\"']([A-Z]{1,3})?(\d{1,7})[\"']")

Shown = tuple[int, int, str]


def shown(archive: zipfile.ZipFile, kind: FileKind, sheet: str) -> Iterator[Shown]:
    """The cells of one sheet to be read as they are shown.

    Raises what zipfile and the XML parser raise of a damaged part, ValueError of an endless row.
    """
    if kind is FileKind.ODS:
        yield from shown_ods.shown(archive, sheet)
        return
    part = _part(archive, sheet)
    if part is None:
        return
    kinds = _Kinds(_formats(archive))
    at = -1
    for piece in _rows(archive, part):
        at = yield from _of_piece(piece, at, kinds)


# ---- where the sheet and its formats are -------------------------------------------------------


def _part(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """The member that holds a sheet; None when the book doesn't say."""
    book, links = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
    if links not in archive.namelist():
        return None
    ids = [
        next((value for name, value in element.items() if _local(name) == "id"), None)
        for element in _parsed(archive, book).iter()
        if _local(element.tag) == "sheet" and element.get("name") == sheet
    ]
    targets = {link.get("Id"): link.get("Target", "") for link in _parsed(archive, links)}
    target = targets.get(ids[0], "") if ids else ""
    name = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    return name if name in archive.namelist() else None


def _formats(archive: zipfile.ZipFile) -> dict[bytes, str]:
    """By a cell's style, the formats that show more than the number."""
    if "xl/styles.xml" not in archive.namelist():
        return {}
    root = _parsed(archive, "xl/styles.xml")
    codes = {
        element.get("numFmtId"): element.get("formatCode", "")
        for element in root.iter()
        if _local(element.tag) == "numFmt"
    }
    styles: Iterable[ET.Element] = next((e for e in root if _local(e.tag) == "cellXfs"), [])
    of_style = (codes.get(style.get("numFmtId"), "") for style in styles)
    return {str(at).encode(): code for at, code in enumerate(of_style) if shows_more(code)}


def _parsed(archive: zipfile.ZipFile, name: str) -> ET.Element:
    with archive.open(name) as stream:
        return ET.fromstring(stream.read(_PART))  # noqa: S314 — expat bounds what entities grow to


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


# ---- its cells ---------------------------------------------------------------------------------


def _rows(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The part in pieces that end where a row does."""
    held = b""
    with archive.open(part) as stream:
        while piece := stream.read(_PIECE):
            held += piece
            ends = [end.end() for end in _END.finditer(held, max(len(held) - 2 * _PIECE, 0))]
            if ends:
                yield held[: ends[-1]]
                held = held[ends[-1] :]
            elif len(held) > _ROW_MOST:
                raise ValueError
    yield held


def _of_piece(piece: bytes, at: int, kinds: "_Kinds") -> Generator[Shown, None, int]:
    """Yield the piece's cells; return the number of its last row, given the one before it."""
    if _USUAL in piece:
        for letters, row, attributes, value in _USUAL_CELL.findall(piece):
            if attributes in kinds.known or kinds.learnt(attributes):
                seen = kinds.text(attributes, value)
                if seen:
                    yield int(row) - 1, _column(letters), seen
        return at
    for text in _END.split(piece):
        rows = list(_ROW.finditer(text))
        for row in rows:
            place = _PLACE.search(row[1])
            at = int(place[2]) - 1 if place else at + 1
        if rows:
            yield from _of_row(text[rows[-1].end() :], at, kinds)
    return at


def _of_row(text: bytes, row: int, kinds: "_Kinds") -> Iterator[Shown]:
    """As above, where cells don't say their place or have a namespace's prefix."""
    column = -1
    for cell in _CELL.finditer(text):
        place = _PLACE.search(cell[1])
        column = _column(place[1]) if place and place[1] else column + 1
        value = _VALUE.search(cell[2] or b"")
        seen = kinds.text(cell[1], value[1]) if value and kinds.learnt(cell[1]) else ""
        if seen:
            yield row, column, seen


class _Kinds:
    """What cells with such attributes need: remembered, since a sheet has few kinds."""

    def __init__(self, formats: dict[bytes, str]) -> None:
        self.known: dict[bytes, str] = {}  # the format, _FAULT of an error
        self._others: set[bytes] = set()
        self._formats = formats

    def learnt(self, attributes: bytes) -> bool:
        """Whether cells with these are to be read as they are shown."""
        if attributes in self._others:
            return False
        style = _STYLE.search(attributes)
        if _ERROR.search(attributes):
            code = _FAULT
        else:
            code = (
                self._formats.get(style[1], "") if style and not _TYPED.search(attributes) else ""
            )
        kept = self.known if code else self._others
        if len(kept) > _MOST_KINDS:
            kept.clear()
        if code:
            self.known[attributes] = code
        else:
            self._others.add(attributes)
        return bool(code)

    def text(self, attributes: bytes, value: bytes) -> str:
        code, text = self.known[attributes], value.decode(errors="replace")
        return text if code is _FAULT else displayed(text, code)


def _column(letters: bytes) -> int:
    """A is 0, XFD is 16383."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
