"""A segment of the log: a stretch of it that is judged by itself, and archived as a whole.

It begins at a row of its own (Action.SEGMENT_OPENED; the oldest at row 1) and ends before the next
one's. The chain goes on through all of them.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

MONTH = (
    "month"  # why a segment begins; else the value of the Problem that was found in the one before
)


class State(StrEnum):
    IN_USE = "in_use"
    CLOSED = "closed"
    ARCHIVED = "archived"
    UNREADABLE = "unreadable"  # archived, and its file is lost or isn't what was written
    DROPPED = "dropped"  # an administrator let it go, on the record


@dataclass(frozen=True)
class Segment:
    """Rows `first` to `last`; `rows` are those there are, or were when it left the database. The
    instants (UTC) are those of its first and its last row, None when they can't be read. `signed`:
    whether a checkpoint covers its end. `file` is its archive's name, `head` the hash of its last
    row; "" of one that isn't archived."""

    first: int
    last: int
    rows: int
    begun_at: dt.datetime | None
    ended_at: dt.datetime | None
    state: State
    signed: bool
    file: str = ""
    head: str = ""
