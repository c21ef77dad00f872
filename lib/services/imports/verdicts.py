"""What becomes of each row of a file of certificates, by its line: for `python -m lib import`.

Every row of the file is one verdict: new, changed, unchanged, bad (with its reasons) or blank.
"""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from lib.model.actor import Actor
from lib.model.load import RowNote
from lib.model.roles import Permission
from lib.services.desk import Desk
from lib.services.imports import previewing
from lib.services.imports.previewing import Preview
from lib.store.pack import noted
from lib.store.pack.clean import clean, rearmed
from lib.store.pack.files import CERTIFICATES
from lib.store.pack.reader import Batch, read_file
from lib.store.records import certificates

BAD, BLANK = "bad", "blank"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`line` is where the row begins in the file (a sheet's row), 0 for a blank one whose place
    isn't known; `reasons` are why it is bad, or what to look at in one that is good."""

    line: int
    verdict: str
    folio: str = ""
    reasons: tuple[str, ...] = ()


def of(desk: Desk, actor: Actor, seen: Preview) -> Iterator[Verdict]:
    """In the file's order, before the preview is committed: any number, a block of the file in
    memory at a time. The file is read once more, and once again when it has blank rows.

    Raises AppError: FORBIDDEN, UNREADABLE_FILE.
    """
    desk.require(actor, Permission.IMPORT)
    return _with_blanks(_found(desk, seen), seen)


def _found(desk: Desk, seen: Preview) -> Iterator[Verdict]:
    """Of the rows that aren't blank."""
    with previewing.waiting(desk, seen.staged) as waiting, desk.store.beside(seen.noted) as alias:
        bad, odd = (
            noted.each(desk.store, alias, seen.source, bad=which) for which in (True, False)
        )
        with closing(bad), closing(odd):
            aside, said = _Beside(bad), _Beside(odd)
            for batch in read_file(seen.rows, CERTIFICATES, seen.look.reading):
                rows = sorted(_rows(batch))
                stands = certificates.verdicts(desk.store, waiting, [folio for _, folio in rows])
                for line, folio in rows:
                    if why := aside.of(line):
                        yield Verdict(line, BAD, folio, why)
                    else:
                        yield Verdict(line, stands[folio], folio, said.of(line))


class _Beside:
    """What notes say of lines that are asked for in ascending order."""

    def __init__(self, notes: Iterator[RowNote]) -> None:
        self._groups = groupby(notes, attrgetter("line"))
        self._next = next(self._groups, None)

    def of(self, line: int) -> tuple[str, ...]:
        while self._next and self._next[0] < line:
            self._next = next(self._groups, None)
        if not self._next or self._next[0] != line:
            return ()
        said = tuple(note.said for note in self._next[1])
        self._next = next(self._groups, None)
        return said


def _rows(batch: Batch) -> Iterator[tuple[int, str]]:
    """Line and folio, as it is stored, of each row that isn't blank."""
    folios, _ = clean(rearmed(batch.columns["folio"]))
    yield from zip(batch.lines.tolist(), folios.to_pylist(), strict=True)
    yield from ((line, "") for line, _ in batch.refused)


def _with_blanks(found: Iterator[Verdict], seen: Preview) -> Iterator[Verdict]:
    """Blank rows are the lines that no other row takes; where rows span several lines that can't
    be told, and they come last, without one."""
    blank, line = seen.counts.blank, seen.look.reading.heading_line
    between = _lines_between(seen) if blank else 0
    told = between <= blank
    for row in found:
        if told and blank:
            yield from (Verdict(at, BLANK) for at in range(line + 1, row.line))
        line = row.line
        yield row
    after = blank - between if told else blank
    yield from (Verdict(line + n if told else 0, BLANK) for n in range(1, after + 1))


def _lines_between(seen: Preview) -> int:
    """How many of the file's lines, to its last row, no row begins on."""
    read = read_file(seen.rows, CERTIFICATES, seen.look.reading)
    last = max((line for batch in read for line, _ in _rows(batch)), default=0)
    rows = seen.counts.rows - seen.counts.blank
    return max(0, last - seen.look.reading.heading_line - rows)
