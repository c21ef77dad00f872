"""The rows that an import would leave out, as its file has them, each with all that is wrong."""

from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import tee
from pathlib import Path

from lib.model import formula
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.heading import words
from lib.model.load import RowNote
from lib.model.reading import NO_HEADING, Look
from lib.model.roles import Permission
from lib.services.desk import Desk
from lib.services.imports.previewing import Preview
from lib.store.pack import mending, synonyms
from lib.store.pack.files import CERTIFICATES
from lib.store.pack.raw_rows import raw_rows


@dataclass(frozen=True)
class Layout:
    """The file's headings as written ("" = none) and, by the names of our columns, where each
    stands: only of those that are in the file. CDAs may stand in the places `covered`: nobody can
    say that a column with something in it and no heading holds none."""

    titles: tuple[str, ...]
    places: dict[str, int]
    covered: frozenset[int]


@dataclass(frozen=True)
class BadRow:
    """`cells` go by their place in the heading, more or fewer than it has when the row doesn't fit
    (`ragged`); none of a ragged row in a file with CDAs, which might stand anywhere in it."""

    line: int
    cells: tuple[str, ...]
    notes: tuple[RowNote, ...]

    @property
    def ragged(self) -> bool:
        return _is_ragged(self.notes)


@contextmanager
def opened(desk: Desk, actor: Actor, seen: Preview) -> Iterator[Iterator[BadRow]]:
    """Any number of them, in the file's order, while the context lasts: the file is read again.

    Raises AppError: FORBIDDEN, STALE_PREVIEW when the file was discarded, UNREADABLE_FILE.
    """
    desk.require(actor, Permission.IMPORT)
    if not (seen.rows.is_file() and seen.noted.is_file()):
        raise AppError(Reason.STALE_PREVIEW)
    with desk.store.beside(seen.noted) as alias:
        found = mending.bad_rows(desk.store, alias, CERTIFICATES.name)
        # Closed here: who wants a few of them leaves the rest in the middle of a question.
        with closing(found), closing(_with_cells(seen.rows, seen.look, found)) as rows:
            yield rows


def layout(look: Look) -> Layout:
    """Where the columns stand in a file that was looked at."""
    places = {name: place for name, place in look.reading.columns if place is not None}
    ours, titles = {place: name for name, place in places.items()}, look.headings
    if look.reading.heading_line == NO_HEADING:
        titles = tuple(
            CERTIFICATES.heading(ours[at]) if at in ours else "" for at in range(len(titles))
        )
    others = [at for at in range(len(titles)) if at not in ours]
    covered = (at for at in others if _is_covered(titles[at]) or at in look.unsaid)
    return Layout(titles, places, frozenset(covered))


def typed(row: BadRow, columns: Layout) -> dict[str, str]:
    """What the row says under our columns, by their names, as it is stored ("" = nothing)."""
    cells = dict(enumerate(row.cells))
    return {n: formula.unescape(cells.get(at, "")) for n, at in columns.places.items()}


def _with_cells(
    path: Path, look: Look, found: Iterator[tuple[RowNote, ...]]
) -> Generator[BadRow, None, None]:
    """What is wrong with each row, and the row, side by side: both come in the file's order."""
    hidden = bool(layout(look).covered)
    said, asked = tee(found)
    wanted = ((notes[0].line, _is_ragged(notes)) for notes in asked)
    raw = raw_rows(path, CERTIFICATES, look.reading, len(look.headings), wanted)
    for row, notes in zip(raw, said, strict=True):
        cells = () if hidden and _is_ragged(notes) else row.cells
        yield BadRow(row.line, cells, notes)


def _is_covered(title: str) -> bool:
    return synonyms.is_covered(title) and "postal" not in words(title)


def _is_ragged(notes: tuple[RowNote, ...]) -> bool:
    """Whether the reader refused the row: what it says of the whole of it, no check does."""
    return any(not note.field for note in notes)
