"""The log asked by what its rows have to do with each other: one mail's, one account's.

An entry's row is here what people read of it: without the chain's own columns but its hash.
"""

import datetime as dt
import json
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from lib.model.action import Action
from lib.store.reading import Reader

_READ = (
    "seq", "logged_at", "actor", "role", "address", "action", "outcome", "account_no", "serial",
    "reason", "ticket", "subject", "hash",
)  # fmt: skip
_FACTS = ", ".join(f"a.{name}" for name in _READ)
_WHOLE = f"SELECT {_FACTS}, d.detail FROM ops.audit a LEFT JOIN ops.audit_detail d ON d.seq = a.seq"
_SEEN_BY_ALL = tuple(name for name in _READ if name not in ("address", "subject", "hash"))

Row = dict[str, Any]


def find(reader: Reader, seq: int) -> Row | None:
    """One row with its detail, as it is stored; None when there is no such row."""
    return next(iter(_rows(reader, "a.seq = ?", [seq], 1)), None)


def of_subjects(
    reader: Reader, subjects: Collection[str], serial: str, since: dt.datetime, limit: int
) -> list[Row]:
    """What the log says of these mails and bulk resends after `since`, oldest first. Of a mail of
    several systems, what it says of this one and of the mail itself, which names none."""
    where = f"a.logged_at >= ? AND a.subject IN ({_marks(subjects)}) AND a.serial IN (?, '')"
    return _rows(reader, where, [since, *subjects, serial], limit)


def announced(reader: Reader, outbox_ids: Collection[str], limit: int) -> list[Row]:
    """The mails that told the managers that one of these waits: written at the very instant that
    its request keeps."""
    found = reader.rows(
        f"SELECT DISTINCT announced_at FROM ops.approval WHERE outbox_id IN ({_marks(outbox_ids)})"
        " AND announced_at IS NOT NULL",
        [*outbox_ids],
    )
    instants = [row[0] for row in found]
    if not instants:
        return []
    where = f"a.logged_at IN ({_marks(instants)}) AND a.action = ?"
    return _rows(reader, where, [*instants, Action.APPROVAL_ANNOUNCED.value], limit)


def address_edits(
    reader: Reader, account_no: str, since: dt.datetime, until: dt.datetime, limit: int
) -> list[Row]:
    """When somebody changed an account's e-mail within this time, oldest first."""
    where = "a.logged_at BETWEEN ? AND ? AND a.account_no = ? AND a.action = ?"
    values = [since, until, account_no, Action.CONTACT_CHANGED.value]
    found = _rows(reader, where, values, limit)
    return [row for row in found if "email" in json.loads(row["detail"] or "{}").get("new", {})]


def retries(reader: Reader, serial: str, account_no: str) -> dict[str, str]:
    """Which mail each retried one of a serial (or, without one, of an account) was tried again
    for, by its own id."""
    column, value = ("serial", serial) if serial else ("account_no", account_no)
    again = reader.rows(
        f"SELECT seq, subject FROM ops.audit WHERE {column} = ? AND action = ? AND outcome = 'ok'",
        [value, Action.RESEND_RETRIED.value],
    )
    if not again:  # as mostly: what they were for needn't be read
        return {}
    details = reader.rows(
        f"SELECT seq, detail FROM ops.audit_detail WHERE seq IN ({_marks(again)})",
        [row[0] for row in again],
    )
    before = {seq: json.loads(detail or "{}").get("retry_of", "") for seq, detail in details}
    return {subject: before[seq] for seq, subject in again if before.get(seq)}


def of_account(
    reader: Reader, account_no: str, actions: Sequence[Action], limit: int, *, whole: bool
) -> list[Row]:
    """An account's newest rows, newest first; of these acts only, where some are named. `whole`:
    with what else its readers may know: from where, of which mail, and the detail."""
    of_acts = f" AND a.action IN ({_marks(actions)})" if actions else ""
    where = f"WHERE a.account_no = ?{of_acts} ORDER BY a.seq DESC LIMIT ?"
    values = [account_no, *(action.value for action in actions), limit]
    if whole:
        return _named((*_READ, "detail"), reader.remembered(f"{_WHOLE} {where}", values))
    facts = ", ".join(f"a.{name}" for name in _SEEN_BY_ALL)
    asked = f"SELECT {facts} FROM ops.audit a {where}"
    return _named(_SEEN_BY_ALL, reader.remembered(asked, values))


def _rows(reader: Reader, where: str, values: Sequence[Any], limit: int) -> list[Row]:
    rows = reader.rows(f"{_WHOLE} WHERE {where} ORDER BY a.seq LIMIT ?", [*values, limit])
    return _named((*_READ, "detail"), rows)


def _named(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> list[Row]:
    return [dict(zip(names, row, strict=True)) for row in rows]


def _marks(values: Collection[Any]) -> str:
    return ", ".join("?" * len(values))
