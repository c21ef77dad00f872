"""Mails that the desk sends of its own accord: to an account's old address, to the managers.

Queued inside the caller's transaction, beside what they tell of; whoever commits wakes the worker.
"""

import dataclasses
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from lib.mail import address
from lib.mail.why import WHY
from lib.model.account import Account
from lib.model.actor import SYSTEM, Actor
from lib.model.approval import Approval
from lib.model.errors import AppError
from lib.model.outbox import MailKind, Request
from lib.model.roles import Role
from lib.model.text import mask_email
from lib.services.desk import Desk
from lib.store.database import Transaction
from lib.store.mail import outbox
from lib.store.people import staff
from lib.store.people.staff import Staff
from lib.store.reading import Reader

_REFERENCE = 8  # hexadecimal digits: easy to say on the phone, and found by the log's search

_SERIALS, _ACCOUNTS = 20, 3  # that a mail to the managers lists; the page has them all


def reference(mail_id: str) -> str:
    """What somebody who calls about a mail can quote.

    >>> reference("3fa9c01be2d84f0c")
    '3FA9C01B'
    """
    return mail_id[:_REFERENCE].upper()


def to_old_address(
    desk: Desk, transaction: Transaction, actor: Actor, before: Account, new_email: str
) -> str:
    """Tell the address that an account had until now; the mail's id, or "" when none can go there
    (none, not an address, or the same mailbox)."""
    if not takes_mail(before.email) or before.email.casefold() == new_email.casefold():
        return ""
    mail_id = uuid.uuid4().hex
    payload = {
        "masked_old": mask_email(before.email),
        "masked_new": mask_email(new_email),
        "reference": reference(mail_id),
    }
    to = (before.email, before.name)
    asked = _request(desk, MailKind.ADDRESS_CHANGED, mail_id, to, payload)
    asked = dataclasses.replace(asked, requested_by=actor.username, account_no=before.account_no)
    outbox.insert(transaction, asked)
    return mail_id


def to_managers(desk: Desk, transaction: Transaction, waiting: Sequence[Approval]) -> list[str]:
    """One mail to each manager about all that `waiting` holds; the addresses it goes to."""
    payload = _payload(transaction, waiting)
    people = managers(transaction, {each.asked_by for each in waiting})
    return to_people(desk, transaction, people, MailKind.APPROVAL_WAITING, payload)


def to_people(
    desk: Desk,
    transaction: Transaction,
    people: Sequence[Staff],
    kind: MailKind,
    payload: Mapping[str, Any],
) -> list[str]:
    """The same mail to each of them; the addresses it goes to."""
    for person in people:
        to = (person.email, person.name)
        outbox.insert(transaction, _request(desk, kind, uuid.uuid4().hex, to, payload))
    return [person.email for person in people]


def managers(reader: Reader, asking: Collection[str] = ()) -> list[Staff]:
    """Active managers with an e-mail; administrators when there are none. Nobody answers their own
    request, so somebody who alone asked needn't be told."""
    for role in (Role.MANAGER, Role.ADMIN):
        people = [
            person
            for person in staff.active_with(reader, role)
            if takes_mail(person.email) and set(asking) != {person.username}
        ]
        if people:
            return people
    return []


def _payload(transaction: Transaction, waiting: Sequence[Approval]) -> dict[str, Any]:
    asked = [r for a in waiting if (r := outbox.request(transaction, a.outbox_id))]
    return {
        "serials": _few(_once(s for r in asked for s in (r.serials or (r.serial,))), _SERIALS),
        "account_no": ", ".join(_few(_once(r.account_no for r in asked), _ACCOUNTS)),
        "asked_by_name": ", ".join(_names(transaction, _once(a.asked_by for a in waiting))),
        "why": _once(WHY[stop.rule] for a in waiting for stop in a.stops),
    }


def _names(transaction: Transaction, usernames: Iterable[str]) -> Iterator[str]:
    for username in usernames:
        person = staff.find(transaction, username)
        yield person.name if person else username


def _once(values: Iterable[str]) -> list[str]:
    """Each value once, in the order they came."""
    return list(dict.fromkeys(values))


def _few(values: list[str], most: int) -> list[str]:
    """The first ones, and how many more there are."""
    more = len(values) - most
    return [*values[:most], f"y {more} más"] if more > 0 else values


def takes_mail(email: str) -> bool:
    """Whether it is an address at all."""
    try:
        address.read(email)
    except AppError:
        return False
    return True


def _request(
    desk: Desk, kind: MailKind, mail_id: str, to: tuple[str, str], payload: Mapping[str, Any]
) -> Request:
    """A mail about no system and, so far, no account: the desk asks for it."""
    domain = desk.settings.mail.sender.rpartition("@")[2]
    return Request(
        id=mail_id,
        key=mail_id,
        serial="",
        account_no="",
        recipient=to[0],
        recipient_name=to[1],
        message_id=f"<{mail_id}@{domain}>",
        requested_by=SYSTEM.username,
        reason="",
        ticket="",
        kind=kind,
        payload=payload,
    )
