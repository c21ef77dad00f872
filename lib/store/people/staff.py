"""The people who work at the desk, and the passwords they prove themselves with."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from lib.model.roles import Role
from lib.store.database import Transaction
from lib.store.reading import Reader

_COLUMNS = "username, name, email, role, password_hash, active, credential_version"


@dataclass(frozen=True)
class Staff:
    """One person. `credential_version` grows with each new password, role or state."""

    username: str
    name: str
    email: str
    role: Role
    password_hash: str = field(repr=False)
    active: bool
    credential_version: int

    def at(self, email: str) -> "Staff":
        """The same person at another address."""
        return replace(self, email=email)


@dataclass(frozen=True)
class Listed:
    """A person, since when, and when they last opened a session (UTC; None: never)."""

    person: Staff
    created_at: datetime
    last_seen_at: datetime | None


def find(source: Reader, username: str) -> Staff | None:
    """By exact (folded) username."""
    row = source.one(f"SELECT {_COLUMNS} FROM ops.staff WHERE username = ?", [username])
    return _staff(row) if row else None


def anybody(source: Reader) -> bool:
    return source.one("SELECT 1 FROM ops.staff WHERE active LIMIT 1") is not None


def active_with(source: Reader, role: Role) -> list[Staff]:
    """Those of a role who may come in now, by username."""
    rows = source.rows(
        f"SELECT {_COLUMNS} FROM ops.staff WHERE role = ? AND active ORDER BY username",
        [role.value],
    )
    return [_staff(row) for row in rows]


def names(source: Reader) -> dict[str, str]:
    """Full names by username, of those who left too."""
    return dict(source.remembered("SELECT username, name FROM ops.staff ORDER BY username"))


def everybody(source: Reader) -> list[Listed]:
    """By username; those who left too."""
    rows = source.rows(
        f"SELECT {_COLUMNS}, created_at, last_seen_at FROM ops.staff ORDER BY username"
    )
    return [Listed(_staff(row[:-2]), *row[-2:]) for row in rows]


def add(transaction: Transaction, person: Staff) -> None:
    transaction.run(
        f"INSERT INTO ops.staff ({_COLUMNS}, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            person.username,
            person.name,
            person.email,
            person.role.value,
            person.password_hash,
            person.active,
            person.credential_version,
            transaction.now,
        ],
    )


def set_password(transaction: Transaction, username: str, password_hash: str) -> int:
    """Store a new password's hash; the new credential version, which ends every session."""
    row = transaction.one(
        "UPDATE ops.staff SET password_hash = ?, credential_version = credential_version + 1"
        " WHERE username = ? RETURNING credential_version",
        [password_hash, username],
    )
    assert row is not None
    return int(row[0])


def set_role(transaction: Transaction, username: str, role: Role) -> None:
    """With a new credential version, which ends every session of theirs."""
    transaction.run(
        "UPDATE ops.staff SET role = ?, credential_version = credential_version + 1"
        " WHERE username = ?",
        [role.value, username],
    )


def set_email(transaction: Transaction, username: str, email: str) -> None:
    transaction.run("UPDATE ops.staff SET email = ? WHERE username = ?", [email, username])


def set_active(transaction: Transaction, username: str, *, active: bool) -> None:
    """With a new credential version, as set_role."""
    transaction.run(
        "UPDATE ops.staff SET active = ?, credential_version = credential_version + 1"
        " WHERE username = ?",
        [active, username],
    )


def end_credentials(transaction: Transaction, username: str) -> None:
    """A new credential version and nothing else: every session ends."""
    transaction.run(
        "UPDATE ops.staff SET credential_version = credential_version + 1 WHERE username = ?",
        [username],
    )


def seen(transaction: Transaction, username: str, at: datetime) -> None:
    transaction.run("UPDATE ops.staff SET last_seen_at = ? WHERE username = ?", [at, username])


def _staff(row: tuple[Any, ...]) -> Staff:
    username, name, email, role, password_hash, active, version = row
    return Staff(username, name, email, Role(role), password_hash, active, version)
