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
from lib.store.database import Transaction
from lib.store.people import sessions, staff
from lib.store.people.staff import Staff

LONGEST_SESSION = timedelta(hours=10)


class Proof(StrEnum):
    """What a person proved themselves with, beside their password."""

    PASSWORD = "password"  # noqa: S105 - and nothing else
    TOTP = "totp"
    RECOVERY_CODE = "recovery_code"
    PASSKEY = "passkey"


@dataclass(frozen=True)
class SignedIn:
    """`ticket` is the secret that the browser changes for its cookie, once, within TICKET_LIFE."""

    session: str
    ticket: str = field(repr=False)


def open_session(
    transaction: Transaction, person: Staff, address: str, proof: Proof = Proof.PASSWORD
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
        ),
    )
    staff.seen(transaction, person.username, transaction.now)
    actor = Actor(person.username, person.name, person.role, opened.session, address)
    detail = {} if proof is Proof.PASSWORD else {"factor": proof.value}
    transaction.log(actor, Entry(Action.SIGNED_IN, subject=person.username, detail=detail))
    return opened


def hashed(secret: str) -> str:
    """SHA-256 in hex: enough for secrets of 112 random bits and more (ASVS 5.0, 6.5.2)."""
    return hashlib.sha256(secret.encode()).hexdigest()
