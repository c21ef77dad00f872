"""Exports that were asked for and not fetched yet, and those on their way out: in memory only.

A person has one of each at most, so nothing here grows with what is asked.
"""

import secrets
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from lib.model import clock
from lib.model.errors import AppError, Reason
from lib.model.selection import Selection
from lib.model.sheet import Format, Words
from lib.model.view import View
from lib.store.grid.sources import Source

LIFE = timedelta(seconds=60)  # from asking to the browser's coming for it
MOST_AT_ONCE = 3  # exports on their way, of everybody's: each takes a processor for a while


@dataclass(frozen=True)
class Placed:
    """A file that somebody asked for, in which session."""

    username: str
    session: str
    asked_at: datetime = field(default_factory=clock.now, kw_only=True)


@dataclass(frozen=True)
class Order(Placed):
    """Rows of a list; only what is ticked, if anything is."""

    source: Source
    view: View
    form: Format
    words: Words
    selection: Selection | None = None


Kind = TypeVar("Kind", bound=Placed)


class Orders:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked: dict[str, tuple[str, Placed]] = {}  # by person: ticket and order
        self._running: set[str] = set()

    def place(self, order: Placed) -> str:
        """The one-time ticket for an order; an older one of the same person that nobody came for
        is forgotten. Raises AppError(EXPORT_RUNNING | EXPORTS_BUSY).
        """
        ticket = secrets.token_urlsafe(24)
        with self._lock:
            self._refuse_another(order.username)
            self._asked[order.username] = (ticket, order)
        return ticket

    def take(self, kind: type[Kind], ticket: str, username: str, session: str) -> Kind:
        """The order of this kind, once, for the session that placed it; `done` must follow.

        Raises AppError(EXPORT_GONE | EXPORT_RUNNING | EXPORTS_BUSY).
        """
        with self._lock:
            known, order = self._asked.get(username, ("", None))
            if not secrets.compare_digest(known.encode(), ticket.encode()):
                raise AppError(Reason.EXPORT_GONE)
            if not isinstance(order, kind):
                raise AppError(Reason.EXPORT_GONE)
            if order.session != session or clock.now() - order.asked_at > LIFE:
                raise AppError(Reason.EXPORT_GONE)
            self._refuse_another(username)
            del self._asked[username]
            self._running.add(username)
        return order

    def done(self, username: str) -> None:
        with self._lock:
            self._running.discard(username)

    def _refuse_another(self, username: str) -> None:
        if username in self._running:
            raise AppError(Reason.EXPORT_RUNNING)
        if len(self._running) >= MOST_AT_ONCE:
            raise AppError(Reason.EXPORTS_BUSY)
