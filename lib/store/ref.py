"""Ref files: immutable, one for each load, named at random under data/ref."""

import os
import shutil
import uuid
from pathlib import Path
from typing import Any

import duckdb

from lib.model.errors import AppError, Reason
from lib.store.cipher import PLAIN, Cipher
from lib.store.opening import looking_at, quoted
from lib.store.reading import Reader

REF_FORMAT = 5  # of lib/store/ref_schema.sql; meta.format holds it
SCHEMA = Path(__file__).with_name("ref_schema.sql")
_KEYS = Path(__file__).with_name("ref_keys.sql")
# Names the file in force, for readers outside the desk: the truth is ops.batch.
CURRENT = "CURRENT"


def make_tables(connection: duckdb.DuckDBPyConnection, made: Path, cipher: Cipher = PLAIN) -> None:
    """Attach `made`, a new file, as `made`, with empty tables."""
    connection.execute(f"ATTACH {quoted(made)} AS made{cipher.options()}")
    _run_in_made(connection, SCHEMA)


def copy_tables(
    connection: duckdb.DuckDBPyConnection, base: Path, made: Path, cipher: Cipher = PLAIN
) -> None:
    """Attach `made`, a new file, as `made`, with all that `base` holds, its keys as well."""
    shutil.copyfile(base, made)
    connection.execute(f"ATTACH {quoted(made)} AS made{cipher.options()}")


def empty_table(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """Put a table of `made` aside as `{table}_before`, without its key, and lay an empty one."""
    made = SCHEMA.read_text("utf-8").partition(f"CREATE TABLE {table} (")[2].partition(");")[0]
    connection.execute("USE made")
    connection.execute(f"DROP INDEX IF EXISTS {_key(table)[0]}")
    connection.execute(f"ALTER TABLE {table} RENAME TO {table}_before")
    connection.execute(f"CREATE TABLE {table} ({made})")
    connection.execute("USE memory")


def drop_before(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """Let go of what `empty_table` put aside."""
    connection.execute(f"DROP TABLE made.{table}_before")


def make_key(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """Make the key of a table of `made` that was laid anew; any line of the engine may do it."""
    connection.execute(_key(table)[1].replace(f" ON {table} ", f" ON made.{table} "))


def _key(table: str) -> tuple[str, str]:
    """The name of a table's key, and the statement that makes it."""
    lines = _KEYS.read_text("utf-8").splitlines()
    made = next(line for line in lines if f" ON {table} (" in line)
    return made.partition("INDEX ")[2].split()[0], made


def finish(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the keys of `made` over its finished tables, and put it down."""
    _run_in_made(connection, _KEYS)
    put_down(connection)


def put_down(connection: duckdb.DuckDBPyConnection) -> None:
    """Write all of `made` to its file, and detach it."""
    connection.execute("CHECKPOINT made")
    connection.execute("DETACH made")


def _run_in_made(connection: duckdb.DuckDBPyConnection, script: Path) -> None:
    connection.execute("USE made")
    connection.execute(script.read_text("utf-8"))
    connection.execute("USE memory")


def check_format(meta: tuple[Any, ...] | None, file: Path) -> None:
    """Raise AppError(REF_OLDER | DATABASE_NEWER) when `file` holds other tables than these; `meta`
    is its row of formats."""
    found = meta[0] if meta else 0
    if found != REF_FORMAT:
        reason = Reason.REF_OLDER if found < REF_FORMAT else Reason.DATABASE_NEWER
        raise AppError(reason, file=str(file))


def sealed_by(file: Path, cipher: Cipher = PLAIN) -> str:
    """Which key sealed the CDAs of a ref that isn't attached. Raises AppError: DATABASE_CORRUPT,
    REF_OLDER, DATABASE_NEWER, DESK_IN_USE when somebody else writes to it."""
    with looking_at(file, cipher) as connection:
        row = connection.execute("SELECT format, key_fingerprint FROM looked_at.meta").fetchone()
    check_format(row, file)
    return str(row[1]) if row else ""


def new_name() -> str:
    return f"{uuid.uuid4().hex}.duckdb"


def is_name(text: str) -> bool:
    """Whether it is the bare name of a ref file, and no path."""
    stem, dot, ending = text.partition(".")
    return bool(dot) and ending == "duckdb" and stem.isalnum() and stem.isascii()


def in_force(reader: Reader) -> str:
    """Name of the ref file of the newest load, as this reader sees it; "" before any."""
    row = reader.one(
        "SELECT ref_file FROM ops.batch WHERE kind = 'pack' ORDER BY finished_at DESC, id DESC"
        " LIMIT 1"
    )
    return str(row[0]) if row else ""


def publish_file(made: Path, target: Path) -> None:
    """Move a finished file to its name so that a crash shows all of it or nothing."""
    _sync(made)
    os.replace(made, target)
    _sync(target.parent)


def read_current(folder: Path) -> str:
    """The file in force as the desk last mirrored it; "" before the first load."""
    file = folder / CURRENT
    name = file.read_text("ascii").strip() if file.is_file() else ""
    return name if is_name(name) else ""


def write_current(folder: Path, name: str) -> None:
    scratch = folder / f".{CURRENT}"
    scratch.write_text(name + "\n", "ascii")
    publish_file(scratch, folder / CURRENT)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
