"""Second factors: sealed seeds and recovery codes, of which only hashes are stored."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from lib.store.database import Transaction
from lib.store.reading import Reader


@dataclass(frozen=True)
class Totp:
    """`last_step`: no code of this step, or of one before it, works again."""

    seed: bytes = field(repr=False)
    last_step: int


def totp(source: Reader, username: str) -> Totp | None:
    row = source.one(
        "SELECT seed, last_step FROM ops.totp WHERE username = ? AND seed IS NOT NULL", [username]
    )
    return Totp(bytes(row[0]), row[1]) if row else None


def enrolled(source: Reader) -> set[str]:
    """Everybody who has one, by username."""
    rows = source.rows("SELECT username FROM ops.totp WHERE seed IS NOT NULL")
    return {row[0] for row in rows}


def enrol(transaction: Transaction, username: str, seed: bytes, step: int) -> None:
    """The code of `step` proved the seed, so it doesn't work again."""
    transaction.run(
        "INSERT INTO ops.totp VALUES (?, ?, ?, ?) ON CONFLICT (username) DO UPDATE SET"
        " seed = excluded.seed, last_step = excluded.last_step,"
        " enrolled_at = excluded.enrolled_at",
        [username, seed, step, transaction.now],
    )


def use_step(transaction: Transaction, username: str, step: int) -> None:
    transaction.run("UPDATE ops.totp SET last_step = ? WHERE username = ?", [step, username])


def remove(transaction: Transaction, username: str) -> None:
    """The seed and every recovery code."""
    remove_app(transaction, username)
    void_codes(transaction, username)


def remove_app(transaction: Transaction, username: str) -> None:
    transaction.run("UPDATE ops.totp SET seed = NULL WHERE username = ?", [username])


# ---- recovery codes ------------------------------------------------------------------------------


def renew_codes(transaction: Transaction, username: str, hashes: Sequence[str]) -> None:
    """These, and none of before."""
    void_codes(transaction, username)
    for code_hash in hashes:
        transaction.run(
            "INSERT INTO ops.recovery_code VALUES (?, ?, ?, NULL)",
            [code_hash, username, transaction.now],
        )


def use_code(transaction: Transaction, username: str, code_hash: str) -> bool:
    """Whether it was one of theirs and still worked; from now on it doesn't."""
    row = transaction.one(
        "UPDATE ops.recovery_code SET void_at = ?"
        " WHERE code_hash = ? AND username = ? AND void_at IS NULL RETURNING code_hash",
        [transaction.now, code_hash, username],
    )
    return row is not None


def codes_left(source: Reader, username: str) -> int:
    row = source.one(
        "SELECT count(*) FROM ops.recovery_code WHERE username = ? AND void_at IS NULL", [username]
    )
    return int(row[0]) if row else 0


def void_codes(transaction: Transaction, username: str) -> None:
    transaction.run(
        "UPDATE ops.recovery_code SET void_at = ? WHERE username = ? AND void_at IS NULL",
        [transaction.now, username],
    )
