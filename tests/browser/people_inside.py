"""What tests/browser/held_desk.py has the desk's own process do about people."""

import gc

from starlette.applications import Starlette

from lib.model.action import Outcome
from lib.model.actor import SYSTEM, Actor
from lib.model.roles import Role
from lib.model.sheet import Format, Words
from lib.model.view import View
from lib.services.desk import Desk
from lib.services.doors import access, people
from lib.services.doors.opening import SignedIn
from lib.services.records import exporting
from lib.store.grid import sources
from lib.store.people import staff
from tests.browser.desk_server import PASSWORD


def cookie(desk: Desk, username: str) -> str:
    """Of a new session, as a browser gets it."""
    opened = access.sign_in(desk, username, PASSWORD)
    assert isinstance(opened, SignedIn)
    return access.redeem(desk, opened.ticket) or ""


def active(desk: Desk, username: str, now: bool) -> None:
    """Disable somebody, or bring them back."""
    person = staff.find(desk.store, username)
    assert person is not None
    people.set_active(desk, SYSTEM, person, active=now)


def role(desk: Desk, username: str, now: Role) -> None:
    """Give somebody another role."""
    person = staff.find(desk.store, username)
    assert person is not None
    people.change_role(desk, SYSTEM, person, now)


def another_admin(desk: Desk, username: str) -> None:
    """Without whom the one there is can't be disabled."""
    email = f"{username}@example.com"
    access.add_staff(desk, SYSTEM, username, username.title(), email, Role.ADMIN, PASSWORD)


def acts(desk: Desk) -> list[tuple[str, str]]:
    """What the log says that people did, in order."""
    rows = desk.store.rows(
        "SELECT actor, action FROM ops.audit WHERE outcome = ? AND actor <> ? ORDER BY seq",
        [Outcome.OK.value, SYSTEM.username],
    )
    return [(str(actor), str(action)) for actor, action in rows]


def sign_out(desk: Desk, value: str) -> None:
    access.sign_out(desk, _of(desk, value))


def export_ticket(desk: Desk, value: str) -> str:
    """For the subscriptions, as the page asks for one."""
    words = Words("Suscripciones", {c.id: c.id for c in sources.SUBSCRIPTIONS.columns})
    return exporting.start(
        desk, sources.SUBSCRIPTIONS, View(), Format.CSV, words, actor=_of(desk, value)
    )


def failures_by_address(desk: Desk) -> list[str]:
    """The addresses that failed sign-ins are logged with, in order."""
    rows = desk.store.rows(
        "SELECT address FROM ops.audit WHERE action = 'sign_in_failed' ORDER BY seq"
    )
    return [str(row[0]) for row in rows]


def routes(_: Desk) -> dict[str, list[str]]:
    """The running server's own table: paths and the methods they take."""
    found: dict[str, list[str]] = {}
    apps = [thing for thing in gc.get_objects() if isinstance(thing, Starlette)]
    for route in (route for app in apps for route in app.routes):
        methods = getattr(route, "methods", None) or ()
        found[route.path] = [*found.get(route.path, []), *methods]  # type: ignore[attr-defined]
    return found


def _of(desk: Desk, value: str) -> Actor:
    actor = access.actor_of_cookie(desk, value)
    assert actor is not None
    return actor
