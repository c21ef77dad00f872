"""Passkeys, and the challenges they answer, of which only hashes are stored."""

from dataclasses import dataclass, field
from datetime import datetime

from lib.store.database import Transaction
from lib.store.reading import Reader

_COLUMNS = "id, public_key, counter, name, added_at, used_at"


@dataclass(frozen=True)
class Passkey:
    """`id` is the credential's, base64url; `counter` what it said when it was last used; times are
    UTC, `used_at` None when it has only been added."""

    id: str
    public_key: bytes = field(repr=False)
    counter: int
    name: str
    added_at: datetime
    used_at: datetime | None


def of(source: Reader, username: str) -> list[Passkey]:
    """A person's, the oldest first."""
    rows = source.rows(
        f"SELECT {_COLUMNS} FROM ops.passkey WHERE username = ? AND removed_at IS NULL"
        " ORDER BY added_at, id",
        [username],
    )
    return [Passkey(row[0], bytes(row[1]), *row[2:]) for row in rows]


def holders(source: Reader) -> set[str]:
    """Everybody who has one, by username."""
    rows = source.rows("SELECT DISTINCT username FROM ops.passkey WHERE removed_at IS NULL")
    return {row[0] for row in rows}


def known(source: Reader, passkey: str) -> bool:
    """Whether it is or was anybody's."""
    return source.one("SELECT 1 FROM ops.passkey WHERE id = ?", [passkey]) is not None


def add(
    transaction: Transaction,
    username: str,
    passkey: str,
    public_key: bytes,
    counter: int,
    name: str,
) -> None:
    transaction.run(
        "INSERT INTO ops.passkey (id, username, public_key, counter, name, added_at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        [passkey, username, public_key, counter, name, transaction.now],
    )


def used(transaction: Transaction, passkey: str, counter: int) -> None:
    transaction.run(
        "UPDATE ops.passkey SET counter = ?, used_at = ? WHERE id = ?",
        [counter, transaction.now, passkey],
    )


def remove(transaction: Transaction, passkey: str) -> None:
    transaction.run(
        "UPDATE ops.passkey SET removed_at = ? WHERE id = ?", [transaction.now, passkey]
    )


def remove_all(transaction: Transaction, username: str) -> None:
    transaction.run(
        "UPDATE ops.passkey SET removed_at = ? WHERE username = ? AND removed_at IS NULL",
        [transaction.now, username],
    )


# ---- challenges ----------------------------------------------------------------------------------


def ask(transaction: Transaction, challenge_hash: str, asked_in: str) -> None:
    transaction.run(
        "INSERT INTO ops.passkey_challenge VALUES (?, ?, ?, NULL)",
        [challenge_hash, asked_in, transaction.now],
    )


def answer(
    transaction: Transaction, challenge_hash: str, asked_in: str, asked_after: datetime
) -> bool:
    """Whether it was asked there and still waited; from now on it doesn't."""
    row = transaction.one(
        "UPDATE ops.passkey_challenge SET answered_at = ? WHERE challenge_hash = ?"
        " AND asked_in = ? AND asked_at > ? AND answered_at IS NULL RETURNING challenge_hash",
        [transaction.now, challenge_hash, asked_in, asked_after],
    )
    return row is not None
