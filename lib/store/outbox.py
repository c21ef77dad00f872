"""The outbox: every mail asked for, and the slot that lets a serial have only one on its way.

A slot's free_at lies in FAR_AHEAD while its mail is queued or sending; then it says from when the
serial may be mailed again. Statements take the caller's transaction: the audit row is written in
the same one.
"""

import dataclasses
import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from lib.model.outbox import PENDING, Claim, Delivery, MailProblem, MailState, Request
from lib.store.database import Transaction
from lib.store.reading import Reader

FAR_AHEAD = dt.datetime(9999, 1, 1)  # noqa: DTZ001 - stored instants carry no zone

_FIELDS = tuple(field.name for field in dataclasses.fields(Delivery))
_DELIVERY = ", ".join(f"o.{field}" for field in _FIELDS)
_CLAIM = "id, serial, account_no, recipient, recipient_name, message_id, attempts"

# ---- questions -----------------------------------------------------------------------------


def find(reader: Reader, mail_id: str) -> Delivery | None:
    return _one(reader, "o.id = ?", mail_id)


def by_key(reader: Reader, key: str) -> Delivery | None:
    return _one(reader, "o.idempotency_key = ?", key)


def request(reader: Reader, mail_id: str) -> Request | None:
    """What was asked for, as it entered the outbox."""
    row = reader.one(
        "SELECT id, idempotency_key, serial, account_no, recipient, recipient_name, message_id,"
        " requested_by, reason, ticket FROM ops.outbox WHERE id = ?",
        [mail_id],
    )
    return Request(*row) if row else None


def latest(reader: Reader, serials: Sequence[str]) -> dict[str, Delivery]:
    """The newest delivery of each serial that ever had one, by serial: its slot names it."""
    if not serials:
        return {}
    marks = ", ".join("?" * len(serials))
    rows = reader.rows(
        f"SELECT {_DELIVERY} FROM ops.resend_slot s JOIN ops.outbox o ON o.id = s.outbox_id"
        f" WHERE s.serial IN ({marks})",
        serials,
    )
    return {delivery.serial: delivery for delivery in map(_delivery, rows)}


def history(reader: Reader, serial: str, limit: int) -> list[Delivery]:
    """A serial's newest deliveries, newest first."""
    rows = reader.rows(
        f"SELECT {_DELIVERY} FROM ops.outbox o WHERE o.serial = ?"
        " ORDER BY o.requested_at DESC, o.id DESC LIMIT ?",
        [serial, limit],
    )
    return [_delivery(row) for row in rows]


def pending_ids(reader: Reader) -> list[str]:
    """Mails that wait or are being sent, oldest first."""
    states = ", ".join(f"'{state}'" for state in sorted(PENDING))
    rows = reader.rows(
        f"SELECT id FROM ops.outbox WHERE state IN ({states}) ORDER BY requested_at, id"
    )
    return [row[0] for row in rows]


def next_due(reader: Reader) -> dt.datetime | None:
    """When the next queued mail is to be tried."""
    row = reader.one("SELECT min(next_attempt_at) FROM ops.outbox WHERE state = 'queued'")
    return row[0] if row else None


def slot(reader: Reader, serial: str) -> tuple[str, dt.datetime] | None:
    """The serial's latest mail and from when another may be queued."""
    row = reader.one("SELECT outbox_id, free_at FROM ops.resend_slot WHERE serial = ?", [serial])
    return (row[0], row[1]) if row else None


# ---- statements ----------------------------------------------------------------------------


def insert(transaction: Transaction, asked: Request) -> None:
    """Queue a mail, due at once, and take its serial's slot."""
    transaction.run(
        "INSERT INTO ops.outbox VALUES"
        " (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued', 0, ?, NULL, '', NULL, '')",
        [asked.id, asked.key, asked.serial, asked.account_no, asked.recipient]
        + [asked.recipient_name, asked.message_id, asked.requested_by, transaction.now]
        + [asked.reason, asked.ticket, transaction.now],
    )
    transaction.run(
        "INSERT INTO ops.resend_slot VALUES (?, ?, ?) ON CONFLICT (serial)"
        " DO UPDATE SET outbox_id = excluded.outbox_id, free_at = excluded.free_at",
        [asked.serial, asked.id, FAR_AHEAD],
    )


def claim(transaction: Transaction) -> Claim | None:
    """Take the mail longest due, if any: from here to `settle` it is in the caller's hands."""
    row = transaction.one(
        "SELECT id FROM ops.outbox WHERE state = 'queued' AND next_attempt_at <= ?"
        " ORDER BY next_attempt_at, requested_at, id LIMIT 1",
        [transaction.now],
    )
    if row is None:
        return None
    taken = transaction.one(
        "UPDATE ops.outbox SET state = 'sending', attempts = attempts + 1"
        f" WHERE id = ? AND state = 'queued' RETURNING {_CLAIM}",
        [row[0]],
    )
    return Claim(*taken) if taken else None


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
    row = transaction.one(
        "UPDATE ops.outbox SET state = 'queued', attempts = ?, next_attempt_at = ?, problem = ?,"
        " smtp_code = ?, smtp_text = ? WHERE id = ? AND state = 'sending' RETURNING id",
        [taken.attempts - (not counts), at, problem.value, *smtp, taken.id],
    )
    return row is not None


def settle(
    transaction: Transaction,
    taken: Claim,
    state: MailState,
    problem: MailProblem | None,
    smtp: tuple[int | None, str],
    free_at: dt.datetime,
) -> bool:
    """Record a claimed mail's final state and free its serial's slot from `free_at` on.

    False when it wasn't in anybody's hands: nothing is changed.
    """
    row = transaction.one(
        "UPDATE ops.outbox SET state = ?, next_attempt_at = NULL, finished_at = ?, problem = ?,"
        " smtp_code = ?, smtp_text = ? WHERE id = ? AND state = 'sending' RETURNING id",
        [state.value, transaction.now, problem.value if problem else "", *smtp, taken.id],
    )
    if row is None:
        return False
    transaction.run(
        "UPDATE ops.resend_slot SET free_at = ? WHERE serial = ? AND outbox_id = ?",
        [free_at, taken.serial, taken.id],
    )
    return True


def in_hand(reader: Reader) -> list[Claim]:
    """Mails claimed and not settled: at a start, those whose worker died."""
    rows = reader.rows(f"SELECT {_CLAIM} FROM ops.outbox WHERE state = 'sending' ORDER BY id")
    return [Claim(*row) for row in rows]


def hold(transaction: Transaction, problem: MailProblem, until: dt.datetime) -> None:
    """Nothing can leave before `until`: say so on all that is queued earlier."""
    transaction.run(
        "UPDATE ops.outbox SET next_attempt_at = ?, problem = ?"
        " WHERE state = 'queued' AND next_attempt_at < ?",
        [until, problem.value, until],
    )


def resume(transaction: Transaction, problems: Collection[MailProblem]) -> None:
    """What waits because of one of these problems is due at once."""
    marks = ", ".join("?" * len(problems))
    transaction.run(
        "UPDATE ops.outbox SET next_attempt_at = ?"
        f" WHERE state = 'queued' AND problem IN ({marks})",
        [transaction.now, *(problem.value for problem in problems)],
    )


def _one(reader: Reader, condition: str, value: str) -> Delivery | None:
    row = reader.one(f"SELECT {_DELIVERY} FROM ops.outbox o WHERE {condition}", [value])
    return _delivery(row) if row else None


def _delivery(row: tuple[Any, ...]) -> Delivery:
    values = dict(zip(_FIELDS, row, strict=True))
    return Delivery(**values | {"state": MailState(values["state"])})
