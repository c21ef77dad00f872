"""Undoing an import or a load: what it brought goes, what it changed returns, what was edited
since stays and is named. To undo an undo, the file is imported again.
"""

from dataclasses import dataclass

from lib.model import clock
from lib.model.action import Action, Entry
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.roles import Permission
from lib.model.undo import Undoing
from lib.services.desk import Desk
from lib.services.loads import loading
from lib.store.database import Transaction
from lib.store.reading import Reader
from lib.store.records import batches, loads, undos
from lib.store.records.batches import Batch, Origin
from lib.store.records.undos import Undone

MAX_REASON = 200  # characters
_UNDONE = "Carga deshecha"  # what the history calls the return to the data of before


@dataclass(frozen=True)
class Seen:
    """A batch whole: `undone` when it was, else what undoing it would do now (`would`), or why it
    can't be (`refusal`): with `would` beside it when it is that all of it was edited since."""

    batch: Batch
    origin: Origin
    undone: Undone | None
    would: Undoing | None
    refusal: AppError | None


def see(desk: Desk, actor: Actor, batch_id: str) -> Seen:
    """Raises AppError: FORBIDDEN, UNKNOWN_BATCH."""
    desk.require(actor, Permission.IMPORT)
    batch = _batch(desk.store, batch_id)
    origin = batches.origin(desk.store, batch_id)
    undone = undos.find(desk.store, batch_id)
    if undone:
        return Seen(batch, origin, undone, None, None)
    try:
        desk.require(actor, needed(batch))
        if batch.kind == "pack":
            _file_before(desk, desk.store, batch)
    except AppError as error:
        return Seen(batch, origin, None, None, error)
    would = undos.reckon(desk.store, batch.id, batch.finished_at)
    nothing = batch.kind != "pack" and not would.gone and not would.returned
    refusal = AppError(Reason.NOTHING_TO_UNDO) if nothing else None
    return Seen(batch, origin, None, would, refusal)


def needed(batch: Batch) -> Permission:
    """What undoing it takes: the same as bringing it in."""
    return Permission.LOAD if batch.kind == "pack" else Permission.IMPORT


def undo(
    desk: Desk, actor: Actor, batch_id: str, reason: str, seen: Undoing | None = None
) -> Undoing:
    """Undo a batch whole, in one transaction with its audit row; `seen` is what the person was
    told that it would do.

    Raises AppError: FORBIDDEN, UNKNOWN_BATCH, UNDO_REASON_MISSING, ALREADY_UNDONE, NOTHING_TO_UNDO,
    UNDO_CHANGED_MEANWHILE; of a load LOAD_IN_PROGRESS, UNDO_OF_UNDO, UNDO_OF_KEY, NOT_NEWEST_LOAD,
    FIRST_LOAD, REF_NOT_KEPT, REF_OTHER_KEY.
    """
    desk.require(actor, Permission.IMPORT)
    batch = _batch(desk.store, batch_id)
    desk.require(actor, needed(batch))
    reason = " ".join(reason.split())[:MAX_REASON]
    if not reason:
        raise AppError(Reason.UNDO_REASON_MISSING)
    if batch.kind == "pack":
        with loads.alone(desk.settings.data):
            return _undo_load(desk, actor, batch, reason, seen)
    return desk.store.write(lambda t: _undo(t, actor, batch, reason, seen))


def _undo_load(
    desk: Desk, actor: Actor, batch: Batch, reason: str, seen: Undoing | None
) -> Undoing:
    """The data of before are put in force by a batch of their own: the newest always names them."""
    file = _file_before(desk, desk.store, batch)
    alias = desk.store.attach_ref(file) if file != batch.ref_file else ""

    def put_back(transaction: Transaction) -> Undoing:
        loads.follow_the_last(transaction)
        if _file_before(desk, transaction, batch) != file:
            raise AppError(Reason.NOT_NEWEST_LOAD)
        if alias:
            _require_key(desk, transaction, alias)
        done = _undo(transaction, actor, batch, reason, seen)
        new_id, by = batches.new_id(), actor.username
        batches.add(transaction, new_id, "pack", _UNDONE, by, {"undone": batch.id}, file)
        return done

    try:
        done = desk.store.write(put_back)
    except BaseException:
        if alias:
            desk.store.detach_ref(alias)
        raise
    if alias:
        desk.store.use_ref(alias)
        loading.tidy(desk, file)
    return done


def _undo(
    transaction: Transaction, actor: Actor, batch: Batch, reason: str, seen: Undoing | None
) -> Undoing:
    _require_standing(transaction, batch)
    done = undos.reckon(transaction, batch.id, batch.finished_at)
    if seen is not None and _counts(seen) != _counts(done):
        raise AppError(Reason.UNDO_CHANGED_MEANWHILE)
    if batch.kind != "pack" and not done.gone and not done.returned:
        raise AppError(Reason.NOTHING_TO_UNDO)
    undos.put_back(transaction, batch.id, batch.finished_at)
    undos.note(transaction, batch.id, actor.username, reason, done)
    detail = {"source": batch.source, "batch": batch.kind, **_counts(done)}
    entry = Entry(Action.BATCH_UNDONE, subject=batch.id, reason=reason, detail=detail)
    transaction.log(actor, entry)
    return done


def _counts(undoing: Undoing) -> dict[str, int]:
    return {"gone": undoing.gone, "returned": undoing.returned, "stays": undoing.stays}


def _require_standing(reader: Reader, batch: Batch) -> None:
    undone = undos.find(reader, batch.id)
    if undone:
        at = f"{clock.at_office(undone.at):%d/%m/%Y %H:%M}"
        raise AppError(Reason.ALREADY_UNDONE, by=undone.by, at=at)


def _require_key(desk: Desk, reader: Reader, alias: str) -> None:
    if loads.key_fingerprint(reader, f"{alias}.meta") != loads.key_fingerprint(reader):
        raise AppError(Reason.REF_OTHER_KEY)


def _file_before(desk: Desk, reader: Reader, batch: Batch) -> str:
    """The ref that was in force before this load; its own when it didn't change that."""
    _require_standing(reader, batch)
    if "undone" in batch.summary:
        raise AppError(Reason.UNDO_OF_UNDO)
    if "new_key" in batch.summary:
        raise AppError(Reason.UNDO_OF_KEY)
    newest, *before = [*batches.standing_loads(reader), batch]
    if newest.id != batch.id:
        raise AppError(Reason.NOT_NEWEST_LOAD)
    file = before[0].ref_file if before[0].id != batch.id else ""
    if file == batch.ref_file:
        return file
    if not file:
        raise AppError(Reason.FIRST_LOAD)
    if not (desk.settings.data / "ref" / file).is_file():
        raise AppError(Reason.REF_NOT_KEPT)
    return file


def _batch(reader: Reader, batch_id: str) -> Batch:
    found = batches.find(reader, batch_id)
    if found is None:
        raise AppError(Reason.UNKNOWN_BATCH)
    return found
