"""What became of mails whose answer was lost: the archive got a copy if they went.

Absence is believed only after a grace (a copy may lag behind), only for mails whose copy the server
had taken on, and only while the archive shows the last mail that is known to have gone: an empty
folder, a wrong one, or one that no copy reaches any more must not double every mail.
"""

import datetime as dt
from functools import partial

from lib.mail.imap import Mailbox
from lib.model import clock, versions
from lib.model.action import Action, Entry
from lib.model.actor import SYSTEM
from lib.model.outbox import FOUND_ARCHIVED
from lib.services.desk import Desk
from lib.store.database import Transaction
from lib.store.mail import aftermath
from lib.store.mail.aftermath import Gone


def configured(desk: Desk) -> bool:
    imap = desk.settings.imap
    return bool(imap.host and imap.archive_folder and desk.settings.mail.archive_address)


def look_up(desk: Desk, mailbox: Mailbox, doubted: list[Gone]) -> None:
    """Say of each of these mails that it went, or send it again with the same Message-ID; what
    can't be told yet is left. Raises ImapError, AppError(STORAGE_FAILED)."""
    folder = desk.settings.imap.archive_folder
    # Before looking: a copy that comes later than this isn't counted on.
    before = clock.now() - dt.timedelta(seconds=desk.settings.mail.archive_grace_s)
    proven = _shows_the_last(desk, mailbox, before)
    for mail in doubted:
        if mailbox.has(folder, mail.message_id):
            desk.store.write(partial(_went, mail))
        elif proven and mail.finished_at and mail.finished_at <= before:
            desk.store.write(partial(_send_again, mail))
            desk.mail_waiting.set()


def _shows_the_last(desk: Desk, mailbox: Mailbox, before: dt.datetime) -> bool:
    last = aftermath.newest_archived(desk.store, before)
    return last is not None and mailbox.has(desk.settings.imap.archive_folder, last.message_id)


def _went(mail: Gone, transaction: Transaction) -> None:
    if aftermath.went(transaction, mail.id):
        transaction.log(SYSTEM, _entry(Action.MAIL_ACCEPTED, mail, FOUND_ARCHIVED))


def _send_again(mail: Gone, transaction: Transaction) -> None:
    if aftermath.send_again(transaction, mail.id):
        transaction.log(SYSTEM, _entry(Action.MAIL_SENT_AGAIN, mail))


def _entry(action: Action, mail: Gone, reason: str = "") -> Entry:
    return Entry(
        action,
        account_no=mail.account_no,
        serial=mail.serial,
        reason=reason,
        subject=mail.id,
        detail={"recipient": mail.recipient},
        versions=versions.template(mail.template),
    )
