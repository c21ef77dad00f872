"""The policy's versions, and what its rules count: the desk's own rows, small beside the ref's."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from lib.model import policy
from lib.model.policy import PLAIN, Policy
from lib.model.system import Cause
from lib.store.database import Transaction
from lib.store.reading import Reader

# A mail that brings CDAs to a customer; rows of before there were other kinds say nothing.
_WITH_CODES = "coalesce(o.kind, 'resend') IN ('resend', 'resend_many')"
_ASKED = """
SELECT coalesce(sum(CASE WHEN o.serial = '' THEN s.serials ELSE 1 END), 0) FROM ops.outbox o
LEFT JOIN (
    SELECT outbox_id, count(*) AS serials FROM ops.outbox_serial GROUP BY outbox_id
) s ON s.outbox_id = o.id
WHERE o.requested_by = ? AND o.requested_at > ?
"""


@dataclass(frozen=True)
class Version:
    """One version of the policy, who made it and when (UTC)."""

    policy: Policy
    changed_at: dt.datetime
    changed_by: str


# ---- versions ------------------------------------------------------------------------------


def in_force(reader: Reader) -> Policy:
    """The newest version; PLAIN when nobody changed it yet."""
    # Each resend asks, and each mail: the two lookups take less than half of a sort's time.
    newest = reader.one("SELECT max(version) FROM ops.policy")
    if newest is None or newest[0] is None:
        return PLAIN
    question = "SELECT policy, version FROM ops.policy WHERE version = ?"
    row = reader.one(question, [newest[0]])
    return policy.parse(*row) if row else PLAIN


def versions(reader: Reader, limit: int) -> list[Version]:
    """The newest versions, newest first."""
    rows = reader.rows(
        "SELECT policy, version, changed_at, changed_by FROM ops.policy"
        " ORDER BY version DESC LIMIT ?",
        [limit],
    )
    return [Version(policy.parse(text, version), at, by) for text, version, at, by in rows]


def add(transaction: Transaction, new: Policy, by: str) -> None:
    """Put a version in force. Its number is a key: of two with the same, one is never stored."""
    transaction.run(
        "INSERT INTO ops.policy VALUES (?, ?, ?, ?)",
        [new.version, new.to_json(), transaction.now, by],
    )


# ---- what the rules count ------------------------------------------------------------------


def take_turn(transaction: Transaction, username: str) -> None:
    """Write the person's conflict row: until this transaction ends, nobody counts their mails."""
    transaction.run(
        "INSERT INTO ops.quota_turn VALUES (?, 1)"
        " ON CONFLICT (username) DO UPDATE SET turns = quota_turn.turns + 1",
        [username],
    )


def asked(reader: Reader, username: str, since: dt.datetime) -> int:
    """How many CDAs somebody asked to be mailed after `since`, whatever became of the mails. An
    instant that lies ahead, of before a clock was set back, counts too."""
    row = reader.one(f"{_ASKED} AND {_WITH_CODES}", [username, since])
    return int(row[0]) if row else 0


def other_accounts(reader: Reader, recipient: str, account_no: str, since: dt.datetime) -> int:
    """How many accounts, this one aside, had CDAs mailed to an address after `since`."""
    row = reader.one(
        "SELECT count(DISTINCT o.account_no) FROM ops.outbox o"
        " WHERE lower(o.recipient) = lower(?) AND o.account_no <> ? AND o.requested_at > ?"
        f" AND o.state <> 'failed' AND {_WITH_CODES}",
        [recipient, account_no, since],
    )
    return row[0] if row else 0


def overdue_since(
    reader: Reader, account_no: str, serials: Sequence[str], today: dt.date
) -> dt.date | None:
    """The earliest payment whose date has passed, of these systems of an account."""
    row = reader.one(
        "SELECT min(next_payment_on) FROM system"
        f" WHERE account_no = ? AND serial IN ({_marks(serials)}) AND next_payment_on < ?",
        [account_no, *serials, today],
    )
    return row[0] if row else None


def unlocked_on(reader: Reader, serials: Sequence[str], since: dt.date) -> dt.date | None:
    """The newest unlock of any of these serials, `since` included."""
    row = reader.one(
        f"SELECT max(issued_on) FROM activation WHERE serial IN ({_marks(serials)})"
        " AND cause = ? AND issued_on >= ?",
        [*serials, Cause.UNLOCK.value, since],
    )
    return row[0] if row else None


def _marks(values: Sequence[str]) -> str:
    return ", ".join("?" * len(values)) or "NULL"
