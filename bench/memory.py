"""The most memory that a process and its children held at once."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_EVERY_S = 0.05
_PAGE = 4096  # bytes


class Peak:
    """`mb` is what they hold together (RSS: what two share counts twice)."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self.mb = 0

    def look(self) -> None:
        self.mb = max(self.mb, sum(map(_held, _family(self._pid))) >> 20)


@contextmanager
def watched(pid: int) -> Iterator[Peak]:
    """Looked at until the block ends."""
    peak, over = Peak(pid), threading.Event()

    def watch() -> None:
        while not over.wait(_EVERY_S):
            peak.look()

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield peak
    finally:
        over.set()
        thread.join()


def _family(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = task.read_text("ascii").split()
        except OSError:  # it has just ended
            continue
        for child in children:
            yield from _family(int(child))


def _held(pid: int) -> int:
    """Bytes; 0 of one that has ended."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0
