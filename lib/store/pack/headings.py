"""The heading: on which line it is, with which separator, and where each column of ours stands.

It is looked for among the file's first lines: the one that names most of our columns. What stands
above it is a title, not a row.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass

from lib.model.errors import AppError, Reason
from lib.model.reading import NO_HEADING, SEPARATORS, Choice, FileKind, Found, Reading
from lib.store.pack import holding, mapping, synonyms
from lib.store.pack.dialect import hopeless, unreadable
from lib.store.pack.files import Holds, PackFile

SPARE = ""  # the name of the column that no file means to have
LOOKED_AT = 100  # lines that a heading is looked for in
_TALLEST = 20  # lines of one heading: quotes open for longer are somebody's inch mark


@dataclass(frozen=True)
class Heading:
    """`positions` gives the places, in a record of `width`, of those of our columns that are there
    (`names`, in our order); `keys` are the places of those that never hold a line end. Of a
    `trailing` one the width counts the cell after the last separator, and SPARE names it."""

    separator: str
    width: int
    names: tuple[str, ...]
    positions: tuple[int, ...]
    quote: str = '"'
    spaced: bool = False
    keys: tuple[int, ...] = ()
    trailing: bool = False


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
    elif not place.named and choice.heading_line is None and not _may_be_one(raw, place, pack_file):
        raise _without_heading(lines, raw, place, pack_file)
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


def _without_heading(
    lines: Sequence[bytes], raw: str, place: _Place, pack_file: PackFile
) -> AppError:
    named = ", ".join(c.heading for c in pack_file.columns[:3])
    alone = sum(1 for line in lines if line.strip()) == 1
    if alone and not holding.is_row(_cells(raw, place.separator)):
        why = f"trae una sola línea, y no es un encabezado ({named}…) ni una fila"
        return hopeless(pack_file.name, f"{why}; elige el archivo con las filas.")
    why = f"no le encontré encabezado ({named}…); escríbelo en la línea sobre las filas."
    return unreadable(pack_file.name, why)


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
    """Where the columns stand: as `reading` says, else by our own headings alone, all of them.

    Raises AppError(UNREADABLE_FILE | MISSING_COLUMNS).
    """
    titles = titles_of(line, pack_file, reading)
    columns = reading.columns
    if not columns:
        columns, found = mapping.by_name(titles, pack_file)
        if reading.heading_line == NO_HEADING:
            columns, found = mapping.by_order(len(titles), pack_file)
        for column, how in zip(pack_file.columns, found, strict=True):
            if how is Found.DOUBLED:
                raise unreadable(pack_file.name, f"la columna «{column.heading}» está dos veces.")
    missing = mapping.missing(columns, pack_file, all_of_them=not reading.columns)
    if missing:
        raise AppError(Reason.MISSING_COLUMNS, file=pack_file.name, columns=", ".join(missing))
    there = {name: at for name, at in columns if at is not None and at < len(titles)}
    if reading.trailing:
        there[SPARE] = len(titles)
    keys = (c.name for c in pack_file.columns if c.holds is Holds.KEY)
    return Heading(
        reading.separator,
        len(titles) + reading.trailing,
        tuple(there),
        tuple(there.values()),
        reading.quote,
        reading.spaced,
        tuple(there[name] for name in keys),
        reading.trailing,
    )


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


def _place(lines: Sequence[bytes], pack_file: PackFile, choice: Choice) -> _Place:
    """The first line that names half of the columns, else the one that names most, else the first
    not blank: rows under a heading must not pass for titles over another."""
    full = [at for at, line in enumerate(lines[:LOOKED_AT]) if line.strip()]
    if choice.heading_line:
        full = [choice.heading_line - 1] if choice.heading_line <= len(lines) else []
    if not full:
        raise unreadable(pack_file.name, "no tiene nada en la línea del encabezado.")
    best: _Place | None = None
    for at in full:
        line = record_at(lines, at).decode(errors="replace")
        separator, seen = _separator(line, pack_file, choice.separator)
        if best is None or seen > best.named:
            best = _Place(at, separator, seen)
        if 2 * seen > len(pack_file.columns):
            break
    assert best
    return best


def _separator(line: str, pack_file: PackFile, chosen: str | None) -> tuple[str, int]:
    """The separator by which the line names most columns, and how many; among equals, the one
    found most often outside quotes."""
    outside = "".join(line.split('"')[::2])
    marks = (chosen,) if chosen else tuple(m for m in SEPARATORS if m in outside) or (",",)
    seen = {mark: synonyms.named(_cells(line, mark), pack_file) for mark in marks}
    if seen.get(" ") == 1:
        seen[" "] = 0  # one word among many names nothing
    best = max(marks, key=lambda mark: (seen[mark], mark != " ", outside.count(mark)))
    return best, seen[best]


def _cells(line: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return []


def _may_be_one(line: str, place: _Place, pack_file: PackFile) -> bool:
    """Whether a line that names nothing of ours may be a heading all the same: as wide as an
    import needs, and no row. One whose quotes are out of order is said to be that, later."""
    cells = _cells(line, place.separator)
    least = len([c for c in pack_file.columns if not c.optional])
    wide = place.separator != " " and len([c for c in cells if c.strip()]) >= least
    may = pack_file.exported and wide and not holding.is_row(cells)
    return may or not _well_quoted(line, place.separator)


def _well_quoted(line: str, separator: str) -> bool:
    try:
        next(csv.reader([line], delimiter=separator, strict=True), [])
    except csv.Error:
        return False
    return True


def _quote(line: str, separator: str) -> str:
    """An apostrophe when that is what stands around titles."""
    cells = [cell.strip() for cell in line.split(separator)]
    single = any(len(cell) > 2 and cell[0] == cell[-1] == "'" for cell in cells)
    return "'" if single and '"' not in line else '"'


def _is_spaced(lines: Sequence[bytes], separator: str, quote: str) -> bool:
    """Whether quotes open after a space (`a, "b"`), which would be text otherwise."""
    text = b"".join(lines[:LOOKED_AT])
    opens = (separator + quote).encode()
    return separator != " " and opens not in text and opens[:-1] + b" " + opens[-1:] in text
