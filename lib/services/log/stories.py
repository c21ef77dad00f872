"""The whole story that an entry of the log is part of: what led to it and what became of it.

A mail's: the change of address before it, who asked, what stopped it, who was told and who
answered, each attempt, its retries, the bounce. A resend to many: its start and end; a mail of it
has both. A change of address: the mail that told the old one. An alert's: who took it, what it was.
"""

import datetime as dt
from collections.abc import Mapping

from lib.model.action import Action
from lib.model.actor import Actor
from lib.model.outbox import Delivery
from lib.model.roles import Permission
from lib.services.desk import Desk
from lib.services.log import entries, people
from lib.services.log.entries import LogEntry
from lib.store.log import stories
from lib.store.mail import bulks, outbox
from lib.store.reading import Reader

MOST = 60  # entries: retries of retries, each with all its attempts
# Rows are found by their instant; a clock that was set back may have written some earlier.
_SLACK = dt.timedelta(hours=26)
_BEFORE = dt.timedelta(days=7)  # a resend soon after an e-mail change is the fraud everyone fears

# Whose subject is a thing that only such acts are about, and how long one may go on.
_OF_ONE_THING = frozenset(
    {
        Action.ALERT_RAISED,
        Action.ALERT_TAKEN,
        Action.ALERT_CLOSED,
        Action.VIEW_SAVED,
        Action.VIEW_CHANGED,
        Action.VIEW_DELETED,
    }
)
_LONGEST = dt.timedelta(days=400)


def story(desk: Desk, actor: Actor, entry: LogEntry) -> list[LogEntry]:
    """Oldest first, itself among it; nothing for an act that is its own whole story. Raises
    AppError(FORBIDDEN | STORAGE_FAILED)."""
    desk.require(actor, Permission.READ_LOG)
    once = {row["seq"]: row for row in _rows(desk.store, entry)} if entry.subject else {}
    names = people.read(desk.store)
    found = [entries.read(once[seq], names) for seq in sorted(once)]
    return found if len(found) > 1 else []


def _rows(reader: Reader, entry: LogEntry) -> list[stories.Row]:
    if entry.action in _OF_ONE_THING:
        since = entry.logged_at - _LONGEST
        return stories.of_subjects(reader, [entry.subject], "", since, MOST)
    mail = outbox.find(reader, entry.subject)
    if mail is not None:
        return _of_mail(reader, entry, mail)
    bulk = bulks.find(reader, entry.subject)
    if bulk is None:
        return []
    return stories.of_subjects(reader, [bulk.id], "", bulk.requested_at - _SLACK, MOST)


def _of_mail(reader: Reader, entry: LogEntry, mail: Delivery) -> list[stories.Row]:
    serial = entry.serial or next(iter(outbox.serials_of(reader, mail.id)), "")
    chain = _chain(stories.retries(reader, serial, mail.account_no), mail.id)
    mails = [found for each in chain if (found := outbox.find(reader, each))]
    begun = min(each.requested_at for each in mails)
    bulk_ids = {each.bulk_id for each in mails if each.bulk_id}
    subjects = [each.id for each in mails] + sorted(bulk_ids)
    rows = stories.of_subjects(reader, subjects, serial, begun - _SLACK, MOST)
    rows += stories.announced(reader, [each.id for each in mails], MOST)
    if not mail.account_no or not rows:
        return rows
    until = max(row["logged_at"] for row in rows)
    return rows + stories.address_edits(reader, mail.account_no, begun - _BEFORE, until, MOST)


def _chain(before: Mapping[str, str], mail_id: str) -> set[str]:
    """The mails tried again for one another, this one among them; `before` as `retries` has it."""
    chain, size = {mail_id}, 0
    while len(chain) > size:
        size = len(chain)
        chain |= {old for new, old in before.items() if new in chain}
        chain |= {new for new, old in before.items() if old in chain}
    return chain
