"""A resend to many stopped on its way: nothing more is asked for, what hasn't left comes back."""

from lib.model import versions
from lib.model.action import Action, Entry, Outcome
from lib.model.actor import SYSTEM, Actor
from lib.model.bulk import Bulk, BulkState
from lib.model.errors import AppError, Reason
from lib.model.outbox import MailProblem, Request
from lib.store.database import Transaction
from lib.store.mail import bulks, outbox

_AT_ONCE = 60  # mails taken back in one transaction: as many as wait for their first attempt


def stop(transaction: Transaction, actor: Actor, bulk: Bulk, entry: Entry) -> None:
    """Ask for nothing more, log it, and take back what would leave first. The thread does the rest
    (lib/services/resends/rounds.py). Raises AppError(BULK_OVER).
    """
    if not bulks.set_state(transaction, bulk.id, BulkState.RUNNING, BulkState.CANCELLING):
        raise AppError(Reason.BULK_OVER)
    bulks.cancel_waiting(transaction, bulk.id)
    transaction.log(actor, entry)
    withdraw(transaction, bulk.id)


def withdraw(transaction: Transaction, bulk_id: str) -> None:
    """Take back its next mails that haven't left, held ones too: each is a row in the log."""
    for mail_id in bulks.to_withdraw(transaction, bulk_id, _AT_ONCE):
        request = outbox.request(transaction, mail_id)
        if request and outbox.cancel(transaction, mail_id):
            _log(transaction, request)


def _log(transaction: Transaction, request: Request) -> None:
    """A mail of several systems is a row for each: the log answers by serial."""
    for serial in request.serials or (request.serial,):
        entry = Entry(
            Action.MAIL_FAILED,
            Outcome.FAILED,
            account_no=request.account_no,
            serial=serial,
            reason=MailProblem.CANCELLED.value,
            subject=request.id,
            detail={"recipient": request.recipient},
            versions=versions.policy(request.policy),
        )
        transaction.log(SYSTEM, entry)
