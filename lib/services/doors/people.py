"""Who works at the desk: their role, whether they may come in, their open sessions.

Nobody changes their own role or state, and one administrator always stays. A new role or state is
a new credential version (lib/store/people/staff.py): every session of that person ends with it.
"""

from dataclasses import dataclass

from lib.model import clock
from lib.model.action import Action, Entry
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.news import News
from lib.model.roles import Permission, Role
from lib.services.desk import Desk
from lib.services.doors import confirming, proving, telling
from lib.services.doors.access import IDLE
from lib.services.doors.opening import Proof
from lib.services.doors.telling import Piece
from lib.services.outgoing import notices
from lib.store.database import Transaction
from lib.store.people import devices, password_links, sessions, staff
from lib.store.people import single_sign_on as company
from lib.store.people.sessions import OpenSession
from lib.store.people.staff import Listed, Staff


@dataclass(frozen=True)
class Person:
    """Somebody of the staff with the sessions they have open. `linked`: they have an account of the
    company's provider; `breaks_glass`: their password opens when only the provider does."""

    listed: Listed
    sessions: tuple[OpenSession, ...]
    factors: frozenset[Proof]
    linked: bool
    breaks_glass: bool


def everybody(desk: Desk, actor: Actor) -> list[Person]:
    """By username; those who left too. Raises AppError(FORBIDDEN)."""
    desk.require(actor, Permission.MANAGE_STAFF)
    having = proving.factors_of_everybody(desk.store)
    inside = sessions.open_now(desk.store, clock.now(), IDLE)
    linked, marked = company.everybody_linked(desk.store), company.everybody_marked(desk.store)
    return [
        Person(
            one,
            tuple(inside.get(username, ())),
            having.get(username, frozenset()),
            username in linked,
            username in marked,
        )
        for one in staff.everybody(desk.store)
        for username in [one.person.username]
    ]


def change_role(desk: Desk, actor: Actor, seen: Staff, role: Role) -> None:
    """Give a person, as they were seen, another role.

    Raises AppError: FORBIDDEN, CONFIRM_FIRST, OWN_ROLE, LAST_ADMIN, UNKNOWN_PERSON,
    PERSON_CHANGED_MEANWHILE, NOTHING_CHANGED.
    """
    desk.require(actor, Permission.MANAGE_STAFF)
    confirming.require(desk, actor)
    if seen.username == actor.username:
        raise AppError(Reason.OWN_ROLE)
    if seen.role is role:
        raise AppError(Reason.NOTHING_CHANGED)
    detail = {"old": {"role": seen.role.value}, "new": {"role": role.value}}

    def work(transaction: Transaction) -> None:
        _require_unchanged(transaction, seen)
        if role is not Role.ADMIN:
            _require_another_admin(transaction, seen)
        staff.set_role(transaction, seen.username, role)
        entry = Entry(Action.ROLE_CHANGED, subject=seen.username, detail=detail)
        transaction.log(actor, entry)

    desk.store.write(work)


def set_active(desk: Desk, actor: Actor, seen: Staff, *, active: bool) -> None:
    """Let a person come in, or no longer: their next click does nothing.

    Raises AppError: FORBIDDEN, CONFIRM_FIRST, OWN_STATE, LAST_ADMIN, UNKNOWN_PERSON,
    PERSON_CHANGED_MEANWHILE, NOTHING_CHANGED.
    """
    desk.require(actor, Permission.MANAGE_STAFF)
    confirming.require(desk, actor)
    if seen.username == actor.username:
        raise AppError(Reason.OWN_STATE)
    if seen.active is active:
        raise AppError(Reason.NOTHING_CHANGED)
    action = Action.STAFF_ENABLED if active else Action.STAFF_DISABLED

    def work(transaction: Transaction) -> None:
        _require_unchanged(transaction, seen)
        if not active:
            _require_another_admin(transaction, seen)
            password_links.end_all(transaction, seen.username)
            devices.forget(transaction, seen.username)
        staff.set_active(transaction, seen.username, active=active)
        transaction.log(actor, Entry(action, subject=seen.username))

    desk.store.write(work)


def change_email(desk: Desk, actor: Actor, seen: Staff, email: str) -> None:
    """Give a person, as they were seen, another address; mails to the one of before and to the new
    one say so, and links sent until now open nothing.

    Raises AppError: FORBIDDEN, CONFIRM_FIRST, BAD_STAFF_EMAIL, NOTHING_CHANGED, UNKNOWN_PERSON,
    PERSON_CHANGED_MEANWHILE.
    """
    desk.require(actor, Permission.MANAGE_STAFF)
    confirming.require(desk, actor)
    email = email.strip()
    if not notices.takes_mail(email):
        raise AppError(Reason.BAD_STAFF_EMAIL)
    if email == seen.email:
        raise AppError(Reason.NOTHING_CHANGED)
    detail = {"old": {"email": seen.email}, "new": {"email": email}}

    def work(transaction: Transaction) -> None:
        _require_unchanged(transaction, seen)
        staff.set_email(transaction, seen.username, email)
        password_links.end_all(transaction, seen.username)
        entry = Entry(Action.STAFF_EMAIL_CHANGED, subject=seen.username, detail=detail)
        transaction.log(actor, entry)
        piece = Piece(News.EMAIL, seen.username, actor, also=seen.email)
        telling.tell(desk, transaction, piece)

    desk.store.write(work)


def _require_unchanged(transaction: Transaction, seen: Staff) -> None:
    """What is on the administrator's screen must still be so."""
    now = staff.find(transaction, seen.username)
    if now is None:
        raise AppError(Reason.UNKNOWN_PERSON)
    if (now.role, now.active, now.email) != (seen.role, seen.active, seen.email):
        raise AppError(Reason.PERSON_CHANGED_MEANWHILE)


def _require_another_admin(transaction: Transaction, person: Staff) -> None:
    others = {p.username for p in staff.active_with(transaction, Role.ADMIN)} - {person.username}
    if person.role is Role.ADMIN and person.active and not others:
        raise AppError(Reason.LAST_ADMIN)


# ---- sessions --------------------------------------------------------------------------------


def my_sessions(desk: Desk, actor: Actor) -> list[OpenSession]:
    """One's own, the one last used first. Raises AppError(FORBIDDEN)."""
    desk.require(actor, Permission.OWN_PROFILE)
    return _open_of(desk, actor.username)


def end_session(desk: Desk, actor: Actor, session: str) -> None:
    """End one of one's own sessions, in every tab.

    Raises AppError: FORBIDDEN, CONFIRM_FIRST, UNKNOWN_SESSION.
    """
    desk.require(actor, Permission.OWN_PROFILE)
    confirming.require(desk, actor)
    mine = {one.id for one in my_sessions(desk, actor)}
    if session not in mine:
        raise AppError(Reason.UNKNOWN_SESSION)
    _end(desk, actor, actor.username, [session])


def end_others(desk: Desk, actor: Actor) -> int:
    """End one's own sessions but this one; how many.

    Raises AppError: FORBIDDEN, CONFIRM_FIRST.
    """
    mine = my_sessions(desk, actor)
    confirming.require(desk, actor)
    others = [one.id for one in mine if one.id != actor.session]
    return _end(desk, actor, actor.username, others)


def end_all_of(desk: Desk, actor: Actor, username: str) -> int:
    """End every session of a person; how many.

    Raises AppError: FORBIDDEN, CONFIRM_FIRST, UNKNOWN_PERSON.
    """
    desk.require(actor, Permission.MANAGE_STAFF)
    confirming.require(desk, actor)
    if staff.find(desk.store, username) is None:
        raise AppError(Reason.UNKNOWN_PERSON)
    return _end(desk, actor, username, [one.id for one in _open_of(desk, username)])


def _open_of(desk: Desk, username: str) -> list[OpenSession]:
    return sessions.open_of(desk.store, username, clock.now(), IDLE)


def _end(desk: Desk, actor: Actor, username: str, which: list[str]) -> int:
    """Those of them that hadn't ended meanwhile; nothing is logged when there is none."""

    def work(transaction: Transaction) -> int:
        ended = sum(sessions.end(transaction, session) for session in which)
        if ended:
            entry = Entry(Action.SESSIONS_ENDED, subject=username, detail={"sessions": ended})
            transaction.log(actor, entry)
        return ended

    return desk.store.write(work) if which else 0
