"""Physical certificates from a file or pasted rows: looked at first, then in whole or not at all.

The preview is the load's own reader and checks on a folder with one file (lib/store/pack): what it
builds is kept aside, in data/incoming, until the person confirms or leaves it.
"""

import io
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import BinaryIO

from lib.model.action import Action, Entry
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.load import FileCounts, RowNote, Stage
from lib.model.reading import Choice, FileKind, Look
from lib.model.roles import Permission
from lib.model.system import Certificate
from lib.services.desk import Desk
from lib.services.loads import incoming, originals, received
from lib.services.loads.originals import Original
from lib.store.database import Transaction
from lib.store.pack.build import build
from lib.store.pack.files import CERTIFICATES
from lib.store.records import batches, certificates
from lib.store.records.batches import Origin
from lib.store.records.certificates import Merge

PASTED = "Filas pegadas"  # what the history calls rows that came without a file
_SAMPLE = 20  # good rows shown before confirming
_FOUND = Choice()


@dataclass(frozen=True)
class Preview:
    """What importing would do, now. `staged` is where the checked rows wait, `look` how the file
    was read."""

    source: str
    staged: Path
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
        staged = staging / built.file
        with attached(desk, staged) as waiting:
            merge = certificates.compare(desk.store, waiting)
            sample = certificates.first(desk.store, waiting, _SAMPLE)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    counts = built.files[CERTIFICATES.name]
    notes = built.set_aside, built.warnings
    return Preview(name, staged, counts, merge, *notes, sample, found, original)


def preview_pasted(desk: Desk, actor: Actor, text: str, choice: Choice = _FOUND) -> Preview:
    """Rows pasted from a spreadsheet, with or without their heading: without, the columns come in
    the template's order. Raises as `preview`."""
    pasted = replace(choice, kind=FileKind.PASTED, encoding="utf-8")
    return preview(desk, actor, PASTED, io.BytesIO(text.encode(errors="replace")), pasted)


def commit(desk: Desk, actor: Actor, seen: Preview, batch_id: str = "") -> Merge:
    """Bring in the good rows that were previewed, all in one transaction with their audit row; the
    file is kept with them.

    Raises AppError: FORBIDDEN, NOTHING_TO_IMPORT, STALE_PREVIEW when the certificates changed so
    that importing would no longer do what was shown.
    """
    actor.require(Permission.IMPORT)
    if not seen.counts.good:
        raise AppError(Reason.NOTHING_TO_IMPORT)
    if not seen.staged.is_file():
        raise AppError(Reason.STALE_PREVIEW)
    batch_id = batch_id or batches.new_id()
    try:
        notes = seen.set_aside, seen.warnings
        origin = originals.lay(desk, batch_id, seen.original, seen.look, notes)
        with attached(desk, seen.staged) as waiting:
            desk.store.write(lambda t: _bring_in(t, actor, seen, batch_id, origin, waiting))
    except BaseException:
        originals.drop_unless_recorded(desk, batch_id)
        raise
    discard(seen)
    return seen.merge


def _bring_in(
    transaction: Transaction,
    actor: Actor,
    seen: Preview,
    batch_id: str,
    origin: Origin,
    waiting: str,
) -> None:
    if certificates.merge(transaction, waiting, batch_id) != seen.merge:
        raise AppError(Reason.STALE_PREVIEW)
    counts = {**asdict(seen.counts), **asdict(seen.merge)}
    batches.add(transaction, batch_id, "certificates", seen.source, actor.username, counts)
    batches.add_origin(transaction, batch_id, origin)
    detail = {
        "file": seen.source,
        "new": seen.merge.new,
        "changed": seen.merge.changed,
        "unchanged": seen.merge.unchanged,
        "set_aside": seen.counts.set_aside,
    }
    transaction.log(actor, Entry(Action.CERTIFICATES_IMPORTED, subject=batch_id, detail=detail))


def discard(seen: Preview) -> None:
    """Forget a preview and the rows it kept aside."""
    shutil.rmtree(seen.staged.parent, ignore_errors=True)


@contextmanager
def attached(desk: Desk, staged: Path) -> Iterator[str]:
    """The relation of the certificates that wait in a staged file."""
    alias = desk.store.attach(staged)
    try:
        yield f"{alias}.pack_certificate"
    finally:
        desk.store.detach_ref(alias)


def _silent(_: Stage, __: float) -> None:
    """A preview is short: no progress is shown."""
