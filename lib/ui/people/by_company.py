"""What Usuarios says and does about the company's accounts, where there is single sign-on."""

from collections.abc import Callable, Iterator

from lib.model.actor import Actor
from lib.model.roles import Role
from lib.services.desk import Desk
from lib.services.doors import emergency, single_sign_on
from lib.services.doors.people import Person
from lib.store.people.staff import Staff
from lib.ui import process

Act = Callable[[Desk, Actor, Staff], str]


def badges(one: Person) -> list[str]:
    found = []
    if one.linked:
        found.append(":green-badge[:material/domain: Cuenta de la empresa]")
    if one.breaks_glass:
        found.append(":orange-badge[:material/emergency: Entrada de emergencia]")
    return found


def takes_link(one: Person) -> bool:
    """Whether a password of theirs would open anything."""
    return one.breaks_glass or not process.desk().settings.oidc.emergency_only


def acts(one: Person) -> Iterator[tuple[str, str, Act]]:
    """Each with its icon; none without single sign-on."""
    if not process.desk().settings.oidc.issuer:
        return
    person = one.listed.person
    if one.linked:
        yield "Quitar su cuenta de la empresa", "domain_disabled", _unlink
    if one.breaks_glass:
        yield "Quitar la entrada de emergencia", "lock", _shut
    elif person.active and person.role is Role.ADMIN:
        yield "Dar la entrada de emergencia", "emergency", _open


def _unlink(desk: Desk, me: Actor, seen: Staff) -> str:
    single_sign_on.unlink(desk, me, seen.username)
    return "sin cuenta ligada; la siguiente con su correo será la suya."


def _open(desk: Desk, me: Actor, seen: Staff) -> str:
    emergency.mark(desk, me, seen.username, breaks_glass=True)
    return "su contraseña abre aunque solo entre la cuenta de la empresa."


def _shut(desk: Desk, me: Actor, seen: Staff) -> str:
    emergency.mark(desk, me, seen.username, breaks_glass=False)
    return "su contraseña ya no abre en una emergencia."
