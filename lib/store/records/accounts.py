"""Questions about accounts as the desk shows them: the vendor's values, corrections over them."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from lib.model.account import EDITABLE, Account
from lib.model.action import Action
from lib.store.reading import Reader, marks

_EVER = dt.datetime(1, 1, 1)  # noqa: DTZ001 - stored instants carry no zone
# Two lookups by key, laid over one another here: what the view `customer` says of all accounts, but
# its join takes four times as long for a few, and each resend asks.
_FIELDS = ", ".join(EDITABLE)
_LOADED = f"SELECT account_no, registered_on, {_FIELDS} FROM account WHERE account_no IN ({{}})"
_CORRECTED = f"SELECT account_no, version, {_FIELDS} FROM ops.correction WHERE account_no IN ({{}})"
_AS_LOADED: tuple[Any, ...] = (0, *(None for _ in EDITABLE))


@dataclass(frozen=True)
class AddressChange:
    """When an account's e-mail was last corrected at the desk (UTC), and by whom."""

    changed_at: dt.datetime
    changed_by: str


@dataclass(frozen=True)
class AddressEdit:
    """One correction of an account's e-mail at the desk, with both addresses. `notice` is the id
    of the mail that told the old one; "" when nothing could be sent there."""

    changed_at: dt.datetime
    changed_by: str
    old: str
    new: str
    notice: str


def address_edits(reader: Reader, account_no: str, limit: int) -> list[AddressEdit]:
    """The newest corrections of an account's e-mail, newest first, less what was erased."""
    rows = reader.rows(
        "SELECT a.logged_at, a.actor, json_extract_string(d.detail, '$.old.email'),"
        " json_extract_string(d.detail, '$.new.email'), a.subject"
        " FROM log_row a JOIN ops.audit_detail d ON d.seq = a.seq"
        " WHERE a.account_no = ? AND a.action = ?"
        " AND json_extract_string(d.detail, '$.new.email') IS NOT NULL"
        " ORDER BY a.seq DESC LIMIT ?",
        [account_no, Action.CONTACT_CHANGED.value, limit],
    )
    return [AddressEdit(at, by, old or "", new, notice) for at, by, old, new, notice in rows]


def address_change(reader: Reader, account_no: str) -> AddressChange | None:
    """The newest correction of an account's e-mail, as the log tells it; None when there was
    none."""
    return address_changes(reader, [account_no], _EVER, erased=False).get(account_no)


def address_changes(
    reader: Reader, account_nos: Collection[str], since: dt.datetime, *, erased: bool = True
) -> dict[str, AddressChange]:
    """The newest correction after `since` of each of these accounts' e-mail that had one; `erased`:
    one whose details are gone may have been of the e-mail, and erasing them lifts no stop."""
    if not account_nos:
        return {}
    edits = reader.rows(
        "SELECT seq, account_no, logged_at, actor FROM log_row"
        f" WHERE account_no IN ({marks(account_nos)}) AND action = ? AND logged_at > ?"
        " ORDER BY seq",
        [*account_nos, Action.CONTACT_CHANGED.value, since],
    )
    if not edits:  # as mostly: what they changed needn't be read
        return {}
    rows = reader.rows(
        "SELECT seq, json_extract_string(detail, '$.new.email') IS NOT NULL FROM ops.audit_detail"
        f" WHERE seq IN ({marks(edits)})",
        [edit[0] for edit in edits],
    )
    known = dict(rows)
    return {number: AddressChange(*said) for seq, number, *said in edits if known.get(seq, erased)}


def find(reader: Reader, account_no: str) -> Account | None:
    return some(reader, [account_no]).get(account_no)


def some(reader: Reader, account_nos: Collection[str]) -> dict[str, Account]:
    """Those of these accounts that there are, by number."""
    if not account_nos:
        return {}
    listed, numbers = marks(account_nos), [*account_nos]
    loaded = reader.rows(_LOADED.format(listed), numbers)
    corrected = {row[0]: row[1:] for row in reader.rows(_CORRECTED.format(listed), numbers)}
    return {row[0]: _account(row, corrected.get(row[0], _AS_LOADED)) for row in loaded}


def _account(loaded: Sequence[Any], corrected: Sequence[Any]) -> Account:
    number, registered_on, *before = loaded
    version, *typed = corrected
    values = [old if new is None else new for old, new in zip(before, typed, strict=True)]
    return Account(
        account_no=number,
        **dict(zip(EDITABLE, values, strict=True)),
        registered_on=registered_on,
        version=version,
        corrected=tuple(
            field for field, old, new in zip(EDITABLE, before, values, strict=True) if new != old
        ),
    )
