"""Finding a customer's account and correcting what it says."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from lib.model import contact
from lib.model.account import FIELDS, Account, Section
from lib.model.action import Action, Entry
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.roles import Permission
from lib.services.desk import Desk
from lib.services.outgoing import notices
from lib.store.database import Transaction
from lib.store.mail import bounces
from lib.store.records import accounts, corrections

_ACTIONS: dict[Section, Action] = {
    Section.CONTACT: Action.CONTACT_CHANGED,
    Section.BILLING: Action.BILLING_CHANGED,
    Section.SHIPPING: Action.SHIPPING_CHANGED,
}


def find(desk: Desk, actor: Actor, account_no: str) -> Account:
    """Raises AppError(FORBIDDEN | UNKNOWN_ACCOUNT)."""
    desk.require(actor, Permission.FIND)
    account = accounts.find(desk.store, account_no)
    if account is None:
        raise AppError(Reason.UNKNOWN_ACCOUNT, account_no=account_no)
    return account


def open_whole(desk: Desk, actor: Actor, account_no: str) -> None:
    """Say in the log that this person sees the whole of what screens show masked of an account.
    Raises AppError(FORBIDDEN | UNKNOWN_ACCOUNT)."""
    desk.require(actor, Permission.FIND)

    def seen(transaction: Transaction) -> None:
        if accounts.find(transaction, account_no) is None:
            raise AppError(Reason.UNKNOWN_ACCOUNT, account_no=account_no)
        transaction.log(actor, Entry(Action.DATA_SEEN, account_no=account_no))

    desk.store.write(seen)


def failing_since(desk: Desk, actor: Actor, account: Account) -> dt.datetime | None:
    """Since when mail to the address on record comes back; None when it doesn't. Raises
    AppError(FORBIDDEN)."""
    desk.require(actor, Permission.FIND)
    return bounces.failing(desk.store, [account.email]).get(account.email.strip().lower())


def correct(
    desk: Desk,
    actor: Actor,
    account_no: str,
    section: Section,
    typed: Mapping[str, str],
    version: int,
) -> Account:
    """Save one tab's fields over the vendor's and log old and new, in one transaction.

    When the e-mail changes, a mail that says so is queued to the old one in the same transaction,
    with a reference (lib/services/outgoing/notices.py) that leads to this entry of the log.

    `version` is the Account.version the person was looking at. Raises AppError: FORBIDDEN,
    UNKNOWN_ACCOUNT, INVALID_FIELD (facts: errors by field), NOTHING_CHANGED, CHANGED_MEANWHILE
    when somebody corrected the account since.
    """
    desk.require(actor, Permission.CORRECT)

    def save(transaction: Transaction) -> Account:
        before = accounts.find(transaction, account_no)
        if before is None:
            raise AppError(Reason.UNKNOWN_ACCOUNT, account_no=account_no)
        if before.version != version:
            raise AppError(Reason.CHANGED_MEANWHILE)
        new = _changes(section, typed, before)
        corrections.lay(transaction, account_no, new, actor.username)
        notice = ""
        if "email" in new:
            notice = notices.to_old_address(desk, transaction, actor, before, new["email"])
            bounces.confirm(transaction, new["email"])
        transaction.log(actor, _entry(section, before, new, notice))
        return accounts.find(transaction, account_no) or before

    saved = desk.store.write(save)
    if section is Section.CONTACT:
        desk.mail_waiting.set()
    return saved


def _entry(section: Section, before: Account, new: dict[str, str], notice: str) -> Entry:
    """`notice` is the id of the mail to the old address, "" when there is none."""
    old = {field: getattr(before, field) for field in new}
    detail: dict[str, Any] = {"old": old, "new": new}
    if notice:
        detail["reference"] = notices.reference(notice)
    return Entry(_ACTIONS[section], account_no=before.account_no, subject=notice, detail=detail)


def _changes(section: Section, typed: Mapping[str, str], before: Account) -> dict[str, str]:
    """What to store. A value that stays as the vendor wrote it is never an error."""
    checked = contact.check(section, typed)
    touched = {f for f in FIELDS[section] if contact.clean(typed[f]) != getattr(before, f)}
    errors = {f: problem for f, problem in checked.errors.items() if f in touched}
    if errors:
        raise AppError(Reason.INVALID_FIELD, errors=errors)
    changes = {f: checked.values[f] for f in FIELDS[section] if f in touched}
    changes = {f: value for f, value in changes.items() if value != getattr(before, f)}
    if not changes:
        raise AppError(Reason.NOTHING_CHANGED)
    return changes
