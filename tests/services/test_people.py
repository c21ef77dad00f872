"""Who works at the desk: roles, who may come in, open sessions."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from lib.model import clock
from lib.model.action import Action
from lib.model.actor import SYSTEM, Actor
from lib.model.errors import AppError, Reason
from lib.model.roles import Role
from lib.services.desk import Desk
from lib.services.doors import access, confirming, people
from lib.store.people import password_links, staff
from lib.store.people.staff import Staff
from tests.services.log_rows import logged

PASSWORD = "una frase larga y única"


@pytest.fixture
def staffed(desk: Desk, cheap_passwords: None) -> Desk:
    roles = {"ana": Role.AGENT, "gil": Role.MANAGER, "ada": Role.ADMIN}
    for username, role in roles.items():
        access.add_staff(desk, SYSTEM, username, username.title(), "", role, PASSWORD)
    return desk


@pytest.fixture
def ada(staffed: Desk) -> Actor:
    return enter(staffed, "ada")


def enter(desk: Desk, username: str) -> Actor:
    signed_in = access.sign_in(desk, username, PASSWORD, "203.0.113.7")
    actor = access.actor_of_session(desk, signed_in.session)
    assert actor
    confirming.confirm(desk, actor, PASSWORD)
    return actor


def seen(desk: Desk, username: str) -> Staff:
    person = staff.find(desk.store, username)
    assert person
    return person


def refusal(act: Callable[[], object]) -> Reason:
    with pytest.raises(AppError) as caught:
        act()
    return caught.value.reason


def last(desk: Desk, action: Action) -> dict[str, Any]:
    return logged(desk, action)[-1]


# ---- roles -----------------------------------------------------------------------------------


def test_a_new_role_ends_every_session_and_is_logged(staffed: Desk, ada: Actor) -> None:
    ana = enter(staffed, "ana")
    people.change_role(staffed, ada, seen(staffed, "ana"), Role.MANAGER)
    assert access.actor_of_session(staffed, ana.session) is None
    assert enter(staffed, "ana").role is Role.MANAGER
    row = last(staffed, Action.ROLE_CHANGED)
    assert (row["actor"], row["subject"]) == ("ada", "ana")
    assert row["detail"] == {"old": {"role": "agente"}, "new": {"role": "gerente"}}


def test_nobody_changes_their_own_role_or_state(staffed: Desk, ada: Actor) -> None:
    me = seen(staffed, "ada")
    act = lambda: people.change_role(staffed, ada, me, Role.AGENT)  # noqa: E731
    assert refusal(act) is Reason.OWN_ROLE
    act = lambda: people.set_active(staffed, ada, me, active=False)  # noqa: E731
    assert refusal(act) is Reason.OWN_STATE
    assert logged(staffed, Action.ROLE_CHANGED, Action.STAFF_DISABLED) == []


def test_one_administrator_always_stays(staffed: Desk) -> None:
    only = seen(staffed, "ada")
    act = lambda: people.set_active(staffed, SYSTEM, only, active=False)  # noqa: E731
    assert refusal(act) is Reason.LAST_ADMIN
    act = lambda: people.change_role(staffed, SYSTEM, only, Role.AGENT)  # noqa: E731
    assert refusal(act) is Reason.LAST_ADMIN
    people.change_role(staffed, SYSTEM, seen(staffed, "gil"), Role.ADMIN)
    people.set_active(staffed, SYSTEM, only, active=False)
    assert last(staffed, Action.STAFF_DISABLED)["subject"] == "ada"


def test_of_two_administrators_the_second_is_told(staffed: Desk, ada: Actor) -> None:
    before = seen(staffed, "ana")
    people.change_role(staffed, ada, before, Role.MANAGER)
    act = lambda: people.set_active(staffed, ada, before, active=False)  # noqa: E731
    assert refusal(act) is Reason.PERSON_CHANGED_MEANWHILE
    assert logged(staffed, Action.STAFF_DISABLED) == []


def test_of_two_administrators_who_demote_each_other_one_stays(staffed: Desk, ada: Actor) -> None:
    people.change_role(staffed, ada, seen(staffed, "gil"), Role.ADMIN)
    gil = enter(staffed, "gil")
    both = [(ada, seen(staffed, "gil")), (gil, seen(staffed, "ada"))]
    ready = threading.Barrier(2)

    def demote(who: Actor, whom: Staff) -> Reason | None:
        ready.wait()
        try:
            people.change_role(staffed, who, whom, Role.AGENT)
        except AppError as error:
            return error.reason
        return None

    with ThreadPoolExecutor(2) as pool:
        ended = list(pool.map(demote, *zip(*both, strict=True)))
    refused = [reason for reason in ended if reason]
    assert len(refused) == 1
    assert refused[0] in (
        Reason.SIGNED_OUT,
        Reason.FORBIDDEN,
        Reason.LAST_ADMIN,
        Reason.CONFIRM_FIRST,
    )
    assert len(staff.active_with(staffed.store, Role.ADMIN)) == 1
    assert len(logged(staffed, Action.ROLE_CHANGED)) == 2  # the first made gil one


# ---- addresses -------------------------------------------------------------------------------


def test_a_new_address_ends_the_links_of_before_and_is_logged(staffed: Desk, ada: Actor) -> None:
    until = clock.now() + timedelta(hours=1)
    staffed.store.write(lambda t: password_links.add(t, "h" * 64, "ana", "ada", until))
    people.change_email(staffed, ada, seen(staffed, "ana"), " nueva@example.com ")
    assert seen(staffed, "ana").email == "nueva@example.com"
    assert password_links.whose(staffed.store, "h" * 64, clock.now()) is None
    row = last(staffed, Action.STAFF_EMAIL_CHANGED)
    assert (row["actor"], row["subject"]) == ("ada", "ana")
    assert row["detail"] == {"old": {"email": ""}, "new": {"email": "nueva@example.com"}}


def test_an_address_is_not_changed(staffed: Desk, ada: Actor) -> None:
    ana = seen(staffed, "ana")
    act = lambda email: lambda: people.change_email(staffed, ada, ana, email)  # noqa: E731
    assert refusal(act("no es")) is Reason.BAD_STAFF_EMAIL
    assert refusal(act("a@b.co\r\nBcc: x@y.co")) is Reason.BAD_STAFF_EMAIL
    assert refusal(act("")) is Reason.BAD_STAFF_EMAIL
    people.change_email(staffed, ada, ana, "ana@example.com")
    assert refusal(act("otra@example.com")) is Reason.PERSON_CHANGED_MEANWHILE
    again = lambda: people.change_email(staffed, ada, seen(staffed, "ana"), "ana@example.com")  # noqa: E731
    assert refusal(again) is Reason.NOTHING_CHANGED
    assert len(logged(staffed, Action.STAFF_EMAIL_CHANGED)) == 1


# ---- who may come in -------------------------------------------------------------------------


def test_a_disabled_person_s_next_click_does_nothing(staffed: Desk, ada: Actor) -> None:
    ana = enter(staffed, "ana")
    people.set_active(staffed, ada, seen(staffed, "ana"), active=False)
    assert access.actor_of_session(staffed, ana.session) is None
    assert refusal(lambda: enter(staffed, "ana")) is Reason.BAD_CREDENTIALS
    people.set_active(staffed, ada, seen(staffed, "ana"), active=True)
    assert access.actor_of_session(staffed, ana.session) is None
    assert enter(staffed, "ana").username == "ana"
    assert last(staffed, Action.STAFF_ENABLED)["subject"] == "ana"


# ---- sessions --------------------------------------------------------------------------------


def test_a_session_is_ended_by_whose_it_is(staffed: Desk) -> None:
    here, there = enter(staffed, "ana"), enter(staffed, "ana")
    assert {one.id for one in people.my_sessions(staffed, here)} == {here.session, there.session}
    people.end_session(staffed, here, there.session)
    assert access.actor_of_session(staffed, there.session) is None
    assert access.actor_of_session(staffed, here.session) is not None
    row = last(staffed, Action.SESSIONS_ENDED)
    assert (row["actor"], row["subject"], row["detail"]) == ("ana", "ana", {"sessions": 1})


def test_nobody_ends_another_s_session_from_their_profile(staffed: Desk, ada: Actor) -> None:
    gil = enter(staffed, "gil")
    act = lambda: people.end_session(staffed, ada, gil.session)  # noqa: E731
    assert refusal(act) is Reason.UNKNOWN_SESSION
    assert access.actor_of_session(staffed, gil.session) is not None


def test_all_others_end_at_once(staffed: Desk) -> None:
    here, *others = (enter(staffed, "ana") for _ in range(3))
    assert people.end_others(staffed, here) == 2
    assert [access.actor_of_session(staffed, one.session) for one in others] == [None, None]
    assert last(staffed, Action.SESSIONS_ENDED)["detail"] == {"sessions": 2}
    assert people.end_others(staffed, here) == 0
    assert len(logged(staffed, Action.SESSIONS_ENDED)) == 1


def test_an_administrator_ends_anyone_s(staffed: Desk, ada: Actor) -> None:
    gil = enter(staffed, "gil")
    assert people.end_all_of(staffed, ada, "gil") == 1
    assert access.actor_of_session(staffed, gil.session) is None
    assert last(staffed, Action.SESSIONS_ENDED)["subject"] == "gil"
    assert refusal(lambda: people.end_all_of(staffed, ada, "x")) is Reason.UNKNOWN_PERSON


def test_the_list_says_who_is_in(staffed: Desk, ada: Actor) -> None:
    enter(staffed, "gil")
    shown = {one.listed.person.username: one for one in people.everybody(staffed, ada)}
    assert list(shown) == ["ada", "ana", "gil"]
    assert [one.address for one in shown["gil"].sessions] == ["203.0.113.7"]
    assert (shown["ana"].sessions, shown["ana"].listed.last_seen_at) == ((), None)


@pytest.mark.parametrize("role", [Role.AGENT, Role.MANAGER])
def test_only_administrators_manage_people(staffed: Desk, role: Role) -> None:
    actor, ana = Actor("gil", "Gil", role), seen(staffed, "ana")
    for act in (
        lambda: people.everybody(staffed, actor),
        lambda: people.change_role(staffed, actor, ana, Role.ADMIN),
        lambda: people.set_active(staffed, actor, ana, active=False),
        lambda: people.end_all_of(staffed, actor, "ana"),
        lambda: people.change_email(staffed, actor, ana, "x@example.com"),
    ):
        assert refusal(act) is Reason.FORBIDDEN
