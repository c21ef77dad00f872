"""The second factor: who needs one, what opens the door, what works only once."""

import base64
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from lib.model import clock
from lib.model.action import Action
from lib.model.actor import SYSTEM, Actor
from lib.model.errors import AppError, Reason
from lib.model.roles import Role
from lib.services.desk import Desk
from lib.services.doors import (
    access,
    attempts,
    codes,
    confirming,
    factors,
    people,
    proving,
    seeds,
    totp,
)
from lib.services.doors.factors import HalfWay
from lib.services.doors.opening import SignedIn
from lib.store.people import factors as stored
from tests.services.log_rows import logged

PASSWORD = "una frase larga y única"


@pytest.fixture
def staffed(desk: Desk, cheap_passwords: None) -> Desk:
    """Managers and administrators need a factor; an agent doesn't."""
    desk = replace(desk, settings=replace(desk.settings, second_factor="gerentes"))
    for username, role in {"ana": Role.AGENT, "gil": Role.MANAGER, "ada": Role.ADMIN}.items():
        access.add_staff(desk, SYSTEM, username, username.title(), "", role, PASSWORD)
    return desk


def half(desk: Desk, username: str = "gil") -> HalfWay:
    found = access.sign_in(desk, username, PASSWORD, "203.0.113.7")
    assert isinstance(found, HalfWay)
    return found


def seed_of(desk: Desk, username: str) -> bytes:
    known = stored.totp(desk.store, username)
    assert known
    return seeds.unseal(desk, username, known.seed)


def code(desk: Desk, username: str = "gil") -> str:
    return totp.code_at(seed_of(desk, username), clock.now())


def enrolled(desk: Desk, username: str = "gil") -> factors.Enrolled:
    way = half(desk, username)
    assert way.enrols
    written = codes.begin(desk, way.token).written
    text = written.replace(" ", "")
    seed = base64.b32decode(text + "=" * (-len(text) % 8))
    return codes.enrol(desk, way.token, totp.code_at(seed, clock.now()))


def refusal(act: Callable[[], object]) -> Reason:
    with pytest.raises(AppError) as caught:
        act()
    return caught.value.reason


def last(desk: Desk, action: Action) -> dict[str, Any]:
    return logged(desk, action)[-1]


# ---- who needs one ---------------------------------------------------------------------------


def test_an_agent_s_password_is_enough(staffed: Desk) -> None:
    assert isinstance(access.sign_in(staffed, "ana", PASSWORD), SignedIn)


@pytest.mark.parametrize("username", ["gil", "ada"])
def test_a_manager_s_password_alone_opens_nothing(staffed: Desk, username: str) -> None:
    assert half(staffed, username).enrols
    assert logged(staffed, Action.SIGNED_IN) == []
    assert last(staffed, Action.FACTOR_ASKED)["subject"] == username


def test_everybody_may_be_asked_for_one(staffed: Desk) -> None:
    desk = replace(staffed, settings=replace(staffed.settings, second_factor="todos"))
    assert isinstance(access.sign_in(desk, "ana", PASSWORD), HalfWay)


def test_a_wrong_password_says_the_same_whoever_has_a_factor(staffed: Desk) -> None:
    act = lambda: access.sign_in(staffed, "gil", "otra frase larga")  # noqa: E731
    assert refusal(act) is Reason.BAD_CREDENTIALS


# ---- enrolling -------------------------------------------------------------------------------


def test_who_has_none_enrols_and_is_in(staffed: Desk) -> None:
    done = enrolled(staffed)
    actor = access.actor_of_session(staffed, done.signed_in.session)
    assert actor
    assert actor.username == "gil"
    assert len(set(done.codes)) == proving.RECOVERY_CODES
    row = last(staffed, Action.FACTOR_ENROLLED)
    assert (row["actor"], row["detail"]) == ("gil", {"factor": "totp"})
    assert last(staffed, Action.SIGNED_IN)["detail"] == {"factor": "totp"}
    assert not half(staffed).enrols


def test_a_wrong_code_enrols_nothing(staffed: Desk) -> None:
    way = half(staffed)
    codes.begin(staffed, way.token)
    assert refusal(lambda: codes.enrol(staffed, way.token, "000000")) is Reason.WRONG_CODE
    assert stored.totp(staffed.store, "gil") is None


def test_the_same_code_is_shown_while_it_is_scanned(staffed: Desk) -> None:
    way = half(staffed)
    assert codes.begin(staffed, way.token) == codes.begin(staffed, way.token)
    assert codes.begin(staffed, half(staffed).token) != codes.begin(staffed, way.token)


def test_nobody_who_has_one_enrols_another_with_the_password_alone(staffed: Desk) -> None:
    enrolled(staffed)
    way = half(staffed)
    assert refusal(lambda: codes.begin(staffed, way.token)) is Reason.SIGN_IN_AGAIN
    assert refusal(lambda: codes.enrol(staffed, way.token, "1")) is Reason.SIGN_IN_AGAIN


def test_seeds_lie_sealed_for_their_person(staffed: Desk) -> None:
    enrolled(staffed)
    known = stored.totp(staffed.store, "gil")
    assert known
    assert seed_of(staffed, "gil") not in known.seed
    act = lambda: seeds.unseal(staffed, "ada", known.seed)  # noqa: E731
    assert refusal(act) is Reason.DOORS_KEY_WRONG


# ---- passing it ------------------------------------------------------------------------------


def test_the_app_s_code_opens_the_session_once(
    staffed: Desk, clockwork: Callable[[timedelta], None]
) -> None:
    enrolled(staffed)
    clockwork(timedelta(seconds=60))
    right = code(staffed)
    opened = codes.give(staffed, half(staffed).token, f" {right[:3]} {right[3:]} ")
    assert access.actor_of_session(staffed, opened.session)
    # The same code again, as whoever looked over a shoulder would.
    again = half(staffed)
    assert refusal(lambda: codes.give(staffed, again.token, right)) is Reason.WRONG_CODE
    assert last(staffed, Action.FACTOR_FAILED)["subject"] == "gil"


def test_the_code_that_enrolled_opens_nothing_more(staffed: Desk) -> None:
    enrolled(staffed)
    used = code(staffed)
    way = half(staffed)
    assert refusal(lambda: codes.give(staffed, way.token, used)) is Reason.WRONG_CODE


def test_a_way_opens_one_session(staffed: Desk, clockwork: Callable[[timedelta], None]) -> None:
    done = enrolled(staffed)
    way = half(staffed)
    codes.give(staffed, way.token, done.codes[0])
    act = lambda: codes.give(staffed, way.token, done.codes[1])  # noqa: E731
    assert refusal(act) is Reason.SIGN_IN_AGAIN


def test_a_way_is_forgotten(staffed: Desk, clockwork: Callable[[timedelta], None]) -> None:
    done = enrolled(staffed)
    way = half(staffed)
    clockwork(factors.HALF_WAY_LIFE + timedelta(seconds=1))
    act = lambda: codes.give(staffed, way.token, done.codes[0])  # noqa: E731
    assert refusal(act) is Reason.SIGN_IN_AGAIN


def test_a_way_ends_with_the_password_it_was_opened_by(staffed: Desk, admin: Actor) -> None:
    done = enrolled(staffed)
    way = half(staffed)
    gil = people.everybody(staffed, admin)[2].listed.person
    people.set_active(staffed, admin, gil, active=False)
    act = lambda: codes.give(staffed, way.token, done.codes[0])  # noqa: E731
    assert refusal(act) is Reason.SIGN_IN_AGAIN


def test_guessing_is_slowed_down(staffed: Desk) -> None:
    done = enrolled(staffed)
    way = half(staffed)
    for _ in range(attempts.FREE_FOR_A_PERSON):
        assert refusal(lambda: codes.give(staffed, way.token, "000000")) is Reason.WRONG_CODE
    # Even the right one, and it isn't used up by the try.
    act = lambda: codes.give(staffed, way.token, done.codes[0])  # noqa: E731
    assert refusal(act) is Reason.WRONG_CODE
    assert stored.codes_left(staffed.store, "gil") == proving.RECOVERY_CODES


def test_a_recovery_code_works_once(staffed: Desk) -> None:
    done = enrolled(staffed)
    opened = codes.give(staffed, half(staffed).token, done.codes[3].lower().replace("-", " "))
    assert access.actor_of_session(staffed, opened.session)
    assert last(staffed, Action.SIGNED_IN)["detail"] == {"factor": "recovery_code"}
    way = half(staffed)
    act = lambda: codes.give(staffed, way.token, done.codes[3])  # noqa: E731
    assert refusal(act) is Reason.WRONG_CODE


def test_a_recovery_code_is_of_one_person(staffed: Desk) -> None:
    done = enrolled(staffed)
    enrolled(staffed, "ada")
    way = half(staffed, "ada")
    act = lambda: codes.give(staffed, way.token, done.codes[0])  # noqa: E731
    assert refusal(act) is Reason.WRONG_CODE


def test_no_code_lies_in_the_database_or_the_log(staffed: Desk) -> None:
    done = enrolled(staffed)
    said = str(logged(staffed)) + str(staffed.store.rows("SELECT * FROM ops.recovery_code"))
    assert not any(code in said or code.replace("-", "") in said for code in done.codes)


# ---- later on --------------------------------------------------------------------------------


def test_new_recovery_codes_void_the_old(
    staffed: Desk, clockwork: Callable[[timedelta], None]
) -> None:
    done = enrolled(staffed)
    gil = access.actor_of_session(staffed, done.signed_in.session)
    assert gil
    clockwork(timedelta(seconds=60))
    assert refusal(lambda: codes.renew(staffed, gil)) is Reason.CONFIRM_FIRST
    confirming.confirm(staffed, gil, PASSWORD, code(staffed))
    fresh = codes.renew(staffed, gil)
    assert last(staffed, Action.RECOVERY_CODES_MADE)["detail"] == {"codes": 10}
    way = half(staffed)
    act = lambda: codes.give(staffed, way.token, done.codes[0])  # noqa: E731
    assert refusal(act) is Reason.WRONG_CODE
    assert codes.give(staffed, way.token, fresh[0])


def test_an_administrator_takes_a_lost_one_away(
    staffed: Desk, clockwork: Callable[[timedelta], None]
) -> None:
    done = enrolled(staffed)
    ada = access.actor_of_session(staffed, enrolled(staffed, "ada").signed_in.session)
    assert ada
    assert refusal(lambda: factors.reset(staffed, ada, "gil")) is Reason.CONFIRM_FIRST
    clockwork(timedelta(seconds=60))
    confirming.confirm(staffed, ada, PASSWORD, code(staffed, "ada"))
    factors.reset(staffed, ada, "gil")
    assert access.actor_of_session(staffed, done.signed_in.session) is None
    row = last(staffed, Action.FACTOR_REMOVED)
    assert (row["actor"], row["subject"]) == ("ada", "gil")
    assert row["detail"] == {"factor": "totp"}
    assert half(staffed).enrols
    enrolled(staffed)
    assert refusal(lambda: factors.reset(staffed, ada, "ada")) is Reason.OWN_STATE
    assert refusal(lambda: factors.reset(staffed, ada, "ana")) is Reason.NO_FACTOR
    gil = Actor("gil", "Gil", Role.MANAGER)
    assert refusal(lambda: factors.reset(staffed, gil, "ada")) is Reason.FORBIDDEN
