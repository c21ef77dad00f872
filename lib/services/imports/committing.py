"""The certificates that were previewed, brought in: all of the good ones or none."""

from dataclasses import asdict, replace

from lib.model.action import Action, Entry
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.load import RowNote
from lib.model.roles import Permission
from lib.services.desk import Desk
from lib.services.imports import mapping, originals, previewing
from lib.services.imports.previewing import Preview
from lib.store.database import Transaction
from lib.store.records import batches, certificates
from lib.store.records.batches import Origin
from lib.store.records.certificates import Merge


def commit(desk: Desk, actor: Actor, seen: Preview, batch_id: str = "") -> Merge:
    """Bring in the good rows that were previewed, all in one transaction with their audit row; the
    file is kept with them.

    Raises AppError: FORBIDDEN, NOTHING_TO_IMPORT, STALE_PREVIEW when the certificates changed so
    that importing would no longer do what was shown.
    """
    actor.require(Permission.IMPORT)
    if not seen.counts.good:
        raise AppError(Reason.NOTHING_TO_IMPORT)
    if not all(path.is_file() for path in seen.staged):
        raise AppError(Reason.STALE_PREVIEW)
    batch_id = batch_id or batches.new_id()
    try:
        notes = (
            _first_notes(desk, actor, seen, bad=True),
            _first_notes(desk, actor, seen, bad=False),
        )
        laid = originals.lay(desk, batch_id, seen.original, seen.look, notes)
        origin = replace(laid, mended=seen.mended)
        with previewing.waiting(desk, seen.staged) as coming:
            desk.store.write(lambda t: _bring_in(t, actor, seen, batch_id, origin, coming))
    except BaseException:
        originals.drop_unless_recorded(desk, batch_id)
        raise
    previewing.discard(seen)
    return seen.merge


def _first_notes(desk: Desk, actor: Actor, seen: Preview, *, bad: bool) -> list[RowNote]:
    return previewing.notes(desk, actor, seen, bad=bad, limit=batches.NOTED)


def _bring_in(
    transaction: Transaction,
    actor: Actor,
    seen: Preview,
    batch_id: str,
    origin: Origin,
    coming: str,
) -> None:
    if certificates.merge(transaction, coming, batch_id) != seen.merge:
        raise AppError(Reason.STALE_PREVIEW)
    mended = {"mended": seen.mended_rows} if seen.mended_rows else {}
    counts = {**asdict(seen.counts), **asdict(seen.merge), **mended}
    batches.add(transaction, batch_id, "certificates", seen.source, actor.username, counts)
    batches.add_origin(transaction, batch_id, origin)
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
