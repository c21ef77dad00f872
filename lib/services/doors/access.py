"""The doors: who comes in, who is in, who leaves."""

import re
import secrets
from dataclasses import dataclass, replace
from datetime import timedelta

from lib.model import clock
from lib.model.action import Action, Entry, Outcome
from lib.model.actor import SYSTEM, Actor
from lib.model.client import NO_CLIENT, Client
from lib.model.contact import is_address
from lib.model.errors import AppError, Reason
from lib.model.news import News
from lib.model.roles import Permission, Role
from lib.model.text import fold
from lib.services import demonstration
from lib.services.desk import Desk
from lib.services.doors import (
    attempts,
    emergency,
    factors,
    password_rules,
    passwords,
    proving,
    telling,
)
from lib.services.doors.opening import SignedIn, hashed, open_session
from lib.services.doors.telling import Piece
from lib.store.database import Transaction
from lib.store.people import devices, password_links, sessions, staff
from lib.store.people.staff import Staff

IDLE = timedelta(minutes=20)
_TOUCH_EVERY = timedelta(seconds=60)
TICKET_LIFE = 2 * _TOUCH_EVERY  # since its session was last used: who acts in it is in time
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")


def add_staff(
    desk: Desk, actor: Actor, username: str, name: str, email: str, role: Role, password: str
) -> None:
    """Raises AppError: FORBIDDEN, BAD_USERNAME, BAD_STAFF_EMAIL, USERNAME_TAKEN, and what
    password_rules.check raises.

    `email` may be empty.
    """
    desk.require(actor, Permission.MANAGE_STAFF)
    username = new_username(username)
    if email and not is_address(email):
        raise AppError(Reason.BAD_STAFF_EMAIL)
    if not desk.settings.demo:  # whose passwords stand on its door
        password_rules.check(password, (username, name, email))
    person = Staff(username, name, email, role, passwords.hashed(password), True, 1)
    entry = Entry(
        Action.STAFF_ADDED, subject=username, detail={"name": name, "email": email, "role": role}
    )

    def work(transaction: Transaction) -> None:
        if staff.find(transaction, username):
            raise AppError(Reason.USERNAME_TAKEN)
        staff.add(transaction, person)
        transaction.log(actor, entry)

    desk.store.write(work)


def new_username(typed: str) -> str:
    """As it is stored. Raises AppError(BAD_USERNAME)."""
    username = fold(typed)
    if not _USERNAME.fullmatch(username) or username == SYSTEM.username:
        raise AppError(Reason.BAD_USERNAME)
    return username


def has_staff(desk: Desk) -> bool:
    """Whether anybody can sign in at all: a new desk has nobody yet."""
    return staff.anybody(desk.store)


def is_staff(desk: Desk, username: str) -> bool:
    """Whether somebody has this username, active or not."""
    return staff.find(desk.store, fold(username)) is not None


def sign_in(
    desk: Desk, username: str, password: str, address: str = "", client: Client = NO_CLIENT
) -> SignedIn | factors.HalfWay:
    """Open a session, or the way to it when a second factor comes first. Raises
    AppError(BAD_CREDENTIALS) alike for every failure.

    An unknown person, a wrong password, a disabled one and a throttled attempt cost the same:
    one hash, then one transaction.
    """
    typed, username = username.strip(), fold(username)
    known = staff.find(desk.store, username)
    right = passwords.matches(password, known.password_hash if known else passwords.NOBODY)
    if password == demonstration.PASSWORD and not desk.settings.demo:
        right = False  # people of a demonstration, in a database that came from one

    def work(transaction: Transaction) -> SignedIn | factors.HalfWay | None:
        person = staff.find(transaction, username)
        attempt = attempts.to_sign_in(transaction, username, address, client.device)
        opens = _opens(desk, transaction, person or _STRANGER, attempt)
        if right and person == known and person and opens:
            attempt.succeeded()
            emergency.note(desk, transaction, person, address)
            door = emergency.entrance(desk)
            if factors.needed(desk, transaction, person):
                return factors.half_way(transaction, person, address, door, client)
            return open_session(desk, transaction, person, address, entrance=door, client=client)
        attempt.failed()
        subject = person.username if person else ""
        _log_failure(transaction, typed, subject, address)
        return None

    opened = desk.store.write(work)
    if opened is None:
        raise AppError(Reason.BAD_CREDENTIALS)
    return opened


def _opens(desk: Desk, transaction: Transaction, person: Staff, attempt: attempts.Attempt) -> bool:
    """Whether a right password of this person's opens anything now: others' guesses at a name keep
    nobody out who has more than a password to show.

    Asked whatever was typed, and all of it whatever comes first: the time it takes says nothing.
    """
    has_factor = bool(proving.factors_of(transaction, person.username))
    takes_password = emergency.opens(desk, transaction, person)
    waits = attempt.blocked and not (has_factor and attempt.blocked_by_strangers_alone)
    return person.active and not waits and takes_password


def _log_failure(transaction: Transaction, typed: str, subject: str, address: str) -> None:
    """What was typed goes only to the erasable detail: people type passwords there."""
    entry = Entry(
        Action.SIGN_IN_FAILED, Outcome.REFUSED, subject=subject, detail={"typed": typed[:80]}
    )
    transaction.log(replace(SYSTEM, address=address), entry)


def redeem(desk: Desk, ticket: str, device: str = "") -> str | None:
    """The cookie's value for a ticket, once and within TICKET_LIFE; None for any other ticket. Who
    enrolled a factor reads recovery codes, for as long as it takes, between sign-in and page.

    `device` is the hash of what the browser's other cookie holds, the one that it keeps: from now
    on this person is known in that browser.
    """
    cookie = secrets.token_urlsafe(32)

    def work(transaction: Transaction) -> bool:
        lately = transaction.now - TICKET_LIFE
        opened = sessions.redeem(transaction, hashed(ticket), hashed(cookie), lately)
        if opened is None:
            return False
        if device:
            username, browser = opened
            devices.seen(transaction, username, Client(device, browser))
        return True

    return cookie if ticket and desk.store.write(work) else None


def actor_of_cookie(
    desk: Desk, cookie: str, address: str = "", *, touch: bool = True
) -> Actor | None:
    """Who holds this cookie now, read from the database; None when nobody."""
    live = sessions.by_cookie(desk.store, hashed(cookie), clock.now(), IDLE)
    return _actor(desk, live, address, touch)


def actor_of_session(
    desk: Desk, session: str, address: str = "", *, touch: bool = True
) -> Actor | None:
    """Who this session (by its public id) belongs to now; None when it no longer counts.

    The id proves nothing: ask only on the very connection that signed in.
    """
    return _actor(desk, sessions.by_id(desk.store, session, clock.now(), IDLE), address, touch)


# Asked about in place of somebody who isn't there: it takes as long.
_STRANGER = Staff("", "", "", Role.AGENT, "", active=False, credential_version=0)


@dataclass(frozen=True)
class Ending:
    """When a session ends if nothing is done; `idle`: doing something puts it off."""

    left: timedelta
    idle: bool


def ending(desk: Desk, actor: Actor) -> Ending:
    """Raises AppError(SIGNED_OUT)."""
    now = clock.now()
    live = sessions.by_id(desk.store, actor.session, now, IDLE)
    if live is None:
        raise AppError(Reason.SIGNED_OUT)
    idle, whole = live.seen_at + IDLE - now, live.expires_at - now
    return Ending(min(idle, whole), idle < whole)


def _actor(desk: Desk, live: sessions.Live | None, address: str, touch: bool) -> Actor | None:
    if live is None:
        return None
    if touch and clock.now() - live.seen_at > _TOUCH_EVERY:
        desk.store.write(lambda t: sessions.touch(t, live.id))
    return Actor(live.username, live.name, live.role, live.id, address)


def sign_out(desk: Desk, actor: Actor) -> None:
    """End the session everywhere. Ending it twice does nothing more."""

    def work(transaction: Transaction) -> None:
        if sessions.end(transaction, actor.session):
            transaction.log(actor, Entry(Action.SIGNED_OUT, subject=actor.username))

    desk.store.write(work)


def change_password(desk: Desk, actor: Actor, current: str, new: str, repeated: str) -> None:
    """Change one's own password and end one's other sessions.

    Raises AppError: FORBIDDEN, PASSWORDS_DIFFER, SAME_PASSWORD, WRONG_PASSWORD (also while too
    many wrong ones were tried), SIGNED_OUT, and what password_rules.check raises.
    """
    desk.require(actor, Permission.OWN_PROFILE)
    known = staff.find(desk.store, actor.username)
    if known is None:
        raise AppError(Reason.SIGNED_OUT)
    if passwords.normal(new) != passwords.normal(repeated):
        raise AppError(Reason.PASSWORDS_DIFFER)
    password_rules.check(new, (known.username, known.name, known.email))
    right = passwords.matches(current, known.password_hash)
    if right and passwords.normal(new) == passwords.normal(current):
        raise AppError(Reason.SAME_PASSWORD)
    fresh_hash = passwords.hashed(new)

    def work(transaction: Transaction) -> bool:
        attempt = attempts.to_confirm(transaction, actor.username, actor.session)
        if attempt.blocked or not right or staff.find(transaction, actor.username) != known:
            attempt.failed()
            reason, subject = Reason.WRONG_PASSWORD.value, actor.username
            tried = Entry(Action.PASSWORD_CHANGED, Outcome.REFUSED, reason=reason, subject=subject)
            transaction.log(actor, tried)
            return False
        attempt.succeeded()
        version = staff.set_password(transaction, actor.username, fresh_hash)
        sessions.carry_over(transaction, actor.session, version)
        password_links.end_all(transaction, actor.username)
        transaction.log(actor, Entry(Action.PASSWORD_CHANGED, subject=actor.username))
        telling.tell(desk, transaction, Piece(News.PASSWORD, actor.username, actor))
        return True

    if not desk.store.write(work):
        raise AppError(Reason.WRONG_PASSWORD)
