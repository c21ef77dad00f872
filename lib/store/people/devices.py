"""Browsers that somebody has come in with before, known by a long-lived cookie of theirs.

A browser is known for a person, never by itself: a row is keyed by both, hashed.
"""

import hashlib
from datetime import datetime

from lib.model.client import Client
from lib.store.database import Transaction

_LONG_AGO = datetime(2000, 1, 1)  # noqa: DTZ001 - as every TIMESTAMP column holds it


def known(transaction: Transaction, username: str, device: str, since: datetime) -> bool:
    """Whether this person has come in with it since then."""
    row = transaction.one(
        "SELECT 1 FROM ops.device WHERE device_hash = ? AND last_at > ?",
        [_key(username, device), since],
    )
    return bool(device) and row is not None


def any_of(transaction: Transaction, username: str) -> bool:
    """Whether this person has ever come in with any."""
    row = transaction.one("SELECT 1 FROM ops.device WHERE username = ? LIMIT 1", [username])
    return row is not None


def seen(transaction: Transaction, username: str, client: Client) -> None:
    """They have just come in with it."""
    transaction.run(
        "INSERT INTO ops.device VALUES (?, ?, ?, ?, ?) ON CONFLICT (device_hash) DO UPDATE SET"
        " browser = excluded.browser, last_at = excluded.last_at",
        [
            _key(username, client.device),
            username,
            client.browser,
            transaction.now,
            transaction.now,
        ],
    )


def forget(transaction: Transaction, username: str) -> None:
    """None of theirs is known any more: one may be somebody else's."""
    transaction.run("UPDATE ops.device SET last_at = ? WHERE username = ?", [_LONG_AGO, username])


def _key(username: str, device: str) -> str:
    return hashlib.sha256(f"{username} {device}".encode()).hexdigest()
