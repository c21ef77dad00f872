"""Reading the audit log: one entry with the personal detail it commits to."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lib.model.action import Action, Outcome
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.roles import Permission
from lib.services.desk import Desk
from lib.store import audit

_STORY = 20  # entries of one mail's story: more attempts than a mail may have


@dataclass(frozen=True)
class LogEntry:
    """One row of the log. `logged_at` is UTC; `detail` is what the act recorded of persons."""

    seq: int
    logged_at: dt.datetime
    actor: str
    role: str
    action: Action
    outcome: Outcome
    account_no: str
    serial: str
    reason: str
    ticket: str
    subject: str
    hash: str
    detail: Mapping[str, Any]


def entry(desk: Desk, actor: Actor, seq: int) -> LogEntry:
    """Raises AppError(FORBIDDEN | UNKNOWN_ENTRY)."""
    actor.require(Permission.READ_LOG)
    row = audit.find(desk.store, seq)
    if row is None:
        raise AppError(Reason.UNKNOWN_ENTRY)
    return _entry(row)


def story(desk: Desk, actor: Actor, entry: LogEntry) -> list[LogEntry]:
    """What became of the mail that an entry speaks of, oldest first, itself among it; nothing for
    an act that sent none. Raises AppError(FORBIDDEN)."""
    actor.require(Permission.READ_LOG)
    if not (entry.subject and (entry.serial or entry.account_no)):
        return []
    rows = audit.of_mail(desk.store, entry.serial, entry.subject, _STORY)
    return [_entry(row) for row in rows]


def _entry(row: Mapping[str, Any]) -> LogEntry:
    facts = {name: row[name] for name in LogEntry.__annotations__ if name in row}
    facts |= {
        "action": Action(row["action"]),
        "outcome": Outcome(row["outcome"]),
        "detail": json.loads(row["detail"] or "{}"),
    }
    return LogEntry(**facts)
