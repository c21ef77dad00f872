"""A file made by a process of its own: a workbook takes seconds of Python that the desk's other
people would wait for.

The child (`python -m lib.sheets`) gets the rows on stdin as they are read and gives the file's
bytes on stdout as they are made; whoever takes those slowly slows the reading too.
"""

import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import BinaryIO

from lib.model.errors import AppError, Reason
from lib.model.sheet import Format, Row, Sheet

_ROOT = Path(__file__).resolve().parents[2]
_PIECE = 1 << 18  # bytes handed on at a time, at most

Batches = Generator[list[Row], None, None]


class Making:
    """A file being made. Iterate for its bytes; `stop` ends that from any thread. Close it in any
    case. `rows` counts what went in. Raises AppError(EXPORT_FAILED) when no process can start.
    """

    def __init__(self, sheet: Sheet, form: Format, batches: Batches) -> None:
        self.rows = 0
        self._batches = batches
        self._whole = False
        try:
            self._child = subprocess.Popen(
                [sys.executable, "-m", "lib.sheets"],
                cwd=_ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        except OSError as error:
            batches.close()
            raise AppError(Reason.EXPORT_FAILED) from error
        assert self._child.stdin
        assert self._child.stdout
        self._to, self._from = self._child.stdin, self._child.stdout
        self._feeder = threading.Thread(
            target=self._feed, args=((sheet, form),), name="export", daemon=True
        )
        self._feeder.start()

    def __iter__(self) -> Iterator[bytes]:
        """Raises AppError(EXPORT_FAILED) when the file couldn't be made whole."""
        while piece := os.read(self._from.fileno(), _PIECE):
            yield piece
        self._feeder.join()
        if self._child.wait() or not self._whole:
            raise AppError(Reason.EXPORT_FAILED)

    def stop(self) -> None:
        self._child.kill()

    def close(self) -> None:
        self.stop()
        self._child.wait()
        self._feeder.join()
        self._from.close()

    def _feed(self, job: tuple[Sheet, Format]) -> None:
        """The job, then every batch, then that there are no more."""
        try:
            with self._to as pipe:
                pickle.dump(job, pipe)
                for batch in self._batches:
                    pickle.dump(batch, pipe)
                    self.rows += len(batch)
                pickle.dump(None, pipe)
            self._whole = True
        except (AppError, OSError):
            self._child.kill()  # what it has made so far is no whole file
        finally:
            self._batches.close()


def received(pipe: BinaryIO) -> Iterator[list[Row]]:
    """The child's side: the batches up to the end that the desk said. Raises EOFError without."""
    while (batch := pickle.load(pipe)) is not None:  # noqa: S301 — our own desk's pipe
        yield batch
