"""Sessions: who is at the desk now. Only hashes of tickets and cookies are ever stored."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from lib.model.roles import Role
from lib.store.database import Store, Transaction
from lib.store.reading import Reader

# Without the clock, so that between two commits every act of a run has the same answer.
_LIVE = """
    SELECT s.id, s.username, p.name, p.role, s.seen_at, s.expires_at
    FROM ops.session s JOIN ops.staff p ON p.username = s.username
    WHERE s.{column} = ? AND s.ended_at IS NULL
      AND p.active AND p.credential_version = s.credential_version
"""


@dataclass(frozen=True)
class Live:
    """A session that counts: not ended, not expired, not idle, its person active as it was."""

    id: str
    username: str
    name: str
    role: Role
    seen_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class Opening:
    id: str
    username: str
    ticket_hash: str
    credential_version: int
    address: str
    expires_at: datetime
    entrance: str
    browser: str = ""


@dataclass(frozen=True)
class OpenSession:
    """A session as a list shows it; `address` is "" when unknown, times are UTC."""

    id: str
    address: str
    opened_at: datetime
    seen_at: datetime
    browser: str = ""


def by_cookie(store: Store, cookie_hash: str, now: datetime, idle: timedelta) -> Live | None:
    return _live(store, "cookie_hash", cookie_hash, now, idle)


def by_id(store: Store, session: str, now: datetime, idle: timedelta) -> Live | None:
    return _live(store, "id", session, now, idle)


def _live(store: Store, column: str, value: str, now: datetime, idle: timedelta) -> Live | None:
    rows = store.remembered(_LIVE.format(column=column), [value])
    if not rows:
        return None
    session, username, name, role, seen_at, expires_at = rows[0]
    if expires_at <= now or seen_at <= now - idle:
        return None
    return Live(session, username, name, Role(role), seen_at, expires_at)


def open_of(source: Reader, username: str, now: datetime, idle: timedelta) -> list[OpenSession]:
    """A person's sessions that count, the one last used first."""
    return open_now(source, now, idle).get(username, [])


def open_now(source: Reader, now: datetime, idle: timedelta) -> dict[str, list[OpenSession]]:
    """Everybody's that count, by username, the one last used first."""
    rows = source.rows(
        "SELECT s.username, s.id, s.address, s.opened_at, s.seen_at, s.browser"
        " FROM ops.session s"
        " JOIN ops.staff p ON p.username = s.username"
        " WHERE s.ended_at IS NULL AND s.expires_at > ? AND s.seen_at > ?"
        " AND p.active AND p.credential_version = s.credential_version"
        " ORDER BY s.seen_at DESC, s.id",
        [now, now - idle],
    )
    found = defaultdict[str, list[OpenSession]](list)
    for username, *session in rows:
        found[username].append(OpenSession(*session))
    return found


def add(transaction: Transaction, session: Opening) -> None:
    transaction.run(
        "INSERT INTO ops.session (id, username, ticket_hash, credential_version, address,"
        " opened_at, seen_at, expires_at, entrance, browser) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            session.id,
            session.username,
            session.ticket_hash,
            session.credential_version,
            session.address,
            transaction.now,
            transaction.now,
            session.expires_at,
            session.entrance,
            session.browser,
        ],
    )


def redeem(
    transaction: Transaction, ticket_hash: str, cookie_hash: str, seen_after: datetime
) -> tuple[str, str] | None:
    """Give a still unredeemed session that was used lately its cookie; whose it is and its browser,
    None when there is none such."""
    row = transaction.one(
        "UPDATE ops.session SET cookie_hash = ? WHERE ticket_hash = ? AND cookie_hash IS NULL"
        " AND ended_at IS NULL AND seen_at > ? RETURNING username, browser",
        [cookie_hash, ticket_hash, seen_after],
    )
    return (row[0], row[1]) if row else None


def touch(transaction: Transaction, session: str) -> None:
    transaction.run("UPDATE ops.session SET seen_at = ? WHERE id = ?", [transaction.now, session])


def end(transaction: Transaction, session: str) -> bool:
    """False when it had ended already."""
    row = transaction.one(
        "UPDATE ops.session SET ended_at = ? WHERE id = ? AND ended_at IS NULL RETURNING id",
        [transaction.now, session],
    )
    return row is not None


def confirmed_at(source: Reader, session: str, username: str) -> datetime | None:
    """When this person last proved themselves again in this session."""
    row = source.one(
        "SELECT confirmed_at FROM ops.session WHERE id = ? AND username = ?", [session, username]
    )
    return row[0] if row else None


def confirm(transaction: Transaction, session: str) -> None:
    transaction.run(
        "UPDATE ops.session SET confirmed_at = ? WHERE id = ?", [transaction.now, session]
    )


def carry_over(transaction: Transaction, session: str, credential_version: int) -> None:
    """Let one session outlive the password it was opened with."""
    transaction.run(
        "UPDATE ops.session SET credential_version = ? WHERE id = ?", [credential_version, session]
    )


def used_from(transaction: Transaction, username: str, address: str, since: datetime) -> bool:
    """Whether this person has opened a session from this address lately."""
    row = transaction.one(
        "SELECT 1 FROM ops.session WHERE username = ? AND address = ? AND opened_at > ? LIMIT 1",
        [username, address, since],
    )
    return row is not None
