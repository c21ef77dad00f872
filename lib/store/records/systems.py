"""Questions about systems and the CDAs issued for them."""

from collections.abc import Collection

from lib.model.system import Issue, Kind, System
from lib.store.reading import Reader, how_many, marks

_COLUMNS = (
    "serial, kind, account_no, product, version, seats, purchased_on, activated_on,"
    " next_payment_on, period, status"
)


def find(reader: Reader, serial: str) -> System | None:
    row = reader.one(f"SELECT {_COLUMNS} FROM system WHERE serial = ?", [serial])
    return _system(row) if row else None


def some(reader: Reader, serials: Collection[str]) -> dict[str, System]:
    """Those of these serials that there are, by serial."""
    if not serials:
        return {}
    question = f"SELECT {_COLUMNS} FROM system WHERE serial IN ({marks(serials)})"
    return {row[0]: _system(row) for row in reader.rows(question, [*serials])}


def with_code(reader: Reader, serials: Collection[str]) -> set[str]:
    """Those of these serials that a CDA was ever issued for."""
    if not serials:
        return set()
    question = f"SELECT serial FROM activation WHERE serial IN ({marks(serials)})"
    return {row[0] for row in reader.rows(question, [*serials])}


def of_account(reader: Reader, account_no: str, limit: int) -> tuple[list[System], int]:
    """An account's first systems, the newest activation first, and how many it has."""
    of_it = "FROM system WHERE account_no = ?"
    rows = reader.rows(
        f"SELECT {_COLUMNS} {of_it} ORDER BY activated_on DESC NULLS LAST, serial LIMIT ?",
        [account_no, limit],
    )
    return [*map(_system, rows)], how_many(reader, rows, limit, f"SELECT 1 {of_it}", [account_no])


def on_paper(reader: Reader, serial: str) -> bool:
    """Whether the serial is a certificate's: its CDA is printed and nowhere else."""
    return reader.one("SELECT 1 FROM held_certificate WHERE serial = ?", [serial]) is not None


def issues(reader: Reader, serial: str) -> list[Issue]:
    """When CDAs were issued for a serial and why, newest first; never the codes."""
    rows = reader.rows(
        "SELECT issued_on, cause FROM activation WHERE serial = ? ORDER BY issued_on DESC", [serial]
    )
    return [Issue(*row) for row in rows]


def _system(row: tuple[object, ...]) -> System:
    serial, kind, *rest = row
    return System(serial, Kind(kind), *rest)  # type: ignore[arg-type]
