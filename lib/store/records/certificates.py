"""Physical certificates: merging a checked batch into what the desk holds, and reading them."""

from collections.abc import Sequence
from dataclasses import dataclass

from lib.model.system import Certificate
from lib.store.database import Transaction
from lib.store.reading import Reader
from lib.store.records import links

_FACTS = (
    "serial", "product", "version", "seats", "purchased_on", "holder", "rfc", "account_no",
)  # fmt: skip
_DIFFERS = " OR ".join(f"c.{f} IS DISTINCT FROM n.{f}" for f in _FACTS)
_GONE = (  # as the view held_certificate has it
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
        f" count(*) FILTER (c.folio IS NOT NULL AND ({_DIFFERS})),"
        f" count(*) FILTER (c.folio IS NOT NULL AND NOT ({_DIFFERS}))"
        f" FROM {incoming} n LEFT JOIN held_certificate c ON c.folio = n.folio"
    )
    return Merge(*(row or (0, 0, 0)))


def verdicts(reader: Reader, incoming: str) -> dict[str, str]:
    """What merging would do with each, by folio: "new", "changed" or "unchanged"."""
    rows = reader.rows(
        "SELECT n.folio, CASE WHEN c.folio IS NULL THEN 'new'"
        f" WHEN {_DIFFERS} THEN 'changed' ELSE 'unchanged' END"
        f" FROM {links.respected(incoming)} n LEFT JOIN held_certificate c ON c.folio = n.folio"
    )
    return dict(rows)


def merge(transaction: Transaction, incoming: str, batch_id: str) -> Merge:
    """Insert new certificates and update changed ones, keeping what those were before.

    `incoming` is a relation with pack_certificate's columns and no folio twice.
    """
    counts = compare(transaction, incoming)
    incoming = links.respected(incoming)
    if counts.changed:
        _keep_what_was(transaction, incoming, batch_id)
    if counts.changed or (counts.new and _some_are_gone(transaction)):
        _update(transaction, incoming, batch_id)
    if counts.new:
        columns = f"folio, {', '.join(_FACTS)}, search"
        transaction.run(
            f"INSERT INTO ops.certificate ({columns}, batch_id) SELECT {columns}, ?"
            f" FROM {incoming} n WHERE n.folio NOT IN (SELECT folio FROM ops.certificate)",
            [batch_id],
        )
    return counts


def first(reader: Reader, incoming: str, limit: int) -> list[Certificate]:
    """The first certificates of a relation, by folio."""
    rows = reader.rows(
        f"SELECT folio, {', '.join(_FACTS)} FROM {incoming} n ORDER BY folio LIMIT ?", [limit]
    )
    return [Certificate(*row) for row in rows]


def find(reader: Reader, folio: str) -> Certificate | None:
    row = reader.one(
        f"SELECT folio, {', '.join(_FACTS)} FROM held_certificate WHERE folio = ?", [folio]
    )
    return Certificate(*row) if row else None


def count_of_account(reader: Reader, account_no: str) -> int:
    row = reader.one("SELECT count(*) FROM held_certificate WHERE account_no = ?", [account_no])
    return row[0] if row else 0


def _keep_what_was(transaction: Transaction, incoming: str, batch_id: str) -> None:
    facts = ", ".join(f"{f} := c.{f}" for f in (*_FACTS, "search", "batch_id"))
    transaction.run(
        "INSERT INTO ops.certificate_change (batch_id, folio, before)"
        f" SELECT ?, c.folio, CAST(to_json(struct_pack({facts})) AS VARCHAR)"
        f" FROM held_certificate c JOIN {incoming} n ON n.folio = c.folio WHERE {_DIFFERS}",
        [batch_id],
    )


def _some_are_gone(transaction: Transaction) -> bool:
    return transaction.one("SELECT 1 FROM ops.certificate_gone LIMIT 1") is not None


def _update(transaction: Transaction, incoming: str, batch_id: str) -> None:
    """Those that differ, and those that went with a batch that was undone: they come back."""
    updates = ", ".join(f"{f} = n.{f}" for f in (*_FACTS, "search"))
    transaction.run(
        f"UPDATE ops.certificate AS c SET {updates}, batch_id = ?"
        f" FROM {incoming} n WHERE n.folio = c.folio AND ({_DIFFERS} OR {_GONE})",
        [batch_id],
    )
