"""The file that an import came from, taken away: one ticket, logged before a byte leaves."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from lib.model.action import Action, Entry
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.roles import Permission
from lib.services.desk import Desk
from lib.services.records import exporting
from lib.services.records.exporting import Download
from lib.services.records.orders import Placed
from lib.store.records import batches, kept_files

_BLOCK = 1 << 18  # bytes


class Raw(StrEnum):
    """A file as it was uploaded, whatever it holds."""

    FILE = "file"


@dataclass(frozen=True)
class OriginalOrder(Placed):
    batch_id: str
    title: str


class _Kept:
    """Its bytes; read while they are asked for."""

    def __init__(self, path: Path, rows: int) -> None:
        self.rows = rows
        self._stream = path.open("rb")
        self._stopped = False

    def __iter__(self) -> Iterator[bytes]:
        while not self._stopped and (piece := self._stream.read(_BLOCK)):
            yield piece

    def stop(self) -> None:
        self._stopped = True

    def close(self) -> None:
        self._stream.close()


def start(desk: Desk, actor: Actor, batch_id: str, title: str) -> str:
    """The ticket with which this person's browser fetches the file, once and soon (orders.LIFE);
    `title` is what the log calls it.

    Raises AppError: FORBIDDEN, UNKNOWN_BATCH, FILE_NOT_KEPT, EXPORT_RUNNING, EXPORTS_BUSY.
    """
    _path(desk, actor, batch_id)
    return desk.exports.place(OriginalOrder(actor.username, actor.session, batch_id, title))


def take(desk: Desk, ticket: str, *, actor: Actor) -> Download:
    """Open the file that a ticket stands for and log that it leaves; close it in any case.

    Raises AppError: what `start` does, EXPORT_GONE for a ticket that isn't this session's or no
    longer counts, STORAGE_FAILED.
    """
    _may(desk, actor)
    order = desk.exports.take(OriginalOrder, ticket, actor.username, actor.session)
    try:
        return _opened(desk, order, actor)
    except BaseException:
        desk.exports.done(actor.username)
        raise


def _opened(desk: Desk, order: OriginalOrder, actor: Actor) -> Download:
    path, rows = _path(desk, actor, order.batch_id)
    entry = Entry(
        Action.ROWS_EXPORTED,
        reason=f"{order.title}: {rows:,}",
        subject=order.batch_id,
        detail={"file": path.name, "rows": rows},
    )
    making = _Kept(path, rows)
    try:
        desk.store.write(lambda t: t.log(actor, entry))
    except BaseException:
        making.close()
        raise
    return Download(exporting.plain_name(path.name), Raw.FILE, desk, actor, entry, rows, making)


def _path(desk: Desk, actor: Actor, batch_id: str) -> tuple[Path, int]:
    """Where it lies, and how many rows it was said to have."""
    _may(desk, actor)
    batch = batches.find(desk.store, batch_id)
    if batch is None:
        raise AppError(Reason.UNKNOWN_BATCH)
    origin = batches.origin(desk.store, batch_id)
    path = kept_files.find(desk.settings.data, batch_id, origin.name) if origin.kept else None
    if path is None:
        raise AppError(Reason.FILE_NOT_KEPT)
    return path, int(batch.summary.get("rows", 0))


def _may(desk: Desk, actor: Actor) -> None:
    desk.require(actor, Permission.IMPORT)
    desk.require(actor, Permission.EXPORT)
