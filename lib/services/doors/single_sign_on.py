"""Coming in with the company's account: the provider says who it is, the desk whether they may.

A token that the provider has just signed makes an arrival, which counts once and for ARRIVAL_LIFE;
the page that follows changes it for a session of ours, the same that a password opens. Neither the
token nor anything of the provider's is kept or looked at again.
"""

import re
import secrets
from dataclasses import replace
from datetime import datetime, timedelta

from lib.model.action import Action, Entry, Outcome
from lib.model.actor import SYSTEM, Actor
from lib.model.client import NO_CLIENT, Client
from lib.model.errors import AppError, Reason
from lib.model.news import News
from lib.model.roles import Permission, Role
from lib.model.sign_on import Unfit
from lib.model.text import fold
from lib.services.desk import Desk
from lib.services.doors import confirming, factors, id_tokens, passwords, telling
from lib.services.doors.factors import HalfWay
from lib.services.doors.id_tokens import Identity
from lib.services.doors.opening import Entrance, Proof, SignedIn, hashed, open_session
from lib.services.doors.telling import Piece
from lib.store.database import Transaction
from lib.store.people import single_sign_on as stored
from lib.store.people import staff
from lib.store.people.single_sign_on import Arrival
from lib.store.people.staff import Staff

ARRIVAL_LIFE = timedelta(minutes=1)
_FORGET = timedelta(hours=1)  # far longer than a token is young enough (id_tokens.OLDEST)
FRESH = timedelta(minutes=2)  # since the provider asked them: time to come back from there
_MOST_NAME = 120  # characters
_MOST_USERNAME = 36  # leaves room for a number
_NOT_FOR_THEM = frozenset({Unfit.BAD_TOKEN, Unfit.REPLAYED})


class _Turned(Exception):  # noqa: N818 - an answer, not an error
    def __init__(self, why: Unfit, email: str = "", username: str = "") -> None:
        super().__init__(why.value)
        self.why, self.email, self.username = why, email, username


def arrive(desk: Desk, token: str, address: str = "") -> str:
    """Take an ID token whose signature and nonce the caller has checked; the secret of the arrival
    that it makes.

    Raises AppError: SSO_REFUSED for a token that may not count, SSO_NOT_STAFF for somebody who may
    not come in. The log has why.
    """

    def work(transaction: Transaction) -> str | Unfit:
        try:
            return _arrive(desk, transaction, token, address)
        except _Turned as turned:
            _log_refusal(transaction, turned, address)
            return turned.why

    found = desk.store.write(work)
    if isinstance(found, Unfit):
        refused = found in _NOT_FOR_THEM
        raise AppError(Reason.SSO_REFUSED if refused else Reason.SSO_NOT_STAFF)
    return found


def _arrive(desk: Desk, transaction: Transaction, token: str, address: str) -> str:
    """Raises _Turned, having written nothing but that the token was here."""
    try:
        who = id_tokens.read(token, desk.settings.oidc, transaction.now)
    except ValueError as error:
        raise _Turned(Unfit.BAD_TOKEN) from error
    if not stored.use(transaction, hashed(token), transaction.now + _FORGET):
        raise _Turned(Unfit.REPLAYED, who.email)
    person, is_new_here = _person(desk, transaction, who)
    if is_new_here:
        by = replace(SYSTEM, address=address)
        telling.tell(desk, transaction, Piece(News.ACCOUNT_LINKED, person.username, by))
    secret = secrets.token_urlsafe(32)
    arrival = Arrival(person.username, who.strong, who.authenticated_at)
    stored.arrive(transaction, hashed(secret), person, arrival)
    return secret


def refuse(desk: Desk, address: str = "") -> None:
    """Log an answer of the provider's that didn't stand up to be checked: nobody knows whose."""
    turned = _Turned(Unfit.BAD_TOKEN)
    desk.store.write(lambda transaction: _log_refusal(transaction, turned, address))


def _log_refusal(transaction: Transaction, turned: _Turned, address: str) -> None:
    entry = Entry(
        Action.SIGN_IN_FAILED,
        Outcome.REFUSED,
        reason=turned.why.value,
        subject=turned.username,
        detail={"typed": turned.email[:80]},
    )
    transaction.log(replace(SYSTEM, address=address), entry)


# ---- who it is -----------------------------------------------------------------------------------


def _person(desk: Desk, transaction: Transaction, who: Identity) -> tuple[Staff, bool]:
    """The person of the desk whose account it is, with the role that is theirs now, and whether it
    was linked just now; every reason to refuse comes before the first write."""
    oidc = desk.settings.oidc
    if oidc.domains and (
        not who.verified or who.email.rpartition("@")[2].casefold() not in oidc.domains
    ):
        raise _Turned(Unfit.OTHER_DOMAIN, who.email)
    if oidc.role_claim and who.role is None:
        raise _Turned(Unfit.NO_ROLE, who.email)
    linked = stored.whose(transaction, who.issuer, who.subject)
    known = staff.find(transaction, linked) if linked else _invited(transaction, who)
    if known is None:
        return _added(desk, transaction, who), True
    if not known.active:
        raise _Turned(Unfit.DISABLED, who.email, known.username)
    role = who.role or known.role
    if role is not Role.ADMIN and _is_last_admin(transaction, known):
        raise _Turned(Unfit.LAST_ADMIN, who.email, known.username)
    if not linked:
        _link(transaction, who, known.username)
    if role is not known.role:
        _change_role(transaction, known, role)
    person = staff.find(transaction, known.username)
    assert person
    return person, not linked


def _invited(transaction: Transaction, who: Identity) -> Staff | None:
    """Whoever has this address and no account yet; None when nobody has it."""
    if not who.email or not who.verified:
        raise _Turned(Unfit.UNVERIFIED, who.email)
    people = stored.by_email(transaction, who.email)
    if len(people) > 1:
        raise _Turned(Unfit.UNKNOWN, who.email)
    if people and stored.linked(transaction, people[0].username):
        raise _Turned(Unfit.TAKEN, who.email, people[0].username)
    return people[0] if people else None


def _added(desk: Desk, transaction: Transaction, who: Identity) -> Staff:
    """Somebody new, when a role by the claim is enough to be one of the desk."""
    if not desk.settings.oidc.adds_people or who.role is None:
        raise _Turned(Unfit.UNKNOWN, who.email)
    username = _free_username(transaction, who.email)
    name = who.name[:_MOST_NAME]
    person = Staff(
        username, name, who.email, who.role, passwords.NOBODY, active=True, credential_version=1
    )
    staff.add(transaction, person)
    detail = {"name": name, "email": who.email, "role": who.role}
    transaction.log(SYSTEM, Entry(Action.STAFF_ADDED, subject=username, detail=detail))
    _link(transaction, who, username)
    return person


def _free_username(transaction: Transaction, email: str) -> str:
    local = re.sub(r"[^a-z0-9._-]", "", fold(email.partition("@")[0]))
    base = local.strip("._-")[:_MOST_USERNAME].ljust(2, "x")
    names = (base, *(f"{base}{number}" for number in range(2, 1000)))
    free = (name for name in names if staff.find(transaction, name) is None)
    return next(name for name in free if name != SYSTEM.username)  # whose acts the log would mix


def _link(transaction: Transaction, who: Identity, username: str) -> None:
    stored.link(transaction, who.issuer, who.subject, username)
    detail = {"email": who.email}
    transaction.log(SYSTEM, Entry(Action.ACCOUNT_LINKED, subject=username, detail=detail))


def _change_role(transaction: Transaction, person: Staff, role: Role) -> None:
    """As an administrator would in Usuarios: every session of theirs ends."""
    staff.set_role(transaction, person.username, role)
    detail = {"old": {"role": person.role.value}, "new": {"role": role.value}}
    entry = Entry(Action.ROLE_CHANGED, reason="role_claim", subject=person.username, detail=detail)
    transaction.log(SYSTEM, entry)


def _is_last_admin(transaction: Transaction, person: Staff) -> bool:
    admins = {p.username for p in staff.active_with(transaction, Role.ADMIN)}
    return admins == {person.username}


# ---- coming in -----------------------------------------------------------------------------------


def enter(
    desk: Desk, secret: str, address: str = "", client: Client = NO_CLIENT
) -> SignedIn | HalfWay | None:
    """Change an arrival for a session, or for the way to it when our own second factor comes first
    (the provider asked for none that counts); None when it counts no longer."""
    if not stored.waits(desk.store, hashed(secret)):
        return None

    def work(transaction: Transaction) -> SignedIn | HalfWay | None:
        arrival = stored.enter(transaction, hashed(secret), transaction.now - ARRIVAL_LIFE)
        person = staff.find(transaction, arrival.username) if arrival else None
        if arrival is None or person is None:
            return None
        door = Entrance.SINGLE_SIGN_ON
        if factors.needed(desk, transaction, person) and not arrival.strong:
            return factors.half_way(transaction, person, address, door, client)
        proof = Proof.PROVIDER if arrival.strong else Proof.PASSWORD
        return open_session(desk, transaction, person, address, proof, door, client)

    return desk.store.write(work)


def confirm(desk: Desk, actor: Actor, secret: str) -> bool:
    """Note that this session's person proved themselves again, when the provider has just asked
    them; False when there is nothing to note.

    Raises AppError: FORBIDDEN, SSO_REFUSED when it named somebody else, or didn't ask.
    """
    desk.require(actor, Permission.OWN_PROFILE)
    if not stored.waits(desk.store, hashed(secret)):
        return False

    def work(transaction: Transaction) -> Unfit | None:
        arrival = stored.enter(transaction, hashed(secret), transaction.now - ARRIVAL_LIFE)
        why = _unfit_to_confirm(arrival, actor, transaction.now)
        if why:
            entry = Entry(
                Action.CONFIRMED,
                Outcome.REFUSED,
                reason=why.value,
                subject=actor.username,
                detail={"way": confirming.Way.SINGLE_SIGN_ON.value},
            )
            transaction.log(actor, entry)
            return why
        confirming.confirmed(transaction, actor, confirming.Way.SINGLE_SIGN_ON)
        return None

    if desk.store.write(work):
        raise AppError(Reason.SSO_REFUSED)
    return True


def _unfit_to_confirm(arrival: Arrival | None, actor: Actor, now: datetime) -> Unfit | None:
    """A provider that doesn't say when it asked, or that lets an old session pass, confirms
    nothing."""
    if arrival is None or arrival.username != actor.username:
        return Unfit.OTHER_PERSON
    asked = arrival.authenticated_at
    return None if asked and asked > now - FRESH else Unfit.NOT_FRESH


# ---- links ---------------------------------------------------------------------------------------


def unlink(desk: Desk, actor: Actor, username: str) -> None:
    """Take a person's account away, for when the company gave them another: the next verified one
    with their address is linked. Their sessions end.

    Raises AppError: FORBIDDEN, CONFIRM_FIRST, UNKNOWN_PERSON, NOT_LINKED.
    """
    desk.require(actor, Permission.MANAGE_STAFF)
    confirming.require(desk, actor)

    def work(transaction: Transaction) -> None:
        if staff.find(transaction, username) is None:
            raise AppError(Reason.UNKNOWN_PERSON)
        if not stored.unlink(transaction, username):
            raise AppError(Reason.NOT_LINKED)
        staff.end_credentials(transaction, username)
        transaction.log(actor, Entry(Action.ACCOUNT_UNLINKED, subject=username))
        telling.tell(desk, transaction, Piece(News.ACCOUNT_UNLINKED, username, actor))

    desk.store.write(work)
