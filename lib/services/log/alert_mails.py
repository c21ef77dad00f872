"""Alerts by mail, for managers who asked for it: one for all that one look at the log raised."""

from collections.abc import Sequence

from lib.mail.why import ALERTS
from lib.model.action import Action, Entry
from lib.model.actor import SYSTEM, Actor
from lib.model.alert import Rule, Sighting
from lib.model.errors import AppError, Reason
from lib.model.outbox import MailKind
from lib.model.roles import Permission, may
from lib.services.desk import Desk
from lib.services.outgoing import notices
from lib.store.database import Transaction
from lib.store.log import mailings
from lib.store.people import staff
from lib.store.people.staff import Staff


def wanted(desk: Desk, actor: Actor) -> bool:
    """Whether this person asked for them. Raises AppError(FORBIDDEN)."""
    desk.require(actor, Permission.ALERTS)
    return mailings.wants_alerts(desk.store, actor.username)


def choose(desk: Desk, actor: Actor, *, wants: bool) -> None:
    """Have one's own alerts mailed from now on, or no more; what is so already does nothing.

    Raises AppError: FORBIDDEN, NO_OWN_ADDRESS.
    """
    desk.require(actor, Permission.ALERTS)

    def work(transaction: Transaction) -> None:
        person = staff.find(transaction, actor.username)
        if wants and (person is None or not notices.takes_mail(person.email)):
            raise AppError(Reason.NO_OWN_ADDRESS)
        if mailings.wants_alerts(transaction, actor.username) == wants:
            return
        mailings.choose_alerts(transaction, actor.username, wanted=wants)
        action = Action.ALERT_MAIL_WANTED if wants else Action.ALERT_MAIL_STOPPED
        transaction.log(actor, Entry(action, subject=actor.username))

    desk.store.write(work)


def tell(desk: Desk, transaction: Transaction, raised: Sequence[Sighting]) -> bool:
    """Queue a mail to each who asked and still may, but never about their own acts alone; whether
    there was one."""
    told: list[str] = []
    for person in mailings.who_wants_alerts(transaction):
        theirs = [seen for seen in raised if person.username not in seen.people]
        if theirs and _may(person):
            payload = {"alerts": [(ALERTS[seen.rule], _about(seen)) for seen in theirs]}
            kind = MailKind.ALERTS_RAISED
            told += notices.to_people(desk, transaction, [person], kind, payload)
    if told:
        detail = {"recipients": ", ".join(told), "alerts": len(raised)}
        transaction.log(SYSTEM, Entry(Action.ALERT_MAILED, detail=detail))
    return bool(told)


def _about(seen: Sighting) -> str:
    """Numbers by what they are; people and addresses as they are."""
    what = {Rule.EMAIL_CHANGED: "cuenta ", Rule.VERIFICATION: "renglón "}.get(seen.rule, "")
    return what + seen.about


def _may(person: Staff) -> bool:
    return may(person.role, Permission.ALERTS) and notices.takes_mail(person.email)
