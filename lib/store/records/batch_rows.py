"""The certificates that a batch brought or changed, of those that are still as it left them."""

import datetime as dt
import json

from lib.model.system import Certificate
from lib.store.reading import Reader

_FACTS = "serial, product, version, seats, purchased_on, holder, rfc, account_no"
_CHANGED = "SELECT h.folio FROM ops.certificate_change h WHERE h.batch_id = c.batch_id"


def brought(reader: Reader, batch_id: str, limit: int) -> list[Certificate]:
    """New ones, by folio."""
    rows = reader.rows(
        f"SELECT folio, {_FACTS} FROM held_certificate c"
        f" WHERE batch_id = ? AND folio NOT IN ({_CHANGED}) ORDER BY folio LIMIT ?",
        [batch_id, limit],
    )
    return [Certificate(*row) for row in rows]


def changed(reader: Reader, batch_id: str, limit: int) -> list[tuple[Certificate, Certificate]]:
    """What they were and what they are, by folio."""
    rows = reader.rows(
        f"SELECT h.before, folio, {_FACTS} FROM held_certificate c"
        " JOIN ops.certificate_change h USING (folio, batch_id)"
        " WHERE batch_id = ? ORDER BY folio LIMIT ?",
        [batch_id, limit],
    )
    return [(_before(now[0], was), Certificate(*now)) for was, *now in rows]


def _before(folio: str, kept: str) -> Certificate:
    was = json.loads(kept)
    bought = dt.date.fromisoformat(was["purchased_on"]) if was["purchased_on"] else None
    facts = {name: was[name] for name in _FACTS.split(", ")} | {"purchased_on": bought}
    return Certificate(folio, **facts)
