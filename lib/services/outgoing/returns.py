"""What comes back: the bounce folder's reports, each brought to the mail it is about.

A report is a stranger's mail: it counts only with the seal of the return path we gave out
(lib/mail/verp.py), or with the Message-ID of a mail of ours, which only who got it knows.
"""

import hashlib
import logging
from collections import Counter

from lib.mail import bounce
from lib.mail.imap import Mailbox
from lib.mail.verp import ReturnPath
from lib.model import versions
from lib.model.action import Action, Entry, Outcome
from lib.model.actor import SYSTEM
from lib.model.bounce import BounceKind, Place
from lib.model.outbox import MailProblem
from lib.services.desk import Desk
from lib.store import return_key
from lib.store.database import Transaction
from lib.store.mail import aftermath, bounces
from lib.store.mail.aftermath import Gone

_LOG = logging.getLogger("mesa.mail")
_AT_ONCE = 50  # reports read before the thread looks at something else


def path(desk: Desk) -> ReturnPath:
    """Raises AppError(UNREADABLE_FILE) when its key can be neither read nor made."""
    address = desk.settings.mail.return_path
    return ReturnPath(address, return_key.read_or_make(desk.store.data) if address else b"")


def read_new(desk: Desk, mailbox: Mailbox, return_path: ReturnPath) -> Counter[BounceKind]:
    """Take in what came since the last time, each report in a transaction of its own; how many of
    each kind there were. Raises ImapError, AppError(STORAGE_FAILED)."""
    folder = desk.settings.imap.bounce_folder
    taken = Counter[BounceKind]()
    for place, raw in mailbox.after(folder, bounces.place(desk.store, folder), _AT_ONCE):
        taking = _Taking(desk, return_path, place, raw)
        kind = desk.store.write(taking.work)
        if kind is not None:
            taken[kind] += 1
    if taken:
        said = ", ".join(f"{count} {kind.value}" for kind, count in sorted(taken.items()))
        level = logging.WARNING if taken[BounceKind.FORGED] else logging.INFO
        _LOG.log(level, "bounces: %s", said)
    return taken


class _Taking:
    """One report of the bounce folder on its way in."""

    def __init__(self, desk: Desk, return_path: ReturnPath, place: Place, raw: bytes) -> None:
        self._settings = desk.settings
        self._return_path = return_path
        self._place = place
        self._digest = hashlib.sha256(raw).hexdigest()
        self._report = bounce.read(raw)

    def work(self, transaction: Transaction) -> BounceKind | None:
        """What it was; None when it was read before."""
        bounces.read_to(transaction, self._settings.imap.bounce_folder, self._place)
        kind, mail = self._judged(transaction)
        mail_id = mail.id if mail else ""
        if not bounces.note(transaction, self._digest, kind, mail_id, self._report.status):
            return None
        if mail and kind is BounceKind.PERMANENT:
            self._give_back(transaction, mail)
        elif mail and kind is BounceKind.TEMPORARY:
            transaction.log(SYSTEM, self._entry(Action.MAIL_DELAYED, Outcome.UNCERTAIN, mail))
        return kind

    def _judged(self, transaction: Transaction) -> tuple[BounceKind, Gone | None]:
        """Which mail it is about, and what is to be believed of it."""
        report = self._report
        ours = [a for a in report.sent_to if self._return_path.is_ours(a)]
        if ours:
            ids = [found for a in ours if (found := self._return_path.mail_id(a))]
            mail = aftermath.find(transaction, ids[0]) if ids else None
            if not ids:
                return BounceKind.FORGED, None
        else:
            mail = aftermath.of_message(transaction, report.message_id)
        return (report.kind, mail) if mail else (BounceKind.UNKNOWN, None)

    def _give_back(self, transaction: Transaction, mail: Gone) -> None:
        archive = self._settings.mail.archive_address.lower()
        if archive and self._report.failed == {archive}:
            # Only the archive's copy came back: the customer's is another matter.
            aftermath.not_archived(transaction, mail.id)
            return
        aftermath.give_back(transaction, mail.id, self._report.status)
        bounces.mark_failing(transaction, mail.recipient, mail.id)
        transaction.log(SYSTEM, self._entry(Action.MAIL_BOUNCED, Outcome.FAILED, mail))

    def _entry(self, action: Action, outcome: Outcome, mail: Gone) -> Entry:
        permanent = self._report.kind is BounceKind.PERMANENT
        return Entry(
            action,
            outcome,
            account_no=mail.account_no,
            serial=mail.serial,
            reason=MailProblem.GIVEN_BACK.value if permanent else "",
            subject=mail.id,
            detail={"recipient": mail.recipient, "status": self._report.status},
            versions=versions.template(mail.template),
        )
