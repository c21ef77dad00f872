"""An authenticator app that somebody already in adds, changes or takes away; passkeys have a room
of their own (passkeys.py). Each wants a confirmation, ends one's other sessions and mails the
person.
"""

from dataclasses import dataclass, field

from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.roles import Permission
from lib.services.desk import Desk
from lib.services.doors import attempts, confirming, factors, proving, seeds, totp
from lib.services.doors.codes import Enrolment
from lib.services.doors.opening import Proof
from lib.store.database import Transaction
from lib.store.people import factors as stored


@dataclass(frozen=True)
class Offered:
    """A seed not taken on yet: `sealed` for this person, so that it can wait anywhere."""

    enrolment: Enrolment
    sealed: bytes = field(repr=False)


@dataclass(frozen=True)
class State:
    """`codes_left` is of recovery codes, 0 without any factor; `needed`: the role wants one."""

    has: frozenset[Proof]
    codes_left: int
    needed: bool


def state(desk: Desk, actor: Actor) -> State:
    """Raises AppError(FORBIDDEN)."""
    desk.require(actor, Permission.OWN_PROFILE)
    has = proving.factors_of(desk.store, actor.username)
    left = stored.codes_left(desk.store, actor.username)
    return State(has, left, factors.must_have(desk, actor.role))


def begin(desk: Desk, actor: Actor) -> Offered:
    """A seed for one's app, the first or another. Raises AppError: FORBIDDEN, CONFIRM_FIRST,
    DOORS_KEY_WRONG."""
    desk.require(actor, Permission.OWN_PROFILE)
    confirming.require(desk, actor)
    seed = totp.new_seed()
    enrolment = Enrolment(totp.address(seed, actor.username), totp.written(seed))
    return Offered(enrolment, seeds.seal(desk, actor.username, seed))


def enrol(desk: Desk, actor: Actor, offered: Offered, code: str) -> tuple[str, ...]:
    """Take the seed on by a code that its app shows, in place of the one before; recovery codes,
    shown this once, when it is one's first factor (factors.add_own).

    Raises AppError: FORBIDDEN, CONFIRM_FIRST, WRONG_CODE, DOORS_KEY_WRONG.
    """

    def take_on(transaction: Transaction) -> Proof | Reason:
        seed = seeds.unseal(desk, actor.username, offered.sealed)
        attempt = attempts.to_confirm(transaction, actor.username, actor.session)
        step = totp.step_of(seed, code, transaction.now, after=-1)
        if attempt.blocked or step is None:
            attempt.failed()
            return Reason.WRONG_CODE
        stored.enrol(transaction, actor.username, offered.sealed, step)
        return Proof.TOTP

    return factors.add_own(desk, actor, take_on)


def remove(desk: Desk, actor: Actor) -> None:
    """Take one's app away (factors.remove_own).

    Raises AppError: FORBIDDEN, CONFIRM_FIRST, NO_FACTOR, LAST_FACTOR.
    """

    def take_away(transaction: Transaction) -> None:
        if stored.totp(transaction, actor.username) is None:
            raise AppError(Reason.NO_FACTOR)
        stored.remove_app(transaction, actor.username)

    factors.remove_own(desk, actor, Proof.TOTP, take_away)
