"""Slowing down who guesses, without letting a stranger lock anybody out.

A person's failures are counted for the addresses they work from one by one, and for all strange
addresses together: guessing from elsewhere never delays somebody at their own desk. Delays double
up to LONGEST_DELAY and are forgotten after FORGOTTEN without a failure. An attempt made while
blocked adds nothing, so nobody can keep a door shut by knocking.
"""

import hashlib
from datetime import timedelta

from lib.store.database import Transaction
from lib.store.people import sessions, throttle

FREE_FOR_A_PERSON = 5
FREE_FOR_AN_ADDRESS = 30
FIRST_DELAY = timedelta(seconds=5)
LONGEST_DELAY = timedelta(seconds=60)
FORGOTTEN = timedelta(minutes=15)
_FAMILIAR = timedelta(days=30)


class Attempt:
    """One attempt inside a transaction, under the keys that count for it and what each forgives."""

    def __init__(self, transaction: Transaction, free: dict[str, int]) -> None:
        self._transaction = transaction
        self._free = {_hash(key): count for key, count in free.items()}
        self.blocked = throttle.blocked(transaction, list(self._free))

    def failed(self) -> None:
        if self.blocked:
            return
        now = self._transaction.now
        for key, free in self._free.items():
            count = throttle.failures(self._transaction, key, now - FORGOTTEN) + 1
            until = now + delay(count - free) if count >= free else None
            throttle.put(self._transaction, key, count, until)

    def succeeded(self) -> None:
        """Forgive the person; an address keeps its count (one good account hides many tries)."""
        throttle.put(self._transaction, next(iter(self._free)), 0, None)


def delay(beyond: int) -> timedelta:
    """How long the failure number `beyond` (0, 1…) after the free ones blocks."""
    return min(FIRST_DELAY * (1 << min(beyond, 10)), LONGEST_DELAY)


def to_sign_in(transaction: Transaction, username: str, address: str) -> Attempt:
    """An unknown address ("") isn't counted: behind a proxy that says none it is everybody's."""
    since = transaction.now - _FAMILIAR
    familiar = sessions.used_from(transaction, username, address, since)
    free = {f"person {username} at {address if familiar else '*'}": FREE_FOR_A_PERSON}
    if address:
        free[f"address {address}"] = FREE_FOR_AN_ADDRESS
    return Attempt(transaction, free)


def to_change_password(transaction: Transaction, username: str) -> Attempt:
    return Attempt(transaction, {f"password of {username}": FREE_FOR_A_PERSON})


def to_confirm(transaction: Transaction, username: str, session: str) -> Attempt:
    """By session: who guesses at a screen left open delays nobody elsewhere."""
    return Attempt(transaction, {f"password of {username} in {session}": FREE_FOR_A_PERSON})


def to_pass_factor(transaction: Transaction, username: str) -> Attempt:
    """Only who knows the password gets here, so a stranger can't shut this door."""
    return Attempt(transaction, {f"factor of {username}": FREE_FOR_A_PERSON})


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
