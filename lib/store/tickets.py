"""Who may still be reading what: a ref file is let go only when its last reader is done.

A question sees the views as they were when it began, so a ref that has just been switched away
from may still be bound by it. Detaching at once was seen to fail such a question.
"""

import itertools
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Readers:
    """Readers take numbered tickets; what was retired waits for every ticket before it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._numbers = itertools.count()
        self._active: set[int] = set()
        self._retired: list[tuple[int, str]] = []

    @contextmanager
    def reading(self) -> Iterator[None]:
        with self._lock:
            ticket = next(self._numbers)
            self._active.add(ticket)
        try:
            yield
        finally:
            with self._lock:
                self._active.discard(ticket)

    def retire(self, name: str) -> None:
        """From now on no new reader sees `name`."""
        with self._lock:
            self._retired.append((next(self._numbers), name))

    def unread(self) -> list[str]:
        """The retired names that nobody can be reading any more; each is told once."""
        with self._lock:
            oldest = min(self._active, default=None)
            free = [n for at, n in self._retired if oldest is None or at < oldest]
            self._retired = [(at, n) for at, n in self._retired if n not in free]
            return free
