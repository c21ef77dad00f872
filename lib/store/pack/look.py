"""A look at a file before its rows are read: how it is written, its headings, its first cells."""

from dataclasses import replace
from pathlib import Path

from lib.model.errors import AppError
from lib.model.reading import NO_HEADING, Choice, Columns, Look, Reading
from lib.store.pack import holding, mapping, synonyms
from lib.store.pack.dialect import (
    EMPTY,
    Encoding,
    find_encoding,
    hopeless,
    too_long,
    unreadable,
)
from lib.store.pack.files import PackFile
from lib.store.pack.foreign import Decoder, reason
from lib.store.pack.headings import find_reading, heading_at, named, record_at, titles_of
from lib.store.pack.records import MAX_RECORD, read_records

_SAMPLES = 3  # rows given under each heading
_JUDGED = 100  # rows by which it is told what a column holds
_TOP = 2 * MAX_RECORD + 4096  # bytes that the heading and the first rows lie in
_FOUND = Choice()
_GUESSED = "cp1252"  # what isn't anything else
_OLDER = ("cp850", "mac-roman")
# Columns whose cells show that they have moved.
_MOVED = ("product", "seats", "purchased_on", "rfc", "account_no")


def look(path: Path, pack_file: PackFile, choice: Choice = _FOUND) -> Look:
    """How the file is read and where its columns stand, by itself or as chosen.

    Raises AppError(UNREADABLE_FILE | BAD_COLUMN).
    """
    encoding = _encoding(path, pack_file, choice)
    lines = _top(path, encoding, pack_file)
    reading = find_reading(lines, encoding.codec, pack_file, choice)
    begin = heading_at(lines, reading)
    heading = record_at(lines, begin)
    if why := reason(heading):
        raise unreadable(pack_file.name, f"la línea {begin + 1} es el encabezado y {why}.")
    titles = titles_of(heading.decode().rstrip("\r\n"), pack_file, reading)
    height = len(heading.splitlines()) if reading.heading_line != NO_HEADING else 0
    rows = _rows(lines[begin + height :], reading)
    automatic = _automatic(titles, rows, pack_file, reading)
    named = mapping.heading_names(titles, reading.heading_line)
    columns, found = mapping.as_chosen(named, automatic, pack_file, choice)
    unsaid = _unsaid(named, reading, {at for _, at in columns if at is not None}, rows)
    samples = tuple(
        () if at in unsaid else _under(at, title, rows[:_SAMPLES]) for at, title in enumerate(named)
    )
    trailing = _is_trailing(titles, rows, columns, reading)
    reading = replace(reading, columns=columns, trailing=trailing)
    return Look(reading, named, samples, found, automatic[0], unsaid=unsaid)


def _rows(lines: list[bytes], reading: Reading) -> list[list[str]]:
    """The first ones that aren't blank."""
    below = b"".join(lines[: 2 * _JUDGED]).decode()
    found, _ = read_records(below, reading, last=True)
    return [r.fields for r in found if any(cell.strip() for cell in r.fields)][:_JUDGED]


def _automatic(
    titles: list[str], rows: list[list[str]], pack_file: PackFile, reading: Reading
) -> mapping.Automatic:
    if reading.heading_line == NO_HEADING:
        return mapping.without_heading(len(titles), rows, pack_file)
    return mapping.by_themselves(titles, rows, pack_file)


def _is_trailing(
    titles: list[str], rows: list[list[str]], columns: Columns, reading: Reading
) -> bool:
    """Whether each row ends in a separator that the heading hasn't, as one in five real files has
    it. A comma in an unquoted "Peña, Ana" or "9,0" looks the same, and moves the cells of its row:
    so what stands under our headings must be what they say."""
    if reading.heading_line == NO_HEADING or not rows:
        return False
    if any(len(row) != len(titles) + 1 or row[-1].strip() for row in rows):
        return False
    places = [(name, at) for name, at in columns if at is not None and name in _MOVED]
    return not any(_has_moved(name, [row[at] for row in rows]) for name, at in places)


def _has_moved(name: str, cells: list[str]) -> bool:
    """Whether most of what stands there is nothing of that column: a few are just wrong."""
    filled = [cell for cell in cells if cell.strip()]
    return 2 * sum(holding.may_be(name, [cell]) for cell in filled) < len(filled)


def _encoding(path: Path, pack_file: PackFile, choice: Choice) -> Encoding:
    """As found or chosen. What isn't UTF-8 may be of before Windows: then our headings, which
    have accents, show it."""
    if choice.encoding:
        return find_encoding(path, pack_file.name, choice.encoding)
    try:
        found = find_encoding(path, pack_file.name)
    except AppError as error:
        older = None if error.__cause__ else _older(path, pack_file, choice)
        if not older:
            raise
        return older
    if found.codec != _GUESSED:
        return found
    return _older(path, pack_file, choice) or found


def _older(path: Path, pack_file: PackFile, choice: Choice) -> Encoding | None:
    """The encoding by which the heading names more columns than by Windows-1252."""
    with path.open("rb") as stream:
        raw = stream.read(_TOP)
    if not raw.strip() or b"\0" in raw:
        return None
    seen = {
        codec: named(
            raw.decode(codec, "replace").encode().splitlines(keepends=True), pack_file, choice
        )
        for codec in (_GUESSED, *_OLDER)
    }
    best = max(seen, key=seen.__getitem__)
    return None if best == _GUESSED else Encoding(best)


def _top(path: Path, encoding: Encoding, pack_file: PackFile) -> list[bytes]:
    """The file's first lines as UTF-8; the last one may be cut where _TOP ends."""
    with path.open("rb") as stream:
        stream.seek(encoding.bom)
        raw = stream.read(_TOP)
    text = Decoder(encoding.codec).decode(raw).encode()
    lines = text.splitlines(keepends=True)
    if not text.strip():
        raise hopeless(pack_file.name, EMPTY)
    if len(lines[0]) > MAX_RECORD:
        raise too_long(pack_file.name, 1)
    return lines


def _unsaid(
    titles: tuple[str, ...], reading: Reading, ours: set[int], rows: list[list[str]]
) -> frozenset[int]:
    """Columns under no heading that are none of ours, and hold something: it may be CDAs."""
    bare = reading.heading_line == NO_HEADING
    return frozenset(
        at
        for at, title in enumerate(titles)
        if (bare or not title.strip())
        and at not in ours
        and any(row[at].strip() for row in rows if at < len(row))
    )


def _under(at: int, title: str, rows: list[list[str]]) -> tuple[str, ...]:
    if synonyms.is_covered(title):
        return ()
    return tuple(row[at] for row in rows if at < len(row))
