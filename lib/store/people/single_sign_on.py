"""Accounts of the company's provider, tokens that were used, and break-glass administrators."""

from dataclasses import dataclass
from datetime import datetime

from lib.model.roles import Role
from lib.store.database import Transaction
from lib.store.people import staff
from lib.store.people.staff import Staff
from lib.store.reading import Reader


def whose(source: Reader, issuer: str, subject: str) -> str:
    """The username that this account is linked to; "" when it is nobody's."""
    row = source.one(
        "SELECT username FROM ops.sso_identity"
        " WHERE issuer = ? AND subject = ? AND ended_at IS NULL",
        [issuer, subject],
    )
    return str(row[0]) if row else ""


def linked(source: Reader, username: str) -> bool:
    """Whether this person has an account of the provider's."""
    row = source.one(
        "SELECT 1 FROM ops.sso_identity WHERE username = ? AND ended_at IS NULL LIMIT 1", [username]
    )
    return row is not None


def everybody_linked(source: Reader) -> set[str]:
    """Who has one, by username."""
    rows = source.rows("SELECT username FROM ops.sso_identity WHERE ended_at IS NULL")
    return {row[0] for row in rows}


def link(transaction: Transaction, issuer: str, subject: str, username: str) -> None:
    transaction.run(
        "INSERT INTO ops.sso_identity VALUES (?, ?, ?, ?, NULL)"
        " ON CONFLICT (issuer, subject) DO UPDATE SET username = excluded.username,"
        " linked_at = excluded.linked_at, ended_at = NULL",
        [issuer, subject, username, transaction.now],
    )


def unlink(transaction: Transaction, username: str) -> bool:
    """False when there was nothing to take away."""
    row = transaction.one(
        "UPDATE ops.sso_identity SET ended_at = ? WHERE username = ? AND ended_at IS NULL"
        " RETURNING username",
        [transaction.now, username],
    )
    return row is not None


def by_email(source: Reader, email: str) -> list[Staff]:
    """Everybody who has this address, in whatever case; those who left too."""
    rows = source.rows(
        "SELECT username FROM ops.staff WHERE lower(email) = lower(?) ORDER BY username", [email]
    )
    found = (staff.find(source, username) for (username,) in rows)
    return [person for person in found if person]


# ---- tokens --------------------------------------------------------------------------------------


def use(transaction: Transaction, token_hash: str, forget_at: datetime) -> bool:
    """Whether this token is new here; from now on it isn't."""
    if transaction.one("SELECT 1 FROM ops.sso_token WHERE token_hash = ?", [token_hash]):
        return False
    transaction.run("DELETE FROM ops.sso_token WHERE forget_at < ?", [transaction.now])
    transaction.run("INSERT INTO ops.sso_token VALUES (?, ?)", [token_hash, forget_at])
    return True


# ---- arrivals ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Arrival:
    """Somebody whom the provider has just named; instants are UTC."""

    username: str
    strong: bool
    authenticated_at: datetime | None


def waits(source: Reader, token_hash: str) -> bool:
    """Whether this arrival hasn't been taken yet, young or not."""
    row = source.one(
        "SELECT 1 FROM ops.sso_arrival WHERE token_hash = ? AND ended_at IS NULL", [token_hash]
    )
    return row is not None


def arrive(transaction: Transaction, token_hash: str, person: Staff, arrival: Arrival) -> None:
    transaction.run(
        "INSERT INTO ops.sso_arrival VALUES (?, ?, ?, ?, ?, ?, NULL)",
        [
            token_hash,
            person.username,
            person.credential_version,
            arrival.strong,
            arrival.authenticated_at,
            transaction.now,
        ],
    )


def enter(transaction: Transaction, token_hash: str, arrived_after: datetime) -> Arrival | None:
    """An arrival that still counts: young, its person as they were; it doesn't count again."""
    row = transaction.one(
        "SELECT a.username, a.strong, a.authenticated_at FROM ops.sso_arrival a"
        " JOIN ops.staff p ON p.username = a.username"
        " WHERE a.token_hash = ? AND a.ended_at IS NULL AND a.arrived_at > ?"
        " AND p.active AND p.credential_version = a.credential_version",
        [token_hash, arrived_after],
    )
    transaction.run(
        "UPDATE ops.sso_arrival SET ended_at = ? WHERE token_hash = ? AND ended_at IS NULL",
        [transaction.now, token_hash],
    )
    return Arrival(*row) if row else None


# ---- break glass ---------------------------------------------------------------------------------


def breaks_glass(source: Reader, username: str) -> bool:
    """Whether this person's password opens the desk in an emergency: an administrator's alone."""
    row = source.one(
        "SELECT 1 FROM ops.break_glass g JOIN ops.staff p ON p.username = g.username"
        " WHERE g.username = ? AND g.ended_at IS NULL AND p.active AND p.role = ?",
        [username, Role.ADMIN.value],
    )
    return row is not None


def marked(source: Reader, username: str) -> bool:
    """Whether they are marked so, whatever their role is now."""
    row = source.one(
        "SELECT 1 FROM ops.break_glass WHERE username = ? AND ended_at IS NULL", [username]
    )
    return row is not None


def everybody_marked(source: Reader) -> set[str]:
    rows = source.rows("SELECT username FROM ops.break_glass WHERE ended_at IS NULL")
    return {row[0] for row in rows}


def mark(transaction: Transaction, username: str, *, breaks_glass: bool) -> None:
    transaction.run(
        "INSERT INTO ops.break_glass VALUES (?, ?, ?)"
        " ON CONFLICT (username) DO UPDATE SET since = excluded.since,"
        " ended_at = excluded.ended_at",
        [username, transaction.now, None if breaks_glass else transaction.now],
    )


# ---- sessions ------------------------------------------------------------------------------------


def entrance(source: Reader, session: str) -> str:
    """How this session's person came in; "" when there is none such."""
    row = source.one("SELECT entrance FROM ops.session WHERE id = ?", [session])
    return str(row[0]) if row else ""
