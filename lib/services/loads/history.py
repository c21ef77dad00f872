"""What was loaded and imported before."""

from collections.abc import Mapping

from lib.model.actor import Actor
from lib.model.roles import Permission
from lib.model.system import Certificate
from lib.services.desk import Desk
from lib.store.records import batch_rows, batches, undos
from lib.store.records.batches import Batch, Named
from lib.store.records.undos import Undone
from lib.store.remembering import Remembering

SHOWN = 200  # certificates of a batch that its page shows one by one


def loads_and_imports(desk: Desk, actor: Actor) -> list[Batch]:
    """The last fifty, newest first. Raises AppError(FORBIDDEN)."""
    desk.require(actor, Permission.IMPORT)
    return batches.newest(desk.store)


def named(desk: Desk, actor: Actor) -> list[Named]:
    """All, for the list of certificates, where anybody sees which batch brought one. Raises
    AppError(FORBIDDEN)."""
    desk.require(actor, Permission.FIND)
    return batches.named(Remembering(desk.store))


def undone(desk: Desk, actor: Actor, known: list[Batch]) -> Mapping[str, Undone]:
    """Those of them that were undone, by id. Raises AppError(FORBIDDEN)."""
    desk.require(actor, Permission.IMPORT)
    return undos.of(desk.store, [batch.id for batch in known])


def brought(desk: Desk, actor: Actor, batch_id: str) -> list[Certificate]:
    """The first certificates that it brought, of those that are still as it left them. Raises
    AppError(FORBIDDEN)."""
    desk.require(actor, Permission.IMPORT)
    return batch_rows.brought(desk.store, batch_id, SHOWN)


def changed(desk: Desk, actor: Actor, batch_id: str) -> list[tuple[Certificate, Certificate]]:
    """The first that it changed, of those that are still as it left them: before and now. Raises
    AppError(FORBIDDEN)."""
    desk.require(actor, Permission.IMPORT)
    return batch_rows.changed(desk.store, batch_id, SHOWN)
