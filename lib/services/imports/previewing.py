"""Physical certificates from a file or pasted rows, looked at before anything is written.

The preview is the load's own reader and checks on a folder with one file (lib/store/pack): what it
builds is kept aside, in data/incoming, until the person confirms or leaves it.
"""

import io
import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from lib.model.actor import Actor
from lib.model.load import FileCounts, RowNote, Stage
from lib.model.reading import Choice, FileKind, Look
from lib.model.roles import Permission
from lib.model.system import Certificate
from lib.services.desk import Desk
from lib.services.imports import originals, received
from lib.services.imports.originals import Original
from lib.services.loads import incoming
from lib.store.pack.build import build
from lib.store.pack.files import CERTIFICATES
from lib.store.records import certificates
from lib.store.records.certificates import Merge

PASTED = "Filas pegadas"  # what the history calls rows that came without a file
_SAMPLE = 20  # good rows shown before confirming
_FOUND = Choice()


@dataclass(frozen=True)
class Preview:
    """What importing would do, now. The checked rows wait in the files `staged`, all in `folder`;
    `look` is how the file was read."""

    source: str
    folder: Path
    staged: tuple[Path, ...]
    counts: FileCounts
    merge: Merge
    set_aside: list[RowNote]
    warnings: list[RowNote]
    sample: list[Certificate]
    look: Look
    original: Original


def preview(
    desk: Desk, actor: Actor, name: str, content: BinaryIO, choice: Choice = _FOUND
) -> Preview:
    """Read and check a CSV or a workbook, by itself or as chosen; nothing is written where others
    see it.

    Raises AppError: FORBIDDEN, UNREADABLE_FILE, MISSING_COLUMNS.
    """
    actor.require(Permission.IMPORT)
    staging = incoming.new_folder(desk)
    try:
        original = originals.take(staging, name, content)
        with received.called(name), original.path.open("rb") as taken:
            found = received.receive(staging, CERTIFICATES, taken, choice)
            base, readings = desk.store.ref_path, {CERTIFICATES: found.reading}
            built = build(staging, base, desk.vault(), staging, _silent, readings)
        (staging / CERTIFICATES.name).unlink()
        staged = (staging / built.file,)
        with waiting(desk, staged) as coming:
            merge = certificates.compare(desk.store, coming)
            sample = certificates.first(desk.store, coming, _SAMPLE)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    counts = built.files[CERTIFICATES.name]
    notes = built.set_aside, built.warnings
    return Preview(name, staging, staged, counts, merge, *notes, sample, found, original)


def preview_pasted(desk: Desk, actor: Actor, text: str, choice: Choice = _FOUND) -> Preview:
    """Rows pasted from a spreadsheet, with or without their heading: without, the columns come in
    the template's order. Raises as `preview`."""
    pasted = replace(choice, kind=FileKind.PASTED, encoding="utf-8")
    return preview(desk, actor, PASTED, io.BytesIO(text.encode(errors="replace")), pasted)


def discard(seen: Preview) -> None:
    """Forget a preview and the rows it kept aside."""
    shutil.rmtree(seen.folder, ignore_errors=True)


@contextmanager
def waiting(desk: Desk, staged: Sequence[Path]) -> Iterator[str]:
    """The relation of the certificates that wait in staged files (pack_certificate's columns)."""
    with ExitStack() as files:
        aliases = [desk.store.attach(path) for path in staged]
        for alias in aliases:
            files.callback(desk.store.detach_ref, alias)
        yield certificates.of_files(aliases)


def _silent(_: Stage, __: float) -> None:
    """A preview is short: no progress is shown."""
