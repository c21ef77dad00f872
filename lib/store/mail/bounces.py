"""What came back: the reports that were read, and the addresses that fail."""

import datetime as dt
from collections.abc import Collection

from lib.model import clock
from lib.model.bounce import BounceKind, Place
from lib.store.database import Transaction
from lib.store.reading import Reader, marks

# A mail that comes back does so within this time, nearly always.
_QUIET = dt.timedelta(days=1)


def failing(reader: Reader, addresses: Collection[str]) -> dict[str, dt.datetime]:
    """Those of these addresses that mail comes back from for good, in lower case, with since when.

    A mail accepted since and not given back within a day says that it works again.
    """
    keys = [address.strip().lower() for address in addresses]
    if not keys:
        return {}
    rows = reader.rows(
        f"SELECT address, since FROM ops.failing_address WHERE address IN ({marks(keys)})"
        " AND since IS NOT NULL",
        keys,
    )
    return {key: since for key, since in rows if not _works(reader, key, since)}


def _works(reader: Reader, key: str, since: dt.datetime) -> bool:
    found = reader.one(
        "SELECT 1 FROM ops.outbox WHERE lower(recipient) = ? AND state = 'accepted'"
        " AND requested_at > ? AND finished_at < ? LIMIT 1",
        [key, since, clock.now() - _QUIET],
    )
    return found is not None


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
