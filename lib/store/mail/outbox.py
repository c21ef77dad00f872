"""The outbox: every mail asked for, from its asking to its end.

Statements take the caller's transaction: the audit row is written in the same one. A mail takes its
serials' slots (slots.py) as it comes in, and gives them back as it ends.
"""

import dataclasses
import datetime as dt
import json
from collections.abc import Callable, Collection, Sequence
from typing import Any

from lib.model.outbox import (
    PENDING,
    Claim,
    Delivery,
    MailKind,
    MailProblem,
    MailState,
    Request,
)
from lib.store.database import Transaction
from lib.store.mail import slots
from lib.store.reading import Reader, marks

_FIELDS = tuple(field.name for field in dataclasses.fields(Delivery))
_DELIVERY = ", ".join(f"o.{field}" for field in _FIELDS)
_CLAIMED = tuple(field.name for field in dataclasses.fields(Claim))
_CLAIM = ", ".join(_CLAIMED)
# Request's fields that are columns, as the table has them.
_REQUESTED = tuple(f.name for f in dataclasses.fields(Request) if f.name not in ("serials", "held"))
_REQUEST = ", ".join("idempotency_key" if name == "key" else name for name in _REQUESTED)

# ---- questions -----------------------------------------------------------------------------


def find(reader: Reader, mail_id: str) -> Delivery | None:
    return _one(reader, "o.id = ?", mail_id)


def by_key(reader: Reader, key: str) -> Delivery | None:
    return _one(reader, "o.idempotency_key = ?", key)


def request(reader: Reader, mail_id: str) -> Request | None:
    """What was asked for, as it entered the outbox."""
    row = reader.one(f"SELECT {_REQUEST} FROM ops.outbox WHERE id = ?", [mail_id])
    if row is None:
        return None
    said = dict(zip(_REQUESTED, row, strict=True))
    said["kind"], said["payload"] = MailKind(said["kind"]), json.loads(said["payload"])
    return Request(**said, serials=() if said["serial"] else serials_of(reader, mail_id))


def serials_of(reader: Reader, mail_id: str) -> tuple[str, ...]:
    """The serials of a mail of several systems, in order."""
    rows = reader.rows(
        "SELECT serial FROM ops.outbox_serial WHERE outbox_id = ? ORDER BY serial", [mail_id]
    )
    return tuple(row[0] for row in rows)


def latest(reader: Reader, serials: Sequence[str]) -> dict[str, Delivery]:
    """The newest delivery of each serial that ever had one, by serial: its slot names it."""
    if not serials:
        return {}
    rows = reader.rows(
        f"SELECT s.serial, {_DELIVERY} FROM ops.resend_slot s"
        f" JOIN ops.outbox o ON o.id = s.outbox_id WHERE s.serial IN ({marks(serials)})",
        serials,
    )
    return {serial: _delivery(row) for serial, *row in rows}


def history(reader: Reader, serial: str, limit: int) -> list[Delivery]:
    """A serial's newest deliveries, newest first."""
    rows = reader.rows(
        f"SELECT {_DELIVERY} FROM ops.outbox o WHERE o.serial = ? OR o.id IN"
        " (SELECT outbox_id FROM ops.outbox_serial WHERE serial = ?)"
        " ORDER BY o.requested_at DESC, o.id DESC LIMIT ?",
        [serial, serial, limit],
    )
    return [_delivery(row) for row in rows]


def pending_ids(reader: Reader) -> list[str]:
    """Mails that wait or are being sent, oldest first."""
    states = ", ".join(f"'{state}'" for state in sorted(PENDING))
    rows = reader.rows(
        f"SELECT id FROM ops.outbox WHERE state IN ({states}) ORDER BY requested_at, id"
    )
    return [row[0] for row in rows]


def waiting(reader: Reader) -> int:
    """How many mails are in the queue."""
    row = reader.one("SELECT count(*) FROM ops.outbox WHERE state = 'queued'")
    return int(row[0]) if row else 0


def next_due(reader: Reader) -> dt.datetime | None:
    """When the next queued mail is to be tried."""
    row = reader.one("SELECT min(next_attempt_at) FROM ops.outbox WHERE state = 'queued'")
    return row[0] if row else None


# ---- statements ----------------------------------------------------------------------------


def insert(transaction: Transaction, asked: Request) -> None:
    """Queue a mail, due at once, or hold it; and take the slots of the serials it is about."""
    state = MailState.HELD if asked.held else MailState.QUEUED
    said = {name: getattr(asked, name) for name in _REQUESTED}
    said |= {"kind": asked.kind.value, "payload": json.dumps(dict(asked.payload))}
    now = [transaction.now, state.value, None if asked.held else transaction.now]
    transaction.run(
        f"INSERT INTO ops.outbox ({_REQUEST}, requested_at, state, next_attempt_at, attempts,"
        f" problem, smtp_text) VALUES ({'?, ' * len(said)}?, ?, ?, 0, '', '')",
        [*said.values(), *now],
    )
    if not asked.serial:
        for serial in asked.serials:
            transaction.run("INSERT INTO ops.outbox_serial VALUES (?, ?)", [asked.id, serial])
    for serial in asked.serials or ((asked.serial,) if asked.serial else ()):
        slots.take(transaction, asked.id, serial)


def claim(
    transaction: Transaction,
    *,
    archived: bool = False,
    template: Callable[[Claim], str] = lambda waiting: waiting.template,
) -> Claim | None:
    """Take the mail longest due, if any: from here to `settle` it is in the caller's hands.

    `archived`: whether the archive is to get a copy of it; `template`: which version it is made
    from, noted on its row.
    """
    waiting = _longest_due(transaction)
    if waiting is None:
        return None
    taken = dataclasses.replace(waiting, attempts=waiting.attempts + 1, template=template(waiting))
    found = transaction.changed(
        "UPDATE ops.outbox SET state = 'sending', attempts = ?, archived = ?, template = ?"
        " WHERE id = ? AND state = 'queued'",
        [taken.attempts, archived, taken.template, taken.id],
    )
    return taken if found else None


def _longest_due(transaction: Transaction) -> Claim | None:
    """The least of all and then its row by its key: half of what sorting the rows takes."""
    due = transaction.one(
        "SELECT arg_min(id, (next_attempt_at, requested_at, id)) FROM ops.outbox"
        " WHERE state = 'queued' AND next_attempt_at <= ?",
        [transaction.now],
    )
    if due is None or due[0] is None:
        return None
    row = transaction.one(f"SELECT {_CLAIM} FROM ops.outbox WHERE id = ?", [due[0]])
    return _taken(row) if row else None


def requeue(
    transaction: Transaction,
    taken: Claim,
    at: dt.datetime,
    problem: MailProblem,
    smtp: tuple[int | None, str],
    *,
    counts: bool,
) -> bool:
    """Put a claimed mail back until `at`; whether this attempt counts towards the limit."""
    found = transaction.changed(
        "UPDATE ops.outbox SET state = 'queued', attempts = ?, next_attempt_at = ?, problem = ?,"
        " smtp_code = ?, smtp_text = ? WHERE id = ? AND state = 'sending'",
        [taken.attempts - (not counts), at, problem.value, *smtp, taken.id],
    )
    return found > 0


def settle(
    transaction: Transaction,
    taken: Claim,
    state: MailState,
    problem: MailProblem | None,
    smtp: tuple[int | None, str],
    free_at: dt.datetime,
) -> bool:
    """Record a claimed mail's final state and free its serials' slots from `free_at` on.

    False when it wasn't in anybody's hands: nothing is changed.
    """
    found = transaction.changed(
        "UPDATE ops.outbox SET state = ?, next_attempt_at = NULL, finished_at = ?, problem = ?,"
        " smtp_code = ?, smtp_text = ? WHERE id = ? AND state = 'sending'",
        [state.value, transaction.now, problem.value if problem else "", *smtp, taken.id],
    )
    if not found:
        return False
    free(transaction, taken.id, taken.serial, free_at)
    return True


def free(transaction: Transaction, mail_id: str, serial: str, at: dt.datetime) -> None:
    """From `at` on another mail may be queued for the serials of this one; `serial` is "" for one
    of several, or of none. Those that a later mail holds stay its own."""
    serials = (serial,) if serial else serials_of(transaction, mail_id)
    slots.free(transaction, mail_id, serials, at)


def release(transaction: Transaction, mail_id: str) -> bool:
    """Queue a held mail, due at once; its serials' slots stay taken. False when it isn't held."""
    found = transaction.changed(
        "UPDATE ops.outbox SET state = 'queued', next_attempt_at = ?"
        " WHERE id = ? AND state = 'held'",
        [transaction.now, mail_id],
    )
    return found > 0


def refuse_held(transaction: Transaction, mail_id: str, problem: MailProblem) -> bool:
    """End a held mail that may not leave, and free its serials' slots. False when it isn't held."""
    return _take_back(transaction, mail_id, problem, "'held'")


def cancel(transaction: Transaction, mail_id: str) -> bool:
    """The same for one that waits, for whatever. False when it is in somebody's hands, or over."""
    return _take_back(transaction, mail_id, MailProblem.CANCELLED, "'held', 'queued'")


def _take_back(transaction: Transaction, mail_id: str, problem: MailProblem, states: str) -> bool:
    row = transaction.one(
        "UPDATE ops.outbox SET state = 'failed', next_attempt_at = NULL, finished_at = ?,"
        f" problem = ? WHERE id = ? AND state IN ({states}) RETURNING serial",
        [transaction.now, problem.value, mail_id],
    )
    if row is None:
        return False
    free(transaction, mail_id, row[0], transaction.now)
    return True


def in_hand(reader: Reader) -> list[Claim]:
    """Mails claimed and not settled: at a start, those whose worker died."""
    rows = reader.rows(f"SELECT {_CLAIM} FROM ops.outbox WHERE state = 'sending' ORDER BY id")
    return [_taken(row) for row in rows]


def hold(transaction: Transaction, problem: MailProblem, until: dt.datetime) -> None:
    """Nothing can leave before `until`: say so on all that is queued earlier."""
    transaction.run(
        "UPDATE ops.outbox SET next_attempt_at = ?, problem = ?"
        " WHERE state = 'queued' AND next_attempt_at < ?",
        [until, problem.value, until],
    )


def resume(transaction: Transaction, problems: Collection[MailProblem]) -> None:
    """What waits because of one of these problems is due at once."""
    transaction.run(
        "UPDATE ops.outbox SET next_attempt_at = ?"
        f" WHERE state = 'queued' AND problem IN ({marks(problems)})",
        [transaction.now, *(problem.value for problem in problems)],
    )


def _one(reader: Reader, condition: str, value: str) -> Delivery | None:
    row = reader.one(f"SELECT {_DELIVERY} FROM ops.outbox o WHERE {condition}", [value])
    return _delivery(row) if row else None


def _delivery(row: Sequence[Any]) -> Delivery:
    values = dict(zip(_FIELDS, row, strict=True))
    typed = {"state": MailState(values["state"]), "kind": MailKind(values["kind"])}
    return Delivery(**values | typed)


def _taken(row: Sequence[Any]) -> Claim:
    said = dict(zip(_CLAIMED, row, strict=True))
    return Claim(**said | {"kind": MailKind(said["kind"]), "payload": json.loads(said["payload"])})
