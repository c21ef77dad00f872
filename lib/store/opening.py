"""How DuckDB is opened: nothing from outside, and its errors as refusals that say which file."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from lib.model.errors import AppError, Reason

# Nothing is downloaded, and no Python variable can stand for a table.
CONFIG = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "python_enable_replacements": "false",
}

# What the system says when nothing more can be written: no space, a quota, a limit on a file.
_NO_ROOM = ("No space left", "Disk quota exceeded", "File too large")


def hardened(data: Path) -> duckdb.DuckDBPyConnection:
    """An empty database in memory that reaches only what lies under `data`."""
    root = duckdb.connect(":memory:", config=dict(CONFIG))
    root.execute(f"SET allowed_directories = [{quoted(f'{data}/')}]")
    lock(root, data / "tmp")
    return root


def lock(connection: duckdb.DuckDBPyConnection, spill: Path) -> None:
    """From here on only the allowed places, and no setting changes; `spill` takes what doesn't fit
    in memory."""
    connection.execute(f"SET temp_directory = {quoted(spill)}")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET lock_configuration = true")


def quoted(path: Path | str) -> str:
    """As an SQL literal: ATTACH and SET take no bound values."""
    return "'" + str(path).replace("'", "''") + "'"


@contextmanager
def opening(file: Path) -> Iterator[None]:
    """Engine errors while opening a file, as refusals that say which and why."""
    try:
        yield
    except duckdb.ParserException:
        raise  # our own SQL is wrong, not the file
    except duckdb.Error as error:
        text = str(error)
        if "lock" in text and "onflict" in text:
            raise AppError(Reason.DESK_IN_USE, file=str(file)) from error
        if "newer" in text or "storage version" in text.lower():
            raise AppError(Reason.DATABASE_NEWER, file=str(file)) from error
        raise AppError(Reason.DATABASE_CORRUPT, file=str(file)) from error


def failure(error: duckdb.Error) -> AppError:
    """An engine error while at work, as a refusal."""
    text = str(error)
    full = any(words in text for words in _NO_ROOM)
    return AppError(Reason.DISK_FULL if full else Reason.STORAGE_FAILED)
