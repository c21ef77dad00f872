"""Undoing a batch: its certificates go or are again what they were, and it is noted as undone.

A certificate is the batch's own while its row still names it; a later batch's name, or a link made
by hand since, is an edit that stays. Each statement takes the batch as $1, when it ended as $2.
"""

import datetime as dt
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from lib.model.undo import Edited, Undoing
from lib.store.database import Transaction
from lib.store.reading import Reader, how_many, marks

_NAMED = 5_000  # certificates that stay, by name: as many as one table shows
_CHANGED = "SELECT h.folio FROM ops.certificate_change h WHERE h.batch_id = $1"
_LINKED = "SELECT l.folio FROM ops.certificate_link l WHERE l.linked_at >= $2"
_OWN = f"c.batch_id = $1 AND c.folio NOT IN ({_LINKED})"
_EDITED = (
    "SELECT c.folio, coalesce(b.actor, '') AS who, coalesce(b.finished_at, $2) AS at,"
    " coalesce(b.source, '') AS source FROM held_certificate c"
    " JOIN (SELECT DISTINCT folio FROM ops.certificate_change"
    "  WHERE json_extract_string(before, '$.batch_id') = $1) h ON h.folio = c.folio"
    " LEFT JOIN ops.batch b ON b.id = c.batch_id WHERE c.batch_id <> $1"
    " UNION ALL SELECT c.folio, l.linked_by, l.linked_at, ''"
    " FROM held_certificate c JOIN ops.certificate_link l ON l.folio = c.folio"
    " WHERE c.batch_id = $1 AND l.linked_at >= $2"
)
_FACTS = {
    "serial": "VARCHAR", "product": "VARCHAR", "version": "VARCHAR", "seats": "INTEGER",
    "purchased_on": "DATE", "holder": "VARCHAR", "rfc": "VARCHAR", "account_no": "VARCHAR",
    "batch_id": "VARCHAR",
}  # fmt: skip
# What a change kept before `search` was kept with it (migration 13): as carry.sql makes it.
_SEARCH = (
    "coalesce(b.search, lower(strip_accents(concat_ws(' ', b.folio, b.serial,"
    " regexp_replace(b.serial, '[^0-9A-Za-z]', '', 'g'), b.holder, b.rfc, b.account_no))))"
)


@dataclass(frozen=True)
class Undone:
    """Who undid a batch, when (UTC), why, and what that did."""

    by: str
    at: dt.datetime
    reason: str
    result: Undoing


def reckon(reader: Reader, batch_id: str, since: dt.datetime) -> Undoing:
    """What undoing the batch's certificates would do now."""
    own = reader.one(
        f"SELECT count(*) FILTER (c.folio NOT IN ({_CHANGED})),"
        f" count(*) FILTER (c.folio IN ({_CHANGED})) FROM held_certificate c WHERE {_OWN}",
        [batch_id, since],
    )
    named = f"SELECT * FROM ({_EDITED}) ORDER BY folio LIMIT {_NAMED}"
    edited = reader.rows(named, [batch_id, since])
    gone, returned = own or (0, 0)
    stays = how_many(reader, edited, _NAMED, _EDITED, [batch_id, since])
    return Undoing(gone, returned, stays, tuple(Edited(*row) for row in edited))


def put_back(transaction: Transaction, batch_id: str, since: dt.datetime) -> None:
    """Do what `reckon` says."""
    # First what goes: what returns no longer names the batch.
    transaction.run(
        "INSERT INTO ops.certificate_gone SELECT c.folio, c.batch_id FROM held_certificate c"
        f" WHERE {_OWN} AND c.folio NOT IN ({_CHANGED})",
        [batch_id, since],
    )
    facts = ", ".join(f"{name} = b.{name}" for name in _FACTS)
    casts = ", ".join(
        f"CAST(json_extract_string(before, '$.{name}') AS {kind}) AS {name}"
        for name, kind in {**_FACTS, "search": "VARCHAR"}.items()
    )
    transaction.run(
        f"UPDATE ops.certificate AS c SET {facts}, search = {_SEARCH}"
        f" FROM (SELECT folio, {casts} FROM ops.certificate_change WHERE batch_id = $1) b"
        f" WHERE b.folio = c.folio AND {_OWN}",
        [batch_id, since],
    )


def note(transaction: Transaction, batch_id: str, by: str, reason: str, result: Undoing) -> None:
    """The batch is undone; its key refuses a second time."""
    transaction.run(
        "INSERT INTO ops.batch_undo VALUES (?, ?, ?, ?, ?)",
        [batch_id, transaction.now, by, reason, json.dumps(result.to_json())],
    )


def find(reader: Reader, batch_id: str) -> Undone | None:
    return of(reader, [batch_id]).get(batch_id)


def of(reader: Reader, batch_ids: Collection[str]) -> Mapping[str, Undone]:
    """Those of these batches that were undone."""
    if not batch_ids:
        return {}
    rows = reader.rows(
        "SELECT batch_id, undone_by, undone_at, reason, result FROM ops.batch_undo"
        f" WHERE batch_id IN ({marks(batch_ids)})",
        [*batch_ids],
    )
    return {
        batch_id: Undone(by, at, reason, Undoing.from_json(json.loads(result)))
        for batch_id, by, at, reason, result in rows
    }
