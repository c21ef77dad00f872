"""The way through the door by codes that people type: an authenticator app's, or a recovery code
for when it is lost. Guessing is slowed down (attempts.py).
"""

from dataclasses import dataclass, field

from lib.model.action import Action, Entry
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.news import News
from lib.model.roles import Permission
from lib.services.desk import Desk
from lib.services.doors import attempts, confirming, factors, proving, seeds, telling, totp
from lib.services.doors.factors import Enrolled
from lib.services.doors.opening import Proof, SignedIn, hashed
from lib.services.doors.telling import Piece
from lib.store.database import Transaction
from lib.store.people import factors as stored
from lib.store.people import half_sign_ins, staff
from lib.store.people.half_sign_ins import Half


@dataclass(frozen=True)
class Enrolment:
    """A new seed for an app: `address` as a QR code says it, `written` to be typed."""

    address: str = field(repr=False)
    written: str = field(repr=False)


def give(desk: Desk, token: str, code: str) -> SignedIn:
    """Open the session with an app's code or a recovery code.

    Raises AppError: SIGN_IN_AGAIN, WRONG_CODE (also while too many were tried), DOORS_KEY_WRONG.
    """

    def prove(transaction: Transaction, half: Half) -> Proof | Reason:
        attempt = attempts.to_pass_factor(
            transaction, half.username, half.address, half.client.device
        )
        proof = None if attempt.blocked else proving.proof(desk, transaction, half.username, code)
        if proof is None:
            if attempt.failed():
                _tell(desk, transaction, half)
            return Reason.WRONG_CODE
        attempt.succeeded()
        return proof

    return factors.give(desk, token, prove)


def _tell(desk: Desk, transaction: Transaction, half: Half) -> None:
    """Whoever types wrong code after wrong code has the password."""
    person = staff.find(transaction, half.username)
    assert person
    actor = Actor(person.username, person.name, person.role, address=half.address)
    piece = Piece(News.CODES_TRIED, person.username, actor, half.client)
    telling.tell(desk, transaction, piece)


def begin(desk: Desk, token: str) -> Enrolment:
    """A seed for somebody half way in who has no factor; asked for again it is the same.

    Raises AppError: SIGN_IN_AGAIN, DOORS_KEY_WRONG.
    """

    def work(transaction: Transaction) -> Enrolment:
        half, _ = factors.enrolling(transaction, token)
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

    def take_on(transaction: Transaction, half: Half) -> Proof | Reason:
        if not half.seed:
            raise AppError(Reason.SIGN_IN_AGAIN)
        seed = seeds.unseal(desk, half.username, half.seed)
        step = totp.step_of(seed, code, transaction.now, after=-1)
        if step is None:
            return Reason.WRONG_CODE
        stored.enrol(transaction, half.username, half.seed, step)
        return Proof.TOTP

    return factors.enrol(desk, token, take_on)


# ---- recovery codes, later on --------------------------------------------------------------------


def renew(desk: Desk, actor: Actor) -> tuple[str, ...]:
    """New recovery codes for oneself, shown this once.

    Raises AppError: FORBIDDEN, CONFIRM_FIRST, NO_FACTOR.
    """
    desk.require(actor, Permission.OWN_PROFILE)
    confirming.require(desk, actor)

    def work(transaction: Transaction) -> tuple[str, ...]:
        if not proving.factors_of(transaction, actor.username):
            raise AppError(Reason.NO_FACTOR)
        made = proving.renewed_codes(transaction, actor.username)
        detail = {"codes": len(made)}
        entry = Entry(Action.RECOVERY_CODES_MADE, subject=actor.username, detail=detail)
        transaction.log(actor, entry)
        telling.tell(desk, transaction, Piece(News.RECOVERY_CODES, actor.username, actor))
        return made

    return desk.store.write(work)


def left(desk: Desk, actor: Actor) -> int:
    """How many recovery codes still work. Raises AppError(FORBIDDEN)."""
    desk.require(actor, Permission.OWN_PROFILE)
    return stored.codes_left(desk.store, actor.username)
