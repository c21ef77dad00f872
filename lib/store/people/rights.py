"""What somebody may do now, whatever they were read as a moment ago."""

from lib.model.actor import SYSTEM, Actor
from lib.model.roles import ALLOWED, Role
from lib.store.reading import Reader


def outdated(source: Reader, actor: Actor) -> bool:
    """Whether `actor` claims more than their person has now: disabled since, or of a lower role.

    Nobody is ever deleted from ops.staff, so who isn't there is the desk itself or its command
    line, which whoever runs it could do without us.
    """
    if actor.username == SYSTEM.username:
        return False
    found = source.remembered(
        "SELECT role, active FROM ops.staff WHERE username = ?", [actor.username]
    )
    if not found:
        return False
    [(role, active)] = found
    return not active or not ALLOWED[actor.role] <= ALLOWED[Role(role)]
