"""The certificates that were previewed, brought in: all of the good ones or none."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace

from lib.model.action import Action, Entry
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.load import Progress, RowNote, Stage
from lib.model.roles import Permission, may
from lib.services.desk import Desk
from lib.services.imports import mapping, originals, previewing
from lib.services.imports.previewing import Preview
from lib.store.database import OvertakenError, Transaction
from lib.store.people import staff
from lib.store.records import batches, merging
from lib.store.records.batches import Origin
from lib.store.records.certificates import Merge

FEW = 20_000  # rows: some 0.2 s, that others wait less for than for a transaction beside theirs
_LOOKED, _WRITTEN = 0.1, 0.95  # the parts of an import until rows go in, and until they are in


def commit(
    desk: Desk,
    actor: Actor,
    seen: Preview,
    batch_id: str = "",
    progress: Progress = previewing.silent,
    first: Callable[[Transaction], None] | None = None,
) -> Merge:
    """Bring in the good rows that were previewed, all in one transaction with their audit row; the
    file is kept with them. What `progress` raises before it hears 1.0 undoes it all; `first` is
    done before all else in the transaction of a few rows.

    Raises AppError: FORBIDDEN also when the person's role changed on the way, NOTHING_TO_IMPORT,
    STALE_PREVIEW when the certificates changed so that importing would no longer do what was shown.
    """
    desk.require(actor, Permission.IMPORT)
    if not seen.counts.good:
        raise AppError(Reason.NOTHING_TO_IMPORT)
    if not all(path.is_file() for path in seen.staged):
        raise AppError(Reason.STALE_PREVIEW)
    progress(Stage.COMPARING, 0.0)
    batch_id = batch_id or batches.new_id()
    try:
        notes = (
            _first_notes(desk, actor, seen, bad=True),
            _first_notes(desk, actor, seen, bad=False),
        )
        laid = originals.lay(desk, batch_id, seen.original, seen.look, notes)
        coming = _Coming(desk, actor, seen, batch_id, replace(laid, mended=seen.mended), progress)
        with previewing.waiting(desk, seen.staged) as relation:
            _write(coming, relation, first)
    except BaseException:
        originals.drop_unless_recorded(desk, batch_id)
        raise
    previewing.discard(seen)
    progress(Stage.PUBLISHING, 1.0)
    return seen.merge


@dataclass(frozen=True)
class _Coming:
    """A preview on its way in."""

    desk: Desk
    actor: Actor
    seen: Preview
    batch_id: str
    origin: Origin
    progress: Progress

    def told(self, done: int, of: int) -> None:
        self.progress(Stage.WRITING, _LOOKED + (_WRITTEN - _LOOKED) * done / of)


def _write(
    coming: _Coming, relation: str, first: Callable[[Transaction], None] | None = None
) -> None:
    """Many rows are laid beside others' writes; all at once and in turn when somebody changed
    certificates meanwhile, or when they are few."""
    store, merge = coming.desk.store, coming.seen.merge
    if merge.new + merge.changed > FEW:
        with suppress(OvertakenError):
            store.write_after(
                lambda t: _lay(t, coming, relation), lambda t: _end(t, coming), merging.STANDS_ON
            )
            return

    def whole(transaction: Transaction) -> None:
        if first:
            first(transaction)
        _lay(transaction, coming, relation)
        _end(transaction, coming)

    store.write(whole)


def _lay(transaction: Transaction, coming: _Coming, relation: str) -> None:
    if merging.lay(transaction, relation, coming.batch_id, coming.told) != coming.seen.merge:
        raise AppError(Reason.STALE_PREVIEW)
    coming.progress(Stage.PUBLISHING, _WRITTEN)


def _end(transaction: Transaction, coming: _Coming) -> None:
    _require_still(coming.desk, coming.actor)
    merging.settle(transaction, coming.batch_id)
    _record(transaction, coming)


def _require_still(desk: Desk, actor: Actor) -> None:
    """What a long import stands on may be minutes old, the person's role too: asked anew, of the
    store as it is now. The command line's actor is nobody of the staff."""
    person = staff.find(desk.store, actor.username)
    if person is not None and not (person.active and may(person.role, Permission.IMPORT)):
        raise AppError(Reason.FORBIDDEN, permission=Permission.IMPORT.value)


def _first_notes(desk: Desk, actor: Actor, seen: Preview, *, bad: bool) -> list[RowNote]:
    return previewing.notes(desk, actor, seen, bad=bad, limit=batches.NOTED)


def _record(transaction: Transaction, coming: _Coming) -> None:
    seen, actor, batch_id = coming.seen, coming.actor, coming.batch_id
    mended = {"mended": seen.mended_rows} if seen.mended_rows else {}
    counts = {**asdict(seen.counts), **asdict(seen.merge), **mended}
    batches.add(transaction, batch_id, "certificates", seen.source, actor.username, counts)
    batches.add_origin(transaction, batch_id, coming.origin)
    mapping.remember(transaction, actor, seen.look, seen.choice)
    detail = {
        "file": seen.source,
        "new": seen.merge.new,
        "changed": seen.merge.changed,
        "unchanged": seen.merge.unchanged,
        "set_aside": seen.counts.set_aside,
        **mended,
    }
    transaction.log(actor, Entry(Action.CERTIFICATES_IMPORTED, subject=batch_id, detail=detail))
