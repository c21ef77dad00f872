"""A resend to many systems at once: what was asked for, how it stands, what became of each."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby
from typing import Any

from lib.model.outbox import MailState

# A mistake stays small, a check takes seconds and not minutes, and at a few dozen mails a second
# it is over before anybody wonders; whole lists aren't what a resend is for.
MOST_SYSTEMS = 2_000
MOST_IN_A_MAIL = 50  # systems of an account that one mail lists: more go in several


class Manner(StrEnum):
    PER_ACCOUNT = "per_account"  # one mail lists an account's systems
    PER_SYSTEM = "per_system"


class BulkState(StrEnum):
    RUNNING = "running"  # until every mail that it asked for has left or can't
    CANCELLING = "cancelling"  # nothing more is asked for; what hasn't left is being taken back
    CANCELLED = "cancelled"
    ENDED = "ended"


class Part(StrEnum):
    """How far a system of it is. What became of an asked mail is its own to say (MailState)."""

    WAITING = "waiting"
    ASKED = "asked"
    LEFT_OUT = "left_out"
    CANCELLED = "cancelled"


OVER = frozenset({BulkState.CANCELLED, BulkState.ENDED})


@dataclass(frozen=True)
class Bulk:
    """`list` is the id of the list where it was asked for; `reason` a Motive; `accepted` the rules
    whose warnings the person accepted for all (lib/model/policy.py); `systems` how many it holds.
    `session` and `address` are those of who asked, for the log's rows that come later.
    """

    id: str
    list: str
    requested_by: str
    session: str
    address: str
    requested_at: dt.datetime
    reason: str
    ticket: str
    manner: Manner
    accepted: tuple[str, ...]
    systems: int
    state: BulkState = BulkState.RUNNING
    finished_at: dt.datetime | None = None


@dataclass(frozen=True)
class Place:
    """One system of a bulk: those with the same `mail_no` go together."""

    place: int
    mail_no: int
    serial: str
    account_no: str


@dataclass(frozen=True)
class Tally:
    """How many of a bulk's systems are where: `asked` by what became of their mails, which are
    `mails`."""

    waiting: int = 0
    left_out: int = 0
    cancelled: int = 0
    asked: Mapping[MailState, int] = field(default_factory=dict)
    mails: int = 0

    @property
    def systems(self) -> int:
        return self.waiting + self.left_out + self.cancelled + sum(self.asked.values())

    @property
    def pending(self) -> int:
        """Those whose fate the desk still works on. One that is held waits for a person."""
        on_its_way = (self.asked.get(s, 0) for s in (MailState.QUEUED, MailState.SENDING))
        return self.waiting + sum(on_its_way)

    @property
    def fraction(self) -> float:
        """How far it is, 0 to 1."""
        return 1 - self.pending / self.systems if self.systems else 1.0


_NOT_ASKED = frozenset({Part.LEFT_OUT, Part.CANCELLED})
_NOT_GONE = frozenset({MailState.FAILED, MailState.BOUNCED})


@dataclass(frozen=True)
class Line:
    """What became of one system of a bulk. `mail` is None while no mail was asked for; `why` and
    `facts` say what left it out; `at` is when that was settled, in UTC. Names as they are now; ""
    for a system that is there no more.
    """

    serial: str
    account_no: str
    account_name: str
    product: str
    version: str
    recipient: str
    part: Part
    mail: MailState | None
    problem: str
    why: str
    facts: Mapping[str, Any]
    at: dt.datetime | None

    @property
    def surely_not_gone(self) -> bool:
        """Whether it can be asked for again without anybody getting it twice."""
        return self.part in _NOT_ASKED or self.mail in _NOT_GONE


def places(systems: Sequence[tuple[str, str]], manner: Manner) -> list[Place]:
    """The systems (serial, account) as mails: an account's stand together, in the order in which
    the accounts first come. One of no account shares its mail with none."""
    first = {account: at for at, (_, account) in reversed(list(enumerate(systems)))}
    ordered = sorted(systems, key=lambda system: first[system[1]])
    found: list[Place] = []
    mail_no = 0
    for account_no, group in groupby(ordered, key=lambda system: system[1]):
        most = MOST_IN_A_MAIL if account_no and manner is Manner.PER_ACCOUNT else 1
        for at, (serial, _) in enumerate(group):
            mail_no += at % most == 0
            found.append(Place(len(found), mail_no, serial, account_no))
    return found


def mails(systems: Sequence[tuple[str, str]], manner: Manner) -> int:
    """How many mails these systems (serial, account) would be."""
    return max((place.mail_no for place in places(systems, manner)), default=0)
