"""The bad rows of an import mended in the page: what was typed is checked by the very reader and
checks of a file, as a file of those rows alone beside the good ones that wait already.

A row that was mended goes in with the others; the file that is kept stays as it came, and what was
typed is kept with the batch.
"""

import csv
import shutil
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from itertools import groupby, islice
from operator import attrgetter
from pathlib import Path

from lib.model import formula
from lib.model.actor import Actor
from lib.model.load import Mended, RowNote, Stage
from lib.model.reading import Columns, Reading
from lib.model.roles import Permission
from lib.model.system import Certificate
from lib.services.desk import Desk
from lib.services.imports import bad_rows, previewing
from lib.services.imports.previewing import Preview
from lib.store.pack import mending, noted
from lib.store.pack.build import build
from lib.store.pack.files import CERTIFICATES
from lib.store.records import certificates
from lib.store.records.certificates import Merge

MOST = 1_000  # rows mended in the page; the error file takes any number
_FOLDER = "mended-"  # in the preview's: the file of the rows that were typed in
_HEADINGS = {column.name: column.heading for column in CERTIFICATES.columns}
_NAMES = {heading: name for name, heading in _HEADINGS.items()}

# What was typed, by line and our columns' names.
Edits = Mapping[int, Mapping[str, str]]
# All that is wrong with rows, by line.
Wrong = Mapping[int, tuple[RowNote, ...]]


@dataclass(frozen=True)
class Mendable:
    """A bad row of the file under our columns (those that it has), and all that is wrong with it.
    A `ragged` one didn't fit the heading: its cells may stand in the wrong columns."""

    line: int
    cells: Mapping[str, str]
    notes: tuple[RowNote, ...]
    ragged: bool


def rows(desk: Desk, actor: Actor, seen: Preview) -> list[Mendable]:
    """The first MOST bad rows of a file as it came, in its order.

    Raises AppError: FORBIDDEN, STALE_PREVIEW, UNREADABLE_FILE.
    """
    desk.require(actor, Permission.IMPORT)
    columns = bad_rows.layout(seen.look)
    with bad_rows.opened(desk, actor, seen) as found:
        return [
            Mendable(row.line, bad_rows.typed(row, columns), row.notes, row.ragged)
            for row in islice(found, MOST)
        ]


def wrong(desk: Desk, actor: Actor, seen: Preview) -> Wrong:
    """All that is wrong with the bad rows that there are still, as far as `rows` goes.

    Raises AppError(FORBIDDEN | STALE_PREVIEW).
    """
    most = MOST * (len(CERTIFICATES.columns) + 1)  # a row has one for each column at most
    found = previewing.notes(desk, actor, seen, bad=True, limit=most)
    return {line: tuple(notes) for line, notes in groupby(found, attrgetter("line"))}


def suggested(notes: Sequence[RowNote]) -> dict[str, str]:
    """What the checks would type in a row instead, by our columns' names."""
    return {_NAMES[n.field]: n.suggestion for n in notes if n.suggestion and n.field in _NAMES}


def check(
    desk: Desk, actor: Actor, seen: Preview, bad: Sequence[Mendable], edits: Edits
) -> Preview:
    """The preview of the file `seen` with these edits of its rows: the mended ones are among the
    good, and what is wrong with the others is said anew. `bad` is what `rows` gave of it.

    Raises AppError: FORBIDDEN, STALE_PREVIEW, LOAD_FAILED, STORAGE_FAILED.
    """
    desk.require(actor, Permission.IMPORT)
    edits = {row.line: _kept(row, edits) for row in bad if row.line in edits}
    edited = [row for row in bad if _is_edited(row, edits)]
    if not edited:
        return seen
    typed = [{**row.cells, **edits[row.line]} for row in edited]
    made = _built(desk, seen, typed)
    lines = [row.line for row in edited]
    folios = [_cell(cells, "folio") for cells in typed]
    files = made, seen.staged[0], seen.noted
    joined = mending.join(*files, lines, folios, desk.store.cipher)
    mended = [m for row in edited if row.line in joined.good for m in _mended(row, edits)]
    with desk.store.beside(made) as alias, previewing.waiting(desk, [made]) as coming:
        return replace(
            seen,
            staged=(*seen.staged, made),
            noted=made,
            counts=replace(
                seen.counts,
                set_aside=seen.counts.set_aside - len(joined.good),
                warnings=joined.warnings,
            ),
            merge=_sum(seen.merge, certificates.compare(desk.store, coming)),
            problems=noted.problems(desk.store, alias),
            sample=_first(seen, certificates.first(desk.store, coming, previewing.SAMPLE)),
            edits={row.line: dict(edits[row.line]) for row in edited},
            mended=tuple(mended),
            came=seen,
        )


def _kept(row: Mendable, edits: Edits) -> dict[str, str]:
    """What was typed in columns that the file has."""
    return {name: text for name, text in edits[row.line].items() if name in row.cells}


def _is_edited(row: Mendable, edits: Edits) -> bool:
    """Whether something was typed that isn't there, and the row isn't left all empty: a row that
    was emptied stays bad, it doesn't vanish."""
    typed = edits.get(row.line, {})
    whole = {**row.cells, **typed}
    return any(row.cells[n] != text for n, text in typed.items()) and any(
        text.strip() for text in whole.values()
    )


def _mended(row: Mendable, edits: Edits) -> list[Mended]:
    """What was typed in a row that is good now, cell by cell."""
    typed = edits[row.line].items()
    changed = ((name, row.cells[name], text) for name, text in typed)
    return [Mended(row.line, _HEADINGS[n], old, new) for n, old, new in changed if old != new]


def _built(desk: Desk, seen: Preview, typed: Sequence[Mapping[str, str]]) -> Path:
    """The rows checked, as a file in the preview's folder; of those of before the last stays, which
    somebody may be taking away as a file."""
    for old in sorted(seen.folder.glob(f"{_FOLDER}*"), key=_made_at)[:-1]:
        shutil.rmtree(old, ignore_errors=True)
    folder = seen.folder / f"{_FOLDER}{uuid.uuid4().hex}"
    folder.mkdir(mode=0o700)
    names = [column.name for column in CERTIFICATES.columns]
    with (folder / CERTIFICATES.name).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([_HEADINGS[name] for name in names])
        writer.writerows([_cell(cells, name) for name in names] for cells in typed)
    there = dict(seen.look.reading.columns)
    columns: Columns = tuple(
        (name, at if there.get(name) is not None else None) for at, name in enumerate(names)
    )
    readings = {CERTIFICATES: Reading(columns=columns)}
    base = desk.store.ref_path
    vault, cipher = desk.vault(), desk.store.cipher
    built = build(folder, base, vault, folder, _silent, readings, noted=True, cipher=cipher)
    return folder / built.file


def _made_at(folder: Path) -> int:
    return folder.stat().st_mtime_ns


def _cell(cells: Mapping[str, str], name: str) -> str:
    """On one line, so that each row is one; what looks like a formula comes back as it is."""
    return formula.escape(" ".join(cells.get(name, "").split()))


def _sum(of_file: Merge, of_mended: Merge) -> Merge:
    """No folio is in both: the file's million rows needn't be compared again for one that was
    typed. What changed on the desk meanwhile, the commit sees."""
    pairs = zip(astuple(of_file), astuple(of_mended), strict=True)
    return Merge(*(sum(pair) for pair in pairs))


def _first(seen: Preview, mended: Sequence[Certificate]) -> list[Certificate]:
    both = sorted((*seen.sample, *mended), key=lambda certificate: certificate.folio)
    return both[: previewing.SAMPLE]


def _silent(_: Stage, __: float) -> None:
    """A thousand rows take a tenth of a second: no progress is shown."""
