"""Rows of a file a second time, as they were written: those of given lines, with all their cells.

Only the lines asked for are taken apart and one record is held at a time: a file of any size costs
the time to run through its lines once.
"""

import csv
import io
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from lib.model.reading import Reading
from lib.store.pack.dialect import encoding_of, unreadable
from lib.store.pack.files import PackFile
from lib.store.pack.foreign import RECOVERED, as_meant
from lib.store.pack.records import read_records

# What the error file's own columns are called: nothing of a row's own stands in them.
MOTIVE, SPARE = OWN = ("Motivo", "Celdas de más")


@dataclass(frozen=True, slots=True)
class RawRow:
    """`line` is where it begins in the file; `cells` go by their place in the heading, and there
    are more or fewer of them in a row that doesn't fit it."""

    line: int
    cells: tuple[str, ...]


def raw_rows(
    path: Path,
    pack_file: PackFile,
    reading: Reading,
    width: int,
    wanted: Iterable[tuple[int, bool]],
) -> Iterator[RawRow]:
    """The records that begin on these lines, in ascending order; True goes with a line that the
    reader refused: its cells are what can be told from that line alone. `width` is how many fields
    the heading has.

    Raises AppError(UNREADABLE_FILE) when the file isn't what was read before.
    """
    encoding = encoding_of(path, reading.encoding)
    with path.open("rb") as raw:
        raw.seek(encoding.bom)
        # Line ends stay as they are: for the reader a lone carriage return ends a line too. What
        # doesn't decode is in a row that was refused for it, and is shown as it was meant.
        lines = _Lines(io.TextIOWrapper(raw, encoding.codec, errors=RECOVERED, newline=""))
        mixed = encoding.codec == "cp1252"
        try:
            for line, refused in wanted:
                first = lines.at(line)
                first = as_meant(first) if refused and mixed else first
                fields = [] if refused else _whole(first, lines, reading)
                yield RawRow(line, tuple(map(_seen, fields or _alone(first, reading, width))))
        except EOFError as error:
            why = "cambió mientras se leía; súbelo de nuevo."
            raise unreadable(pack_file.name, why) from error


class _Lines:
    """Physical lines, counted from 1, that can be looked ahead at."""

    def __init__(self, text: Iterable[str]) -> None:
        self._coming = iter(text)
        self._ahead: deque[str] = deque()
        self._taken = 0

    def at(self, number: int) -> str:
        """Go on to this line. Raises EOFError when the file ends before it."""
        line = None
        while self._taken < number:
            line = self._ahead.popleft() if self._ahead else next(self._coming, None)
            self._taken += 1
        if line is None:
            raise EOFError
        return line

    def ahead(self) -> Iterator[str]:
        """The lines after the present one, which stay to be taken."""
        yield from tuple(self._ahead)
        for line in self._coming:
            self._ahead.append(line)
            yield line


def _seen(cell: str) -> str:
    """A NUL, which a damaged row may have, where somebody can see it and take it out."""
    return cell.replace("\0", "\ufffd")


def _whole(first: str, lines: _Lines, how: Reading) -> list[str]:
    """The record that begins so, to where its quotes close; [] when they don't."""
    reader = csv.reader(
        chain([first], lines.ahead()),
        delimiter=how.separator,
        quotechar=how.quote,
        skipinitialspace=how.spaced,
        strict=True,
    )
    try:
        return next(reader)
    except csv.Error:
        return []


def _alone(line: str, how: Reading, width: int) -> list[str]:
    """What one line holds, also when its quotes are in disorder."""
    (record, *_), _ = read_records(line, how, last=True, width=width)
    if record.fields:
        return record.fields
    cells = line.rstrip("\r\n").split(how.separator)
    return [cell.strip(how.quote) for cell in cells]
