"""What becomes of each row of a file of certificates, by its line: for `python -m lib import`.

Every row of the file is one verdict: new, changed, unchanged, bad (with its reasons) or blank.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lib.model.actor import Actor
from lib.model.load import RowNote
from lib.model.roles import Permission
from lib.services.desk import Desk
from lib.services.imports import previewing
from lib.services.imports.previewing import Preview
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


def of(desk: Desk, actor: Actor, seen: Preview) -> list[Verdict]:
    """In the file's order, before the preview is committed; the file is read once more.

    Raises AppError: FORBIDDEN, UNREADABLE_FILE.
    """
    desk.require(actor, Permission.IMPORT)
    with previewing.waiting(desk, seen.staged) as waiting:
        stands = certificates.verdicts(desk.store, waiting)
    bad = _by_line(previewing.notes(desk, actor, seen, bad=True))
    said = _by_line(previewing.notes(desk, actor, seen, bad=False))
    read = read_file(seen.rows, CERTIFICATES, seen.look.reading)
    rows = {line: folio for batch in read for line, folio in _rows(batch)}
    found = [_verdict(line, rows[line], stands, bad, said) for line in rows]
    return _with_blanks(found, seen.counts.blank, seen.look.reading.heading_line)


def _rows(batch: Batch) -> Iterator[tuple[int, str]]:
    """Line and folio, as it is stored, of each row that isn't blank."""
    folios, _ = clean(rearmed(batch.columns["folio"]))
    yield from zip(batch.lines.tolist(), folios.to_pylist(), strict=True)
    yield from ((line, "") for line, _ in batch.refused)


def _verdict(
    line: int,
    folio: str,
    stands: dict[str, str],
    bad: dict[int, tuple[str, ...]],
    said: dict[int, tuple[str, ...]],
) -> Verdict:
    if line in bad:
        return Verdict(line, BAD, folio, bad[line])
    return Verdict(line, stands[folio], folio, said.get(line, ()))


def _with_blanks(found: list[Verdict], blank: int, heading: int) -> list[Verdict]:
    """Blank rows are the lines that no other row takes; where rows span several lines that can't
    be told, and they come last, without one."""
    found = sorted(found, key=lambda row: row.line)
    last = found[-1].line if found else heading
    taken = {row.line for row in found}
    lines = [line for line in range(heading + 1, last) if line not in taken]
    lines += range(last + 1, last + 1 + blank - len(lines))
    if len(lines) != blank:
        return [*found, *(Verdict(0, BLANK) for _ in range(blank))]
    return sorted([*found, *(Verdict(at, BLANK) for at in lines)], key=lambda row: row.line)


def _by_line(notes: Sequence[RowNote]) -> dict[int, tuple[str, ...]]:
    by_line: dict[int, list[str]] = defaultdict(list)
    for note in notes:
        by_line[note.line].append(note.said)
    return {line: tuple(reasons) for line, reasons in by_line.items()}
