"""The second factor: codes from an authenticator app, and recovery codes for when it is lost.

A right password of somebody who needs one opens no session yet, only the way to it (HalfWay), which
counts for HALF_WAY_LIFE and once. Managers and administrators need one; whoever has none yet enrols
there, before the session opens. A code works once (RFC 6238, 5.2).
"""

import base64
import secrets
from dataclasses import dataclass, field
from datetime import timedelta

from lib.model.action import Action, Entry, Outcome
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.roles import Permission, Role
from lib.services.desk import Desk
from lib.services.doors import attempts, seeds, totp
from lib.services.doors.opening import Proof, SignedIn, hashed, open_session
from lib.store.database import Transaction
from lib.store.people import factors as stored
from lib.store.people import half_sign_ins, staff
from lib.store.people.half_sign_ins import Half
from lib.store.people.staff import Staff
from lib.store.reading import Reader

HALF_WAY_LIFE = timedelta(minutes=10)  # to install an app and scan its code
RECOVERY_CODES = 10
_CODE_BYTES = 15  # 120 bits, 24 letters: ASVS 5.0, 6.5.2 asks for 112


@dataclass(frozen=True)
class HalfWay:
    """`token` proves that the password was right; `enrols`: there is no factor yet to ask for."""

    token: str = field(repr=False)
    enrols: bool


@dataclass(frozen=True)
class Enrolment:
    """A new seed for an app: `address` as a QR code says it, `written` to be typed."""

    address: str = field(repr=False)
    written: str = field(repr=False)


@dataclass(frozen=True)
class Enrolled:
    """The session, and recovery codes that are shown this once."""

    signed_in: SignedIn
    codes: tuple[str, ...] = field(repr=False)


def needed(desk: Desk, source: Reader, person: Staff) -> bool:
    """Whether this person's password alone opens nothing."""
    return _must_have(desk, person.role) or stored.totp(source, person.username) is not None


def half_way(transaction: Transaction, person: Staff, address: str) -> HalfWay:
    """The way to a session for somebody whose password was right."""
    token = secrets.token_urlsafe(32)
    half_sign_ins.add(
        transaction, hashed(token), person.username, person.credential_version, address
    )
    actor = Actor(person.username, person.name, person.role, address=address)
    transaction.log(actor, Entry(Action.FACTOR_ASKED, subject=person.username))
    return HalfWay(token, enrols=stored.totp(transaction, person.username) is None)


# ---- passing it ----------------------------------------------------------------------------------


def give(desk: Desk, token: str, code: str) -> SignedIn:
    """Open the session with an app's code or a recovery code.

    Raises AppError: SIGN_IN_AGAIN, WRONG_CODE (also while too many were tried), DOORS_KEY_WRONG.
    """

    def work(transaction: Transaction) -> SignedIn | None:
        half, person = _half(transaction, token)
        attempt = attempts.to_pass_factor(transaction, person.username)
        proof = None if attempt.blocked else _proof(desk, transaction, person.username, code)
        if proof is None:
            attempt.failed()
            _log_failure(transaction, person, half)
            return None
        attempt.succeeded()
        half_sign_ins.end(transaction, hashed(token))
        return open_session(transaction, person, half.address, proof)

    opened = desk.store.write(work)
    if opened is None:
        raise AppError(Reason.WRONG_CODE)
    return opened


def _half(transaction: Transaction, token: str) -> tuple[Half, Staff]:
    since = transaction.now - HALF_WAY_LIFE
    half = half_sign_ins.find(transaction, hashed(token), since)
    person = staff.find(transaction, half.username) if half else None
    if half is None or person is None:
        raise AppError(Reason.SIGN_IN_AGAIN)
    return half, person


def _proof(desk: Desk, transaction: Transaction, username: str, code: str) -> Proof | None:
    """What the code proves, and it is used up."""
    known = stored.totp(transaction, username)
    if known is None:
        return None
    seed = seeds.unseal(desk, username, known.seed)
    step = totp.step_of(seed, code, transaction.now, known.last_step)
    if step is not None:
        stored.use_step(transaction, username, step)
        return Proof.TOTP
    used = stored.use_code(transaction, username, hashed(_plain(code)))
    return Proof.RECOVERY_CODE if used else None


def _log_failure(transaction: Transaction, person: Staff, half: Half) -> None:
    actor = Actor(person.username, person.name, person.role, address=half.address)
    failed = Entry(Action.FACTOR_FAILED, Outcome.REFUSED, subject=person.username)
    transaction.log(actor, failed)


# ---- enrolling -----------------------------------------------------------------------------------


def begin(desk: Desk, token: str) -> Enrolment:
    """A seed for somebody half way in who has none; asked for again it is the same.

    Raises AppError: SIGN_IN_AGAIN, DOORS_KEY_WRONG.
    """

    def work(transaction: Transaction) -> Enrolment:
        half, person = _half(transaction, token)
        if stored.totp(transaction, person.username):
            raise AppError(Reason.SIGN_IN_AGAIN)
        seed = seeds.unseal(desk, half.username, half.seed) if half.seed else totp.new_seed()
        if not half.seed:
            sealed = seeds.seal(desk, half.username, seed)
            half_sign_ins.keep_seed(transaction, hashed(token), sealed)
        return Enrolment(totp.address(seed, half.username), totp.written(seed))

    return desk.store.write(work)


def enrol(desk: Desk, token: str, code: str) -> Enrolled:
    """Take the seed on by a code that its app shows, and open the session.

    Raises AppError: SIGN_IN_AGAIN, WRONG_CODE, DOORS_KEY_WRONG.
    """

    def work(transaction: Transaction) -> Enrolled:
        half, person = _half(transaction, token)
        if not half.seed or stored.totp(transaction, person.username):
            raise AppError(Reason.SIGN_IN_AGAIN)
        seed = seeds.unseal(desk, half.username, half.seed)
        step = totp.step_of(seed, code, transaction.now, after=-1)
        if step is None:
            raise AppError(Reason.WRONG_CODE)
        stored.enrol(transaction, half.username, half.seed, step)
        codes = _renewed_codes(transaction, half.username)
        half_sign_ins.end(transaction, hashed(token))
        opened = open_session(transaction, person, half.address, Proof.TOTP)
        actor = Actor(person.username, person.name, person.role, opened.session, half.address)
        transaction.log(actor, Entry(Action.FACTOR_ENROLLED, subject=person.username))
        return Enrolled(opened, codes)

    return desk.store.write(work)


def renew_codes(desk: Desk, actor: Actor, code: str) -> tuple[str, ...]:
    """New recovery codes for oneself, shown this once; a code of one's app allows it.

    Raises AppError: FORBIDDEN, NO_FACTOR, WRONG_CODE, DOORS_KEY_WRONG.
    """
    actor.require(Permission.OWN_PROFILE)

    def work(transaction: Transaction) -> tuple[str, ...] | None:
        if stored.totp(transaction, actor.username) is None:
            raise AppError(Reason.NO_FACTOR)
        if not _allowed(desk, transaction, actor, code):
            return None
        codes = _renewed_codes(transaction, actor.username)
        made = Entry(
            Action.RECOVERY_CODES_MADE, subject=actor.username, detail={"codes": len(codes)}
        )
        transaction.log(actor, made)
        return codes

    made = desk.store.write(work)
    if made is None:
        raise AppError(Reason.WRONG_CODE)
    return made


def _allowed(desk: Desk, transaction: Transaction, actor: Actor, code: str) -> bool:
    """Whether the code is this person's; tries count as those at the door do."""
    attempt = attempts.to_pass_factor(transaction, actor.username)
    if attempt.blocked or _proof(desk, transaction, actor.username, code) is None:
        attempt.failed()
        failed = Entry(Action.FACTOR_FAILED, Outcome.REFUSED, subject=actor.username)
        transaction.log(actor, failed)
        return False
    attempt.succeeded()
    return True


def reset(desk: Desk, actor: Actor, username: str) -> None:
    """Take a person's factor away: they enrol anew when they next come in, and every session of
    theirs ends. Raises AppError: FORBIDDEN, UNKNOWN_PERSON, OWN_STATE, NO_FACTOR."""
    actor.require(Permission.MANAGE_STAFF)
    if username == actor.username:
        raise AppError(Reason.OWN_STATE)

    def work(transaction: Transaction) -> None:
        if staff.find(transaction, username) is None:
            raise AppError(Reason.UNKNOWN_PERSON)
        if stored.totp(transaction, username) is None:
            raise AppError(Reason.NO_FACTOR)
        stored.remove(transaction, username)
        staff.end_credentials(transaction, username)
        transaction.log(actor, Entry(Action.FACTOR_REMOVED, subject=username))

    desk.store.write(work)


def codes_left(desk: Desk, actor: Actor) -> int:
    """How many recovery codes still work. Raises AppError(FORBIDDEN)."""
    actor.require(Permission.OWN_PROFILE)
    return stored.codes_left(desk.store, actor.username)


def _renewed_codes(transaction: Transaction, username: str) -> tuple[str, ...]:
    codes = tuple(_new_code() for _ in range(RECOVERY_CODES))
    stored.renew_codes(transaction, username, [hashed(_plain(code)) for code in codes])
    return codes


def _new_code() -> str:
    letters = base64.b32encode(secrets.token_bytes(_CODE_BYTES)).decode()
    return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def _plain(code: str) -> str:
    return "".join(c for c in code.upper() if c.isalnum())


def _must_have(desk: Desk, role: Role) -> bool:
    return not desk.settings.demo and role in _NEED_ONE[desk.settings.second_factor]


_NEED_ONE: dict[str, frozenset[Role]] = {
    "todos": frozenset(Role),
    "gerentes": frozenset({Role.MANAGER, Role.ADMIN}),
    "nadie": frozenset(),
}
