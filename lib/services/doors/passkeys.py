"""Passkeys: second factors that a browser, a telephone or a key of hardware keeps (WebAuthn).

Each signs a random challenge, which counts once, for ASKED_LIFE, and only in the half sign-in or
the session that it was asked in. Its counter, where it has one, only grows: one that doesn't may be
a copy's. Nothing here can be guessed, so nothing is slowed down: that would only let who knows a
password keep its owner out.
"""

import secrets

from lib.model.action import Action, Entry, Outcome
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.roles import Permission
from lib.services.desk import Desk
from lib.services.doors import ceremonies, confirming, factors, seeds
from lib.services.doors.ceremonies import Made, Options, Site
from lib.services.doors.factors import HALF_WAY_LIFE, Enrolled
from lib.services.doors.opening import Proof, SignedIn, hashed
from lib.store.database import Transaction
from lib.store.people import passkeys as stored
from lib.store.people import staff
from lib.store.people.half_sign_ins import Half
from lib.store.people.passkeys import Passkey

ASKED_LIFE = HALF_WAY_LIFE
MOST_NAME = 60  # characters
_CHALLENGE_BYTES = 32  # WebAuthn level 3, 13.4.3: at least 16
_HANDLE = b"passkeys"  # sealed for its person, it is the same each time and says nothing


def site(desk: Desk, origin: str) -> Site:
    """Where a browser that shows `origin` has passkeys of this desk.

    Raises AppError(NO_PASSKEYS_HERE), which says where it has.
    """
    found = ceremonies.site(desk.settings.url, origin)
    if found is None:
        raise AppError(Reason.NO_PASSKEYS_HERE, where=desk.settings.url or "localhost")
    return found


# ---- at the door ---------------------------------------------------------------------------------


def ask(desk: Desk, token: str, at: Site) -> Options:
    """What a passkey of somebody half way in is asked to sign. Raises AppError(SIGN_IN_AGAIN)."""

    def work(transaction: Transaction) -> Options:
        half, _ = factors.half(transaction, token)
        return _to_sign(transaction, half.username, hashed(token), at)

    return desk.store.write(work)


def give(desk: Desk, token: str, answer: object, at: Site) -> SignedIn:
    """Open the session with what a passkey signed.

    Raises AppError: SIGN_IN_AGAIN, PASSKEY_REFUSED, PASSKEY_COPIED.
    """

    def prove(transaction: Transaction, half: Half) -> Proof | Reason:
        return _proved(transaction, half.username, hashed(token), answer, at)

    return factors.give(desk, token, prove)


def begin(desk: Desk, token: str, at: Site) -> Options:
    """What makes the first passkey of somebody half way in. Raises AppError: SIGN_IN_AGAIN,
    DOORS_KEY_WRONG."""

    def work(transaction: Transaction) -> Options:
        _, person = factors.enrolling(transaction, token)
        return _to_make(desk, transaction, person.username, hashed(token), at)

    return desk.store.write(work)


def enrol(desk: Desk, token: str, answer: object, at: Site) -> Enrolled:
    """Take it on as their factor and open the session.

    Raises AppError: SIGN_IN_AGAIN, PASSKEY_REFUSED.
    """

    def take_on(transaction: Transaction, half: Half) -> Proof | Reason:
        made = _made(transaction, hashed(token), answer, at)
        if made is None:
            return Reason.PASSKEY_REFUSED
        _keep(transaction, half.username, made, made.keeper)
        return Proof.PASSKEY

    return factors.enrol(desk, token, take_on)


# ---- one's own, in a session ---------------------------------------------------------------------


def mine(desk: Desk, actor: Actor) -> list[Passkey]:
    """One's own, the oldest first. Raises AppError(FORBIDDEN)."""
    desk.require(actor, Permission.OWN_PROFILE)
    return stored.of(desk.store, actor.username)


def begin_own(desk: Desk, actor: Actor, at: Site) -> Options:
    """What makes one more. Raises AppError: FORBIDDEN, CONFIRM_FIRST, DOORS_KEY_WRONG."""
    desk.require(actor, Permission.OWN_PROFILE)
    confirming.require(desk, actor)
    return desk.store.write(lambda t: _to_make(desk, t, actor.username, actor.session, at))


def enrol_own(desk: Desk, actor: Actor, answer: object, at: Site, name: str) -> tuple[str, ...]:
    """Add it, called `name` ("": after what keeps it); recovery codes, shown this once, when it is
    one's first factor (factors.add_own).

    Raises AppError: FORBIDDEN, CONFIRM_FIRST, BAD_PASSKEY_NAME, PASSKEY_REFUSED.
    """

    def take_on(transaction: Transaction) -> Proof | Reason:
        called = _name(name)
        made = _made(transaction, actor.session, answer, at)
        if made is None:
            return Reason.PASSKEY_REFUSED
        _keep(transaction, actor.username, made, called or made.keeper)
        return Proof.PASSKEY

    return factors.add_own(desk, actor, take_on)


def remove(desk: Desk, actor: Actor, passkey: str) -> None:
    """Take one of one's own away (factors.remove_own).

    Raises AppError: FORBIDDEN, CONFIRM_FIRST, UNKNOWN_PASSKEY, LAST_FACTOR.
    """

    def take_away(transaction: Transaction) -> None:
        if passkey not in _ids(transaction, actor.username):
            raise AppError(Reason.UNKNOWN_PASSKEY)
        stored.remove(transaction, passkey)

    factors.remove_own(desk, actor, Proof.PASSKEY, take_away)


def ask_own(desk: Desk, actor: Actor, at: Site) -> Options:
    """What a passkey of one's own is asked to sign to confirm who is there.
    Raises AppError(FORBIDDEN)."""
    desk.require(actor, Permission.OWN_PROFILE)
    return desk.store.write(lambda t: _to_sign(t, actor.username, actor.session, at))


def confirm(desk: Desk, actor: Actor, answer: object, at: Site) -> None:
    """This session's person is there (confirming.py), by what their passkey signed.

    Raises AppError: FORBIDDEN, PASSKEY_REFUSED, PASSKEY_COPIED.
    """
    desk.require(actor, Permission.OWN_PROFILE)

    def work(transaction: Transaction) -> Reason | None:
        proved = _proved(transaction, actor.username, actor.session, answer, at)
        if not isinstance(proved, Reason):
            confirming.confirmed(transaction, actor, confirming.Way.PASSKEY)
            return None
        why, detail = proved.value, {"way": confirming.Way.PASSKEY.value}
        tried = Entry(
            Action.CONFIRMED, Outcome.REFUSED, reason=why, subject=actor.username, detail=detail
        )
        transaction.log(actor, tried)
        return proved

    if refused := desk.store.write(work):
        raise AppError(refused)


# ---- questions and answers -----------------------------------------------------------------------


def _to_sign(transaction: Transaction, username: str, asked_in: str, at: Site) -> Options:
    challenge = _challenge(transaction, asked_in)
    return ceremonies.to_sign(at, challenge, _ids(transaction, username))


def _to_make(
    desk: Desk, transaction: Transaction, username: str, asked_in: str, at: Site
) -> Options:
    person = staff.find(transaction, username)
    assert person  # they came half way, or have a session
    challenge = _challenge(transaction, asked_in)
    handle = seeds.seal(desk, username, _HANDLE)
    has = _ids(transaction, username)
    return ceremonies.to_make(at, handle, username, person.name, challenge, has)


def _challenge(transaction: Transaction, asked_in: str) -> bytes:
    challenge = secrets.token_bytes(_CHALLENGE_BYTES)
    stored.ask(transaction, hashed(challenge.hex()), asked_in)
    return challenge


def _answered(transaction: Transaction, asked_in: str, answer: object) -> bytes | None:
    """The challenge that it answers, used up by that; None when it wasn't asked here, or not
    lately, or has been answered."""
    challenge = ceremonies.challenge_of(answer)
    if challenge is None:
        return None
    since = transaction.now - ASKED_LIFE
    waits = stored.answer(transaction, hashed(challenge.hex()), asked_in, since)
    return challenge if waits else None


def _proved(
    transaction: Transaction, username: str, asked_in: str, answer: object, at: Site
) -> Proof | Reason:
    challenge = _answered(transaction, asked_in, answer)
    theirs = {each.id: each for each in stored.of(transaction, username)}
    passkey = theirs.get(ceremonies.id_of(answer))
    if challenge is None or passkey is None:
        return Reason.PASSKEY_REFUSED
    counter = ceremonies.signed(answer, challenge, at, passkey.public_key)
    if counter is None:
        return Reason.PASSKEY_REFUSED
    if max(counter, passkey.counter) > 0 and counter <= passkey.counter:
        return Reason.PASSKEY_COPIED  # WebAuthn level 3, 7.2, step 22
    stored.used(transaction, passkey.id, counter)
    return Proof.PASSKEY


def _made(transaction: Transaction, asked_in: str, answer: object, at: Site) -> Made | None:
    challenge = _answered(transaction, asked_in, answer)
    made = ceremonies.made(answer, challenge, at) if challenge else None
    return None if made is None or stored.known(transaction, made.id) else made


def _keep(transaction: Transaction, username: str, made: Made, name: str) -> None:
    stored.add(transaction, username, made.id, made.public_key, made.counter, name)


def _ids(transaction: Transaction, username: str) -> list[str]:
    return [each.id for each in stored.of(transaction, username)]


def _name(typed: str) -> str:
    name = typed.strip()
    if len(name) > MOST_NAME or not name.isprintable():
        raise AppError(Reason.BAD_PASSKEY_NAME, most=MOST_NAME)
    return name
