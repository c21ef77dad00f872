"""Physical certificates: what the desk holds, and how others stand to it."""

from collections.abc import Sequence
from dataclasses import dataclass

from lib.model.system import Certificate
from lib.store.reading import Reader
from lib.store.records import links

FACTS = (
    "serial", "product", "version", "seats", "purchased_on", "holder", "rfc", "account_no",
)  # fmt: skip
DIFFERS = " OR ".join(f"c.{f} IS DISTINCT FROM n.{f}" for f in FACTS)
GONE = (  # as the view held_certificate has it
    "EXISTS (SELECT 1 FROM ops.certificate_gone g"
    " WHERE g.folio = c.folio AND g.batch_id = c.batch_id)"
)


@dataclass(frozen=True)
class Merge:
    """How a batch's rows stand to what is held: counts of certificates."""

    new: int
    changed: int
    unchanged: int


def of_files(relations: Sequence[str]) -> str:
    """The relation of the certificates of several files (absent.filled)."""
    return f"({' UNION ALL '.join(f'SELECT * FROM {relation}' for relation in relations)})"


def compare(reader: Reader, incoming: str) -> Merge:
    """What merging the relation `incoming` (pack_certificate's columns) would do."""
    incoming = links.respected(incoming)
    row = reader.one(
        f"SELECT count(*) FILTER (c.folio IS NULL),"
        f" count(*) FILTER (c.folio IS NOT NULL AND ({DIFFERS})),"
        f" count(*) FILTER (c.folio IS NOT NULL AND NOT ({DIFFERS}))"
        f" FROM {incoming} n LEFT JOIN held_certificate c ON c.folio = n.folio"
    )
    return Merge(*(row or (0, 0, 0)))


def verdicts(reader: Reader, incoming: str, folios: Sequence[str]) -> dict[str, str]:
    """What merging would do with each of these, by folio: "new", "changed" or "unchanged"."""
    rows = reader.rows(
        "SELECT n.folio, CASE WHEN c.folio IS NULL THEN 'new'"
        f" WHEN {DIFFERS} THEN 'changed' ELSE 'unchanged' END"
        f" FROM {links.respected(incoming)} n LEFT JOIN held_certificate c ON c.folio = n.folio"
        " WHERE n.folio IN (SELECT unnest(?))",
        [list(folios)],
    )
    return dict(rows)


def first(reader: Reader, incoming: str, limit: int) -> list[Certificate]:
    """The first certificates of a relation, by folio."""
    rows = reader.rows(
        f"SELECT folio, {', '.join(FACTS)} FROM {incoming} n ORDER BY folio LIMIT ?", [limit]
    )
    return [Certificate(*row) for row in rows]


def find(reader: Reader, folio: str) -> Certificate | None:
    row = reader.one(
        f"SELECT folio, {', '.join(FACTS)} FROM held_certificate WHERE folio = ?", [folio]
    )
    return Certificate(*row) if row else None


def count_of_account(reader: Reader, account_no: str) -> int:
    row = reader.one("SELECT count(*) FROM held_certificate WHERE account_no = ?", [account_no])
    return row[0] if row else 0
