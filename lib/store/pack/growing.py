"""A new ref in a copy of the base, for a pack that changes or adds few rows.

Each row that changed is written where it lies; what stays isn't read. At three million systems, one
in a hundred changed, that takes 9 s where writing all anew takes 50 (docs/decisions.md).
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import duckdb

from lib.model.load import Progress, Stage
from lib.store import ref
from lib.store.cipher import Cipher
from lib.store.pack import checks, index
from lib.store.pack.compare import ACCOUNT, SYSTEM, check_grown, same
from lib.store.pack.engine import another

_SHARE = 0.05  # of the base's rows: of more, sorting and compressing all anew is as quick
_FEW = 10_000  # rows, however small the base
_AGAIN = 0.2  # of the accounts: with more texts laid anew so far, the search reads much in vain
_TEXTS = (
    "SELECT CAST(a.rowid AS UINTEGER) AS text, n.search, n.fresh"
    " FROM now_account n JOIN made.account a USING (account_no)"
    " WHERE n.fresh OR n.search <> n.searched"
    " UNION ALL SELECT CAST(place AS UINTEGER),"
    f" {index.SERIAL_TEXT}, true FROM ("
    " SELECT s.rowid + (SELECT count(*) FROM made.account) AS place, folded(s.serial) AS s"
    " FROM now_system n JOIN made.system s USING (serial) WHERE n.fresh"
    ") ORDER BY text"
)


def fits(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the pack that was compared (compare.py) is such a one."""
    return (
        not _any(connection, "delta_system WHERE moved")
        and all(
            _is_little(connection, f"delta_{table}", table, _SHARE)
            for table in ("account", "system", "activation")
        )
        and _is_little(connection, "base.search_again", "account", _AGAIN)
    )


def _is_little(connection: duckdb.DuckDBPyConnection, table: str, whole: str, share: float) -> bool:
    some, stored = connection.execute(
        f"SELECT (SELECT count(*) FROM {table}), (SELECT count(*) FROM base.{whole})"
    ).fetchone() or (0, 0)
    return bool(some <= max(_FEW, stored * share))


def copy(connection: duckdb.DuckDBPyConnection, base: Path, made: Path, cipher: Cipher) -> None:
    """Attach `made`, a new file, as `made`: all of the base but what only its own load told."""
    ref.copy_tables(connection, base, made, cipher)
    connection.execute(checks.script("uncarry"))


def change(connection: duckdb.DuckDBPyConnection, progress: Progress) -> None:
    """Write what the pack says into it. Raises RuntimeError unless all of that is there then."""
    connection.execute(checks.script("now"))
    progress(Stage.WRITING, 0.72)
    _update(connection, "account", "now_account", [*ACCOUNT, "search", "name_folded"])
    laid = _insert(connection, "account")
    progress(Stage.WRITING, 0.78)
    _update(connection, "system", "now_system", [*SYSTEM])
    if _any(connection, "now_account WHERE renamed"):
        connection.execute(checks.script("rename"))
        index.name_again(connection)
    laid += _insert(connection, "system")
    progress(Stage.WRITING, 0.86)
    with _keys_made(connection, laid):
        _update(connection, "activation", "now_activation", ["cause"])
        _update(connection, "sealed_code", "now_activation", ["code"])
        connection.execute(checks.script("issue"))
        progress(Stage.WRITING, 0.88)
        index.lay_again(connection, _TEXTS)
        progress(Stage.WRITING, 0.9)
    progress(Stage.WRITING, 0.94)
    check_grown(connection)


def _insert(connection: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    """Rows that the base hasn't, each in its place; the table, still keyless, if there are any."""
    if not _any(connection, f"now_{table} WHERE fresh"):
        return []
    ref.empty_table(connection, table)
    connection.execute(checks.script(f"insert_{table}s"))
    ref.drop_before(connection, table)
    return [table]


@contextmanager
def _keys_made(connection: duckdb.DuckDBPyConnection, tables: list[str]) -> Iterator[None]:
    """Make the tables' keys, which takes one core, beside what is done in this block: nothing to
    these tables."""
    with another(connection) as line, ThreadPoolExecutor(1) as beside:
        making = [beside.submit(ref.make_key, line, table) for table in tables]
        yield
        for key in making:
            key.result()


def _any(connection: duckdb.DuckDBPyConnection, of: str) -> bool:
    return bool(connection.execute(f"SELECT 1 FROM {of} LIMIT 1").fetchone())


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
