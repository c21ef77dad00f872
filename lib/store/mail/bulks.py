"""Resends to many: which systems, how far each is. Statements take the caller's transaction."""

import dataclasses
import json
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from lib.model.bulk import OVER, Bulk, BulkState, Line, Manner, Part, Place, Tally
from lib.model.errors import AppError
from lib.model.outbox import MailState
from lib.store.database import Transaction
from lib.store.reading import Reader, marks

_FIELDS = tuple(field.name for field in dataclasses.fields(Bulk))
_BULK = ", ".join(_FIELDS)
_PLACE = ", ".join(field.name for field in dataclasses.fields(Place))
_LINE = tuple(field.name for field in dataclasses.fields(Line))
_AT_ONCE = 250  # rows in one statement
_OPEN = ", ".join(f"'{state}'" for state in sorted(set(BulkState) - OVER))

# ---- questions -----------------------------------------------------------------------------


def find(reader: Reader, bulk_id: str) -> Bulk | None:
    return _one(reader, "id = ?", bulk_id)


def by_key(reader: Reader, key: str) -> Bulk | None:
    return _one(reader, "idempotency_key = ?", key)


def newest(reader: Reader, limit: int, requested_by: str = "") -> list[Bulk]:
    """The newest first: one person's, or everybody's."""
    rows = reader.rows(
        f"SELECT {_BULK} FROM ops.bulk WHERE ? IN ('', requested_by)"
        " ORDER BY requested_at DESC, id LIMIT ?",
        [requested_by, limit],
    )
    return [_bulk(row) for row in rows]


def unfinished(reader: Reader) -> list[Bulk]:
    """Those not over yet, the oldest first."""
    rows = reader.rows(
        f"SELECT {_BULK} FROM ops.bulk WHERE state IN ({_OPEN}) ORDER BY requested_at, id"
    )
    return [_bulk(row) for row in rows]


def waiting(reader: Reader, bulk_id: str, mails: int) -> list[list[Place]]:
    """The next mails that weren't asked for yet: the systems of each."""
    rows = reader.rows(
        f"SELECT {_PLACE} FROM ops.bulk_system WHERE bulk_id = ? AND state = 'waiting'"
        " AND mail_no IN (SELECT DISTINCT mail_no FROM ops.bulk_system WHERE bulk_id = ?"
        " AND state = 'waiting' ORDER BY mail_no LIMIT ?) ORDER BY place",
        [bulk_id, bulk_id, mails],
    )
    found = [Place(*row) for row in rows]
    return [list(mail) for _, mail in groupby(found, key=lambda place: place.mail_no)]


def untried(reader: Reader) -> int:
    """How many mails of bulks, of everybody's, wait for their first attempt."""
    row = reader.one(
        "SELECT count(*) FROM ops.outbox WHERE state = 'queued' AND attempts = 0"
        " AND coalesce(bulk_id, '') <> ''"
    )
    return int(row[0]) if row else 0


def to_withdraw(reader: Reader, bulk_id: str, limit: int) -> list[str]:
    """Ids of its mails that haven't left, those due first first."""
    rows = reader.rows(
        "SELECT id FROM ops.outbox WHERE bulk_id = ? AND state IN ('queued', 'held')"
        " ORDER BY next_attempt_at NULLS LAST, id LIMIT ?",
        [bulk_id, limit],
    )
    return [row[0] for row in rows]


def tally(reader: Reader, bulk_id: str) -> Tally:
    """A mail that was taken back before it left counts as cancelled, whatever its row says."""
    rows = reader.rows(
        "SELECT if(o.problem = 'cancelled', 'cancelled', s.state) AS part,"
        " if(o.problem = 'cancelled', NULL, o.state) AS mail, count(*) FROM ops.bulk_system s"
        " LEFT JOIN ops.outbox o ON o.id = s.outbox_id WHERE s.bulk_id = ? GROUP BY ALL",
        [bulk_id],
    )
    mails = reader.one(
        "SELECT count(DISTINCT outbox_id) FROM ops.bulk_system"
        " WHERE bulk_id = ? AND outbox_id <> ''",
        [bulk_id],
    )
    parts = {Part(part): count for part, mail, count in rows if mail is None}
    return Tally(
        waiting=parts.get(Part.WAITING, 0),
        left_out=parts.get(Part.LEFT_OUT, 0),
        cancelled=parts.get(Part.CANCELLED, 0),
        asked={MailState(mail): count for _, mail, count in rows if mail is not None},
        mails=int(mails[0]) if mails else 0,
    )


def lines(reader: Reader, bulk_id: str, limit: int = -1, *, troubled: bool = False) -> list[Line]:
    """Its systems in order; with `troubled` only those that didn't go, or not for sure."""
    went = "('queued', 'sending', 'accepted')"
    only = f"AND s.state <> 'waiting' AND coalesce(o.state, '') NOT IN {went}" if troubled else ""
    rows = reader.rows(
        "SELECT s.serial, s.account_no, coalesce(u.name, ''), coalesce(t.product, ''),"
        " coalesce(t.version, ''), coalesce(o.recipient, ''), s.state, o.state,"
        " coalesce(o.problem, ''), s.why, s.facts, o.finished_at"
        " FROM ops.bulk_system s LEFT JOIN ops.outbox o ON o.id = s.outbox_id"
        " LEFT JOIN system t ON t.serial = s.serial"
        " LEFT JOIN customer u ON u.account_no = s.account_no"
        f" WHERE s.bulk_id = ? {only} ORDER BY s.place"
        + (f" LIMIT {limit:d}" if limit >= 0 else ""),
        [bulk_id],
    )
    return [_line(row) for row in rows]


# ---- statements ----------------------------------------------------------------------------


def insert(transaction: Transaction, bulk: Bulk, key: str, systems: Sequence[Place]) -> None:
    said = dataclasses.asdict(bulk) | {"accepted": json.dumps(bulk.accepted)}
    transaction.run(
        f"INSERT INTO ops.bulk ({_BULK}, idempotency_key) VALUES ({'?, ' * len(said)}?)",
        [*said.values(), key],
    )
    rows = [[*dataclasses.astuple(place), Part.WAITING.value, "", "{}"] for place in systems]
    _insert_systems(transaction, bulk.id, rows)


def insert_left_out(
    transaction: Transaction, bulk: Bulk, systems: Sequence[tuple[str, str, AppError]]
) -> None:
    """After the others: those (serial, account, why) that go in no mail from the start."""
    first = bulk.systems - len(systems)
    rows = [
        [first + at, 0, serial, account_no, Part.LEFT_OUT.value, why.reason.value, _json(why.facts)]
        for at, (serial, account_no, why) in enumerate(systems)
    ]
    _insert_systems(transaction, bulk.id, rows)


def _insert_systems(transaction: Transaction, bulk_id: str, rows: list[list[Any]]) -> None:
    for at in range(0, len(rows), _AT_ONCE):
        some = rows[at : at + _AT_ONCE]
        values = ", ".join(["(?, ?, ?, ?, ?, ?, ?, ?, '')"] * len(some))
        transaction.run(
            f"INSERT INTO ops.bulk_system (bulk_id, {_PLACE}, state, why, facts, outbox_id)"
            f" VALUES {values}",
            [value for row in some for value in (bulk_id, *row)],
        )


def asked(transaction: Transaction, bulk_id: str, places: Sequence[int], mail_id: str) -> None:
    """A mail with these systems entered the outbox."""
    transaction.run(
        f"UPDATE ops.bulk_system SET state = 'asked', outbox_id = ? WHERE {_these(places)}",
        [mail_id, bulk_id, *places],
    )


def left_out(transaction: Transaction, bulk_id: str, places: Sequence[int], why: AppError) -> None:
    """These systems go in no mail."""
    transaction.run(
        f"UPDATE ops.bulk_system SET state = 'left_out', why = ?, facts = ? WHERE {_these(places)}",
        [why.reason.value, _json(why.facts), bulk_id, *places],
    )


def cancel_waiting(transaction: Transaction, bulk_id: str) -> None:
    """Nothing that wasn't asked for yet will be."""
    transaction.run(
        "UPDATE ops.bulk_system SET state = 'cancelled' WHERE bulk_id = ? AND state = 'waiting'",
        [bulk_id],
    )


def set_state(transaction: Transaction, bulk_id: str, before: BulkState, after: BulkState) -> bool:
    """From one state to another, once. Over is over at the transaction's moment."""
    row = transaction.one(
        "UPDATE ops.bulk SET state = ?, finished_at = ? WHERE id = ? AND state = ? RETURNING id",
        [after.value, transaction.now if after in OVER else None, bulk_id, before.value],
    )
    return row is not None


def _json(facts: Mapping[str, Any]) -> str:
    return json.dumps(dict(facts), default=str)


def _these(places: Sequence[int]) -> str:
    return f"bulk_id = ? AND place IN ({marks(places)})"


def _one(reader: Reader, condition: str, value: str) -> Bulk | None:
    row = reader.one(f"SELECT {_BULK} FROM ops.bulk WHERE {condition}", [value])
    return _bulk(row) if row else None


def _bulk(row: Sequence[Any]) -> Bulk:
    said = dict(zip(_FIELDS, row, strict=True))
    typed = {"manner": Manner(said["manner"]), "state": BulkState(said["state"])}
    return Bulk(**said | typed | {"accepted": tuple(json.loads(said["accepted"]))})


def _line(row: Sequence[Any]) -> Line:
    said = dict(zip(_LINE, row, strict=True))
    mail = MailState(said["mail"]) if said["mail"] else None
    typed = {"part": Part(said["part"]), "mail": mail, "facts": json.loads(said["facts"])}
    return Line(**said | typed)
