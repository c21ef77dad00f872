"""What is let go of somebody of the staff who left. What they did stays theirs in the log: that is
what it is for."""

from lib.model.action import Action, Entry
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.roles import Permission
from lib.services.desk import Desk
from lib.services.doors import confirming
from lib.store.database import Transaction
from lib.store.people import privacy, staff


def erase_staff(desk: Desk, actor: Actor, username: str) -> int:
    """Erase somebody's address, sessions, second factors and own views; how many rows went.

    Raises AppError: FORBIDDEN, CONFIRM_FIRST, UNKNOWN_PERSON, STILL_ACTIVE.
    """
    for permission in (Permission.MANAGE_STAFF, Permission.ERASE_DETAILS):
        desk.require(actor, permission)
    confirming.require(desk, actor)
    username = username.strip()

    def work(transaction: Transaction) -> int:
        person = staff.find(transaction, username)
        if person is None:
            raise AppError(Reason.UNKNOWN_PERSON, username=username)
        if person.active:
            raise AppError(Reason.STILL_ACTIVE, username=username)
        gone = privacy.forget_staff(transaction, username)
        transaction.log(actor, Entry(Action.STAFF_ERASED, subject=username, detail={"rows": gone}))
        return gone

    return desk.store.write(work)
