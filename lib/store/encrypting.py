"""A data folder encrypted that wasn't: each database copied into an encrypted file that takes its
place, each archive of the log written anew. Only with the desk closed.

The database itself comes last: until then it is as it was, and what a killed process left undone is
done by the next.
"""

import hashlib
import shutil
from contextlib import closing
from pathlib import Path

import duckdb

from lib.model.errors import AppError, Reason
from lib.store.cipher import Cipher
from lib.store.log import log_row
from lib.store.log.archives import SHAPE
from lib.store.opening import hardened, looking_at, opening, quoted
from lib.store.ref import publish_file

_PART = ".part"
_FOLDERS = {"ops.duckdb": "ref"}  # beside itself the engine reaches nothing else


def encrypt(data: Path, cipher: Cipher) -> int:
    """How many files were. Raises AppError: DESK_IN_USE while somebody has it open, DATA_KEY_WRONG
    when some are already, with another key, NO_CIPHER, DATABASE_CORRUPT, DISK_FULL."""
    ops = data / "ops.duckdb"
    refs = sorted((data / "ref").glob("*.duckdb"))
    done = 0
    with closing(hardened(data, cipher)) as connection:
        if ops.is_file() and not is_encrypted(ops, cipher):
            with opening(ops):  # first of all: nobody else has it from here on
                connection.execute(f"ATTACH {quoted(ops)} AS ops; CHECKPOINT ops")
            done += sum(_database(connection, file, cipher) for file in refs)
            digests = {file.name: _archive(connection, file, cipher) for file in _archives(data)}
            _ops(connection, ops, cipher, digests)
            done += 1 + len(digests)
        else:
            done += sum(_database(connection, file, cipher) for file in refs)
    shutil.rmtree(data / "batches", ignore_errors=True)  # what people sent: it says what they hold
    return done


def is_encrypted(file: Path, cipher: Cipher) -> bool:
    """Raises AppError(DATA_KEY_WRONG) when with another key."""
    try:
        with looking_at(file):
            return False
    except AppError as error:
        if error.reason is not Reason.DATA_KEY_MISSING:
            raise
    with looking_at(file, cipher):
        return True


def _database(connection: duckdb.DuckDBPyConnection, file: Path, cipher: Cipher) -> bool:
    if is_encrypted(file, cipher):
        return False
    connection.execute(f"ATTACH {quoted(file)} AS old (READ_ONLY)")
    made = _copied(connection, "old", file, cipher)
    connection.execute("DETACH old")
    publish_file(made, file)
    return True


def _ops(
    connection: duckdb.DuckDBPyConnection, ops: Path, cipher: Cipher, digests: dict[str, str]
) -> None:
    """With its archives' new digests, and without the files that people sent."""
    made = _copied(connection, "ops", ops, cipher, digests)
    connection.execute("DETACH ops")
    publish_file(made, ops)


def _copied(
    connection: duckdb.DuckDBPyConnection,
    old: str,
    file: Path,
    cipher: Cipher,
    digests: dict[str, str] | None = None,
) -> Path:
    made = file.parent / _FOLDERS.get(file.name, "") / (file.name + _PART)
    made.unlink(missing_ok=True)
    connection.execute(f"ATTACH {quoted(made)} AS made{cipher.options()}")
    connection.execute(f"COPY FROM DATABASE {old} TO made")
    for name, digest in (digests or {}).items():
        first, last = name.removesuffix(".parquet").split("-")[1:]
        connection.execute(
            "UPDATE made.segment SET sha256 = ? WHERE first = ? AND last = ?",
            [digest, int(first), int(last)],
        )
    if digests is not None:
        connection.execute("UPDATE made.batch_file SET kept = false")
    connection.execute("CHECKPOINT made; DETACH made")
    return made


def _archives(data: Path) -> list[Path]:
    return sorted((data / "log").glob("*.parquet"))


def _archive(connection: duckdb.DuckDBPyConnection, file: Path, cipher: Cipher) -> str:
    """Its digest; one that a killed process wrote is as it should be."""
    made = file.with_name(file.name + _PART)
    made.unlink(missing_ok=True)
    rows = f"SELECT * FROM {log_row.read(file, Cipher())} ORDER BY seq"
    try:
        connection.execute(f"COPY ({rows}) TO {quoted(made)} ({SHAPE}, {cipher.of_archive})")
        publish_file(made, file)
    except duckdb.Error:
        connection.execute(f"SELECT count(*) FROM {log_row.read(file, cipher)}")
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
