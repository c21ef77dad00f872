"""How a pack's rows stand to the base's: new, changed, unchanged, file by file."""

import duckdb

from lib.model.errors import AppError, Reason
from lib.model.load import FileCounts

SYSTEM = (
    "kind", "account_no", "product", "version", "seats", "purchased_on", "activated_on",
    "next_payment_on", "period", "status",
)  # fmt: skip
ACCOUNT = (
    "name", "email", "phone", "rfc", "legal_name", "tax_regime", "cfdi_use", "postal_code",
    "street", "neighborhood", "municipality", "state", "registered_on",
)  # fmt: skip
# An activation as a pack says it: a CDA's day and cause, and its code, which lies apart.
_WHOLE = "(SELECT * FROM {of}.activation JOIN {of}.sealed_code USING (serial, issued_on))"
_KEYS = {
    "account": ("account_no",),
    "system": ("serial",),
    "activation": ("serial", "issued_on"),
    "sealed_code": ("serial", "issued_on"),
}
# row table, base table, what a row says besides its key
_PAIRS = (
    ("row_account", "account", ACCOUNT),
    ("row_system", "system", SYSTEM),
    ("row_activation", "activation", ("cause", "code")),
)


def same(table: str, one: str, other: str) -> str:
    """SQL for: these two have the key of the same row of a table of the ref."""
    return " AND ".join(f"{one}.{key} = {other}.{key}" for key in _KEYS[table])


def compare(connection: duckdb.DuckDBPyConnection, files: dict[str, FileCounts]) -> bool:
    """Fill in the counts of the files that the ref holds; whether anything differs at all. Which
    rows do stays in `delta_account`, `delta_system` and `delta_activation`: where in its row table
    each lies (`at`), whether the base hasn't its key (`fresh`), and whether it had another place
    there (`moved`)."""
    for rows, base, facts in _PAIRS:
        missing = f"b.{_KEYS[base][0]} IS NULL"
        connection.execute(
            f"CREATE TABLE delta_{base} AS SELECT r.rowid AS at, {missing} AS fresh,"
            f" {_moved(base)} AS moved FROM {rows} r"
            f" LEFT JOIN {_stored('base', base)} b ON {same(base, 'r', 'b')}"
            f" WHERE {missing} OR {_differs(facts)}"
        )
        _count(connection, files, rows, base)
    return any(counts.new or counts.changed for counts in files.values())


def _moved(table: str) -> str:
    """SQL for: the row has another place than the base's. A system lies by its kind and account."""
    if table != "system":
        return "false"
    return "coalesce(r.kind <> b.kind OR r.account_no <> b.account_no, false)"


def _count(
    connection: duckdb.DuckDBPyConnection, files: dict[str, FileCounts], rows: str, base: str
) -> None:
    totals = connection.execute(f"SELECT file, count(*) FROM {rows} GROUP BY file").fetchall()
    differ = connection.execute(
        f"SELECT r.file, count(*) FILTER (fresh), count(*) FILTER (NOT fresh)"
        f" FROM delta_{base} d JOIN {rows} r ON r.rowid = d.at GROUP BY r.file"
    ).fetchall()
    found = {file: (new, changed) for file, new, changed in differ}
    for file, total in totals:
        counts = files[file]
        counts.new, counts.changed = found.get(file, (0, 0))
        counts.unchanged = total - counts.new - counts.changed


def check_rows(connection: duckdb.DuckDBPyConnection, files: dict[str, FileCounts]) -> None:
    """Prove that no row went missing or came twice: each that was read is good, set aside or
    blank, and these are counted apart. Raises AppError(LOAD_FAILED)."""
    tables = ("row_account", "row_system", "row_certificate", "row_activation")
    every = " UNION ALL ".join(f"SELECT file FROM {table}" for table in tables)
    kept = connection.execute(f"SELECT file, count(*) FROM ({every}) GROUP BY file").fetchall()
    good = dict(kept)
    for name, counts in files.items():
        if counts.rows != good.get(name, 0) + counts.set_aside + counts.blank:
            raise AppError(Reason.LOAD_FAILED, why=f"las filas de {name} no cuadran")


def check_unique(connection: duckdb.DuckDBPyConnection) -> None:
    """Raise RuntimeError unless each key of the file made is there once and no row got lost."""
    for rows, base, _ in _PAIRS:
        key = _KEYS[base]
        distinct = key[0] if len(key) == 1 else f"({', '.join(key)})"
        made, keys, wanted = connection.execute(
            f"SELECT (SELECT count(*) FROM {_stored('made', base)}),"
            f" (SELECT count(DISTINCT {distinct}) FROM made.{base}),"
            f" (SELECT count(*) FROM {rows})"
            f" + (SELECT count(*) FROM base.{base} b ANTI JOIN {rows} r ON {same(base, 'b', 'r')})"
        ).fetchone() or (0, 0, -1)
        if not made == keys == wanted:
            raise RuntimeError(f"{base}: {made} rows, {keys} keys, {wanted} expected")


def check_grown(connection: duckdb.DuckDBPyConnection) -> None:
    """The same of a copy of the base in which only the rows that differ were written (growing.py):
    each is there as the pack says it, and no other came or went."""
    for table in _KEYS:
        of = "activation" if table == "sealed_code" else table
        made, wanted = connection.execute(
            f"SELECT (SELECT count(*) FROM made.{table}), (SELECT count(*) FROM base.{table})"
            f" + (SELECT count(*) FROM delta_{of} WHERE fresh)"
        ).fetchone() or (0, -1)
        if made != wanted:
            raise RuntimeError(f"{table}: {made} rows, {wanted} expected")
    for _, base, facts in _PAIRS:
        written, differ = connection.execute(
            f"SELECT (SELECT count(*) FROM now_{base} r"
            f" JOIN {_stored('made', base)} b ON {same(base, 'r', 'b')}"
            f" WHERE NOT ({_differs(facts)})), (SELECT count(*) FROM delta_{base})"
        ).fetchone() or (0, -1)
        if written != differ:
            raise RuntimeError(f"{base}: {written} rows written, {differ} differ")


def _differs(facts: tuple[str, ...]) -> str:
    return " OR ".join(f"r.{fact} IS DISTINCT FROM b.{fact}" for fact in facts)


def _stored(of: str, table: str) -> str:
    """A table of the ref attached as `of`, each row with all that a pack says of it."""
    return _WHOLE.format(of=of) if table == "activation" else f"{of}.{table}"
