"""The heading: on which line it is, with which separator, and where each column of ours stands.

It is looked for among the file's first lines: the one that names most of our columns. What stands
above it is a title, not a row.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass

from lib.model.errors import AppError, Reason
from lib.model.reading import NO_HEADING, SEPARATORS, Choice, FileKind, Reading
from lib.model.text import fold
from lib.store.pack.dialect import unreadable
from lib.store.pack.files import Holds, PackFile

LOOKED_AT = 100  # lines that a heading is looked for in
_TALLEST = 20  # lines of one heading: quotes open for longer are somebody's inch mark


@dataclass(frozen=True)
class Heading:
    """`positions` gives, for each of our columns in order, its place in a record of `width`;
    `keys` are the places of those that never hold a line end."""

    separator: str
    width: int
    positions: tuple[int, ...]
    quote: str = '"'
    spaced: bool = False
    keys: tuple[int, ...] = ()


@dataclass(frozen=True)
class _Place:
    """Where a heading may be: its line from 0, and how many of our columns it names."""

    at: int
    separator: str
    named: int


def find_reading(
    lines: Sequence[bytes], encoding: str, pack_file: PackFile, choice: Choice
) -> Reading:
    """How the file that begins with these lines (UTF-8, with their ends) is read.

    Raises AppError(UNREADABLE_FILE) when none of them is a heading.
    """
    place = _place(lines, pack_file, choice)
    raw = record_at(lines, place.at).decode(errors="replace")
    kind = choice.kind or FileKind.CSV
    line = place.at + 1
    if choice.heading_line == NO_HEADING or (not place.named and kind is FileKind.PASTED):
        line = NO_HEADING
    elif not place.named and choice.heading_line is None and _well_quoted(raw, place.separator):
        named = ", ".join(c.heading for c in pack_file.columns[:3])
        raise unreadable(
            pack_file.name,
            f"no le encontré encabezado ({named}…); escríbelo en la línea sobre las filas.",
        )
    quote = _quote(raw, place.separator)
    return Reading(
        kind=kind,
        encoding=encoding,
        separator=place.separator,
        quote=quote,
        spaced=_is_spaced(lines, place.separator, quote),
        heading_line=line,
        titles=sum(1 for above in lines[: max(line - 1, 0)] if above.strip()),
    )


def named(lines: Sequence[bytes], pack_file: PackFile, choice: Choice) -> int:
    """How many of our columns the heading among these lines would name."""
    return _place(lines, pack_file, choice).named


def record_at(lines: Sequence[bytes], at: int) -> bytes:
    """The record that begins on this line: up to the first line end with its quotes closed."""
    record = b""
    for line in lines[at : at + _TALLEST]:
        record += line
        if record.count(b'"') % 2 == 0:
            return record
    return lines[at]


def heading_at(lines: Sequence[bytes], reading: Reading) -> int:
    """The place in `lines` of the record that says how many columns there are: the heading, or
    without one the first row."""
    if reading.heading_line != NO_HEADING:
        return min(reading.heading_line - 1, len(lines) - 1)
    return next((at for at, line in enumerate(lines) if line.strip()), 0)


def read_heading(line: str, pack_file: PackFile, reading: Reading) -> Heading:
    """Raises AppError(UNREADABLE_FILE | MISSING_COLUMNS)."""
    titles = titles_of(line, pack_file, reading)
    if reading.heading_line == NO_HEADING:
        return _by_order(len(titles), pack_file, reading)
    found = [_plain(title) for title in titles]
    wanted = [_plain(c.heading) for c in pack_file.columns]
    for title, name in zip(titles, found, strict=True):
        if name in wanted and found.count(name) > 1:
            why = f"la columna «{title.strip()}» está dos veces."
            raise unreadable(pack_file.name, why)
    missing = [c.heading for c in pack_file.columns if _plain(c.heading) not in found]
    if missing:
        raise AppError(Reason.MISSING_COLUMNS, file=pack_file.name, columns=", ".join(missing))
    places = tuple(found.index(name) for name in wanted)
    return _heading(len(found), places, pack_file, reading)


def titles_of(line: str, pack_file: PackFile, reading: Reading) -> list[str]:
    """The fields of a heading's line. Raises AppError(UNREADABLE_FILE)."""
    try:
        (titles,) = csv.reader(
            [line],
            delimiter=reading.separator,
            quotechar=reading.quote,
            skipinitialspace=reading.spaced,
            strict=True,
        )
    except csv.Error as error:
        raise unreadable(pack_file.name, "el encabezado tiene comillas mal cerradas.") from error
    return titles


def _by_order(width: int, pack_file: PackFile, reading: Reading) -> Heading:
    """Without a heading: our columns in the template's order, and whatever comes after them."""
    missing = [c.heading for c in pack_file.columns[width:]]
    if missing:
        raise AppError(Reason.MISSING_COLUMNS, file=pack_file.name, columns=", ".join(missing))
    return _heading(width, tuple(range(len(pack_file.columns))), pack_file, reading)


def _heading(width: int, places: tuple[int, ...], pack_file: PackFile, reading: Reading) -> Heading:
    named = zip(pack_file.columns, places, strict=True)
    keys = tuple(place for column, place in named if column.holds is Holds.KEY)
    return Heading(reading.separator, width, places, reading.quote, reading.spaced, keys)


def _place(lines: Sequence[bytes], pack_file: PackFile, choice: Choice) -> _Place:
    """The first line that names half of the columns, else the one that names most, else the first
    not blank: rows under a heading must not pass for titles over another."""
    wanted = {_plain(c.heading) for c in pack_file.columns}
    full = [at for at, line in enumerate(lines[:LOOKED_AT]) if line.strip()]
    if choice.heading_line:
        full = [choice.heading_line - 1] if choice.heading_line <= len(lines) else []
    if not full:
        raise unreadable(pack_file.name, "no tiene nada en la línea del encabezado.")
    best: _Place | None = None
    for at in full:
        line = record_at(lines, at).decode(errors="replace")
        separator, seen = _separator(line, wanted, choice.separator)
        if best is None or seen > best.named:
            best = _Place(at, separator, seen)
        if 2 * seen > len(wanted):
            break
    assert best
    return best


def _separator(line: str, wanted: set[str], chosen: str | None) -> tuple[str, int]:
    """The separator by which the line names most columns, and how many; among equals, the one
    found most often outside quotes."""
    outside = "".join(line.split('"')[::2])
    marks = (chosen,) if chosen else tuple(m for m in SEPARATORS if m in outside) or (",",)
    seen = {mark: len(wanted & {_plain(cell) for cell in _cells(line, mark)}) for mark in marks}
    best = max(marks, key=lambda mark: (seen[mark], mark != " ", outside.count(mark)))
    return best, seen[best]


def _cells(line: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return []


def _well_quoted(line: str, separator: str) -> bool:
    try:
        next(csv.reader([line], delimiter=separator, strict=True), [])
    except csv.Error:
        return False
    return True


def _quote(line: str, separator: str) -> str:
    """An apostrophe when that is what stands around each title."""
    cells = [cell.strip() for cell in line.split(separator)]
    single = [cell for cell in cells if len(cell) > 1 and cell[0] == cell[-1] == "'"]
    return "'" if single and len(single) == len(cells) else '"'


def _is_spaced(lines: Sequence[bytes], separator: str, quote: str) -> bool:
    """Whether quotes open after a space (`a, "b"`), which would be text otherwise."""
    text = b"".join(lines[:LOOKED_AT])
    opens = (separator + quote).encode()
    return separator != " " and opens not in text and opens[:-1] + b" " + opens[-1:] in text


def _plain(title: str) -> str:
    """What two spellings of a heading share: "NO CUENTA" and " No. Cuenta " are one."""
    return "".join(c for c in fold(title) if c.isalnum())
