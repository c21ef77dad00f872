"""Slowing down who guesses, without letting an outsider keep anybody out.

Where a person is known, only what went wrong there counts: in a browser they came in with before,
in a session of theirs, and then at an address they work from. Somebody who hammers their name from
elsewhere delays them there by nothing. To strangers the person's name is a door of its own: slow
for each address, and slower for all strange addresses together.

Delays double up to a limit and are forgotten after FORGOTTEN without a failure (of codes: a day).
An attempt made while blocked adds nothing, so nobody keeps a door shut by knocking. One strange
address alone never shuts the door to the others: it gets fewer tries than FREE_FOR_STRANGERS
between two forgettings.
"""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from lib.services.doors.opening import KNOWN_FOR
from lib.store.database import Transaction
from lib.store.people import devices, sessions, throttle

FREE_FOR_A_PERSON = 5
FREE_FOR_STRANGERS = 30  # of all strange addresses together, at one person's name
FREE_FOR_AN_ADDRESS = 30  # at whatever names: an office shares one
FREE_FOR_STRANGE_CODES = 10  # a code has six digits: one of a million
FIRST_DELAY = timedelta(seconds=5)
LONGEST_DELAY = timedelta(seconds=60)
LONGEST_FOR_STRANGERS = timedelta(minutes=15)
FORGOTTEN = timedelta(minutes=15)
CODES_FORGOTTEN = timedelta(days=1)  # codes are too few for their count to begin anew each hour
_FAMILIAR = timedelta(days=30)


@dataclass(frozen=True)
class Count:
    """One of the counts that an attempt is under. `strangers`: of all strange addresses at once."""

    key: str
    free: int = FREE_FOR_A_PERSON
    longest: timedelta = LONGEST_DELAY
    forgotten: timedelta = FORGOTTEN
    strangers: bool = False

    @property
    def stored(self) -> str:
        return hashlib.sha256(self.key.encode()).hexdigest()


class Attempt:
    """One attempt inside a transaction, under the counts that count for it; the first is forgiven
    when it succeeds."""

    def __init__(self, transaction: Transaction, *counts: Count) -> None:
        self._transaction = transaction
        self._counts = counts
        self._blocked = throttle.blocked(transaction, [count.stored for count in counts])

    @property
    def blocked(self) -> bool:
        return bool(self._blocked)

    @property
    def blocked_by_strangers_alone(self) -> bool:
        """What shuts the door is only what others did from elsewhere; from an address that nobody
        says, nobody knows where that is."""
        ours = {count.stored for count in self._counts if not count.strangers}
        return self.blocked and bool(ours) and not self._blocked & ours

    def failed(self) -> bool:
        """Whether the door shuts with this one, for the first time since it was quiet."""
        shuts = False
        for count in () if self.blocked else self._counts:
            now = self._transaction.now
            failures = throttle.failures(self._transaction, count.stored, now - count.forgotten)
            beyond = failures + 1 - count.free
            until = now + delay(beyond, count.longest) if beyond >= 0 else None
            throttle.put(self._transaction, count.stored, failures + 1, until)
            shuts = shuts or beyond == 0
        return shuts

    def succeeded(self) -> None:
        """Forgive the person there; an address keeps its count (one good account hides many
        tries), and so do strangers."""
        first = self._counts[0]
        if not first.strangers:
            throttle.put(self._transaction, first.stored, 0, None)


def delay(beyond: int, longest: timedelta = LONGEST_DELAY) -> timedelta:
    """How long the failure number `beyond` (0, 1…) after the free ones blocks."""
    return min(FIRST_DELAY * (1 << min(beyond, 10)), longest)


def to_sign_in(transaction: Transaction, username: str, address: str, device: str = "") -> Attempt:
    """An unknown address ("") is nobody's: behind a proxy that says none it would be everybody's.
    `device`: as in lib/model/client.py."""
    return Attempt(transaction, *_at_the_door(transaction, "person", username, address, device))


def to_pass_factor(
    transaction: Transaction, username: str, address: str = "", device: str = ""
) -> Attempt:
    """Only who knows the password gets here; where it was stolen, its owner still comes in from
    where they are known."""
    counts = _at_the_door(transaction, "factor", username, address, device)
    return Attempt(transaction, *counts)


def to_confirm(transaction: Transaction, username: str, session: str) -> Attempt:
    """By session: who guesses at a screen left open delays nobody elsewhere."""
    return Attempt(transaction, Count(f"password of {username} in {session}"))


def forgive(transaction: Transaction, username: str) -> None:
    """Somebody proved that it is them by a link of their mail: what strangers did at their name
    counts no more."""
    throttle.put(transaction, _strangers("person", username).stored, 0, None)


def _at_the_door(
    transaction: Transaction, what: str, username: str, address: str, device: str
) -> list[Count]:
    now = transaction.now
    if devices.known(transaction, username, device, now - KNOWN_FOR):
        return [Count(f"{what} {username} on {device}")]
    if not address:
        return [_strangers(what, username)]
    familiar = sessions.used_from(transaction, username, address, now - _FAMILIAR)
    slow, forgotten = what == "factor" or not familiar, _memory(what)
    longest = LONGEST_FOR_STRANGERS if slow else LONGEST_DELAY
    here = Count(f"{what} {username} at {address}", longest=longest, forgotten=forgotten)
    strangers = [] if familiar else [_strangers(what, username)]
    return [here, *strangers, Count(f"address {address}", FREE_FOR_AN_ADDRESS)]


def _strangers(what: str, username: str) -> Count:
    key = f"{what} {username} at *"
    if what == "person":
        return Count(key, FREE_FOR_STRANGERS, strangers=True)
    longest, forgotten = LONGEST_FOR_STRANGERS, _memory(what)
    return Count(key, FREE_FOR_STRANGE_CODES, longest, forgotten, strangers=True)


def _memory(what: str) -> timedelta:
    return CODES_FORGOTTEN if what == "factor" else FORGOTTEN
