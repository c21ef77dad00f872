"""The desk opened to write to, whatever was done to its log meanwhile.

A database whose newest rows are gone is taken up where it ends: cut, or an older one put back.

People must be able to work, so the desk opens; the log goes on in a new segment under numbers that
were never used, and what is missing stays missing for every verification.
"""

from lib.model import versions
from lib.model.action import Action, Entry, Outcome
from lib.model.actor import SYSTEM
from lib.model.bulk import BulkState
from lib.model.errors import AppError, Reason
from lib.model.outbox import MailProblem
from lib.model.proof import Checked, Finding, Problem
from lib.services.desk import Desk, open_desk
from lib.services.log import proof
from lib.services.resends import cancelling
from lib.settings import Settings
from lib.store.database import Transaction
from lib.store.log import aside
from lib.store.log.audit import Head
from lib.store.log.checkpoints import Checkpoint
from lib.store.log.signing import Signer
from lib.store.mail import aftermath, bulks
from lib.store.people import staff


def opened(settings: Settings) -> Desk:
    """The desk, also when its log lost its newest rows. Raises what open_desk() and go_on()
    raise."""
    desk = open_desk(settings, behind_too=True)
    try:
        go_on(desk)
    except BaseException:
        desk.close()
        raise
    return desk


def opened_alone(settings: Settings) -> Desk:
    """The same for a command: what the log's end shows is on record before the command's own rows
    hide it. One that lost its newest rows is left to the desk. Raises what open_desk() raises."""
    desk = open_desk(settings)
    try:
        proof.take_stock(desk)
    except BaseException:
        desk.close()
        raise
    return desk


def go_on(desk: Desk) -> bool:
    """At a start, before anything else is written; whether rows were missing. What waited to be
    mailed, and what resends to many hadn't come to, may have gone, by rows that are no more: it is
    in doubt and nothing sends it by itself.

    Raises AppError: DATABASE_BEHIND when nobody could sign in to it, STORAGE_FAILED, DISK_FULL.
    """
    known = aside.cut_at(desk.store)
    if known is None:
        return False
    if not staff.anybody(desk.store):  # it isn't the desk's database, but a new one in its place
        raise AppError(Reason.DATABASE_BEHIND, file=desk.store.data / "audit.head", seq=known.seq)
    by = proof.signer(desk)
    signed = desk.store.write(lambda transaction: _go_on(transaction, known, by))
    if signed:
        proof.note(desk, signed)
    return True


def _go_on(transaction: Transaction, known: Head, by: Signer | None) -> Checkpoint | None:
    ended = transaction.head.seq
    transaction.head = known
    aside.set_aside(transaction)
    signed = proof.begin_segment(transaction, Problem.CUT_TAIL.value, by)
    finding = Finding(ended + 1, Problem.CUT_TAIL)
    checked = Checked(transaction.now, ended, (finding,), segment=known.seq + 1)
    proof.keep(transaction, SYSTEM, checked)
    _doubt(transaction)
    return signed


def _doubt(transaction: Transaction) -> None:
    why = MailProblem.LOG_CUT
    for mail in aftermath.doubt_pending(transaction, why):
        entry = Entry(
            Action.MAIL_UNCERTAIN,
            Outcome.UNCERTAIN,
            account_no=mail.account_no,
            serial=mail.serial,
            reason=why.value,
            subject=mail.id,
            detail={"recipient": mail.recipient},
            versions=versions.template(mail.template),
        )
        transaction.log(SYSTEM, entry)
    for bulk in bulks.unfinished(transaction):
        if bulk.state is BulkState.RUNNING:
            stopped = Entry(Action.BULK_CANCELLED, reason=why.value, subject=bulk.id)
            cancelling.stop(transaction, SYSTEM, bulk, stopped)
