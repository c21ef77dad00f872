"""Mails to a person about their own door: a way in that changed, a sign-in from a browser that
nobody saw before (ASVS 5.0, 6.3.5 and 6.3.7).

Queued beside what they tell of, in the same transaction. Who did it to themselves can shrug; who
didn't learns it where the intruder isn't.
"""

from dataclasses import dataclass

from lib.model.actor import Actor
from lib.model.client import NO_CLIENT, Client
from lib.model.news import News
from lib.model.outbox import MailKind
from lib.services.desk import Desk
from lib.services.outgoing import notices
from lib.store.database import Transaction
from lib.store.people import staff


@dataclass(frozen=True)
class Piece:
    """What happened to `username`'s door, by whom (and from where), in which browser. `also` is an
    address besides their own: the one that they had until now."""

    news: News
    username: str
    by: Actor
    client: Client = NO_CLIENT
    also: str = ""


def tell(desk: Desk, transaction: Transaction, piece: Piece) -> None:
    """Nobody is told who has no address that takes mail."""
    person = staff.find(transaction, piece.username)
    if person is None:
        return
    own = piece.by.username == person.username
    payload = {
        "news": piece.news.value,
        "at": transaction.now.isoformat(),
        "by": "" if own else piece.by.name,
        "address": piece.by.address,
        "browser": piece.client.browser,
    }
    from_now_on = [person] if notices.takes_mail(person.email) else []
    until_now = [person.at(piece.also)] if notices.takes_mail(piece.also) else []
    to = [*from_now_on, *until_now]
    if notices.to_people(desk, transaction, to, MailKind.DOOR_CHANGED, payload):
        # Now, and not after the commit: the worker asks for its next mail in a transaction of its
        # own, which waits for this one.
        desk.mail_waiting.set()
