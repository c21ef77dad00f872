"""What came back: the reports that were read, and the addresses that fail."""

import datetime as dt

from lib.model import clock
from lib.model.bounce import BounceKind, Place
from lib.store.database import Transaction
from lib.store.reading import Reader

# A mail that comes back does so within this time, nearly always.
_QUIET = dt.timedelta(days=1)


def failing(reader: Reader, address: str) -> dt.datetime | None:
    """Since when mail to this address comes back for good; None: it doesn't, or not any more.

    A mail accepted since and not given back within a day says that it works again.
    """
    key = address.strip().lower()
    row = reader.one("SELECT since FROM ops.failing_address WHERE address = ?", [key])
    if row is None or row[0] is None:
        return None
    since: dt.datetime = row[0]
    works = reader.one(
        "SELECT 1 FROM ops.outbox WHERE lower(recipient) = ? AND state = 'accepted'"
        " AND requested_at > ? AND finished_at < ? LIMIT 1",
        [key, since, clock.now() - _QUIET],
    )
    return None if works else since


def mark_failing(transaction: Transaction, address: str, mail_id: str) -> None:
    transaction.run(
        "INSERT INTO ops.failing_address VALUES (?, ?, ?) ON CONFLICT (address)"
        " DO UPDATE SET outbox_id = excluded.outbox_id,"
        " since = coalesce(failing_address.since, excluded.since)",
        [address.strip().lower(), mail_id, transaction.now],
    )


def confirm(transaction: Transaction, address: str) -> None:
    """Somebody has just put this address on record: it is right until a mail comes back again."""
    transaction.run(
        "UPDATE ops.failing_address SET since = NULL WHERE address = ?", [address.strip().lower()]
    )


def note(
    transaction: Transaction, digest: str, kind: BounceKind, mail_id: str, status: str
) -> bool:
    """Keep that a report was read; False when it was before."""
    if transaction.one("SELECT 1 FROM ops.bounce WHERE digest = ?", [digest]):
        return False
    transaction.run(
        "INSERT INTO ops.bounce VALUES (?, ?, ?, ?, ?)",
        [digest, kind.value, mail_id, status, transaction.now],
    )
    return True


def place(reader: Reader, folder: str) -> Place:
    """How far this folder was read."""
    row = reader.one(
        "SELECT uidvalidity, last_uid FROM ops.bounce_folder WHERE folder = ?", [folder]
    )
    return Place(*row) if row else Place()


def read_to(transaction: Transaction, folder: str, reached: Place) -> None:
    transaction.run(
        "INSERT INTO ops.bounce_folder VALUES (?, ?, ?) ON CONFLICT (folder) DO UPDATE SET"
        " uidvalidity = excluded.uidvalidity, last_uid = excluded.last_uid",
        [folder, reached.uidvalidity, reached.last_uid],
    )
