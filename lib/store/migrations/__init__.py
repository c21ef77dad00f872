"""The ops database's schema, forward only: one numbered SQL file a step."""

import re
from datetime import datetime
from pathlib import Path

import duckdb

from lib.model.errors import AppError, Reason

_FOLDER = Path(__file__).parent


def steps() -> list[tuple[int, Path]]:
    """Every step this program knows, as (version, file), in order."""
    return sorted((int(file.name[:4]), file) for file in _FOLDER.glob("[0-9]*.sql"))


def apply(connection: duckdb.DuckDBPyConnection, now: datetime) -> None:
    """Bring `ops` up to date, each step in one transaction.

    Raises AppError(DATABASE_NEWER) when a later program has already migrated it.
    """
    connection.execute(
        "CREATE TABLE IF NOT EXISTS ops.schema_version"
        " (version INTEGER PRIMARY KEY, applied_at TIMESTAMP NOT NULL)"
    )
    row = connection.execute("SELECT max(version) FROM ops.schema_version").fetchone()
    current = (row[0] if row else None) or 0
    known = steps()
    if current > known[-1][0]:
        raise AppError(Reason.DATABASE_NEWER, found=current, known=known[-1][0])
    for version, file in known:
        if version > current:
            _apply_step(connection, version, file, now)
    _make_log_again(connection, known)


def _apply_step(
    connection: duckdb.DuckDBPyConnection, version: int, file: Path, now: datetime
) -> None:
    connection.execute("BEGIN")
    try:
        connection.execute(file.read_text("utf-8"))
        connection.execute("INSERT INTO ops.schema_version VALUES (?, ?)", [version, now])
        connection.execute("COMMIT")
    except duckdb.Error:
        connection.execute("ROLLBACK")
        raise


def _make_log_again(connection: duckdb.DuckDBPyConnection, known: list[tuple[int, Path]]) -> None:
    """The log's tables, empty, where somebody dropped them: the desk opens all the same, and the
    verification says what is missing (lib/services/log/continuing.py)."""
    gone = "|".join(name for name in ("audit", "audit_detail") if not _is_there(connection, name))
    if gone:
        of_them = re.compile(rf"^(?:CREATE|ALTER) TABLE ops\.(?:{gone}) .*?;", re.M | re.S)
        made = (text for _, file in known for text in of_them.findall(file.read_text("utf-8")))
        connection.execute("\n".join(["BEGIN;", *made, "COMMIT"]))


def _is_there(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Asked so: to list all tables takes a tenth of the time that a desk takes to open."""
    try:
        connection.execute(f"FROM ops.{table} LIMIT 0")
    except duckdb.CatalogException:
        return False
    return True
