"""Taking one person's details out of the log, on the record."""

from lib.model.action import Action, Entry
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.roles import Permission
from lib.services.desk import Desk
from lib.services.doors import confirming
from lib.services.privacy import handing_over
from lib.store.database import Transaction
from lib.store.log import erasing
from lib.store.people import privacy


def erase(desk: Desk, actor: Actor, account_no: str) -> int:
    """Erase what the log's details hold of an account up to now, and to whom its mails went; how
    many of the log's rows lost theirs.

    Who did what to it, when and why stays, and the chain still verifies. Raises AppError:
    FORBIDDEN, CONFIRM_FIRST, NOTHING_TO_ERASE, ARCHIVE_LOST while a segment's archive can't be
    read: which of its rows are the account's, nobody can tell.
    """
    desk.require(actor, Permission.ERASE_DETAILS)
    confirming.require(desk, actor)
    handing_over.readable(desk)
    account_no = account_no.strip()

    def work(transaction: Transaction) -> int:
        if not account_no:
            raise AppError(Reason.NOTHING_TO_ERASE)
        mails = privacy.forget_mails(transaction, account_no)
        erased = erasing.erase(transaction, account_no)
        if not erased and not mails:
            raise AppError(Reason.NOTHING_TO_ERASE)
        detail = {"details": erased, "mails": mails}
        transaction.log(actor, Entry(Action.DETAILS_ERASED, account_no=account_no, detail=detail))
        return erased

    return desk.store.write(work)
