"""The audit log's chain: each row's hash covers its own facts and the hash before it.

Canonical JSON (sorted keys, no spaces, UTF-8), SHA-256 over a domain label and length-prefixed
parts, so no two rows can be confused. Personal detail lies apart, committed to by a salted hash.
A chain can't show a cut tail: its head is appended to `audit.head`, outside the database, after
each commit, and a start refuses a database that is behind it (design.md, "Rules of the road").
"""

import errno
import hashlib
import json
import os
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from lib.model.action import Action, Entry
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.store.reading import Reader

TABLES = frozenset({"audit", "audit_detail"})  # that `append` writes to
GENESIS = "0" * 64

# The columns a row's hash covers, in the table's order.
HASHED = (
    "seq", "logged_at", "actor", "role", "session", "address", "action", "outcome", "account_no",
    "serial", "reason", "ticket", "subject", "commitment", "prev",
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


@dataclass(frozen=True)
class Finding:
    """The first row that doesn't verify, and how."""

    seq: int
    problem: str  # one of the names in _problem


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
    }
    row["hash"] = row_hash(row)
    marks = ", ".join("?" * len(row))
    cursor.execute(f"INSERT INTO ops.audit ({', '.join(row)}) VALUES ({marks})", list(row.values()))
    cursor.execute(
        "INSERT INTO ops.audit_detail (seq, salt, detail) VALUES (?, ?, ?)",
        [row["seq"], salt, detail.decode()],
    )
    return Head(row["seq"], row["hash"])


def row_hash(row: dict[str, Any]) -> str:
    facts = {name: row[name] for name in HASHED}
    facts["logged_at"] = row["logged_at"].isoformat(timespec="microseconds")
    return digest("audit", canonical(facts))


def read_head(cursor: _Cursor) -> Head:
    row = cursor.execute("SELECT seq, hash FROM ops.audit ORDER BY seq DESC LIMIT 1").fetchone()
    return Head(*row) if row else Head()


def verify(rows: Iterable[dict[str, Any]]) -> Finding | None:
    """The first finding in rows (in seq order, with salt and detail), or None when all is whole."""
    before = Head()
    last_at: datetime | None = None
    for row in rows:
        problem = _problem(row, before, last_at)
        if problem:
            return Finding(row["seq"], problem)
        before, last_at = Head(row["seq"], row["hash"]), row["logged_at"]
    return None


def _problem(row: dict[str, Any], before: Head, last_at: datetime | None) -> str:
    checks = {
        "missing": row["seq"] != before.seq + 1,
        "broken_link": row["prev"] != before.hash,
        "altered": row_hash(row) != row["hash"],
        "clock_back": last_at is not None and row["logged_at"] < last_at,
        "detail_missing": row["detail"] is None,
        "detail_altered": row["detail"] is not None
        and _detail_commitment(row) != row["commitment"],
    }
    return next((problem for problem, found in checks.items() if found), "")


def _detail_commitment(row: dict[str, Any]) -> str:
    return digest("detail", bytes.fromhex(row["salt"]), row["detail"].encode())


def newest(reader: Reader, after: int) -> tuple[int, datetime | None]:
    """Of the rows past `after`: the last one's number and the latest instant; None: there is none.

    The latest isn't the last when the clock was set back.
    """
    row = reader.one("SELECT max(seq), max(logged_at) FROM ops.audit WHERE seq > ?", [after])
    return (row[0], row[1]) if row and row[0] is not None else (after, None)


def find(reader: Reader, seq: int) -> dict[str, Any] | None:
    """One row with its detail; None when there is no such row."""
    row = reader.one(f"{_ROWS} WHERE a.seq = ?", [seq])
    return dict(zip(_NAMES, row, strict=True)) if row else None


def of_mail(reader: Reader, serial: str, mail_id: str, limit: int) -> list[dict[str, Any]]:
    """What the log says of one mail, oldest first: asked for, tried, how it ended. Of a mail of
    several systems, what it says of this one and of the mail itself, which names none."""
    rows = reader.rows(
        f"{_ROWS} WHERE a.serial IN (?, '') AND a.subject = ? ORDER BY a.seq LIMIT ?",
        [serial, mail_id, limit],
    )
    return [dict(zip(_NAMES, row, strict=True)) for row in rows]


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


class HeadFile:
    """The chain's heads outside the database: one line a commit, fsynced."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def append(self, head: Head) -> None:
        """Raises OSError; half a line that it leaves never runs into the next."""
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            size = os.fstat(descriptor).st_size
            torn = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
            line = f"{head.seq} {head.hash}\n".encode()
            line = b"\n" + line if torn else line
            if os.write(descriptor, line) < len(line):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def last(self) -> Head:
        """The newest whole line; Head() when there is none."""
        if not self._path.is_file():
            return Head()
        with self._path.open("rb") as stream:
            stream.seek(max(0, self._path.stat().st_size - 400))
            tail = stream.read().decode("ascii", errors="replace")
        whole = [line.split() for line in tail.split("\n")[:-1]]
        heads = [Head(int(w[0]), w[1]) for w in whole if _is_head(w)]
        return heads[-1] if heads else Head()

    def check(self, cursor: _Cursor) -> None:
        """Raise AppError(DATABASE_BEHIND) when the database lacks a row this file has seen."""
        head = self.last()
        if head.seq == 0:
            return
        row = cursor.execute("SELECT hash FROM ops.audit WHERE seq = ?", [head.seq]).fetchone()
        if row is None or row[0] != head.hash:
            raise AppError(Reason.DATABASE_BEHIND, file=str(self._path), seq=head.seq)


def _is_head(words: list[str]) -> bool:
    return len(words) == 2 and words[0].isdigit() and len(words[1]) == len(GENESIS)
