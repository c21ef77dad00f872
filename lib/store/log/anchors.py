"""What vouches for the log from outside the database: files that only grow.

`audit.head` has a line for each commit: the newest row's number and hash. A chain can't show a cut
tail, nor that all of it was written anew; whoever did that would have to rewrite these too.
"""

import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

from lib.model.errors import AppError, Reason
from lib.store.log.audit import GENESIS, Head

_TOO_FAR = 2**62  # no log has so many rows


class _Cursor(Protocol):
    def execute(self, sql: str, params: Any = ...) -> Any: ...


def append_line(path: Path, text: str) -> None:
    """Add a line and have it on disk. Raises OSError; half a line that it leaves never runs into
    the next."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        size = os.fstat(descriptor).st_size
        torn = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
        line = f"{text}\n".encode("ascii")
        line = b"\n" + line if torn else line
        if os.write(descriptor, line) < len(line):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def lines(path: Path) -> Iterator[list[str]]:
    """The words of each whole line; nothing when there is no such file."""
    if not path.is_file():
        return
    with path.open("rb") as stream:
        for line in stream:
            if line.endswith(b"\n"):
                yield line.decode("ascii", errors="replace").split()


class HeadFile:
    """The chain's heads outside the database: one line a commit, fsynced."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def append(self, head: Head) -> None:
        """Raises OSError."""
        append_line(self._path, f"{head.seq} {head.hash}")

    def last(self) -> Head:
        """The newest whole line; Head() when there is none."""
        if not self._path.is_file():
            return Head()
        with self._path.open("rb") as stream:
            stream.seek(max(0, self._path.stat().st_size - 400))
            tail = stream.read().decode("ascii", errors="replace")
        whole = [line.split() for line in tail.split("\n")[:-1]]
        heads = [Head(int(w[0]), w[1]) for w in whole if _is_head(w)]
        return heads[-1] if heads else Head()

    def all(self) -> Iterator[Head]:
        """Every one, oldest first."""
        for words in lines(self._path):
            if _is_head(words):
                yield Head(int(words[0]), words[1])

    def check(self, cursor: _Cursor) -> None:
        """Raise AppError(DATABASE_BEHIND) when the database ends before what this file has seen.

        One whose rows were altered opens: people must be able to work, and the verification says
        what is wrong with it (lib/store/log/proving.py). The desk itself takes up one that ends
        before, too (lib/services/log/continuing.py).
        """
        head = self.last()
        newest = cursor.execute("SELECT coalesce(max(seq), 0) FROM ops.audit").fetchone()[0]
        if newest < head.seq:
            raise AppError(Reason.DATABASE_BEHIND, file=str(self._path), seq=head.seq)


def _is_head(words: list[str]) -> bool:
    """One with a number that no log reaches isn't: past it none could be written."""
    numbered = len(words) == 2 and words[0].isdigit() and len(words[0]) < 20
    return numbered and int(words[0]) < _TOO_FAR and len(words[1]) == len(GENESIS)
