"""What becomes of a mail after its last attempt: found in the archive, sent again, given back."""

import dataclasses
import datetime as dt

from lib.model import clock
from lib.model.outbox import MailProblem, MailState
from lib.store.database import Transaction
from lib.store.mail import outbox, slots
from lib.store.reading import Reader


@dataclasses.dataclass(frozen=True)
class Gone:
    """A mail that left the worker's hands. `archived`: the archive should have a copy of it, if it
    went at all; `finished_at`: when the worker gave up on its answer; `template`: the version it
    was made from."""

    id: str
    serial: str
    account_no: str
    recipient: str
    message_id: str
    state: MailState
    finished_at: dt.datetime | None
    archived: bool
    template: str


_WEEK = dt.timedelta(days=7)
_COLUMNS = (
    "o.id, o.serial, o.account_no, o.recipient, o.message_id, o.state, o.finished_at,"
    " coalesce(o.archived, false), o.template"
)
# A later mail for one of its serials has taken its place: what became of it is nobody's business.
_OVERTAKEN = (
    "EXISTS (SELECT 1 FROM ops.resend_slot s WHERE s.outbox_id <> o.id AND (s.serial = o.serial"
    " OR s.serial IN (SELECT serial FROM ops.outbox_serial WHERE outbox_id = o.id)))"
)


def uncertain(reader: Reader) -> list[Gone]:
    """Mails that the archive can tell about, the oldest first.

    Not those of more than a week: an archive may be emptied, and who asked has moved on.
    """
    rows = reader.rows(
        f"SELECT {_COLUMNS} FROM ops.outbox o WHERE o.state = 'uncertain'"
        f" AND coalesce(o.archived, false) AND o.finished_at > ? AND NOT {_OVERTAKEN}"
        " ORDER BY o.finished_at, o.id",
        [clock.now() - _WEEK],
    )
    return [_gone(row) for row in rows]


def newest_archived(reader: Reader, before: dt.datetime) -> Gone | None:
    """The last mail that the server is known to have taken by then, with a copy to the archive."""
    row = reader.one(
        f"SELECT {_COLUMNS} FROM ops.outbox o WHERE o.state IN ('accepted', 'bounced')"
        " AND coalesce(o.archived, false) AND o.finished_at <= ?"
        " ORDER BY o.finished_at DESC LIMIT 1",
        [before],
    )
    return _gone(row) if row else None


def find(reader: Reader, mail_id: str) -> Gone | None:
    row = reader.one(f"SELECT {_COLUMNS} FROM ops.outbox o WHERE o.id = ?", [mail_id])
    return _gone(row) if row else None


def of_message(reader: Reader, message_id: str) -> Gone | None:
    """The last mail that left with this Message-ID: a retry to the same address keeps it."""
    row = reader.one(
        f"SELECT {_COLUMNS} FROM ops.outbox o WHERE o.message_id = ?"
        " ORDER BY o.requested_at DESC LIMIT 1",
        [message_id],
    )
    return _gone(row) if row else None


def doubt_pending(transaction: Transaction, problem: MailProblem) -> list[Gone]:
    """Nobody knows any more whether what waits to be sent went already: it waits for somebody who
    does."""
    pending = transaction.rows(
        "UPDATE ops.outbox AS o SET state = 'uncertain', next_attempt_at = NULL, finished_at = ?,"
        f" problem = ? WHERE o.state IN ('queued', 'sending') RETURNING {_COLUMNS}",
        [transaction.now, problem.value],
    )
    doubted = [_gone(row) for row in pending]
    for each in doubted:
        outbox.free(transaction, each.id, each.serial, transaction.now)
    return doubted


def not_archived(transaction: Transaction, mail_id: str) -> None:
    """The archive gets no copy of this mail: its absence there says nothing."""
    transaction.run("UPDATE ops.outbox SET archived = false WHERE id = ?", [mail_id])


def went(transaction: Transaction, mail_id: str) -> bool:
    """It is in the archive, so the server took it. False when it isn't uncertain any more."""
    row = transaction.one(
        "UPDATE ops.outbox SET state = 'accepted', problem = '', finished_at = ?"
        " WHERE id = ? AND state = 'uncertain' RETURNING id",
        [transaction.now, mail_id],
    )
    return row is not None


def send_again(transaction: Transaction, mail_id: str) -> bool:
    """It never went: queue it, due at once, with its Message-ID. False when it isn't uncertain any
    more, or a later mail has taken its place."""
    row = transaction.one(
        "UPDATE ops.outbox AS o SET state = 'queued', next_attempt_at = ?, finished_at = NULL"
        f" WHERE o.id = ? AND o.state = 'uncertain' AND NOT {_OVERTAKEN} RETURNING o.serial",
        [transaction.now, mail_id],
    )
    if row is None:
        return False
    outbox.free(transaction, mail_id, row[0], slots.FAR_AHEAD)
    return True


def give_back(transaction: Transaction, mail_id: str, status: str) -> bool:
    """The customer's server gave it back; its serials may be mailed again at once. False when it
    isn't known to have gone: it waits, or was given back before."""
    row = transaction.one(
        "UPDATE ops.outbox SET state = 'bounced', problem = ?, smtp_text = ?, finished_at = ?"
        " WHERE id = ? AND state IN ('accepted', 'uncertain') RETURNING serial",
        [MailProblem.GIVEN_BACK.value, status, transaction.now, mail_id],
    )
    if row is None:
        return False
    outbox.free(transaction, mail_id, row[0], transaction.now)
    return True


def _gone(row: tuple[object, ...]) -> Gone:
    values = dict(zip((f.name for f in dataclasses.fields(Gone)), row, strict=True))
    return Gone(**values | {"state": MailState(values["state"])})  # type: ignore[arg-type]
