"""Links with which people set their own passwords; only hashes of their secrets are stored."""

from datetime import datetime

from lib.store.database import Transaction
from lib.store.reading import Reader


def add(
    transaction: Transaction, token_hash: str, username: str, made_by: str, expires_at: datetime
) -> None:
    """It voids those that this person had before."""
    end_all(transaction, username)
    transaction.run(
        "INSERT INTO ops.password_link VALUES (?, ?, ?, ?, NULL)",
        [token_hash, username, made_by, expires_at],
    )


def whose(source: Reader, token_hash: str, now: datetime) -> str | None:
    """Who may set their password with it now; None when it no longer counts."""
    row = source.one(
        "SELECT l.username FROM ops.password_link l JOIN ops.staff p ON p.username = l.username"
        " WHERE l.token_hash = ? AND l.ended_at IS NULL AND l.expires_at > ? AND p.active",
        [token_hash, now],
    )
    return str(row[0]) if row else None


def end_all(transaction: Transaction, username: str) -> None:
    transaction.run(
        "UPDATE ops.password_link SET ended_at = ? WHERE username = ? AND ended_at IS NULL",
        [transaction.now, username],
    )
