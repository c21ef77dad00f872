"""How a pack's rows stand to the base's: new, changed, unchanged, file by file."""

import duckdb

from lib.model.errors import AppError, Reason
from lib.model.load import FileCounts

_SYSTEM = (
    "kind", "account_no", "product", "version", "seats", "purchased_on", "activated_on",
    "next_payment_on", "period", "status",
)  # fmt: skip
_ACCOUNT = (
    "name", "email", "phone", "rfc", "legal_name", "tax_regime", "cfdi_use", "postal_code",
    "street", "neighborhood", "municipality", "state", "registered_on",
)  # fmt: skip
# An activation as a pack says it: a CDA's day and cause, and its code, which lies apart.
_WHOLE = "(SELECT * FROM {of}.activation JOIN {of}.sealed_code USING (serial, issued_on))"
# row table, base table, key, what else a row says
_PAIRS = (
    ("row_account", "account", ("account_no",), _ACCOUNT),
    ("row_system", "system", ("serial",), _SYSTEM),
    ("row_activation", "activation", ("serial", "issued_on"), ("cause", "code")),
)


def compare(connection: duckdb.DuckDBPyConnection, files: dict[str, FileCounts]) -> bool:
    """Fill in the counts of the files that the ref holds; whether anything differs at all."""
    for rows, base, key, facts in _PAIRS:
        same = " AND ".join(f"r.{k} = b.{k}" for k in key)
        differs = " OR ".join(f"r.{f} IS DISTINCT FROM b.{f}" for f in facts)
        answer = connection.execute(
            f"SELECT r.file, count(*) FILTER (b.{key[0]} IS NULL),"
            f" count(*) FILTER (b.{key[0]} IS NOT NULL AND ({differs})), count(*)"
            f" FROM {rows} r LEFT JOIN {_stored('base', base)} b ON {same} GROUP BY r.file"
        )
        for file, new, changed, total in answer.fetchall():
            counts = files[file]
            counts.new, counts.changed = new, changed
            counts.unchanged = total - new - changed
    return any(counts.new or counts.changed for counts in files.values())


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
    for rows, base, key, _ in _PAIRS:
        distinct = key[0] if len(key) == 1 else f"({', '.join(key)})"
        same = " AND ".join(f"b.{k} = r.{k}" for k in key)
        made, keys, wanted = connection.execute(
            f"SELECT (SELECT count(*) FROM {_stored('made', base)}),"
            f" (SELECT count(DISTINCT {distinct}) FROM made.{base}),"
            f" (SELECT count(*) FROM {rows})"
            f" + (SELECT count(*) FROM base.{base} b ANTI JOIN {rows} r ON {same})"
        ).fetchone() or (0, 0, -1)
        if not made == keys == wanted:
            raise RuntimeError(f"{base}: {made} rows, {keys} keys, {wanted} expected")


def _stored(of: str, table: str) -> str:
    """A table of the ref attached as `of`, each row with all that a pack says of it."""
    return _WHOLE.format(of=of) if table == "activation" else f"{of}.{table}"
