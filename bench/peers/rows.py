"""The systems of a bench desk as one Parquet file: what every peer is given."""

from pathlib import Path

import duckdb

from lib.store import ref

COLUMNS = (
    "product", "version", "seats", "serial", "account_no", "account_name",
    "activated_on", "next_payment_on", "period", "status", "email", "phone", "rfc",
)  # fmt: skip

_SUBSCRIPTIONS = """
COPY (
    SELECT s.product, s.version, s.seats, s.serial, s.account_no, s.account_name,
           s.activated_on, s.next_payment_on, s.period, s.status, a.email, a.phone, a.rfc
    FROM ref.system s JOIN ref.account a ON a.account_no = s.account_no
    ORDER BY s.id LIMIT {limit:d}
) TO '{target}' (FORMAT parquet)
"""


def write(desk: Path, target: Path, limit: int) -> int:
    """The first `limit` systems of the desk in `desk`, in file order; how many there were."""
    if not target.exists():
        folder = desk / "ref"
        with duckdb.connect() as connection:
            connection.execute(f"ATTACH '{folder / ref.read_current(folder)}' AS ref (READ_ONLY)")
            connection.execute(_SUBSCRIPTIONS.format(limit=limit, target=target))
    with duckdb.connect() as connection:
        counted = connection.execute(f"SELECT count(*) FROM '{target}'").fetchone()
    return int(counted[0]) if counted else 0
