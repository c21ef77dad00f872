"""Break glass: the passwords that still open the desk when only the company's provider does.

MESA_LOCAL_SIGN_IN=emergencia closes the password's door to everybody but the administrators marked
here. Whoever else types one is refused as for a wrong one, after the same work; whoever comes in
this way is on the record and the other administrators are told.
"""

from lib.model.action import Action, Entry
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.outbox import MailKind
from lib.model.roles import Permission, Role
from lib.services.desk import Desk
from lib.services.doors import confirming, passwords
from lib.services.doors.opening import Entrance
from lib.services.outgoing import notices
from lib.store.database import Transaction
from lib.store.people import single_sign_on as stored
from lib.store.people import staff
from lib.store.people.staff import Staff
from lib.store.reading import Reader

_SUBJECT = "Entrada de emergencia con contraseña"


def opens(desk: Desk, source: Reader, person: Staff) -> bool:
    """Whether this person's password is one that opens anything now."""
    return not desk.settings.oidc.emergency_only or stored.breaks_glass(source, person.username)


def entrance(desk: Desk) -> Entrance:
    """Which door a right password takes."""
    return Entrance.EMERGENCY if desk.settings.oidc.emergency_only else Entrance.PASSWORD


def password_opens(desk: Desk, actor: Actor) -> bool:
    """Whether this person has a password, and one that opens anything now. Raises
    AppError(FORBIDDEN)."""
    desk.require(actor, Permission.OWN_PROFILE)
    person = staff.find(desk.store, actor.username)
    if person is None or passwords.is_none(person.password_hash):
        return False
    return opens(desk, desk.store, person)


def is_missing(desk: Desk) -> bool:
    """Whether nobody could come in while the provider doesn't answer."""
    admins = staff.active_with(desk.store, Role.ADMIN)
    return not any(opens(desk, desk.store, person) for person in admins)


def note(desk: Desk, transaction: Transaction, person: Staff, address: str) -> None:
    """Log that the glass was broken and tell the other administrators; nothing on other days. A
    second factor may still be to come: somebody has the password."""
    if not desk.settings.oidc.emergency_only:
        return
    others = [
        each
        for each in staff.active_with(transaction, Role.ADMIN)
        if each.username != person.username and notices.takes_mail(each.email)
    ]
    payload = {"alerts": [(_SUBJECT, person.name)]}
    notices.to_people(desk, transaction, others, MailKind.ALERTS_RAISED, payload)
    desk.mail_waiting.set()
    actor = Actor(person.username, person.name, person.role, address=address)
    detail = {"recipients": ", ".join(each.email for each in others)}
    entry = Entry(Action.EMERGENCY_USED, subject=person.username, detail=detail)
    transaction.log(actor, entry)


def mark(desk: Desk, actor: Actor, username: str, *, breaks_glass: bool) -> None:
    """Let an administrator's password open the desk in an emergency, or no longer.

    Raises AppError: FORBIDDEN, CONFIRM_FIRST, UNKNOWN_PERSON, EMERGENCY_ADMINS, NOTHING_CHANGED.
    """
    desk.require(actor, Permission.MANAGE_STAFF)
    confirming.require(desk, actor)

    def work(transaction: Transaction) -> None:
        person = staff.find(transaction, username)
        if person is None:
            raise AppError(Reason.UNKNOWN_PERSON)
        if breaks_glass and not (person.active and person.role is Role.ADMIN):
            raise AppError(Reason.EMERGENCY_ADMINS)
        if stored.marked(transaction, username) == breaks_glass:
            raise AppError(Reason.NOTHING_CHANGED)
        stored.mark(transaction, username, breaks_glass=breaks_glass)
        action = Action.EMERGENCY_GIVEN if breaks_glass else Action.EMERGENCY_TAKEN
        transaction.log(actor, Entry(action, subject=username))

    desk.store.write(work)
