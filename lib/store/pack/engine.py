"""A DuckDB of its own for one build: it never opens `ops`, and reaches only the ref files."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from lib.model.text import fold
from lib.store import ref
from lib.store.cipher import PLAIN, Cipher
from lib.store.opening import CONFIG, lock, quoted
from lib.store.pack import checks
from lib.store.pack.suggesting import explained, suggested

_LOOK_S = 0.25  # between two looks at how far a statement is
_READ = 0.6  # of a statement, when the engine has read all of its rows: sorting them takes the rest
_CONFIG = CONFIG | {"memory_limit": "1GB"}
# Of these characters, lib/model/text.py's fold is what the engine's own functions do, in bulk.
_EASY = "[ -~áéíóúüñÁÉÍÓÚÜÑ]*"


@contextmanager
def scratch(
    work: Path, base: Path | None, cipher: Cipher = PLAIN
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The scratch database, with the ref to build on attached as `base` (empty when there is none).

    `work` is this build's folder, inside the one that the new file goes to: what doesn't fit in
    memory goes there.
    """
    connection = duckdb.connect(":memory:", config=dict(_CONFIG))
    try:
        connection.execute("SET enable_progress_bar = true; SET enable_progress_bar_print = false")
        cipher.ready(connection)
        _harden(connection, work, base)
        _attach_base(connection, base, cipher)
        teach_folding(connection)
        _teach_suggesting(connection)
        connection.execute(checks.script("scratch"))
        yield connection
    finally:
        connection.close()


def execute_told(
    connection: duckdb.DuckDBPyConnection, statement: str, told: Callable[[float], None]
) -> None:
    """Execute one statement; `told` hears at its beginning, and of a long one now and then, how
    much of it is done. What it raises counts at the beginning only: the caller is told again after.
    """
    told(0.0)
    over = threading.Event()

    def watch() -> None:
        before = 0.0
        with suppress(Exception):
            while not over.wait(_LOOK_S):
                part = _READ * connection.query_progress() / 100  # -1 when it doesn't know
                if part > before:
                    before = part
                    told(part)

    watching = threading.Thread(target=watch, name="told")
    watching.start()
    try:
        connection.execute(statement)
    finally:
        over.set()
        watching.join()


def teach_folding(connection: duckdb.DuckDBPyConnection) -> None:
    """Give the connection `folded`: lib/model/text.py's fold."""
    connection.create_function("fold_in_python", fold, ["VARCHAR"], "VARCHAR")
    _define_folding(connection)


@contextmanager
def another(connection: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """Another line to the same engine, for a thread of its own, that knows `folded` too."""
    with connection.cursor() as line:
        _define_folding(line)
        yield line


def _define_folding(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        f"CREATE TEMP MACRO folded(x) AS CASE WHEN NOT regexp_full_match(x, '{_EASY}')"
        " THEN fold_in_python(x) WHEN strlen(x) = length(x) THEN lower(x)"
        " ELSE lower(strip_accents(x)) END"
    )


def _teach_suggesting(connection: duckdb.DuckDBPyConnection) -> None:
    for f in (suggested, explained):
        connection.create_function(f.__name__, f, ["VARCHAR", "VARCHAR"], "VARCHAR")


def _harden(connection: duckdb.DuckDBPyConnection, work: Path, base: Path | None) -> None:
    connection.execute(f"SET allowed_directories = [{quoted(f'{work.parent}/')}]")
    if base:
        beside = f"{base}.wal"  # looked for even when attached to read
        connection.execute(f"SET allowed_paths = [{quoted(base)}, {quoted(beside)}]")
    lock(connection, work / "spill")


def _attach_base(connection: duckdb.DuckDBPyConnection, base: Path | None, cipher: Cipher) -> None:
    if base:
        connection.execute(f"ATTACH {quoted(base)} AS base{cipher.options(read_only=True)}")
        return
    connection.execute("ATTACH ':memory:' AS base; USE base")
    connection.execute(ref.SCHEMA.read_text("utf-8"))
    connection.execute("USE memory")
