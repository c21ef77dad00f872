"""The policy's versions, and what its rules count: the desk's own rows, small beside the ref's."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from lib.model import policy
from lib.model.policy import PLAIN, Policy
from lib.model.system import Cause
from lib.store.database import Transaction
from lib.store.reading import Reader, marks

# A mail that brings CDAs to a customer; rows of before there were other kinds say nothing.
_WITH_CODES = "coalesce(o.kind, 'resend') IN ('resend', 'resend_many')"
_ASKED = f"""
SELECT count(*) FILTER (o.serial <> ''), list(o.id) FILTER (o.serial = '') FROM ops.outbox o
WHERE o.requested_by = ? AND o.requested_at > ? AND o.problem <> 'cancelled' AND {_WITH_CODES}
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
    rows = reader.remembered("SELECT policy, version FROM ops.policy ORDER BY version DESC LIMIT 1")
    return policy.parse(*rows[0]) if rows else PLAIN


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
    taken = transaction.changed(
        "UPDATE ops.quota_turn SET turns = turns + 1 WHERE username = ?", [username]
    )
    if not taken:
        transaction.run("INSERT INTO ops.quota_turn VALUES (?, 1)", [username])


def asked(reader: Reader, username: str, since: dt.datetime) -> int:
    """How many CDAs somebody asked to be mailed after `since`, whatever became of the mails but
    those taken back before they left. An instant that lies ahead, of before a clock was set back,
    counts too."""
    single, of_several = reader.rows(_ASKED, [username, since])[0]
    if not of_several:
        return int(single)
    row = reader.one(
        f"SELECT count(*) FROM ops.outbox_serial WHERE outbox_id IN ({marks(of_several)})",
        of_several,
    )
    return int(single) + (row[0] if row else 0)


def other_accounts(
    reader: Reader, addresses: Mapping[str, str], since: dt.datetime
) -> dict[str, int]:
    """How many accounts, each one aside, had CDAs mailed to its address after `since`; of those
    that had any. `addresses` in lower case, by account."""
    if not addresses:
        return {}
    wanted = set(addresses.values())
    rows = reader.rows(
        "SELECT lower(o.recipient), list(DISTINCT o.account_no) FROM ops.outbox o"
        f" WHERE lower(o.recipient) IN ({marks(wanted)}) AND o.requested_at > ?"
        f" AND o.state <> 'failed' AND {_WITH_CODES} GROUP BY ALL",
        [*wanted, since],
    )
    mailed = {address: set(numbers) for address, numbers in rows}
    counts = {
        number: len(mailed.get(address, set()) - {number}) for number, address in addresses.items()
    }
    return {number: count for number, count in counts.items() if count}


def unlocked_on(reader: Reader, serials: Collection[str], since: dt.date) -> dict[str, dt.date]:
    """The newest unlock of each of these serials that had one, `since` included."""
    if not serials:
        return {}
    rows = reader.rows(
        # Only the serials where the engine would look for a key: it uses none beside other terms.
        "SELECT serial, max(issued_on) FILTER (cause = ? AND issued_on >= ?) AS day"
        f" FROM activation WHERE serial IN ({marks(serials)}) GROUP BY serial",
        [Cause.UNLOCK.value, since, *serials],
    )
    return {serial: day for serial, day in rows if day is not None}
