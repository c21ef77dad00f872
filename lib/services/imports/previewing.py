"""Physical certificates from a file or pasted rows, looked at before anything is written.

The preview is the load's own reader and checks on a folder with one file (lib/store/pack): what it
builds is kept aside, in data/incoming, until the person confirms or leaves it.
"""

import io
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.load import Built, FileCounts, Mended, Problem, Progress, RowNote, Stage
from lib.model.reading import Choice, FileKind, Look, Reading
from lib.model.roles import Permission
from lib.model.system import Certificate
from lib.services.desk import Desk
from lib.services.imports import mapping, originals, received
from lib.services.imports.originals import Original
from lib.services.loads import incoming
from lib.store.pack import noted
from lib.store.pack.apart import build_apart
from lib.store.pack.build import build
from lib.store.pack.files import CERTIFICATES
from lib.store.records import absent, certificates
from lib.store.records.certificates import Merge

PASTED = "Filas pegadas"  # what the history calls rows that came without a file
SAMPLE = 20  # good rows shown before confirming
_FOUND = Choice()
BIG = 4 << 20  # bytes: some 30,000 rows, checked in a second
# The parts of a preview until the file is here, and until it is checked.
_TAKEN, _BUILT = 0.05, 0.95


@dataclass(frozen=True)
class Preview:
    """What importing would do, now. The checked rows wait in the files `staged`, all in `folder`;
    what is said of all the rows is in `noted`, one of them, and its kinds are `problems`. `look` is
    how the file was read; `edits` are what somebody typed in bad rows since, by line and our
    columns' names, and `mended` those of rows that are good by it (fixing.py)."""

    source: str
    folder: Path
    staged: tuple[Path, ...]
    counts: FileCounts
    merge: Merge
    noted: Path
    problems: tuple[Problem, ...]
    sample: list[Certificate]
    look: Look
    original: Original
    edits: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    mended: tuple[Mended, ...] = ()
    came: "Preview | None" = None  # the file as it came, of one with mended rows
    choice: Choice = _FOUND  # what a person said of the file

    @property
    def mended_rows(self) -> int:
        return len({cell.line for cell in self.mended})

    @property
    def rows(self) -> Path:
        """The file's rows as text: itself or, of a workbook, the sheet as it was read."""
        return self.folder / CERTIFICATES.name if _is_book(self.look) else self.original.path


def silent(_: Stage, __: float) -> None:
    """For what is over before anybody could look."""


def preview(
    desk: Desk,
    actor: Actor,
    name: str,
    content: BinaryIO,
    choice: Choice = _FOUND,
    progress: Progress = silent,
) -> Preview:
    """Read and check a CSV or a workbook, by itself or as chosen; nothing is written where others
    see it. What `progress` raises ends it, and nothing is left.

    Raises AppError: FORBIDDEN, UNREADABLE_FILE, BAD_COLUMN, and mapping.UnmatchedError when a
    person has to say which column is which.
    """
    desk.require(actor, Permission.IMPORT)
    staging = incoming.new_folder(desk)

    def unpacking() -> None:
        progress(Stage.UNPACKING, _TAKEN / 2)

    try:
        progress(Stage.READING, 0.0)
        original = originals.take(staging, name, content)
        progress(Stage.READING, _TAKEN / 2)
        with received.called(name), original.path.open("rb") as taken:
            found = received.receive(staging, CERTIFICATES, taken, choice, unpacking)
            found = mapping.settled(desk, actor, found, choice)
            mapping.require(found, name)
            built = _built(desk, staging, found.reading, progress)
        progress(Stage.COMPARING, _BUILT)
        if not _is_book(found):  # its rows are in the file as it came
            (staging / CERTIFICATES.name).unlink()
        staged = (staging / built.file,)
        merge, problems, sample = _compared(desk, staged)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    progress(Stage.COMPARING, 1.0)
    counts = built.files[CERTIFICATES.name]
    before = name, staging, staged, counts, merge, staged[0], problems
    return Preview(*before, sample, found, original, choice=choice)


def _compared(
    desk: Desk, staged: tuple[Path, ...]
) -> tuple[Merge, tuple[Problem, ...], list[Certificate]]:
    """How the rows stand to the desk's, what is wrong with them by kind, and the first of them."""
    with desk.store.beside(staged[0]) as alias, waiting(desk, staged) as coming:
        problems = noted.problems(desk.store, alias)
        merge = certificates.compare(desk.store, coming)
        return merge, problems, certificates.first(desk.store, coming, SAMPLE)


def _is_book(look: Look) -> bool:
    return look.reading.kind in (FileKind.XLSX, FileKind.ODS)


def _built(desk: Desk, staging: Path, reading: Reading, progress: Progress) -> Built:
    """By a process of its own when that takes long: in this one everybody else would wait."""
    base, vault, readings = desk.store.ref_path, desk.vault(), {CERTIFICATES: reading}

    def told(stage: Stage, fraction: float) -> None:
        progress(stage, _TAKEN + (_BUILT - _TAKEN) * min(fraction, 1.0))

    if (staging / CERTIFICATES.name).stat().st_size < BIG:
        cipher = desk.store.cipher
        return build(staging, base, vault, staging, told, readings, noted=True, cipher=cipher)
    settings = desk.settings
    return build_apart(
        staging,
        base,
        settings.data,
        settings.cda_key,
        staging,
        told,
        readings,
        noted=True,
        data_key=settings.data_key,
    )


def preview_pasted(desk: Desk, actor: Actor, text: str, choice: Choice = _FOUND) -> Preview:
    """Rows pasted from a spreadsheet, with or without their heading: without, the columns come in
    the template's order. Raises as `preview`."""
    pasted = replace(choice, kind=FileKind.PASTED, encoding="utf-8")
    return preview(desk, actor, PASTED, io.BytesIO(text.encode(errors="replace")), pasted)


def notes(
    desk: Desk,
    actor: Actor,
    seen: Preview,
    *,
    bad: bool,
    problem: Problem | None = None,
    limit: int | None = None,
) -> list[RowNote]:
    """Why rows are set aside (`bad`) or what is odd about good ones, one for each problem, in the
    file's order; of one kind only when `problem` names it.

    Raises AppError: FORBIDDEN, STALE_PREVIEW when the preview is gone.
    """
    desk.require(actor, Permission.IMPORT)
    if not seen.noted.is_file():
        raise AppError(Reason.STALE_PREVIEW)
    with desk.store.beside(seen.noted) as alias:
        return noted.notes(desk.store, alias, seen.source, bad=bad, problem=problem, limit=limit)


def each_note(desk: Desk, actor: Actor, seen: Preview, *, bad: bool) -> Iterator[RowNote]:
    """The same as `notes` of all kinds, one after another: any number of them.

    Raises AppError: FORBIDDEN, STALE_PREVIEW when the preview is gone.
    """
    desk.require(actor, Permission.IMPORT)
    if not seen.noted.is_file():
        raise AppError(Reason.STALE_PREVIEW)
    with desk.store.beside(seen.noted) as alias:
        yield from noted.each(desk.store, alias, seen.source, bad=bad)


def discard(seen: Preview) -> None:
    """Forget a preview and the rows it kept aside."""
    shutil.rmtree(seen.folder, ignore_errors=True)


@contextmanager
def waiting(desk: Desk, staged: Sequence[Path]) -> Iterator[str]:
    """The relation of the certificates that wait in staged files (pack_certificate's columns)."""
    with ExitStack() as files:
        aliases = [files.enter_context(desk.store.beside(path)) for path in staged]
        yield certificates.of_files([absent.filled(desk.store, alias) for alias in aliases])
