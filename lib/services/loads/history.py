"""What was loaded and imported before."""

from lib.model.actor import Actor
from lib.model.roles import Permission
from lib.services.desk import Desk
from lib.store.records import batches
from lib.store.records.batches import Batch


def loads_and_imports(desk: Desk, actor: Actor) -> list[Batch]:
    """The last fifty, newest first. Raises AppError(FORBIDDEN)."""
    actor.require(Permission.IMPORT)
    return batches.newest(desk.store)
