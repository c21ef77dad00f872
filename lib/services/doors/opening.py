"""A session opened: the last step of every way in.

It opens with a one-time ticket; the browser changes it for a cookie whose value is made at that
moment. Only hashes are stored, so neither the database nor a backup opens anything.
"""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from lib.model.action import Action, Entry
from lib.model.actor import Actor
from lib.model.client import NO_CLIENT, Client
from lib.model.news import News
from lib.services.desk import Desk
from lib.services.doors import telling
from lib.services.doors.telling import Piece
from lib.store.database import Transaction
from lib.store.people import devices, sessions, staff
from lib.store.people.staff import Staff

LONGEST_SESSION = timedelta(hours=10)
KNOWN_FOR = timedelta(days=180)  # a browser that nobody comes in with any more


class Proof(StrEnum):
    """What a person proved themselves with, beside their password."""

    PASSWORD = "password"  # noqa: S105 - and nothing else
    TOTP = "totp"
    RECOVERY_CODE = "recovery_code"
    PASSKEY = "passkey"
    PROVIDER = "provider"  # the company's provider asked for it


class Entrance(StrEnum):
    """Which door somebody took."""

    PASSWORD = "password"  # noqa: S105
    SINGLE_SIGN_ON = "single_sign_on"
    EMERGENCY = "emergency"  # a password while only the provider opens to everybody else


@dataclass(frozen=True)
class SignedIn:
    """`ticket` is the secret that the browser changes for its cookie, once, within TICKET_LIFE."""

    session: str
    ticket: str = field(repr=False)


def open_session(
    desk: Desk,
    transaction: Transaction,
    person: Staff,
    address: str,
    proof: Proof = Proof.PASSWORD,
    entrance: Entrance = Entrance.PASSWORD,
    client: Client = NO_CLIENT,
) -> SignedIn:
    """With its row in the log; the caller has made sure that it is this person."""
    opened = SignedIn(secrets.token_hex(12), secrets.token_urlsafe(32))
    sessions.add(
        transaction,
        sessions.Opening(
            opened.session,
            person.username,
            hashed(opened.ticket),
            person.credential_version,
            address,
            transaction.now + LONGEST_SESSION,
            entrance,
            client.browser,
        ),
    )
    staff.seen(transaction, person.username, transaction.now)
    actor = Actor(person.username, person.name, person.role, opened.session, address)
    detail = {} if proof is Proof.PASSWORD else {"factor": proof.value}
    detail |= {"browser": client.browser} if client.browser else {}
    detail |= {} if entrance is Entrance.PASSWORD else {"entrance": entrance.value}
    transaction.log(actor, Entry(Action.SIGNED_IN, subject=person.username, detail=detail))
    _tell(desk, transaction, actor, proof, client)
    return opened


def _tell(desk: Desk, transaction: Transaction, actor: Actor, proof: Proof, client: Client) -> None:
    """Their first browser is no news: who came by a link chose their password in it."""
    since = transaction.now - KNOWN_FOR
    strange = not devices.known(transaction, actor.username, client.device, since)
    if proof is Proof.RECOVERY_CODE:
        news = News.RECOVERY_CODE_USED
    elif strange and devices.any_of(transaction, actor.username):
        news = News.NEW_BROWSER
    else:
        return
    telling.tell(desk, transaction, Piece(news, actor.username, actor, client))


def hashed(secret: str) -> str:
    """SHA-256 in hex: enough for secrets of 112 random bits and more (ASVS 5.0, 6.5.2)."""
    return hashlib.sha256(secret.encode()).hexdigest()
