"""How what was previewed stands to what the desk holds: the cells that it would change, and whether
the same file came in before.
"""

from lib.model.actor import Actor
from lib.model.roles import Permission
from lib.model.system import Certificate
from lib.services.desk import Desk
from lib.services.imports import previewing
from lib.services.imports.previewing import Preview
from lib.store.records import batches, coming
from lib.store.records.batches import Batch
from lib.store.records.coming import Twin


def cells(desk: Desk, actor: Actor, seen: Preview) -> dict[str, int]:
    """How many certificates each field would change in, by our column's name. Raises
    AppError(FORBIDDEN)."""
    desk.require(actor, Permission.IMPORT)
    with previewing.waiting(desk, seen.staged) as waiting:
        return coming.cells(desk.store, waiting)


def changed(
    desk: Desk, actor: Actor, seen: Preview, limit: int, field: str = ""
) -> list[tuple[Certificate, Certificate]]:
    """The first certificates that would change, in one field when it is named: what they are and
    what they would be. Raises AppError(FORBIDDEN)."""
    desk.require(actor, Permission.IMPORT)
    with previewing.waiting(desk, seen.staged) as waiting:
        return coming.changed(desk.store, waiting, limit, field)


def twins(desk: Desk, actor: Actor, seen: Preview, limit: int) -> tuple[int, list[Twin]]:
    """Serials that the desk holds under another folio: how many, and the first. Raises
    AppError(FORBIDDEN)."""
    desk.require(actor, Permission.IMPORT)
    with previewing.waiting(desk, seen.staged) as waiting:
        return coming.twins(desk.store, waiting, limit)


def same_file(desk: Desk, actor: Actor, seen: Preview) -> Batch | None:
    """The last import of a file with these very bytes that wasn't undone. Raises
    AppError(FORBIDDEN)."""
    desk.require(actor, Permission.IMPORT)
    return batches.of_file(desk.store, seen.original.sha256)
