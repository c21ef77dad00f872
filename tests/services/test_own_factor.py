"""A second factor that somebody already in adds, changes or takes away."""

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
from lib.services.doors import access, attempts, codes, confirming, own_factor, seeds, totp
from lib.services.doors.factors import HalfWay
from lib.services.doors.opening import Proof
from lib.store.people import factors as stored
from tests.services.log_rows import logged

PASSWORD = "una frase larga y única"


@pytest.fixture
def staffed(desk: Desk, cheap_passwords: None) -> Desk:
    for username, role in {"ana": Role.AGENT, "gil": Role.MANAGER}.items():
        access.add_staff(desk, SYSTEM, username, username.title(), "", role, PASSWORD)
    return desk


def enter(desk: Desk, username: str = "ana") -> Actor:
    opened = access.sign_in(desk, username, PASSWORD)
    assert not isinstance(opened, HalfWay)
    actor = access.actor_of_session(desk, opened.session)
    assert actor
    return actor


def confirmed(desk: Desk, username: str = "ana") -> Actor:
    actor = enter(desk, username)
    confirming.confirm(desk, actor, PASSWORD)
    return actor


def code_of(desk: Desk, offered: own_factor.Offered, username: str = "ana") -> str:
    return totp.code_at(seeds.unseal(desk, username, offered.sealed), clock.now())


def enrol(desk: Desk, actor: Actor) -> tuple[str, ...]:
    offered = own_factor.begin(desk, actor)
    return own_factor.enrol(desk, actor, offered, code_of(desk, offered, actor.username))


def refusal(act: Callable[[], object]) -> Reason:
    with pytest.raises(AppError) as caught:
        act()
    return caught.value.reason


def test_it_is_added_by_choice_ends_other_sessions_and_is_asked_from_then_on(
    staffed: Desk,
) -> None:
    there, here = enter(staffed), confirmed(staffed)
    shown = enrol(staffed, here)
    assert len(set(shown)) == 10
    assert own_factor.state(staffed, here).has == {Proof.TOTP}
    assert access.actor_of_session(staffed, there.session) is None
    assert access.actor_of_session(staffed, here.session) is not None
    half = access.sign_in(staffed, "ana", PASSWORD)
    assert isinstance(half, HalfWay)
    assert codes.give(staffed, half.token, shown[0])
    row = logged(staffed, Action.FACTOR_ENROLLED)[-1]
    assert (row["actor"], row["session"]) == ("ana", here.session)
    assert not any(code in str(logged(staffed)) for code in shown)


def test_the_app_is_changed_and_the_codes_stay(
    staffed: Desk, clockwork: Callable[[timedelta], None]
) -> None:
    here = confirmed(staffed)
    enrol(staffed, here)
    before = stored.totp(staffed.store, "ana")
    assert enrol(staffed, here) == ()
    after = stored.totp(staffed.store, "ana")
    assert before
    assert after
    assert before.seed != after.seed
    assert own_factor.state(staffed, here).codes_left == 10


def test_each_step_asks_who_is_there(staffed: Desk, clockwork: Callable[[timedelta], None]) -> None:
    here = enter(staffed)
    assert refusal(lambda: own_factor.begin(staffed, here)) is Reason.CONFIRM_FIRST
    confirming.confirm(staffed, here, PASSWORD)
    offered = own_factor.begin(staffed, here)
    clockwork(confirming.LIFE)
    code = code_of(staffed, offered)
    late = lambda: own_factor.enrol(staffed, here, offered, code)  # noqa: E731
    assert refusal(late) is Reason.CONFIRM_FIRST
    assert refusal(lambda: own_factor.remove(staffed, here)) is Reason.CONFIRM_FIRST


def test_a_seed_is_its_person_s_and_wrong_codes_are_slowed_down(staffed: Desk) -> None:
    here, gil = confirmed(staffed), confirmed(staffed, "gil")
    offered = own_factor.begin(staffed, here)
    other = lambda: own_factor.enrol(staffed, gil, offered, "000000")  # noqa: E731
    assert refusal(other) is Reason.DOORS_KEY_WRONG
    wrong = lambda: own_factor.enrol(staffed, here, offered, "x")  # noqa: E731
    for _ in range(attempts.FREE_FOR_A_PERSON):
        assert refusal(wrong) is Reason.WRONG_CODE
    right = lambda: own_factor.enrol(staffed, here, offered, code_of(staffed, offered))  # noqa: E731
    assert refusal(right) is Reason.WRONG_CODE
    assert logged(staffed, Action.FACTOR_FAILED)[-1]["actor"] == "ana"


def test_it_is_taken_away_unless_the_role_wants_one(staffed: Desk) -> None:
    gil, ana = confirmed(staffed, "gil"), confirmed(staffed)
    assert refusal(lambda: own_factor.remove(staffed, ana)) is Reason.NO_FACTOR
    enrol(staffed, gil), enrol(staffed, ana)
    strict = replace(staffed, settings=replace(staffed.settings, second_factor="gerentes"))
    assert refusal(lambda: own_factor.remove(strict, gil)) is Reason.LAST_FACTOR
    assert own_factor.state(strict, gil).has == {Proof.TOTP}
    own_factor.remove(strict, ana)
    state = own_factor.state(strict, ana)
    assert (state.has, state.codes_left) == (frozenset(), 0)
    assert logged(staffed, Action.FACTOR_REMOVED)[-1]["detail"] == {"factor": "totp"}
