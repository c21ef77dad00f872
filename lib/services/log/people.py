"""What the people in the log are called: their full names, of those who left too."""

from collections import Counter
from collections.abc import Mapping

from lib.model.actor import Actor
from lib.model.roles import Permission
from lib.services.desk import Desk
from lib.store.people import staff
from lib.store.reading import Reader


def names(desk: Desk, actor: Actor) -> Mapping[str, str]:
    """By username. Raises AppError(FORBIDDEN | STORAGE_FAILED)."""
    desk.require(actor, Permission.FIND)
    return read(desk.store)


def read(reader: Reader) -> Mapping[str, str]:
    """By username; two people of one name are told apart by it."""
    found = staff.names(reader)
    often = Counter(found.values())
    return {
        username: f"{name} ({username})" if often[name] > 1 else name
        for username, name in found.items()
        if name
    }
