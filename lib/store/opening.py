"""How DuckDB is opened: nothing from outside, and its errors as refusals that say which file."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from lib.model.errors import AppError, Reason
from lib.store.cipher import PLAIN, Cipher

# Nothing is downloaded, and no Python variable can stand for a table.
CONFIG = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "allow_persistent_secrets": "false",
    "python_enable_replacements": "false",
}

# Folders of the data folder that the desk asks of: refs, staged rows, the log's archives.
_REACHED = ("ref", "incoming", "log")
# What the engine writes of a database, beside it while it works.
_OF_ONE_DATABASE = ("", ".wal", ".wal.checkpoint", ".wal.recovery")

# What the engine says of a key.
_KEYS = (
    ("Wrong encryption key", Reason.DATA_KEY_WRONG),
    ("without a key", Reason.DATA_KEY_MISSING),
    ("is not encrypted", Reason.NOT_ENCRYPTED),
)
# What the system says when nothing more can be written: no space, a quota, a limit on a file.
_NO_ROOM = ("No space left", "Disk quota exceeded", "File too large")


def hardened(data: Path, cipher: Cipher = PLAIN) -> duckdb.DuckDBPyConnection:
    """An empty database in memory that reaches only the databases under `data` and the log's
    archives: not the keys beside them, not the files that people sent."""
    root = duckdb.connect(":memory:", config=dict(CONFIG))
    cipher.ready(root)
    folders = ", ".join(quoted(f"{data / name}/") for name in _REACHED)
    files = ", ".join(quoted(f"{data / 'ops.duckdb'}{end}") for end in _OF_ONE_DATABASE)
    root.execute(f"SET allowed_directories = [{folders}]; SET allowed_paths = [{files}]")
    lock(root, data / "tmp")
    return root


@contextmanager
def looking_at(file: Path, cipher: Cipher = PLAIN) -> Iterator[duckdb.DuckDBPyConnection]:
    """One database file, attached read-only as `looked_at`, and nothing else. Raises AppError as
    `opening` does."""
    with opening(file), duckdb.connect(":memory:", config=dict(CONFIG)) as connection:
        cipher.ready(connection)
        attach = f"ATTACH {quoted(file)} AS looked_at"
        connection.execute(attach + cipher.options(read_only=True))
        lock(connection, file.parent / "tmp")
        yield connection


def lock(connection: duckdb.DuckDBPyConnection, spill: Path) -> None:
    """From here on only the allowed places, and no setting changes; `spill` takes what doesn't fit
    in memory: at most half of what is free there, since commits need room too."""
    connection.execute(f"SET temp_directory = {quoted(spill)}")
    connection.execute(f"SET max_temp_directory_size = '{_free(spill) // 2}B'")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET lock_configuration = true")


def _free(folder: Path) -> int:
    """Bytes free where a folder lies, or will."""
    there = next(each for each in (folder, *folder.parents) if each.is_dir())
    return shutil.disk_usage(there).free


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
        if reason := next((r for words, r in _KEYS if words in text), None):
            raise AppError(reason, file=str(file)) from None  # its text may say the key
        if "newer" in text or "storage version" in text.lower():
            raise AppError(Reason.DATABASE_NEWER, file=str(file)) from error
        raise AppError(Reason.DATABASE_CORRUPT, file=str(file)) from error


def failure(error: duckdb.Error) -> AppError:
    """An engine error while at work, as a refusal."""
    text = str(error)
    full = any(words in text for words in _NO_ROOM)
    return AppError(Reason.DISK_FULL if full else Reason.STORAGE_FAILED)
