"""The audit log's chain: each row's hash covers its own facts and the hash before it.

Canonical JSON (sorted keys, no spaces, UTF-8), SHA-256 over a domain label and length-prefixed
parts, so no two rows can be confused. Personal detail lies apart, committed to by a salted hash.
What vouches for it from outside the database: anchors.py, checkpoints.py; who checks: proving.py.
"""

import hashlib
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from lib.model.action import Action, Entry
from lib.model.actor import Actor
from lib.store.reading import Reader, marks

TABLES = frozenset({"audit", "audit_detail"})  # that `append` writes to
GENESIS = "0" * 64
_FAR = 2**61  # rows: more than any desk will write, and few enough to go on after

# The columns a row's hash covers, in the table's order.
HASHED = (
    "seq", "logged_at", "actor", "role", "session", "address", "action", "outcome", "account_no",
    "serial", "reason", "ticket", "subject", "commitment", "prev", "versions",
)  # fmt: skip

_NAMES = (*HASHED, "hash", "salt", "detail")
_ROWS = (
    f"SELECT {', '.join('a.' + c for c in HASHED)}, a.hash, d.salt, d.detail"
    " FROM ops.audit a LEFT JOIN ops.audit_detail d ON d.seq = a.seq"
)


class _Cursor(Protocol):
    def execute(self, sql: str, params: Any = ...) -> Any: ...


@dataclass(frozen=True)
class Head:
    """The newest row: how many there are and the hash that commits to all of them."""

    seq: int = 0
    hash: str = GENESIS


def digest(domain: str, *parts: bytes) -> str:
    """SHA-256 of length-prefixed parts under a domain label, in hex."""
    hasher = hashlib.sha256()
    for part in (domain.encode(), *parts):
        hasher.update(len(part).to_bytes(8, "big"))
        hasher.update(part)
    return hasher.hexdigest()


def canonical(value: object) -> bytes:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def append(cursor: _Cursor, head: Head, at: datetime, actor: Actor, entry: Entry) -> Head:
    """Write one row after `head` inside the caller's transaction; return the new head."""
    salt = secrets.token_hex(16)
    detail = canonical(entry.detail)
    row: dict[str, Any] = {
        "seq": head.seq + 1,
        "logged_at": at,
        "actor": actor.username,
        "role": actor.role.value,
        "session": actor.session,
        "address": actor.address,
        "action": entry.action.value,
        "outcome": entry.outcome.value,
        "account_no": entry.account_no,
        "serial": entry.serial,
        "reason": entry.reason,
        "ticket": entry.ticket,
        "subject": entry.subject,
        "commitment": digest("detail", bytes.fromhex(salt), detail),
        "prev": head.hash,
        "versions": entry.versions,
    }
    row["hash"] = row_hash(row)
    cursor.execute(
        f"INSERT INTO ops.audit ({', '.join(row)}) VALUES ({marks(row)})", list(row.values())
    )
    cursor.execute(
        "INSERT INTO ops.audit_detail (seq, salt, detail) VALUES (?, ?, ?)",
        [row["seq"], salt, detail.decode()],
    )
    return Head(row["seq"], row["hash"])


def row_hash(row: dict[str, Any]) -> str:
    """`logged_at` may already be the text that is hashed: an instant altered to one that Python
    can't hold is only readable as such."""
    facts = {name: row[name] for name in HASHED}
    if facts["versions"] == "":  # so that rows written before there was such a column stand
        del facts["versions"]
    if isinstance(row["logged_at"], datetime):
        facts["logged_at"] = row["logged_at"].isoformat(timespec="microseconds")
    return digest("audit", canonical(facts))


def read_head(cursor: _Cursor, known: int) -> Head:
    """The newest row, as far as a log whose last head outside is `known` can have come: past a row
    with the greatest number there is, none could be written."""
    newest = "SELECT seq, hash FROM ops.audit WHERE seq <= ? ORDER BY seq DESC LIMIT 1"
    row = cursor.execute(newest, [known + _FAR]).fetchone()
    return Head(*row) if row else Head()


def newest(reader: Reader, after: int) -> tuple[int, datetime | None]:
    """Of the rows past `after`: the last one's number and the latest instant; None: there is none.

    The latest isn't the last when the clock was set back.
    """
    row = reader.one("SELECT max(seq), max(logged_at) FROM ops.audit WHERE seq > ?", [after])
    return (row[0], row[1]) if row and row[0] is not None else (after, None)


def of_subject(
    reader: Reader, action: Action, subject: str, since: datetime
) -> dict[str, Any] | None:
    """The row of an act that succeeded after `since`, by what it was about."""
    row = reader.one(
        f"{_ROWS} WHERE a.logged_at > ? AND a.action = ? AND a.subject = ? AND a.outcome = 'ok'"
        " LIMIT 1",
        [since, action.value, subject],
    )
    return dict(zip(_NAMES, row, strict=True)) if row else None


def instants(reader: Reader, username: str, action: Action, since: datetime) -> list[datetime]:
    """When somebody did something and succeeded, after `since`, oldest first."""
    rows = reader.rows(
        "SELECT logged_at FROM ops.audit WHERE logged_at > ? AND actor = ? AND action = ?"
        " AND outcome = 'ok' ORDER BY seq",
        [since, username, action.value],
    )
    return [row[0] for row in rows]


def stored_rows(cursor: _Cursor) -> Iterator[dict[str, Any]]:
    """Every row with its detail, oldest first, a thousand at a time."""
    answer = cursor.execute(f"{_ROWS} ORDER BY a.seq")
    while rows := answer.fetchmany(1000):
        for row in rows:
            yield dict(zip(_NAMES, row, strict=True))
