"""Second factors: who needs one, and the way through the door with it.

A right password of somebody who needs one opens no session yet, only the way to it (HalfWay), which
counts for HALF_WAY_LIFE and once. Managers and administrators need one; whoever has none yet enrols
there, before the session opens. What proves a factor is for codes.py and passkeys.py to say.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

from lib.model.action import Action, Entry, Outcome
from lib.model.actor import Actor
from lib.model.client import NO_CLIENT, Client
from lib.model.errors import AppError, Reason
from lib.model.news import News
from lib.model.roles import Permission, Role
from lib.services.desk import Desk
from lib.services.doors import confirming, proving, telling
from lib.services.doors.opening import Entrance, Proof, SignedIn, hashed, open_session
from lib.services.doors.telling import Piece
from lib.store.database import Transaction
from lib.store.people import factors as stored
from lib.store.people import half_sign_ins, passkeys, sessions, staff
from lib.store.people.half_sign_ins import Half
from lib.store.people.staff import Staff
from lib.store.reading import Reader

HALF_WAY_LIFE = timedelta(minutes=10)  # to install an app and scan its code

# What a person proved, used up by that; or why they didn't.
Prove = Callable[[Transaction, Half], Proof | Reason]
_Done = TypeVar("_Done")


@dataclass(frozen=True)
class HalfWay:
    """`token` proves that the password was right; `has` are the factors that may be asked for."""

    token: str = field(repr=False)
    has: frozenset[Proof]

    @property
    def enrols(self) -> bool:
        """There is no factor yet to ask for."""
        return not self.has


@dataclass(frozen=True)
class Enrolled:
    """The session, and recovery codes that are shown this once."""

    signed_in: SignedIn
    codes: tuple[str, ...] = field(repr=False)


def needed(desk: Desk, source: Reader, person: Staff) -> bool:
    """Whether this person's password alone opens nothing."""
    return must_have(desk, person.role) or bool(proving.factors_of(source, person.username))


def must_have(desk: Desk, role: Role) -> bool:
    """Whether people of this role may not be without one."""
    return not desk.settings.demo and role in _NEED_ONE[desk.settings.second_factor]


# ---- the way through -----------------------------------------------------------------------------


def half_way(
    transaction: Transaction,
    person: Staff,
    address: str,
    entrance: Entrance = Entrance.PASSWORD,
    client: Client = NO_CLIENT,
) -> HalfWay:
    """The way to a session for somebody whose password, or provider's word, was right."""
    token = secrets.token_urlsafe(32)
    version = person.credential_version
    half_sign_ins.add(
        transaction, hashed(token), person.username, version, address, entrance, client
    )
    actor = Actor(person.username, person.name, person.role, address=address)
    detail = {} if entrance is Entrance.PASSWORD else {"entrance": entrance.value}
    transaction.log(actor, Entry(Action.FACTOR_ASKED, subject=person.username, detail=detail))
    return HalfWay(token, proving.factors_of(transaction, person.username))


def half(transaction: Transaction, token: str) -> tuple[Half, Staff]:
    """Who came half way with this token. Raises AppError(SIGN_IN_AGAIN)."""
    since = transaction.now - HALF_WAY_LIFE
    found = half_sign_ins.find(transaction, hashed(token), since)
    person = staff.find(transaction, found.username) if found else None
    if found is None or person is None:
        raise AppError(Reason.SIGN_IN_AGAIN)
    return found, person


def enrolling(transaction: Transaction, token: str) -> tuple[Half, Staff]:
    """The same for somebody who has no factor: with the password alone nobody adds one to another.
    Raises AppError(SIGN_IN_AGAIN)."""
    found, person = half(transaction, token)
    if proving.factors_of(transaction, person.username):
        raise AppError(Reason.SIGN_IN_AGAIN)
    return found, person


def give(desk: Desk, token: str, prove: Prove) -> SignedIn:
    """Open the session with what `prove` finds. Raises AppError: SIGN_IN_AGAIN, and what it says
    was wrong, which the log keeps."""

    def work(transaction: Transaction) -> SignedIn | Reason:
        found, person = half(transaction, token)
        proved = prove(transaction, found)
        if isinstance(proved, Reason):
            return _refused(transaction, person, found, proved)
        return _opened(desk, transaction, token, person, found, proved)

    return _or_raise(desk.store.write(work))


def enrol(desk: Desk, token: str, prove: Prove) -> Enrolled:
    """Open the session of somebody without a factor with the first, which `prove` has taken on.
    Raises as `give`."""

    def work(transaction: Transaction) -> Enrolled | Reason:
        found, person = enrolling(transaction, token)
        proved = prove(transaction, found)
        if isinstance(proved, Reason):
            return _refused(transaction, person, found, proved)
        opened = _opened(desk, transaction, token, person, found, proved)
        actor = Actor(person.username, person.name, person.role, opened.session, found.address)
        _log_added(desk, transaction, actor, proved)
        return Enrolled(opened, proving.renewed_codes(transaction, person.username))

    return _or_raise(desk.store.write(work))


def _opened(
    desk: Desk, transaction: Transaction, token: str, person: Staff, found: Half, proved: Proof
) -> SignedIn:
    half_sign_ins.end(transaction, hashed(token))
    entrance = Entrance(found.entrance)
    return open_session(desk, transaction, person, found.address, proved, entrance, found.client)


def _refused(transaction: Transaction, person: Staff, found: Half, why: Reason) -> Reason:
    actor = Actor(person.username, person.name, person.role, address=found.address)
    _log_failed(transaction, actor, why)
    return why


def _or_raise(done: _Done | Reason) -> _Done:
    """What was written stays written: a refusal's row, and that what was tried is used up."""
    if isinstance(done, Reason):
        raise AppError(done)
    return done


# ---- one's own, in a session ---------------------------------------------------------------------


def add_own(
    desk: Desk, actor: Actor, take_on: Callable[[Transaction], Proof | Reason]
) -> tuple[str, ...]:
    """Add the factor that `take_on` stores, and end one's other sessions; recovery codes, shown
    this once, when it is one's first.

    Raises AppError: FORBIDDEN, CONFIRM_FIRST, and what it says was wrong, which the log keeps.
    """
    desk.require(actor, Permission.OWN_PROFILE)
    confirming.require(desk, actor)

    def work(transaction: Transaction) -> tuple[str, ...] | Reason:
        is_first = not proving.factors_of(transaction, actor.username)
        taken = take_on(transaction)
        if isinstance(taken, Reason):
            _log_failed(transaction, actor, taken)
            return taken
        _end_elsewhere(transaction, actor)
        _log_added(desk, transaction, actor, taken)
        return proving.renewed_codes(transaction, actor.username) if is_first else ()

    return _or_raise(desk.store.write(work))


def remove_own(
    desk: Desk, actor: Actor, factor: Proof, take_away: Callable[[Transaction], None]
) -> None:
    """Let go of the one that `take_away` takes, and end one's other sessions; with one's last
    factor go one's recovery codes.

    Raises AppError: FORBIDDEN, CONFIRM_FIRST, LAST_FACTOR when one's role may not be without one.
    """
    desk.require(actor, Permission.OWN_PROFILE)
    confirming.require(desk, actor)

    def work(transaction: Transaction) -> None:
        take_away(transaction)
        if not proving.factors_of(transaction, actor.username):
            if must_have(desk, actor.role):
                raise AppError(Reason.LAST_FACTOR)
            stored.void_codes(transaction, actor.username)
        _end_elsewhere(transaction, actor)
        _log_removed(desk, transaction, actor, actor.username, factor.value)

    desk.store.write(work)


def _end_elsewhere(transaction: Transaction, actor: Actor) -> None:
    """ASVS 5.0, 7.4.3: who came in with the factors of before doesn't stay; this session does."""
    staff.end_credentials(transaction, actor.username)
    person = staff.find(transaction, actor.username)
    assert person  # whose session it is
    sessions.carry_over(transaction, actor.session, person.credential_version)


# ---- somebody else's -----------------------------------------------------------------------------


def reset(desk: Desk, actor: Actor, username: str) -> None:
    """Take every factor of a person away: they enrol anew when they next come in, and every session
    of theirs ends.

    Raises AppError: FORBIDDEN, CONFIRM_FIRST, UNKNOWN_PERSON, OWN_STATE, NO_FACTOR.
    """
    desk.require(actor, Permission.MANAGE_STAFF)
    confirming.require(desk, actor)
    if username == actor.username:
        raise AppError(Reason.OWN_STATE)

    def work(transaction: Transaction) -> None:
        if staff.find(transaction, username) is None:
            raise AppError(Reason.UNKNOWN_PERSON)
        had = proving.factors_of(transaction, username)
        if not had:
            raise AppError(Reason.NO_FACTOR)
        stored.remove(transaction, username)
        passkeys.remove_all(transaction, username)
        staff.end_credentials(transaction, username)
        _log_removed(desk, transaction, actor, username, ", ".join(sorted(had)))

    desk.store.write(work)


# ---- what the log keeps, and whose it is hears ---------------------------------------------------


def _log_added(desk: Desk, transaction: Transaction, actor: Actor, factor: Proof) -> None:
    detail = {"factor": factor.value}
    transaction.log(actor, Entry(Action.FACTOR_ENROLLED, subject=actor.username, detail=detail))
    telling.tell(desk, transaction, Piece(News.FACTOR_ADDED, actor.username, actor))


def _log_removed(
    desk: Desk, transaction: Transaction, actor: Actor, username: str, which: str
) -> None:
    entry = Entry(Action.FACTOR_REMOVED, subject=username, detail={"factor": which})
    transaction.log(actor, entry)
    telling.tell(desk, transaction, Piece(News.FACTOR_REMOVED, username, actor))


def _log_failed(transaction: Transaction, actor: Actor, why: Reason) -> None:
    entry = Entry(Action.FACTOR_FAILED, Outcome.REFUSED, reason=why.value, subject=actor.username)
    transaction.log(actor, entry)


_NEED_ONE: dict[str, frozenset[Role]] = {
    "todos": frozenset(Role),
    "gerentes": frozenset({Role.MANAGER, Role.ADMIN}),
    "nadie": frozenset(),
}
