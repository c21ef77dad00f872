"""What certificates that come in would change of those held, cell by cell."""

from dataclasses import dataclass

from lib.model.system import Certificate
from lib.store.reading import Reader, how_many
from lib.store.records import links

_FACTS = (
    "serial", "product", "version", "seats", "purchased_on", "holder", "rfc", "account_no",
)  # fmt: skip
_DIFFERS = {fact: f"c.{fact} IS DISTINCT FROM n.{fact}" for fact in _FACTS}


@dataclass(frozen=True)
class Twin:
    """A certificate that comes in, and the folio under which its serial is held already."""

    folio: str
    serial: str
    held: str


def cells(reader: Reader, incoming: str) -> dict[str, int]:
    """How many certificates each fact would change in, of those it would change in at all;
    `incoming` is a relation with pack_certificate's columns."""
    counted = ", ".join(f"count(*) FILTER ({differs})" for differs in _DIFFERS.values())
    row = reader.one(f"SELECT {counted} FROM {_joined(incoming)}") or ()
    return {fact: n for fact, n in zip(_FACTS, row, strict=True) if n}


def changed(
    reader: Reader, incoming: str, limit: int, fact: str = ""
) -> list[tuple[Certificate, Certificate]]:
    """The first that would change, in `fact` when it is one: what they are and what they would be,
    by folio."""
    differs = _DIFFERS.get(fact) or " OR ".join(_DIFFERS.values())
    now = ", ".join(f"c.{fact}" for fact in _FACTS)
    then = ", ".join(f"n.{fact}" for fact in _FACTS)
    rows = reader.rows(
        f"SELECT c.folio, {now}, {then} FROM {_joined(incoming)} WHERE {differs}"
        " ORDER BY c.folio LIMIT ?",
        [limit],
    )
    ends = 1 + len(_FACTS)
    return [(Certificate(*row[:ends]), Certificate(row[0], *row[ends:])) for row in rows]


def twins(reader: Reader, incoming: str, limit: int) -> tuple[int, list[Twin]]:
    """Of those that come in, which have the serial of another certificate that is held and stays as
    it is: how many, and the first by folio."""
    them = (
        f"SELECT n.folio, n.serial, c.folio AS held FROM {incoming} n"
        " JOIN held_certificate c ON c.serial = n.serial AND c.folio <> n.folio"
        f" ANTI JOIN {incoming} m ON m.folio = c.folio"
    )
    rows = reader.rows(f"SELECT * FROM ({them}) ORDER BY folio, held LIMIT ?", [limit])
    return how_many(reader, rows, limit, them), [Twin(*row) for row in rows]


def _joined(incoming: str) -> str:
    return f"{links.respected(incoming)} n JOIN held_certificate c ON c.folio = n.folio"
