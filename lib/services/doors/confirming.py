"""Who is at the keyboard, asked again before what a session left open must not do.

ASVS 5.0, 7.5: ways in, roles, other people's doors and one person's data ask `require`, which lets
pass who confirmed within LIFE. To sign in isn't to confirm: the question comes at the act.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from lib.model import clock
from lib.model.action import Action, Entry, Outcome
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.roles import Permission
from lib.services.desk import Desk
from lib.services.doors import attempts, passwords, proving
from lib.services.doors.opening import Entrance, Proof
from lib.store.database import Transaction
from lib.store.people import sessions, staff
from lib.store.people import single_sign_on as company

LIFE = timedelta(minutes=5)


class Way(StrEnum):
    """How somebody confirms. One beyond a password is drawn by lib/ui/people/confirming.py and
    ends in `confirmed`, once its own service has proved the person."""

    PASSWORD = "password"  # noqa: S105 - with a code where the person has a factor
    PASSKEY = "passkey"
    SINGLE_SIGN_ON = "single_sign_on"


def ways(desk: Desk, actor: Actor) -> tuple[Way, ...]:
    """How this session's person may confirm; the first is the one to offer first."""
    desk.require(actor, Permission.OWN_PROFILE)
    if company.entrance(desk.store, actor.session) == Entrance.SINGLE_SIGN_ON:
        return (Way.SINGLE_SIGN_ON,)
    if Proof.PASSKEY in proving.factors_of(desk.store, actor.username):
        return (Way.PASSKEY, Way.PASSWORD)
    return (Way.PASSWORD,)


def factors(desk: Desk, actor: Actor) -> frozenset[Proof]:
    """What they have besides a password: then a code goes with it. Raises AppError(FORBIDDEN)."""
    desk.require(actor, Permission.OWN_PROFILE)
    return proving.factors_of(desk.store, actor.username)


def require(desk: Desk, actor: Actor) -> None:
    """Raise AppError(CONFIRM_FIRST) unless this session's person confirmed within LIFE.

    Who works at the server itself has no session to leave open and isn't asked.
    """
    if not actor.session or staff.find(desk.store, actor.username) is None:
        return
    if not _lately(sessions.confirmed_at(desk.store, actor.session, actor.username)):
        raise AppError(Reason.CONFIRM_FIRST)


def _lately(at: datetime | None) -> bool:
    return at is not None and at > clock.now() - LIFE


def confirm(desk: Desk, actor: Actor, password: str, code: str = "") -> None:
    """By the password, and an app's or a recovery code where the person has a factor.

    Raises AppError: FORBIDDEN, NOT_CONFIRMED (also while too many were tried), DOORS_KEY_WRONG.
    """
    desk.require(actor, Permission.OWN_PROFILE)
    known = staff.find(desk.store, actor.username)
    right = passwords.matches(password, known.password_hash if known else passwords.NOBODY)

    def work(transaction: Transaction) -> bool:
        attempt = attempts.to_confirm(transaction, actor.username, actor.session)
        same = known is not None and staff.find(transaction, actor.username) == known
        if attempt.blocked or not (right and same and _code_right(desk, transaction, actor, code)):
            attempt.failed()
            reason = Reason.NOT_CONFIRMED.value
            tried = Entry(Action.CONFIRMED, Outcome.REFUSED, reason=reason, subject=actor.username)
            transaction.log(actor, tried)
            return False
        attempt.succeeded()
        confirmed(transaction, actor, Way.PASSWORD)
        return True

    if not desk.store.write(work):
        raise AppError(Reason.NOT_CONFIRMED)


def confirmed(transaction: Transaction, actor: Actor, way: Way) -> None:
    """This session's person has just proved themselves again, by whatever way; with its row."""
    sessions.confirm(transaction, actor.session)
    said = Entry(Action.CONFIRMED, subject=actor.username, detail={"way": way.value})
    transaction.log(actor, said)


def _code_right(desk: Desk, transaction: Transaction, actor: Actor, code: str) -> bool:
    if not proving.factors_of(transaction, actor.username):
        return True
    return proving.proof(desk, transaction, actor.username, code) is not None
