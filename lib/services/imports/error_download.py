"""The error file on its way out: one ticket, logged before a byte leaves.

Of an import that is being looked at, or of one that is in, from its kept file read again as it was.
"""

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

from lib.model.action import Action, Entry
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.reading import Choice, Reading
from lib.model.roles import Permission
from lib.model.sheet import Format, Row, Sheet
from lib.services.desk import Desk
from lib.services.imports import error_file, previewing
from lib.services.imports.previewing import Preview
from lib.services.records import exporting
from lib.services.records.exporting import Download
from lib.services.records.orders import Placed
from lib.store.records import batches, kept_files
from lib.store.records.batches import Origin


@dataclass(frozen=True)
class ErrorsOrder(Placed):
    """Of the preview `seen` or, without one, of a batch."""

    form: Format
    seen: Preview | None = None
    batch_id: str = ""


def start(
    desk: Desk, actor: Actor, form: Format, seen: Preview | None = None, batch_id: str = ""
) -> str:
    """The ticket with which this person's browser fetches the file, once and soon (orders.LIFE).

    Raises AppError: FORBIDDEN, UNKNOWN_BATCH, FILE_NOT_KEPT, NOTHING_TO_EXPORT, EXPORT_RUNNING,
    EXPORTS_BUSY.
    """
    _check(desk, actor, seen, batch_id)
    order = ErrorsOrder(actor.username, actor.session, form, seen, batch_id)
    return desk.exports.place(order)


def take(desk: Desk, ticket: str, *, actor: Actor) -> Download:
    """Open the file that a ticket stands for and log that it leaves; close it in any case.

    Raises AppError: what `start` does, EXPORT_GONE for a ticket that isn't this session's or no
    longer counts, STALE_PREVIEW when the preview was left meanwhile, UNREADABLE_FILE,
    STORAGE_FAILED.
    """
    _may(desk, actor)
    order = desk.exports.take(ErrorsOrder, ticket, actor.username, actor.session)
    try:
        _check(desk, actor, order.seen, order.batch_id)
        return _opened(desk, order, actor)
    except BaseException:
        desk.exports.done(actor.username)
        raise


def whole(
    desk: Desk, actor: Actor, seen: Preview, form: Format
) -> tuple[Sheet, Iterator[list[str]]]:
    """The file for the command line, its rows as they come; logged before they leave.

    Raises AppError: FORBIDDEN, UNREADABLE_FILE, STORAGE_FAILED.
    """
    _may(desk, actor)
    if seen.counts.set_aside:
        entry = _entry(seen, form, "", seen.counts.set_aside)
        desk.store.write(lambda t: t.log(actor, entry))
    pieces = error_file.batches(desk, actor, seen, form)
    rows = ([str(cell) for cell in row] for piece in pieces for row in piece)
    return error_file.sheet(seen), rows


def _opened(desk: Desk, order: ErrorsOrder, actor: Actor) -> Download:
    seen, mended = order.seen, frozenset[int]()
    if seen is None:
        seen, mended = _again(desk, actor, order.batch_id)
    try:
        rows = seen.counts.set_aside - len(mended)
        entry = _entry(seen, order.form, order.batch_id, rows)
        pieces = _until_done(desk, actor, seen, order, mended)
        sheet = error_file.sheet(seen)
        return exporting.handed_out(desk, actor, entry, sheet, order.form, rows, pieces)
    except BaseException:
        _leave(seen, order)
        raise


def _until_done(
    desk: Desk, actor: Actor, seen: Preview, order: ErrorsOrder, without: frozenset[int]
) -> Generator[list[Row], None, None]:
    try:
        yield from error_file.batches(desk, actor, seen, order.form, without)
    finally:
        _leave(seen, order)


def _leave(seen: Preview, order: ErrorsOrder) -> None:
    """What was read again for this file alone goes with it."""
    if order.seen is None:
        previewing.discard(seen)


def _entry(seen: Preview, form: Format, batch_id: str, rows: int) -> Entry:
    title = error_file.TITLE
    return Entry(
        Action.ROWS_EXPORTED,
        reason=f"{title}: {rows:,} ({form.upper()})",
        subject=batch_id,
        detail={"file": exporting.file_name(title, form), "rows": rows, "of": seen.source},
    )


def _check(desk: Desk, actor: Actor, seen: Preview | None, batch_id: str) -> None:
    _may(desk, actor)
    if seen is None:
        _kept(desk, batch_id)
    elif not seen.counts.set_aside:
        raise AppError(Reason.NOTHING_TO_EXPORT)


def _may(desk: Desk, actor: Actor) -> None:
    desk.require(actor, Permission.IMPORT)
    desk.require(actor, Permission.EXPORT)


# ---- of a batch --------------------------------------------------------------------------------


def _kept(desk: Desk, batch_id: str) -> tuple[Path, Origin]:
    """Its file and what is known of it. Whether a row is bad hangs on the file alone, so reading it
    again finds those that were left out then."""
    batch = batches.find(desk.store, batch_id)
    if batch is None:
        raise AppError(Reason.UNKNOWN_BATCH)
    origin = batches.origin(desk.store, batch_id)
    path = kept_files.find(desk.settings.data, batch_id, origin.name) if origin.kept else None
    if path is None or origin.read_as is None:
        raise AppError(Reason.FILE_NOT_KEPT)
    if not batch.summary.get("set_aside"):
        raise AppError(Reason.NOTHING_TO_EXPORT)
    return path, origin


def _again(desk: Desk, actor: Actor, batch_id: str) -> tuple[Preview, frozenset[int]]:
    """The file looked at again as it was then, and which of its lines were mended."""
    path, origin = _kept(desk, batch_id)
    assert origin.read_as
    with path.open("rb") as content:
        seen = previewing.preview(
            desk, actor, origin.name, content, _choice(origin.read_as.reading)
        )
    return seen, frozenset(cell.line for cell in origin.mended)


def _choice(reading: Reading) -> Choice:
    """What a person would say, to have a file read so."""
    return Choice(
        reading.kind,
        reading.encoding,
        reading.separator,
        reading.heading_line,
        reading.sheet or None,
        reading.columns,
        remembered=False,
    )
