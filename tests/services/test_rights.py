"""A service asks what its person may do now: the actor it is handed may be a moment old."""

from collections.abc import Callable

import pytest

from lib.model.account import Section
from lib.model.action import Action, Entry, Outcome
from lib.model.actor import SYSTEM, Actor
from lib.model.errors import AppError, Reason
from lib.model.roles import Permission, Role
from lib.services.desk import Desk
from lib.services.doors import access, people
from lib.services.records import customers, finding
from lib.store.database import Transaction
from lib.store.people import staff
from tests.services.log_rows import logged

PASSWORD = "una frase larga y única"
TYPED = {"name": "Otro", "email": "otro@example.com", "phone": "4424614158"}


@pytest.fixture
def gil(desk: Desk, cheap_passwords: None) -> Actor:
    """A manager as a page has read them."""
    access.add_staff(desk, SYSTEM, "gil", "Gil", "", Role.MANAGER, PASSWORD)
    return Actor("gil", "Gil", Role.MANAGER, session="s-gil")


def lower(desk: Desk, admin: Actor) -> None:
    people.change_role(desk, admin, _seen(desk), Role.AGENT)


def disable(desk: Desk, admin: Actor) -> None:
    people.set_active(desk, admin, _seen(desk), active=False)


def _seen(desk: Desk) -> staff.Staff:
    person = staff.find(desk.store, "gil")
    assert person
    return person


def refusal(act: Callable[[], object]) -> Reason:
    with pytest.raises(AppError) as caught:
        act()
    return caught.value.reason


TAKEN_AWAY = pytest.mark.parametrize("take_away", [lower, disable])


@TAKEN_AWAY
def test_who_lost_what_they_had_reads_and_writes_nothing(
    desk: Desk, gil: Actor, admin: Actor, take_away: Callable[[Desk, Actor], None]
) -> None:
    """Also what the lower role could do: the change ended their sessions."""
    assert finding.everything(desk, gil, "00000001")
    take_away(desk, admin)
    assert refusal(lambda: finding.everything(desk, gil, "00000001")) is Reason.FORBIDDEN
    correct = lambda: customers.correct(desk, gil, "00000001", Section.CONTACT, TYPED, 0)  # noqa: E731
    assert refusal(correct) is Reason.FORBIDDEN
    assert logged(desk, Action.CONTACT_CHANGED) == []


@TAKEN_AWAY
def test_what_they_began_before_is_not_stored(
    desk: Desk, gil: Actor, admin: Actor, take_away: Callable[[Desk, Actor], None]
) -> None:
    """The act was let in; the change was written while it waited for its turn."""
    desk.require(gil, Permission.CORRECT)
    take_away(desk, admin)
    entry = Entry(Action.CONTACT_CHANGED, account_no="00000001")
    assert refusal(lambda: desk.store.write(lambda t: t.log(gil, entry))) is Reason.FORBIDDEN
    assert logged(desk, Action.CONTACT_CHANGED) == []


def test_nor_when_its_refusal_is_swallowed(desk: Desk, gil: Actor, admin: Actor) -> None:
    """Nothing of that transaction is."""
    disable(desk, admin)

    def work(transaction: Transaction) -> None:
        with pytest.raises(AppError):
            transaction.log(gil, Entry(Action.CONTACT_CHANGED))
        transaction.log(admin, Entry(Action.CONTACT_CHANGED))

    assert refusal(lambda: desk.store.write(work)) is Reason.STORAGE_FAILED
    assert logged(desk, Action.CONTACT_CHANGED) == []


def test_what_they_were_refused_is_logged(desk: Desk, gil: Actor, admin: Actor) -> None:
    disable(desk, admin)
    tried = Entry(Action.CDA_REVEALED, Outcome.REFUSED, serial="S", reason="forbidden")
    desk.store.write(lambda t: t.log(gil, tried))
    [row] = logged(desk, Action.CDA_REVEALED)
    assert (row["actor"], row["outcome"]) == ("gil", "refused")


def test_who_was_raised_goes_on_as_they_were(desk: Desk, gil: Actor, admin: Actor) -> None:
    people.change_role(desk, admin, _seen(desk), Role.ADMIN)
    desk.require(gil, Permission.EXPORT)
    with pytest.raises(AppError) as caught:
        desk.require(gil, Permission.MANAGE_STAFF)
    assert caught.value.reason is Reason.FORBIDDEN


@TAKEN_AWAY
def test_the_operator_s_log_has_who_tried_what(
    take_away: Callable[[Desk, Actor], None],
    desk: Desk,
    gil: Actor,
    admin: Actor,
    caplog: pytest.LogCaptureFixture,
) -> None:
    desk.require(gil, Permission.EXPORT)
    assert caplog.messages == []
    take_away(desk, admin)
    refusal(lambda: desk.require(gil, Permission.EXPORT))
    assert caplog.messages == ["refused: gil asked for export"]


def test_nobody_is_named_as_the_desk_itself(desk: Desk, admin: Actor) -> None:
    """Their rows would read as its own."""
    add = lambda: access.add_staff(  # noqa: E731
        desk, admin, "Sistema", "X", "", Role.AGENT, PASSWORD
    )
    assert refusal(add) is Reason.BAD_USERNAME
