"""Taking one person's details out of the log, on the record."""

from lib.model.action import Action, Entry
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.roles import Permission
from lib.services.desk import Desk
from lib.services.doors import confirming
from lib.store.database import Transaction
from lib.store.log import erasing


def erase(desk: Desk, actor: Actor, account_no: str) -> int:
    """Erase what the log's details hold of an account up to now; how many rows lost theirs.

    Who did what to it, when and why stays, and the chain still verifies. Raises AppError:
    FORBIDDEN, CONFIRM_FIRST, NOTHING_TO_ERASE, ARCHIVE_LOST while a segment's archive can't be
    read: which of its rows are the account's, nobody can tell.
    """
    desk.require(actor, Permission.ERASE_DETAILS)
    confirming.require(desk, actor)
    lost = desk.store.lay_log()
    if lost:
        raise AppError(Reason.ARCHIVE_LOST, first=min(lost))
    account_no = account_no.strip()

    def work(transaction: Transaction) -> int:
        erased = erasing.erase(transaction, account_no) if account_no else 0
        if not erased:
            raise AppError(Reason.NOTHING_TO_ERASE)
        detail = {"details": erased}
        transaction.log(actor, Entry(Action.DETAILS_ERASED, account_no=account_no, detail=detail))
        return erased

    return desk.store.write(work)
