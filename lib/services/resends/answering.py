"""A manager's answer to what waits (approvals.py): given once, and held to four eyes.

Nobody answers their own request nor lets mail go to an address that they have put on record, and it
goes only to the one that was on record when it was asked for, if it still is.
"""

from collections.abc import Callable

from lib.model import versions
from lib.model.action import Action, Entry, Outcome
from lib.model.actor import Actor
from lib.model.approval import MAX_NOTE, Answer
from lib.model.contact import clean
from lib.model.errors import AppError, Reason
from lib.model.outbox import MailProblem, Request
from lib.model.roles import Permission, may
from lib.services import tries
from lib.services.desk import Desk
from lib.services.resends import approvals
from lib.store.database import Transaction
from lib.store.mail import approvals as store
from lib.store.mail import outbox
from lib.store.people import staff
from lib.store.reading import Reader
from lib.store.records import accounts

# Somebody who may not answer and tries, and an address that moved while a mail waited for it.
_REFUSALS_LOGGED = frozenset(
    {Reason.FORBIDDEN, Reason.OWN_REQUEST, Reason.OWN_CHANGE, Reason.ADDRESS_CHANGED_SINCE}
)


def approve(desk: Desk, actor: Actor, outbox_id: str, note: str = "") -> None:
    """Let a held mail go: it is queued, and its serials stay taken. The note may be empty.

    Raises AppError: FORBIDDEN (also for somebody who no longer is what they were), LONG_NOTE,
    UNKNOWN_APPROVAL, OWN_REQUEST, ALREADY_ANSWERED (also too late), ADDRESS_CHANGED_SINCE,
    OWN_CHANGE.
    """
    note = _checked(note)

    def work(transaction: Transaction) -> None:
        request = _answerable(transaction, actor, outbox_id)
        account = accounts.find(transaction, request.account_no)
        if account is None or account.email != request.recipient:
            raise AppError(Reason.ADDRESS_CHANGED_SINCE)
        if approvals.changed_address(transaction, actor, request.account_no, transaction.now):
            raise AppError(Reason.OWN_CHANGE)
        if not outbox.release(transaction, outbox_id):
            raise AppError(Reason.ALREADY_ANSWERED)
        store.answer(transaction, outbox_id, Answer.APPROVED, actor.username, note)
        detail = {"recipient": request.recipient, "note": note}
        approvals.log(transaction, actor, Action.APPROVAL_GIVEN, request, detail=detail)

    _answer(desk, actor, Action.APPROVAL_GIVEN, outbox_id, work)
    desk.mail_waiting.set()


def reject(desk: Desk, actor: Actor, outbox_id: str, note: str) -> None:
    """End a held mail that may not leave; its serials may be asked for again at once.

    Raises AppError: MISSING_NOTE, and what `approve` does but ADDRESS_CHANGED_SINCE and
    OWN_CHANGE.
    """
    note = _checked(note)
    if not note:
        raise AppError(Reason.MISSING_NOTE)

    def work(transaction: Transaction) -> None:
        request = _answerable(transaction, actor, outbox_id)
        if not outbox.refuse_held(transaction, outbox_id, MailProblem.REJECTED):
            raise AppError(Reason.ALREADY_ANSWERED)
        store.answer(transaction, outbox_id, Answer.REJECTED, actor.username, note)
        detail = {"note": note}
        approvals.log(transaction, actor, Action.APPROVAL_DENIED, request, Outcome.REFUSED, detail)

    _answer(desk, actor, Action.APPROVAL_DENIED, outbox_id, work)


def _answer(
    desk: Desk,
    actor: Actor,
    action: Action,
    outbox_id: str,
    work: Callable[[Transaction], None],
) -> None:
    """Some of what is refused here is worth a row in the log."""
    with tries.logged(desk, actor, lambda error: _tried(desk.store, action, outbox_id, error)):
        desk.require(actor, Permission.APPROVE)
        desk.store.write(work)


def _tried(reader: Reader, action: Action, outbox_id: str, error: AppError) -> Entry | None:
    if error.reason not in _REFUSALS_LOGGED:
        return None
    request = outbox.request(reader, outbox_id)
    return Entry(
        action,
        Outcome.REFUSED,
        account_no=request.account_no if request else "",
        serial=request.serial if request else "",
        reason=error.reason.value,
        ticket=request.ticket if request else "",
        subject=outbox_id[:64],
        versions=versions.policy(request.policy) if request else "",
    )


def _answerable(transaction: Transaction, actor: Actor, outbox_id: str) -> Request:
    """The request, if this person may answer it at this moment."""
    person = staff.find(transaction, actor.username)
    if person is None or not person.active or not may(person.role, Permission.APPROVE):
        raise AppError(Reason.FORBIDDEN, permission=Permission.APPROVE.value)
    approval = store.find(transaction, outbox_id)
    request = outbox.request(transaction, outbox_id)
    if approval is None or request is None:
        raise AppError(Reason.UNKNOWN_APPROVAL)
    if approval.asked_by == actor.username:
        raise AppError(Reason.OWN_REQUEST)
    if approval.state is not Answer.WAITING or approval.expires_at <= transaction.now:
        raise AppError(Reason.ALREADY_ANSWERED)
    return request


def _checked(note: str) -> str:
    text = clean(note)
    if len(text) > MAX_NOTE:
        raise AppError(Reason.LONG_NOTE, most=MAX_NOTE)
    return text
