"""A report drawn by a process of its own (`python -m lib.reports`): the libraries take a second to
come and a hundred megabytes to stay, and the desk's other people would wait for what they do.
"""

import pickle
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from lib.model.errors import AppError, Reason
from lib.model.report import Paper, Report

IMAGES = "images"  # a chart for each table, as a mail has them
_ROOT = Path(__file__).resolve().parents[2]
_LONGEST_S = 60.0
_turn = threading.Lock()  # one at a time: two managers' mails leave together


class Making:
    """A file being made, as lib/sheets/apart.py has one. Iterate for its bytes; `stop` ends that
    from any thread; close it in any case. `rows` is how many its tables have."""

    def __init__(self, report: Report, paper: Paper) -> None:
        self.rows = sum(len(table.rows) for table in report.tables)
        self._report, self._paper = report, paper
        self._child: subprocess.Popen[bytes] | None = None
        self._stopped = False

    def __iter__(self) -> Iterator[bytes]:
        """Raises AppError(EXPORT_FAILED)."""
        self._child = _started()
        if self._stopped:
            self._child.kill()
        yield _answered(self._child, self._report, self._paper)[self._paper]

    def stop(self) -> None:
        self._stopped = True
        if self._child:
            self._child.kill()

    def close(self) -> None:
        if self._child:
            _ended(self._child)


def images(report: Report) -> Mapping[str, bytes]:
    """A PNG of each table, by its key. Raises AppError(EXPORT_FAILED)."""
    with _turn:
        return _images(report)


@lru_cache(maxsize=1)  # every manager is mailed the same, and the other mails wait meanwhile
def _images(report: Report) -> Mapping[str, bytes]:
    return MappingProxyType(_made(report, IMAGES))


def file(report: Report, paper: Paper) -> bytes:
    """Raises AppError(EXPORT_FAILED)."""
    with _turn:
        return _made(report, paper)[paper]


def _made(report: Report, wanted: str) -> dict[str, bytes]:
    child = _started()
    try:
        return _answered(child, report, wanted)
    finally:
        _ended(child)


def _started() -> "subprocess.Popen[bytes]":
    try:
        return subprocess.Popen(
            [sys.executable, "-m", "lib.reports"],
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    except OSError as error:
        raise AppError(Reason.EXPORT_FAILED) from error


def _answered(child: "subprocess.Popen[bytes]", report: Report, wanted: str) -> dict[str, bytes]:
    try:
        said, _ = child.communicate(pickle.dumps((report, wanted)), timeout=_LONGEST_S)
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise AppError(Reason.EXPORT_FAILED) from error
    if child.returncode:
        raise AppError(Reason.EXPORT_FAILED)
    found: dict[str, bytes] = pickle.loads(said)  # noqa: S301 — our own child's
    return found


def _ended(child: "subprocess.Popen[bytes]") -> None:
    child.kill()
    child.wait()
    for pipe in (child.stdin, child.stdout):
        if pipe:
            pipe.close()
