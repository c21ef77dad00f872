"""A mail that waits for a manager, and the answer it gets."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from lib.model.policy import Stop

LIFE = dt.timedelta(hours=24)  # then nobody answered, and the mail never leaves
MAX_NOTE = 300  # characters


class Answer(StrEnum):
    WAITING = "waiting"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Approval:
    """What one held mail waits for, or was answered. `outbox_id` is the mail's.

    `answered_by` is "" while it waits and when it expired; instants are UTC. `note` is the
    manager's, for the person who asked.
    """

    outbox_id: str
    asked_by: str
    asked_at: dt.datetime
    expires_at: dt.datetime
    stops: tuple[Stop, ...]
    state: Answer
    answered_by: str
    answered_at: dt.datetime | None
    note: str
