"""Failed attempts, counted by key (a hash: people type passwords where names go)."""

from datetime import datetime

from lib.store.database import Transaction
from lib.store.reading import marks


def blocked(transaction: Transaction, keys: list[str]) -> set[str]:
    """Which of them must still wait."""
    rows = transaction.rows(
        f"SELECT key FROM ops.throttle WHERE key IN ({marks(keys)}) AND blocked_until > ?",
        [*keys, transaction.now],
    )
    return {row[0] for row in rows}


def failures(transaction: Transaction, key: str, since: datetime) -> int:
    """How many failures the key has; none when the last lies before `since`."""
    row = transaction.one(
        "SELECT failures FROM ops.throttle WHERE key = ? AND last_failed_at > ?", [key, since]
    )
    return int(row[0]) if row else 0


def put(transaction: Transaction, key: str, count: int, until: datetime | None) -> None:
    transaction.run(
        "INSERT INTO ops.throttle VALUES (?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET"
        " failures = excluded.failures, last_failed_at = excluded.last_failed_at,"
        " blocked_until = excluded.blocked_until",
        [key, count, transaction.now, until],
    )
