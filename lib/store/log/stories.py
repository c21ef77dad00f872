"""The log asked by what its rows have to do with each other: one mail's, one account's.

An entry's row is here what people read of it: without the chain's own columns but its hash. Details
are asked for by their rows' numbers: a join would read those of millions to find a few.
"""

import datetime as dt
import json
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from lib.model.action import Action
from lib.store.reading import Reader, marks

_READ = (
    "seq", "logged_at", "actor", "role", "address", "action", "outcome", "account_no", "serial",
    "reason", "ticket", "subject", "versions", "session", "hash",
)  # fmt: skip
_NOT_SEEN_BY_ALL = frozenset({"address", "subject", "versions", "session", "hash"})
_SEEN_BY_ALL = tuple(name for name in _READ if name not in _NOT_SEEN_BY_ALL)

Row = dict[str, Any]


def find(reader: Reader, seq: int) -> Row | None:
    """One row with its detail, as it is stored; None when there is no such row."""
    return next(iter(_rows(reader, "seq = ?", [seq], 1)), None)


def of_subjects(
    reader: Reader, subjects: Collection[str], serial: str, since: dt.datetime, limit: int
) -> list[Row]:
    """What the log says of these mails and bulk resends after `since`, oldest first. Of a mail of
    several systems, what it says of this one and of the mail itself, which names none."""
    where = f"logged_at >= ? AND subject IN ({marks(subjects)}) AND serial IN (?, '')"
    return _rows(reader, where, [since, *subjects, serial], limit)


def announced(reader: Reader, outbox_ids: Collection[str], limit: int) -> list[Row]:
    """The mails that told the managers that one of these waits: written at the very instant that
    its request keeps."""
    found = reader.rows(
        f"SELECT DISTINCT announced_at FROM ops.approval WHERE outbox_id IN ({marks(outbox_ids)})"
        " AND announced_at IS NOT NULL",
        [*outbox_ids],
    )
    instants = [row[0] for row in found]
    if not instants:
        return []
    where = f"logged_at IN ({marks(instants)}) AND action = ?"
    return _rows(reader, where, [*instants, Action.APPROVAL_ANNOUNCED.value], limit)


def address_edits(
    reader: Reader, account_no: str, since: dt.datetime, until: dt.datetime, limit: int
) -> list[Row]:
    """When somebody changed an account's e-mail within this time, oldest first."""
    where = "logged_at BETWEEN ? AND ? AND account_no = ? AND action = ?"
    values = [since, until, account_no, Action.CONTACT_CHANGED.value]
    found = _rows(reader, where, values, limit)
    return [row for row in found if "email" in _said(row["detail"], "new")]


def retries(reader: Reader, serial: str, account_no: str) -> dict[str, str]:
    """Which mail each retried one of a serial (or, without one, of an account) was tried again
    for, by its own id."""
    column, value = ("serial", serial) if serial else ("account_no", account_no)
    again = reader.rows(
        f"SELECT seq, subject FROM log_row WHERE {column} = ? AND action = ? AND outcome = 'ok'",
        [value, Action.RESEND_RETRIED.value],
    )
    if not again:  # as mostly: what they were for needn't be read
        return {}
    details = reader.rows(
        f"SELECT seq, detail FROM ops.audit_detail WHERE seq IN ({marks(again)})",
        [row[0] for row in again],
    )
    before = {seq: _said(detail, "retry_of") for seq, detail in details}
    return {subject: before[seq] for seq, subject in again if before.get(seq)}


def of_account(
    reader: Reader, account_no: str, actions: Sequence[Action], limit: int, *, whole: bool
) -> list[Row]:
    """An account's newest rows, newest first; of these acts only, where some are named. `whole`:
    with what else its readers may know: from where, of which mail, and the detail."""
    of_acts = f" AND action IN ({marks(actions)})" if actions else ""
    where = f"account_no = ?{of_acts} ORDER BY seq DESC LIMIT ?"
    values = [account_no, *(action.value for action in actions), limit]
    names = _READ if whole else _SEEN_BY_ALL
    asked = f"SELECT {', '.join(names)} FROM log_row WHERE {where}"
    found = _named(names, reader.remembered(asked, values))
    return _with_details(reader, found) if whole else found


def _rows(reader: Reader, where: str, values: Sequence[Any], limit: int) -> list[Row]:
    asked = f"SELECT {', '.join(_READ)} FROM log_row WHERE {where} ORDER BY seq LIMIT ?"
    return _with_details(reader, _named(_READ, reader.rows(asked, [*values, limit])))


def _with_details(reader: Reader, rows: list[Row]) -> list[Row]:
    """The same with `detail`: JSON as it was logged, None where it was erased."""
    if not rows:
        return rows
    found = reader.rows(
        f"SELECT seq, detail FROM ops.audit_detail WHERE seq IN ({marks(rows)})",
        [row["seq"] for row in rows],
    )
    details = dict(found)
    return [{**row, "detail": details.get(row["seq"])} for row in rows]


def _said(detail: str | None, name: str) -> Any:
    """One thing of a detail; "" when it was erased, or altered by who had no business here."""
    try:
        return json.loads(detail or "{}").get(name) or ""
    except (ValueError, AttributeError):
        return ""


def _named(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> list[Row]:
    return [dict(zip(names, row, strict=True)) for row in rows]
