"""Reading the audit log: an entry with the personal detail it commits to, an account's history."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lib.model.action import Action, Outcome
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.roles import Permission
from lib.services.desk import Desk
from lib.services.log import people
from lib.store.log import stories


@dataclass(frozen=True)
class LogEntry:
    """One row of the log. `logged_at` is UTC; `session` is its public id; `detail` is what the act
    recorded of persons, empty once erased; `names` are full names by username. Who doesn't read the
    log gets it without `detail`, `address`, `session`, `subject`, `versions`, `hash`."""

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
    subject: str = ""
    hash: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    address: str = ""
    session: str = ""
    versions: str = ""
    names: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def name(self) -> str:
        """What the actor is called; "" for who isn't staff."""
        return self.names.get(self.actor, "")


def entry(desk: Desk, actor: Actor, seq: int) -> LogEntry:
    """Raises AppError(FORBIDDEN | UNKNOWN_ENTRY)."""
    desk.require(actor, Permission.READ_LOG)
    row = stories.find(desk.store, seq)
    if row is None:
        raise AppError(Reason.UNKNOWN_ENTRY)
    return read(row, people.read(desk.store))


def of_account(
    desk: Desk, actor: Actor, account_no: str, most: int, actions: Sequence[Action] = ()
) -> list[LogEntry]:
    """The newest entries of one account, newest first, of these acts only where some are named:
    whole for who reads the log, for others what they see in any list. Raises AppError(FORBIDDEN |
    STORAGE_FAILED)."""
    desk.require(actor, Permission.FIND)
    whole = actor.may(Permission.READ_LOG)
    rows = stories.of_account(desk.store, account_no, actions, most, whole=whole)
    names = people.read(desk.store)
    return [read(row, names) for row in rows]


def read(row: Mapping[str, Any], names: Mapping[str, str]) -> LogEntry:
    """An entry out of a row of lib/store/log/stories.py; `names` are people's, by username. Raises
    AppError(UNREADABLE_ENTRY) for what no desk wrote: the database was altered."""
    facts = {name: row[name] for name in LogEntry.__annotations__ if name in row}
    try:
        detail = json.loads(row.get("detail") or "{}")
        facts |= {"action": Action(row["action"]), "outcome": Outcome(row["outcome"])}
    except ValueError:
        detail = None
    if not isinstance(detail, dict):
        raise AppError(Reason.UNREADABLE_ENTRY, seq=row["seq"])
    return LogEntry(**facts | {"detail": detail, "names": names})
