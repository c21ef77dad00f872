"""A new ref in a copy of the base, for a pack that changes few rows and moves none.

Each row is written where it lies; what stays isn't read. At three million systems, one in a hundred
changed, that takes 9 s where writing all anew takes 50 (docs/decisions.md).
"""

from pathlib import Path

import duckdb

from lib.model.load import Progress, Stage
from lib.store import ref
from lib.store.pack import checks, index
from lib.store.pack.compare import ACCOUNT, SYSTEM, check_grown, same

_SHARE = 0.05  # of the base's rows: of more, sorting and compressing all anew is as quick
_FEW = 10_000  # rows, however small the base
# An account and a system lie in the order of their numbers, and the search tables with them.
_NEW = "SELECT 1 FROM delta_{} WHERE fresh LIMIT 1"
_MOVED = (
    "SELECT 1 FROM delta_system d JOIN row_system r ON r.rowid = d.at"
    " JOIN base.system b USING (serial)"
    " WHERE r.kind <> b.kind OR r.account_no <> b.account_no LIMIT 1"
)
_SEARCHED = (
    "SELECT CAST(place AS UINTEGER), search FROM now_account WHERE search <> searched"
    " ORDER BY place"
)


def fits(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the pack that was compared (compare.py) is such a one."""
    moves = (_NEW.format("account"), _NEW.format("system"), _MOVED)
    return all(
        _is_little(connection, table) for table in ("account", "system", "activation")
    ) and not any(connection.execute(question).fetchone() for question in moves)


def _is_little(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    differ, stored = connection.execute(
        f"SELECT (SELECT count(*) FROM delta_{table}), (SELECT count(*) FROM base.{table})"
    ).fetchone() or (0, 0)
    return bool(differ <= max(_FEW, stored * _SHARE))


def copy(connection: duckdb.DuckDBPyConnection, base: Path, made: Path) -> None:
    """Attach `made`, a new file, as `made`: all of the base but what only its own load told."""
    ref.copy_tables(connection, base, made)
    connection.execute(checks.script("uncarry"))


def change(connection: duckdb.DuckDBPyConnection, progress: Progress) -> None:
    """Write what the pack says into it. Raises RuntimeError unless all of that is there then."""
    connection.execute(checks.script("now"))
    progress(Stage.WRITING, 0.74)
    _update(connection, "account", "now_account", [*ACCOUNT, "search", "name_folded"])
    progress(Stage.WRITING, 0.82)
    _update(connection, "system", "now_system", [*SYSTEM])
    _update(connection, "activation", "now_activation", ["cause"])
    _update(connection, "sealed_code", "now_activation", ["code"])
    connection.execute(checks.script("issue"))
    progress(Stage.WRITING, 0.88)
    if connection.execute("SELECT 1 FROM now_account WHERE renamed LIMIT 1").fetchone():
        connection.execute(checks.script("rename"))
        index.name_again(connection)
    index.lay_again(connection, _SEARCHED)
    progress(Stage.WRITING, 0.94)
    check_grown(connection)


def _update(connection: duckdb.DuckDBPyConnection, table: str, now: str, facts: list[str]) -> None:
    """Set those of the facts that differ in any row: the other columns' pages stay as they are."""
    here = same(table, "n", "m")
    differs = ", ".join(f"bool_or(n.{fact} IS DISTINCT FROM m.{fact})" for fact in facts)
    asked = f"SELECT {differs} FROM {now} n JOIN made.{table} m ON {here}"
    told = connection.execute(asked).fetchone() or ()
    changed = [fact for fact, yes in zip(facts, told, strict=True) if yes]
    if changed:
        to = ", ".join(f"{fact} = n.{fact}" for fact in changed)
        connection.execute(f"UPDATE made.{table} AS m SET {to} FROM {now} n WHERE {here}")
