"""A file's batches read in a thread while the engine takes in the ones before.

Both let go of Python's lock for most of their work, so two cores share it.
"""

import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Generic, TypeVar

T = TypeVar("T")
_WAITING = 2  # batches: some 100 MB


@contextmanager
def ahead(items: Iterator[T]) -> Iterator[Iterator[T]]:
    """The same items, in order, made ahead. What making one raises is raised where it would have
    come; leaving the block early ends the making."""
    maker = _Maker(items)
    maker.start()
    try:
        yield maker.made()
    finally:
        maker.stop()


class _Maker(threading.Thread, Generic[T]):
    def __init__(self, items: Iterator[T]) -> None:
        super().__init__(name="reading ahead", daemon=True)
        self._items = items
        self._made = queue.Queue[T | None](_WAITING)
        self._wanted = True
        self._error: BaseException | None = None

    def run(self) -> None:
        try:
            for item in self._items:
                self._made.put(item)
                if not self._wanted:
                    return
        except BaseException as error:
            self._error = error
        finally:
            self._made.put(None)

    def made(self) -> Iterator[T]:
        while (item := self._made.get()) is not None:
            yield item
        if self._error:
            raise self._error

    def stop(self) -> None:
        """Take what is still handed over, until the thread has ended."""
        self._wanted = False
        while self.is_alive():
            with suppress(queue.Empty):
                self._made.get_nowait()
            self.join(0.01)
