"""Held mails and their answers. What waits is what both this table and the outbox say waits."""

import dataclasses
import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

from lib.model.approval import Answer, Approval
from lib.model.policy import Mode, Rule, Stop
from lib.store.database import Transaction
from lib.store.reading import Reader, marks

_FIELDS = tuple(field.name for field in dataclasses.fields(Approval))
_APPROVAL = ", ".join(f"a.{field}" for field in _FIELDS)
_HELD = (
    "FROM ops.approval a JOIN ops.outbox o ON o.id = a.outbox_id"
    " WHERE a.state = 'waiting' AND o.state = 'held'"
)

# ---- questions -----------------------------------------------------------------------------


def find(reader: Reader, outbox_id: str) -> Approval | None:
    row = reader.one(f"SELECT {_APPROVAL} FROM ops.approval a WHERE outbox_id = ?", [outbox_id])
    return _approval(row) if row else None


def waiting(reader: Reader, limit: int) -> list[Approval]:
    """What waits, the longest first."""
    rows = reader.rows(
        f"SELECT {_APPROVAL} {_HELD} ORDER BY a.asked_at, a.outbox_id LIMIT ?", [limit]
    )
    return [_approval(row) for row in rows]


def count_waiting(reader: Reader) -> int:
    row = reader.one(f"SELECT count(*) {_HELD}")
    return int(row[0]) if row else 0


def asked_by(reader: Reader, username: str, since: dt.datetime, limit: int) -> list[Approval]:
    """What a person asked for that waits, or was answered since then; the newest first."""
    rows = reader.rows(
        f"SELECT {_APPROVAL} FROM ops.approval a JOIN ops.outbox o ON o.id = a.outbox_id"
        " WHERE a.asked_by = ? AND (a.answered_at > ? OR o.state = 'held')"
        " ORDER BY a.asked_at DESC, a.outbox_id LIMIT ?",
        [username, since, limit],
    )
    return [_approval(row) for row in rows]


def expired(reader: Reader, now: dt.datetime) -> list[Approval]:
    """What waits and nobody answered in time, the longest first."""
    rows = reader.rows(
        f"SELECT {_APPROVAL} {_HELD} AND a.expires_at <= ? ORDER BY a.expires_at, a.outbox_id",
        [now],
    )
    return [_approval(row) for row in rows]


def unannounced(reader: Reader) -> list[Approval]:
    """What waits and no mail has told the managers of, the longest first."""
    rows = reader.rows(
        f"SELECT {_APPROVAL} {_HELD} AND a.announced_at IS NULL ORDER BY a.asked_at, a.outbox_id"
    )
    return [_approval(row) for row in rows]


def last_announced(reader: Reader) -> dt.datetime | None:
    """When the managers were last told of anything; None when never."""
    row = reader.one("SELECT max(announced_at) FROM ops.approval")
    return row[0] if row else None


# ---- statements ----------------------------------------------------------------------------


def add(
    transaction: Transaction,
    outbox_id: str,
    asked_by: str,
    stops: Sequence[Stop],
    expires_at: dt.datetime,
) -> None:
    """Ask for an answer to a mail that is held."""
    said = json.dumps([dataclasses.asdict(stop) for stop in stops], ensure_ascii=False)
    transaction.run(
        "INSERT INTO ops.approval (outbox_id, asked_by, asked_at, expires_at, stops, state, note)"
        " VALUES (?, ?, ?, ?, ?, 'waiting', '')",
        [outbox_id, asked_by, transaction.now, expires_at, said],
    )


def answer(transaction: Transaction, outbox_id: str, answer: Answer, by: str, note: str) -> bool:
    """Record an answer, once: False when there already is one."""
    row = transaction.one(
        "UPDATE ops.approval SET state = ?, answered_by = ?, answered_at = ?, note = ?"
        " WHERE outbox_id = ? AND state = 'waiting' RETURNING outbox_id",
        [answer.value, by, transaction.now, note, outbox_id],
    )
    return row is not None


def announced(transaction: Transaction, told_of: Sequence[Approval]) -> None:
    """Note that the managers were told of these, as far as they can be."""
    transaction.run(
        f"UPDATE ops.approval SET announced_at = ? WHERE outbox_id IN ({marks(told_of)})",
        [transaction.now, *(each.outbox_id for each in told_of)],
    )


def _approval(row: Sequence[Any]) -> Approval:
    said = dict(zip(_FIELDS, row, strict=True))
    said |= {
        "state": Answer(said["state"]),
        "answered_by": said["answered_by"] or "",
        "stops": tuple(map(_stop, json.loads(said["stops"]))),
    }
    return Approval(**said)


def _stop(said: dict[str, Any]) -> Stop:
    return Stop(Rule(said["rule"]), Mode(said["mode"]), said["facts"])
