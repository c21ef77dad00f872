"""The child of lib/sheets/workbook.py: a job on stdin, a sheet as CSV in the file it names.

Limits come first, so that nothing in a workbook is looked at without them. Formulas give the value
that was saved with them; macros are never looked at.
"""

import csv
import datetime as dt
import errno
import json
import os
import resource
import sys
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError

import python_calamine

from lib.model.heading import plain, words
from lib.model.reading import FileKind
from lib.sheets.shown import Shown, shown

_MEMORY = 1 << 30  # bytes of address space
_MOST_UNPACKED = 2 << 30  # bytes: a million rows of ten columns are about 600 MB
_MOST_WRITTEN = 1 << 30  # bytes of CSV: ten times as much as a million rows of nine columns
_CPU_S = 90  # a million rows of nine columns take about 30
_PIECE = 1 << 20
_LOOKED_AT = 100  # rows that a heading is looked for in
_DAMAGED = (
    python_calamine.CalamineError, zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError,
    NotImplementedError, KeyError, ParseError, ExpatError,
)  # fmt: skip
_MOST_ROWS = 1 << 20  # of a sheet
_EXACT = 10**15  # Excel keeps 15 digits: of a longer number the rest is lost


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_S, _CPU_S))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_MOST_WRITTEN, _MOST_WRITTEN))
    os.nice(10)  # whoever is on the phone comes first
    job = json.load(sys.stdin)
    try:
        answer = unpack(Path(job["path"]), Path(job["out"]), job["headings"], job["sheet"])
    except python_calamine.PasswordError:
        answer = {"problem": "password"}
    except _DAMAGED as error:
        too_long = isinstance(error, OSError) and error.errno == errno.EFBIG
        answer = {"problem": "huge" if too_long else "damaged"}
    json.dump(answer, sys.stdout)


def unpack(path: Path, out: Path, headings: list[list[str]], sheet: str | None) -> dict[str, Any]:
    """The sheet into `out`; which one of which, or the problem's name. `headings` are what each
    column may be called."""
    kind, problem = _kind(path)
    if problem:
        return {"problem": problem}
    with python_calamine.CalamineWorkbook.from_path(path) as book:
        names = _visible(book)
        if sheet is not None and sheet not in names:
            return {"problem": "no_sheet"}
        wanted = [frozenset(called) for called in headings]
        best, most = None, -1
        for name in [sheet] if sheet is not None else names:
            rows = book.get_sheet_by_name(name)
            named = _named(rows, wanted)
            if rows.start is not None and named > most:
                best, most = rows, named
            if named == len(wanted):
                break
        if best is None:
            return {"problem": "empty"}
        with zipfile.ZipFile(path) as archive:
            _write(best, shown(archive, kind, best.name), out)
        return {"kind": kind, "sheets": names, "sheet": best.name}


def cell_text(value: object) -> str:
    """A cell as somebody would type it: 12 not 12.0, dates as 2024-01-31, on one line."""
    if isinstance(value, bool):
        return "VERDADERO" if value else "FALSO"
    if isinstance(value, float | int):
        return _number(float(value))
    if isinstance(value, dt.datetime):
        whole_day = value.time() == dt.time()
        return value.date().isoformat() if whole_day else value.isoformat(" ", "seconds")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return " ".join(str(value).replace("\0", " ").splitlines())


def _number(value: float) -> str:
    if abs(value) >= _EXACT:
        return f"{value:.14E}"  # said as eaten by Excel, not as digits that nobody typed
    return str(int(value)) if value == int(value) else repr(value)


def _kind(path: Path) -> tuple[FileKind, str]:
    """What kind of workbook it is, and the name of what is wrong with it ("" = nothing)."""
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        names = {member.filename for member in members}
        kind = FileKind.XLSX if "xl/workbook.xml" in names else FileKind.ODS
        wrong = {
            "password": any(member.flag_bits & 1 for member in members),
            "binary": "xl/workbook.bin" in names,
            "archive": kind is FileKind.ODS and "content.xml" not in names,
            "huge": sum(member.file_size for member in members) > _MOST_UNPACKED,
        }
        problem = next((name for name, is_so in wrong.items() if is_so), "")
        if not problem and _is_locked(archive):
            problem = "password"
    return kind, problem


def _is_locked(archive: zipfile.ZipFile) -> bool:
    """Whether an ODS has a password. Reads every member whole, a piece at a time: one that holds
    more than its directory says is damaged (BadZipFile)."""
    for member in archive.infolist():
        with archive.open(member) as stream:
            while stream.read(_PIECE):
                pass
    manifest = "META-INF/manifest.xml"
    return manifest in archive.namelist() and b"encryption-data" in archive.read(manifest)


def _visible(book: python_calamine.CalamineWorkbook) -> list[str]:
    sheets = [s for s in book.sheets_metadata if s.typ == python_calamine.SheetTypeEnum.WorkSheet]
    seen = [s.name for s in sheets if s.visible == python_calamine.SheetVisibleEnum.Visible]
    return seen or [s.name for s in sheets]


def _named(sheet: python_calamine.CalamineSheet, wanted: list[frozenset[str]]) -> int:
    """How many of the columns one of its first rows names."""
    most = 0
    for row, _ in zip(sheet.iter_rows(), range(_LOOKED_AT), strict=False):
        titles = [cell_text(cell) for cell in row]
        said = {plain(title) for title in titles} | {" ".join(words(t)) for t in titles}
        most = max(most, sum(1 for called in wanted if called & said))
    return most


def _write(sheet: python_calamine.CalamineSheet, overlaid: Iterator[Shown], out: Path) -> None:
    with out.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        # A row of one empty cell is written as "" by csv, which is a row: nothing is.
        for cells in _as_shown(sheet, overlaid):
            if _any(cells):
                writer.writerow(cells)
            else:
                stream.write("\n")


def _as_shown(
    sheet: python_calamine.CalamineSheet, overlaid: Iterator[Shown]
) -> Iterator[list[str]]:
    """The sheet's rows, with the cells that are to be read as they are shown."""
    left = sheet.start[1] if sheet.start else 0  # a row of calamine's begins there
    coming = next(overlaid, None)
    at = 0
    for at, row in enumerate(sheet.iter_rows(), 1):
        cells = [cell_text(cell) for cell in row]
        while coming and coming[0] < at:
            if coming[0] == at - 1:
                _put(cells, coming[1] - left, coming[2])
            coming = next(overlaid, None)
        yield cells
    while coming and at < _MOST_ROWS:  # rows of nothing but errors, below the rest
        cells = []
        while coming and coming[0] <= at:
            _put(cells, coming[1] - left, coming[2])
            coming = next(overlaid, None)
        at += 1
        yield cells


def _put(cells: list[str], column: int, text: str) -> None:
    """A cell left of the first column with anything in it has no heading over it: not ours."""
    if column >= 0:
        cells += [""] * (column + 1 - len(cells))
        cells[column] = text


def _any(cells: Iterable[str]) -> bool:
    return any(cell for cell in cells)


if __name__ == "__main__":
    main()
