"""What lies in the data folder is its own user's alone: folders 0700, files 0600.

The folder's own mode is the lock; the files' are there for the day when somebody copies one out of
it, or opens the folder for a backup's sake.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from lib.model.errors import AppError, Reason

_OTHERS = 0o077  # what a group and everybody else may do
_SPILLED = "duckdb_temp_*"
# What the desk makes in its folder, and how its databases' copies are called. A folder named by
# mistake (a home, /srv) has others: they keep their modes, and so does it.
_OURS = frozenset(
    {
        "DEMO.txt", "README.md", "batches", "handover", "incoming", "keys", "load.lock", "log",
        "mailbox", "ref", "tmp",
    }
)  # fmt: skip
_BEGIN = ("audit.", "ops.duckdb")


def new_files() -> None:
    """From now on, whatever this process and its children make is only their own user's. For
    processes that are the desk's own: it holds for all of their threads."""
    os.umask(_OTHERS)


def mend(data: Path) -> int:
    """Close to others whatever of the desk's under `data` is open to them, and `data` itself unless
    there is more in it than the desk; how many files and folders were.

    Links are neither followed nor changed. Raises AppError(NOT_PRIVATE) for the first that can't be
    closed: it is somebody else's, or its file system knows no modes.
    """
    wide = 0
    for path in _all(data):
        with suppress(FileNotFoundError):  # a scratch file of a process that works beside this one
            wide += _closed(path)
    return wide


def drop_spilled(folder: Path) -> None:
    """What a killed process had to lay on disk, customers' rows: only by who holds `ops` alone."""
    for left in folder.glob(_SPILLED):
        left.unlink(missing_ok=True)


def _all(data: Path) -> Iterator[Path]:
    there = [path for path in data.glob("*") if not path.is_symlink()]
    ours = [path for path in there if path.name in _OURS or path.name.startswith(_BEGIN)]
    if len(ours) == len(there):
        yield data
    for path in ours:
        yield path
        for folder, folders, files in os.walk(path):
            yield from (Path(folder, name) for name in (*folders, *files))


def _closed(path: Path) -> bool:
    """Whether it had to be closed."""
    mode = path.lstat().st_mode
    if not mode & _OTHERS or stat.S_ISLNK(mode):
        return False
    try:
        path.chmod(stat.S_IMODE(mode) & ~_OTHERS)
        left = path.lstat().st_mode & _OTHERS
    except PermissionError:
        left = _OTHERS
    if left:
        raise AppError(Reason.NOT_PRIVATE, file=str(path))
    return True
