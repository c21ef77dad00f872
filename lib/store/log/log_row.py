"""The view `log_row`: the log as everybody reads it, wherever its rows lie.

With nothing archived it is the table itself and costs nothing. `log_proof` is the same for the
verification, which also reads archives that were altered, to say which row.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import duckdb

from lib.store.cipher import Cipher
from lib.store.opening import quoted

_COLUMNS = "first, last, head, rows, begun_at, ended_at, sha256, dropped_at"


class _Cursor(Protocol):
    def execute(self, sql: str, params: Any = ...) -> Any: ...


@dataclass(frozen=True)
class Archived:
    """A segment that left ops.audit: a row of ops.segment. Instants are UTC."""

    first: int
    last: int
    head: str
    rows: int
    begun_at: datetime
    ended_at: datetime
    sha256: str
    dropped_at: datetime | None

    @property
    def name(self) -> str:
        return f"segment-{self.first}-{self.last}.parquet"


def archived(cursor: _Cursor) -> list[Archived]:
    """Oldest first, those that were dropped too."""
    rows = cursor.execute(f"SELECT {_COLUMNS} FROM ops.segment ORDER BY first").fetchall()
    return [Archived(*row) for row in rows]


def file(data: Path, segment: Archived) -> Path:
    return data / "log" / segment.name


def lay(cursor: _Cursor, data: Path, cipher: Cipher) -> frozenset[int]:
    """Make both views anew; the first rows of the archives that `log_row` has to do without: lost,
    or not what was written. Those still in ops.audit, on their way out, are in no view twice."""
    kept = [each for each in archived(cursor) if each.dropped_at is None]
    columns = _columns(cursor, "ops.audit")
    fit = [each for each in kept if _is_fit(cursor, file(data, each), columns, cipher)]
    whole = [each for each in fit if is_whole(data, each)]
    legible = [e for e in fit if e in whole or _is_legible(cursor, file(data, e), cipher)]
    said = _said(data, whole, whole, cipher)
    cursor.execute(f"CREATE OR REPLACE VIEW log_row AS {said}")
    said = _said(data, legible, whole, cipher)
    cursor.execute(f"CREATE OR REPLACE VIEW log_proof AS {said}")
    return frozenset(each.first for each in kept) - {each.first for each in whole}


def seen(data: Path) -> frozenset[tuple[str, int, int]]:
    """The archives' files by name, size and when each was last written: while these are the same,
    so is what `lay` would make of them."""
    found = set[tuple[str, int, int]]()
    for each in (data / "log").glob("*.parquet"):
        try:
            there = each.stat()
        except OSError:
            continue
        found.add((each.name, there.st_size, there.st_mtime_ns))
    return frozenset(found)


def is_whole(data: Path, segment: Archived) -> bool:
    """Whether its file is, byte for byte, the one that was written. Reads all of it."""
    try:
        with file(data, segment).open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest() == segment.sha256
    except OSError:
        return False


def _is_fit(cursor: _Cursor, path: Path, columns: dict[str, str], cipher: Cipher) -> bool:
    """Whether the engine takes it for the log's rows; only its end is read. One of before the log
    had some column hasn't it."""
    try:
        there = _columns(cursor, read(path, cipher)) if path.is_file() else {}
    except duckdb.Error:
        return False
    return "seq" in there and there.items() <= columns.items()


def _is_legible(cursor: _Cursor, path: Path, cipher: Cipher) -> bool:
    """Whether the engine can read all of it."""
    try:
        cursor.execute(f"SELECT bit_xor(hash(t)) FROM {read(path, cipher)} t").fetchall()
    except duckdb.Error:
        return False
    return True


def _columns(cursor: _Cursor, source: str) -> dict[str, str]:
    described = cursor.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
    return {row[0]: row[1] for row in described}


def _said(
    data: Path, segments: Sequence[Archived], whole: Sequence[Archived], cipher: Cipher
) -> str:
    if not segments:
        return "SELECT * FROM ops.audit"
    spans = list[tuple[int, int]]()
    for each in segments:
        joined = bool(spans) and spans[-1][1] + 1 == each.first
        first = spans.pop()[0] if joined else each.first
        spans.append((first, each.last))
    within = " OR ".join(f"seq BETWEEN {first} AND {last}" for first, last in spans)
    unharmed = [file(data, each) for each in segments if each in whole]
    archived = [_of_files(unharmed, cipher)] if unharmed else []
    archived += [_of_harmed(file(data, e), cipher) for e in segments if e not in whole]
    every = (f" UNION ALL BY NAME SELECT * FROM {each} WHERE {within}" for each in archived)
    return f"SELECT * FROM ops.audit WHERE NOT ({within}){''.join(every)}"


def read(path: Path, cipher: Cipher) -> str:
    """An archive as a table of SQL's."""
    how = cipher.of_archive.replace(" ", " = ", 1)
    return f"read_parquet({quoted(path)}{', ' + how if how else ''})"


def _of_harmed(path: Path, cipher: Cipher) -> str:
    """One that isn't what was written. What its own statistics say of it may be untrue: behind an
    expression the engine goes by the rows."""
    said = "CAST(CAST(seq AS VARCHAR) AS BIGINT) AS seq, prev || '' AS prev, hash || '' AS hash"
    return f"(SELECT * REPLACE ({said}) FROM {read(path, cipher)})"


def _of_files(paths: Sequence[Path], cipher: Cipher) -> str:
    """All of them. By `union_by_name`, encrypted ones are an internal error of DuckDB 1.5.5."""
    if cipher.key:
        each = (f"SELECT * FROM {read(path, cipher)}" for path in paths)
        return f"({' UNION ALL BY NAME '.join(each)})"
    return f"read_parquet([{', '.join(map(quoted, paths))}], union_by_name = true)"
