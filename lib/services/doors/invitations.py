"""A person's own password by a link in a mail: when they are invited, and when it was forgotten.

The link works once, for LINK_LIFE, and until a newer one is sent. Its secret lies sealed in the
mail that waits (lib/services/doors/seeds.py) and hashed in the database. A factor stays what it
was: a link sets a password and opens nothing (ASVS 5.0, 6.4.3).
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from lib.model import clock
from lib.model.action import Action, Entry
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.news import News
from lib.model.outbox import MailKind
from lib.model.roles import Permission, Role
from lib.services.desk import Desk
from lib.services.doors import (
    access,
    attempts,
    confirming,
    emergency,
    password_rules,
    passwords,
    seeds,
    telling,
)
from lib.services.doors.opening import hashed
from lib.services.doors.telling import Piece
from lib.services.outgoing import notices
from lib.store.database import Transaction
from lib.store.people import devices, password_links, staff
from lib.store.people.staff import Staff
from lib.store.reading import Reader

LINK_LIFE = timedelta(hours=24)
_MOST_NAME = 120  # characters
LINK_QUERY = "enlace"  # in the address that the mail holds


@dataclass(frozen=True)
class Invited:
    """Somebody to be invited, as typed."""

    username: str
    name: str
    email: str
    role: Role


def invite(desk: Desk, actor: Actor, typed: Invited) -> str:
    """Add a person and mail them the link; their username.

    Raises AppError: FORBIDDEN, CONFIRM_FIRST, NO_DESK_ADDRESS, BAD_USERNAME, NO_NAME,
    BAD_STAFF_EMAIL, USERNAME_TAKEN.
    """
    desk.require(actor, Permission.MANAGE_STAFF)
    confirming.require(desk, actor)
    person = _person(desk, typed)
    detail = {"name": person.name, "email": person.email, "role": person.role}

    def work(transaction: Transaction) -> None:
        if staff.find(transaction, person.username):
            raise AppError(Reason.USERNAME_TAKEN)
        staff.add(transaction, person)
        if emergency.opens(desk, transaction, person):
            _send(desk, transaction, actor, person, MailKind.STAFF_INVITED)
        else:
            _welcome(desk, transaction, actor, person)
        entry = Entry(Action.STAFF_ADDED, subject=person.username, detail=detail)
        transaction.log(actor, entry)

    desk.store.write(work)
    desk.mail_waiting.set()
    return person.username


def _person(desk: Desk, typed: Invited) -> Staff:
    name, email = typed.name.strip(), typed.email.strip()
    if not desk.settings.url:
        raise AppError(Reason.NO_DESK_ADDRESS)
    username = access.new_username(typed.username)
    if not name or len(name) > _MOST_NAME:
        raise AppError(Reason.NO_NAME, most=_MOST_NAME)
    if not notices.takes_mail(email):
        raise AppError(Reason.BAD_STAFF_EMAIL)
    return Staff(
        username, name, email, typed.role, passwords.NOBODY, active=True, credential_version=1
    )


def send_link(desk: Desk, actor: Actor, username: str) -> None:
    """Mail somebody a link to set a new password; the one they have works until they do.

    Raises AppError: FORBIDDEN, CONFIRM_FIRST, NO_DESK_ADDRESS, UNKNOWN_PERSON, BAD_STAFF_EMAIL,
    PASSWORDS_SHUT.
    """
    desk.require(actor, Permission.MANAGE_STAFF)
    confirming.require(desk, actor)
    if not desk.settings.url:
        raise AppError(Reason.NO_DESK_ADDRESS)

    def work(transaction: Transaction) -> None:
        person = staff.find(transaction, username)
        if person is None or not person.active:
            raise AppError(Reason.UNKNOWN_PERSON)
        if not notices.takes_mail(person.email):
            raise AppError(Reason.BAD_STAFF_EMAIL)
        if not emergency.opens(desk, transaction, person):
            raise AppError(Reason.PASSWORDS_SHUT)
        _send(desk, transaction, actor, person, MailKind.PASSWORD_LINK)
        detail = {"recipient": person.email}
        transaction.log(actor, Entry(Action.PASSWORD_LINK_SENT, subject=username, detail=detail))

    desk.store.write(work)
    desk.mail_waiting.set()


def link_in_hand(desk: Desk, actor: Actor, username: str) -> str:
    """The link itself, for who works at the server to hand to whose it is; nothing is mailed.

    Raises AppError: FORBIDDEN, also for anybody with a session (nobody at the desk comes by another
    person's link: ASVS 5.0, 6.4.6), UNKNOWN_PERSON.
    """
    desk.require(actor, Permission.MANAGE_STAFF)
    if actor.session:
        raise AppError(Reason.FORBIDDEN, permission=Permission.MANAGE_STAFF.value)
    token = secrets.token_urlsafe(32)

    def work(transaction: Transaction) -> None:
        person = staff.find(transaction, username)
        if person is None or not person.active:
            raise AppError(Reason.UNKNOWN_PERSON)
        until = transaction.now + LINK_LIFE
        password_links.add(transaction, hashed(token), username, actor.username, until)
        transaction.log(actor, Entry(Action.PASSWORD_LINK_MADE, subject=username))

    desk.store.write(work)
    return _address(desk, token)


def _welcome(desk: Desk, transaction: Transaction, actor: Actor, person: Staff) -> None:
    """Where a password would open nothing: they come in with the company's account."""
    payload = {
        "username": person.username,
        "by": actor.name,
        "link": f"{desk.settings.url}/",
        "account": "company",
    }
    notices.to_people(desk, transaction, [person], MailKind.STAFF_INVITED, payload)


def _send(
    desk: Desk, transaction: Transaction, actor: Actor, person: Staff, kind: MailKind
) -> None:
    token = secrets.token_urlsafe(32)
    until = transaction.now + LINK_LIFE
    password_links.add(transaction, hashed(token), person.username, actor.username, until)
    payload = {
        "username": person.username,
        "by": actor.name,
        "sealed": seeds.seal(desk, person.username, token.encode()).hex(),
    }
    notices.to_people(desk, transaction, [person], kind, payload)


def link(desk: Desk, payload: Mapping[str, Any]) -> str:
    """The address in such a mail. Raises AppError(DOORS_KEY_WRONG)."""
    sealed = bytes.fromhex(payload["sealed"])
    token = seeds.unseal(desk, payload["username"], sealed).decode()
    return _address(desk, token)


def _address(desk: Desk, token: str) -> str:
    """Without MESA_URL, as the server's own machine opens it."""
    return f"{desk.settings.url or f'http://localhost:{desk.settings.port}'}/?{LINK_QUERY}={token}"


# ---- with the link -------------------------------------------------------------------------------


def whose(desk: Desk, token: str) -> str:
    """The username whose password it sets. Raises AppError(LINK_OVER)."""
    return _whose(desk.store, clock.now(), token)


def accept(desk: Desk, token: str, password: str, repeated: str, address: str = "") -> str:
    """Set the password of whose link it is, end their sessions; their username.

    Raises AppError: LINK_OVER, PASSWORDS_DIFFER, and what password_rules.check raises.
    """
    if passwords.normal(password) != passwords.normal(repeated):
        raise AppError(Reason.PASSWORDS_DIFFER)
    person = staff.find(desk.store, whose(desk, token))
    assert person
    password_rules.check(password, (person.username, person.name, person.email))
    fresh_hash = passwords.hashed(password)

    def work(transaction: Transaction) -> str:
        username = _whose(transaction, transaction.now, token)
        person = staff.find(transaction, username)
        assert person
        staff.set_password(transaction, username, fresh_hash)
        password_links.end_all(transaction, username)
        actor = replace(Actor(username, person.name, person.role), address=address)
        transaction.log(actor, Entry(Action.PASSWORD_CHANGED, subject=username))
        attempts.forgive(transaction, username)
        devices.forget(transaction, username)
        news = News.FIRST_PASSWORD if passwords.is_none(person.password_hash) else News.PASSWORD
        telling.tell(desk, transaction, Piece(news, username, actor))
        return username

    return desk.store.write(work)


def _whose(source: Reader, now: datetime, token: str) -> str:
    username = password_links.whose(source, hashed(token), now)
    if username is None:
        raise AppError(Reason.LINK_OVER)
    return username
