"""Asked again who is at the keyboard: by what, for how long, before what."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from lib.model import clock
from lib.model.action import Action
from lib.model.actor import SYSTEM, Actor
from lib.model.errors import AppError, Reason
from lib.model.roles import Role
from lib.services.desk import Desk
from lib.services.doors import access, attempts, confirming, invitations, people, seeds, totp
from lib.services.doors.invitations import Invited
from lib.services.doors.opening import Proof
from lib.services.log import erasing
from lib.store.people import factors as stored
from lib.store.people import staff
from lib.store.people.staff import Staff
from tests.services.log_rows import logged

PASSWORD = "una frase larga y única"
SEED = b"0123456789abcdefghij"


@pytest.fixture
def staffed(desk: Desk, cheap_passwords: None) -> Desk:
    desk = replace(desk, settings=replace(desk.settings, url="https://mesa.example.com"))
    for username, role in {"ana": Role.AGENT, "gil": Role.MANAGER, "ada": Role.ADMIN}.items():
        email = f"{username}@example.com"
        access.add_staff(desk, SYSTEM, username, username.title(), email, role, PASSWORD)
    return desk


def enter(desk: Desk, username: str) -> Actor:
    signed_in = access.sign_in(desk, username, PASSWORD, "203.0.113.7")
    actor = access.actor_of_session(desk, signed_in.session)
    assert actor
    return actor


def with_factor(desk: Desk, username: str) -> None:
    sealed = seeds.seal(desk, username, SEED)
    desk.store.write(lambda t: stored.enrol(t, username, sealed, 0))


def seen(desk: Desk, username: str) -> Staff:
    person = staff.find(desk.store, username)
    assert person
    return person


def refusal(act: Callable[[], object]) -> Reason | None:
    try:
        act()
    except AppError as error:
        return error.reason
    return None


def test_to_sign_in_is_not_to_confirm_and_a_confirmation_grows_old(
    staffed: Desk, clockwork: Callable[[timedelta], None]
) -> None:
    ada, elsewhere = enter(staffed, "ada"), enter(staffed, "ada")
    assert refusal(lambda: confirming.require(staffed, ada)) is Reason.CONFIRM_FIRST
    confirming.confirm(staffed, ada, PASSWORD)
    confirming.require(staffed, ada)
    assert refusal(lambda: confirming.require(staffed, elsewhere)) is Reason.CONFIRM_FIRST
    [row] = logged(staffed, Action.CONFIRMED)
    assert (row["actor"], row["session"], row["outcome"]) == ("ada", ada.session, "ok")
    assert row["detail"] == {"way": "password"}
    clockwork(confirming.LIFE)
    assert refusal(lambda: confirming.require(staffed, ada)) is Reason.CONFIRM_FIRST


def test_somebody_else_s_session_confirms_nothing_of_mine(staffed: Desk) -> None:
    ada, gil = enter(staffed, "ada"), enter(staffed, "gil")
    confirming.confirm(staffed, ada, PASSWORD)
    forged = replace(gil, session=ada.session)
    assert refusal(lambda: confirming.require(staffed, forged)) is Reason.CONFIRM_FIRST


def test_with_a_factor_a_code_goes_with_the_password_and_works_once(
    staffed: Desk, clockwork: Callable[[timedelta], None]
) -> None:
    ada = enter(staffed, "ada")
    assert not confirming.factors(staffed, ada)
    with_factor(staffed, "ada")
    assert confirming.factors(staffed, ada) == {Proof.TOTP}
    code = totp.code_at(SEED, clock.now())
    assert refusal(lambda: confirming.confirm(staffed, ada, PASSWORD)) is Reason.NOT_CONFIRMED
    # A wrong password doesn't use the code up.
    wrong = lambda: confirming.confirm(staffed, ada, "otra frase larga", code)  # noqa: E731
    assert refusal(wrong) is Reason.NOT_CONFIRMED
    confirming.confirm(staffed, ada, PASSWORD, code)
    clockwork(confirming.LIFE)
    again = lambda: confirming.confirm(staffed, ada, PASSWORD, code)  # noqa: E731
    assert refusal(again) is Reason.NOT_CONFIRMED


def test_guessing_is_slowed_in_this_session_alone(
    staffed: Desk, clockwork: Callable[[timedelta], None]
) -> None:
    ada, elsewhere = enter(staffed, "ada"), enter(staffed, "ada")
    for _ in range(attempts.FREE_FOR_A_PERSON):
        assert refusal(lambda: confirming.confirm(staffed, ada, "no es")) is Reason.NOT_CONFIRMED
    assert refusal(lambda: confirming.confirm(staffed, ada, PASSWORD)) is Reason.NOT_CONFIRMED
    confirming.confirm(staffed, elsewhere, PASSWORD)
    assert access.sign_in(staffed, "ada", PASSWORD, "203.0.113.7")
    clockwork(attempts.FIRST_DELAY)
    confirming.confirm(staffed, ada, PASSWORD)
    row = logged(staffed, Action.CONFIRMED)[0]
    assert (row["outcome"], row["reason"]) == ("refused", "not_confirmed")


def test_what_asks_first_asks_and_does_nothing(staffed: Desk) -> None:
    ada, ana = enter(staffed, "ada"), enter(staffed, "ana")
    gil, luz = seen(staffed, "gil"), Invited("luz", "Luz Paz", "luz@example.com", Role.ADMIN)
    before = len(logged(staffed))
    for act in (
        lambda: people.change_role(staffed, ada, gil, Role.ADMIN),
        lambda: people.set_active(staffed, ada, gil, active=False),
        lambda: people.end_all_of(staffed, ada, "ana"),
        lambda: people.end_session(staffed, ana, ana.session),
        lambda: people.end_others(staffed, ana),
        lambda: invitations.invite(staffed, ada, luz),
        lambda: invitations.send_link(staffed, ada, "gil"),
        lambda: erasing.erase(staffed, ada, "10000001"),
    ):
        assert refusal(act) is Reason.CONFIRM_FIRST
    assert len(logged(staffed)) == before


def test_who_works_at_the_server_is_not_asked(staffed: Desk) -> None:
    confirming.require(staffed, SYSTEM)
    confirming.require(staffed, Actor("root", "root", Role.ADMIN))
