"""Passkeys: made and used at the door and in a session, and what doesn't pass for one."""

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lib.model.action import Action, Outcome
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.services.desk import Desk
from lib.services.doors import (
    access,
    ceremonies,
    codes,
    confirming,
    factors,
    passkeys,
    people,
    proving,
)
from lib.services.doors.ceremonies import Site
from lib.services.doors.factors import Enrolled, HalfWay
from lib.services.doors.opening import Proof, SignedIn
from lib.store.people import passkeys as stored
from tests.services.authenticator import HOST, ORIGIN, Key
from tests.services.log_rows import logged
from tests.services.test_factors import PASSWORD, refusal, staffed

__all__ = ["staffed"]  # a fixture
AT = Site(HOST, ORIGIN)


def half(desk: Desk, username: str = "gil") -> HalfWay:
    found = access.sign_in(desk, username, PASSWORD, "203.0.113.7")
    assert isinstance(found, HalfWay)
    return found


def enrolled(desk: Desk, key: Key, username: str = "gil") -> Enrolled:
    way = half(desk, username)
    assert way.enrols
    return passkeys.enrol(desk, way.token, key.create(passkeys.begin(desk, way.token, AT)), AT)


def given_key(desk: Desk, key: Key, username: str = "gil") -> SignedIn:
    way = half(desk, username)
    return passkeys.give(desk, way.token, key.get(passkeys.ask(desk, way.token, AT)), AT)


def actor_of(desk: Desk, signed_in: SignedIn) -> Actor:
    found = access.actor_of_session(desk, signed_in.session)
    assert found
    return found


def confirmed(desk: Desk, key: Key, signed_in: SignedIn) -> Actor:
    me = actor_of(desk, signed_in)
    passkeys.confirm(desk, me, key.get(passkeys.ask_own(desk, me, AT)), AT)
    return me


def last(desk: Desk, action: Action) -> dict[str, Any]:
    return logged(desk, action)[-1]


# ---- at the door -----------------------------------------------------------------------------


@pytest.mark.parametrize("algorithm", [-7, -8, -257])
def test_who_has_no_factor_makes_one_and_is_in_by_it_from_then_on(
    staffed: Desk, algorithm: int
) -> None:
    key = Key(algorithm)
    done = enrolled(staffed, key)
    assert actor_of(staffed, done.signed_in).username == "gil"
    assert len(set(done.codes)) == proving.RECOVERY_CODES
    row = last(staffed, Action.FACTOR_ENROLLED)
    assert (row["actor"], row["detail"]) == ("gil", {"factor": "passkey"})
    assert half(staffed).has == {Proof.PASSKEY}
    assert actor_of(staffed, given_key(staffed, key)).username == "gil"
    assert last(staffed, Action.SIGNED_IN)["detail"] == {"factor": "passkey"}
    (kept,) = stored.of(staffed.store, "gil")
    assert (kept.counter, kept.used_at is not None) == (1, True)


def test_the_browser_is_asked_for_a_verified_person_and_this_site_alone(staffed: Desk) -> None:
    key = Key()
    way = half(staffed)
    made = passkeys.begin(staffed, way.token, AT)
    assert made["rp"] == {"name": "Mesa CDA", "id": "localhost"}
    assert made["authenticatorSelection"]["userVerification"] == "required"
    assert made["attestation"] == "none"
    assert {each["alg"] for each in made["pubKeyCredParams"]} == {-7, -8, -257}
    assert "gil" not in base64.urlsafe_b64decode(made["user"]["id"] + "==").decode("latin-1")
    passkeys.enrol(staffed, way.token, key.create(made), AT)
    signed = passkeys.ask(staffed, half(staffed).token, AT)
    assert (signed["rpId"], signed["userVerification"]) == ("localhost", "required")
    assert [each["id"] for each in signed["allowCredentials"]] == [
        stored.of(staffed.store, "gil")[0].id
    ]
    assert len(base64.urlsafe_b64decode(signed["challenge"] + "==")) == 32


def test_a_recovery_code_stands_in_for_a_lost_one(staffed: Desk) -> None:
    done = enrolled(staffed, Key())
    assert actor_of(staffed, codes.give(staffed, half(staffed).token, done.codes[0]))


def test_a_synchronised_one_has_no_counter(staffed: Desk) -> None:
    key = Key(counter=None)
    enrolled(staffed, key)
    assert given_key(staffed, key)
    assert given_key(staffed, key)


# ---- what doesn't pass -----------------------------------------------------------------------


def refused(desk: Desk, act: Callable[[], object], why: Reason = Reason.PASSKEY_REFUSED) -> None:
    """It is, its row says so, and nobody is in."""
    before = len(logged(desk, Action.SIGNED_IN))
    assert refusal(act) is why
    row = last(desk, Action.FACTOR_FAILED)
    assert (row["outcome"], row["subject"]) == (Outcome.REFUSED, "gil")
    assert row["reason"] == why
    assert len(logged(desk, Action.SIGNED_IN)) == before


def test_an_answer_counts_once(staffed: Desk) -> None:
    key = Key(counter=None)
    enrolled(staffed, key)
    way = half(staffed)
    answer = key.get(passkeys.ask(staffed, way.token, AT))
    passkeys.give(staffed, way.token, answer, AT)
    refused(staffed, lambda: passkeys.give(staffed, half(staffed).token, answer, AT))


def test_a_refused_answer_uses_its_challenge_up(staffed: Desk) -> None:
    key = Key()
    enrolled(staffed, key)
    way = half(staffed)
    asked = passkeys.ask(staffed, way.token, AT)
    refused(staffed, lambda: passkeys.give(staffed, way.token, Key(id=key.id).get(asked), AT))
    refused(staffed, lambda: passkeys.give(staffed, way.token, key.get(asked), AT))


def test_a_challenge_counts_where_it_was_asked(staffed: Desk) -> None:
    key = Key()
    done = enrolled(staffed, key)
    elsewhere, here = half(staffed), half(staffed)
    asked = passkeys.ask(staffed, elsewhere.token, AT)
    refused(staffed, lambda: passkeys.give(staffed, here.token, key.get(asked), AT))
    # Nor one of a session at the door, nor one nobody asked.
    asked = passkeys.ask_own(staffed, actor_of(staffed, done.signed_in), AT)
    refused(staffed, lambda: passkeys.give(staffed, here.token, key.get(asked), AT))
    asked["challenge"] = "AAAA"
    refused(staffed, lambda: passkeys.give(staffed, here.token, key.get(asked), AT))


def test_a_challenge_is_forgotten(staffed: Desk, clockwork: Callable[[timedelta], None]) -> None:
    key = Key()
    done = enrolled(staffed, key)
    me = actor_of(staffed, done.signed_in)
    asked = passkeys.ask_own(staffed, me, AT)
    clockwork(passkeys.ASKED_LIFE)
    act = lambda: passkeys.confirm(staffed, me, key.get(asked), AT)  # noqa: E731
    assert refusal(act) is Reason.PASSKEY_REFUSED


@pytest.mark.parametrize(
    "lie",
    [
        {"origin": "https://mesa-cda.example.net"},
        {"origin": "http://localhost:9999"},
        {"host": "example.net"},
        {"verified": False},
    ],
)
def test_wrong_origin_site_or_nobody_verified(staffed: Desk, lie: dict[str, Any]) -> None:
    key = Key()
    enrolled(staffed, key)
    for name, value in lie.items():
        setattr(key, name, value)
    refused(staffed, lambda: given_key(staffed, key))


@pytest.mark.parametrize(
    "lie", [{"origin": "https://mesa-cda.example.net"}, {"host": "a.b"}, {"verified": False}]
)
def test_nor_is_one_made_so(staffed: Desk, lie: dict[str, Any]) -> None:
    refused(staffed, lambda: enrolled(staffed, Key(**lie)))
    assert stored.of(staffed.store, "gil") == []


def test_one_whose_counter_goes_back_may_be_a_copy(staffed: Desk) -> None:
    key = Key(counter=7)
    enrolled(staffed, key)
    given_key(staffed, key)
    key.counter = 7
    refused(staffed, lambda: given_key(staffed, key), Reason.PASSKEY_COPIED)
    # A made-up signature isn't taken for a copy: it is nobody's.
    refused(staffed, lambda: given_key(staffed, Key(id=key.id, counter=0)))
    assert given_key(staffed, key)


def test_another_person_s_isn_t_one_s_own(staffed: Desk) -> None:
    hers, his = Key(), Key()
    enrolled(staffed, hers, "ada")
    enrolled(staffed, his)
    refused(staffed, lambda: given_key(staffed, hers))
    # Nor can one that is known be enrolled again.
    me = confirmed(staffed, his, given_key(staffed, his))
    answer = hers.create(passkeys.begin_own(staffed, me, AT))
    act = lambda: passkeys.enrol_own(staffed, me, answer, AT, "")  # noqa: E731
    assert refusal(act) is Reason.PASSKEY_REFUSED
    row = last(staffed, Action.FACTOR_FAILED)
    assert (row["actor"], row["session"]) == ("gil", me.session)
    assert row["reason"] == Reason.PASSKEY_REFUSED


def test_somebody_disabled_half_way(staffed: Desk, admin: Actor) -> None:
    key = Key()
    enrolled(staffed, key)
    way = half(staffed)
    answer = key.get(passkeys.ask(staffed, way.token, AT))
    gil = next(
        one.listed.person
        for one in people.everybody(staffed, admin)
        if one.listed.person.username == "gil"
    )
    people.set_active(staffed, admin, gil, active=False)
    act = lambda: passkeys.give(staffed, way.token, answer, AT)  # noqa: E731
    assert refusal(act) is Reason.SIGN_IN_AGAIN


def test_who_has_a_factor_adds_none_with_the_password_alone(staffed: Desk) -> None:
    enrolled(staffed, Key())
    way = half(staffed)
    assert refusal(lambda: passkeys.begin(staffed, way.token, AT)) is Reason.SIGN_IN_AGAIN
    asked = passkeys.ask(staffed, way.token, AT)
    act = lambda: passkeys.enrol(staffed, way.token, Key().create(asked), AT)  # noqa: E731
    assert refusal(act) is Reason.SIGN_IN_AGAIN
    assert refusal(lambda: codes.begin(staffed, way.token)) is Reason.SIGN_IN_AGAIN


_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.binary(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_no_answer_is_more_than_refused(data: st.DataObject) -> None:
    """Neither rubbish nor a right answer with one part of it broken raises anything."""
    key = Key()
    options = ceremonies.to_make(AT, b"h", "gil", "Gil", b"c" * 32, [])
    answer: Any = key.create(options) if data.draw(st.booleans()) else key.get(options)
    parts = [(answer, name) for name in answer] + [
        (answer["response"], name) for name in answer["response"]
    ]
    holder, name = data.draw(st.sampled_from(parts))
    broken = data.draw(_ANYTHING | st.sampled_from(["cut", "flipped"]))
    before = holder[name]
    if broken == "cut" and isinstance(before, str):
        broken = before[: data.draw(st.integers(0, len(before) - 1))]
    elif broken == "flipped" and isinstance(before, str):
        at = data.draw(st.integers(0, len(before) - 1))
        broken = before[:at] + ("A" if before[at] != "A" else "B") + before[at + 1 :]
    holder[name] = broken
    for said in (answer, broken):
        challenge = ceremonies.challenge_of(said)
        ceremonies.id_of(said)
        ceremonies.made(said, challenge or b"c", AT)
        assert ceremonies.signed(said, b"other", AT, b"\x00") is None


def test_an_answer_as_long_as_a_book_is_not_read() -> None:
    client = base64.urlsafe_b64encode(json.dumps({"x": "y" * 20_000}).encode()).decode()
    assert ceremonies.challenge_of({"response": {"clientDataJSON": client}}) is None


# ---- one's own -------------------------------------------------------------------------------


def test_a_second_one_is_added_and_either_removed_but_not_the_last(staffed: Desk) -> None:
    first, second = Key(), Key()
    done = enrolled(staffed, first)
    me = actor_of(staffed, done.signed_in)
    assert refusal(lambda: passkeys.begin_own(staffed, me, AT)) is Reason.CONFIRM_FIRST
    confirmed(staffed, first, done.signed_in)
    assert last(staffed, Action.CONFIRMED)["detail"] == {"way": "passkey"}
    asked = passkeys.begin_own(staffed, me, AT)
    assert len(asked["excludeCredentials"]) == 1
    elsewhere = given_key(staffed, first)
    new_codes = passkeys.enrol_own(staffed, me, second.create(asked), AT, "  La azul ")
    assert new_codes == ()
    assert access.actor_of_session(staffed, elsewhere.session) is None
    me = actor_of(staffed, done.signed_in)
    assert [each.name for each in passkeys.mine(staffed, me)] == ["Llave de acceso", "La azul"]
    old = passkeys.mine(staffed, me)[0]
    elsewhere = given_key(staffed, second)
    passkeys.remove(staffed, me, old.id)
    assert access.actor_of_session(staffed, elsewhere.session) is None
    row = last(staffed, Action.FACTOR_REMOVED)
    assert (row["actor"], row["subject"], row["detail"]) == ("gil", "gil", {"factor": "passkey"})
    refused(staffed, lambda: given_key(staffed, first))
    assert given_key(staffed, second)
    (left,) = passkeys.mine(staffed, me)
    assert refusal(lambda: passkeys.remove(staffed, me, left.id)) is Reason.LAST_FACTOR
    assert refusal(lambda: passkeys.remove(staffed, me, old.id)) is Reason.UNKNOWN_PASSKEY
    assert passkeys.mine(staffed, me) == [left]


def test_who_needs_none_may_have_one_and_be_without_again(staffed: Desk) -> None:
    opened = access.sign_in(staffed, "ana", PASSWORD)
    assert isinstance(opened, SignedIn)
    ana = actor_of(staffed, opened)
    confirming.confirm(staffed, ana, PASSWORD)
    key = Key()
    asked = passkeys.begin_own(staffed, ana, AT)
    apple = bytes.fromhex("fbfc3007154e4ecc8c0b6e020557d7bd")
    shown = passkeys.enrol_own(staffed, ana, key.create(asked, apple), AT, "")
    assert len(shown) == proving.RECOVERY_CODES
    (one,) = passkeys.mine(staffed, ana)
    assert one.name == "Contraseñas de Apple"
    assert half(staffed, "ana").has == {Proof.PASSKEY}
    passkeys.remove(staffed, ana, one.id)
    assert codes.left(staffed, ana) == 0
    assert isinstance(access.sign_in(staffed, "ana", PASSWORD), SignedIn)


@pytest.mark.parametrize("name", ["x" * 61, "a\nb"])
def test_a_name_is_one_short_line(staffed: Desk, name: str) -> None:
    key = Key()
    me = confirmed(staffed, key, enrolled(staffed, key).signed_in)
    answer = Key().create(passkeys.begin_own(staffed, me, AT))
    act = lambda: passkeys.enrol_own(staffed, me, answer, AT, name)  # noqa: E731
    assert refusal(act) is Reason.BAD_PASSKEY_NAME


def test_a_wrong_one_confirms_nobody(staffed: Desk) -> None:
    key = Key()
    me = actor_of(staffed, enrolled(staffed, key).signed_in)
    asked = passkeys.ask_own(staffed, me, AT)
    act = lambda: passkeys.confirm(staffed, me, Key().get(asked), AT)  # noqa: E731
    assert refusal(act) is Reason.PASSKEY_REFUSED
    row = last(staffed, Action.CONFIRMED)
    assert (row["outcome"], row["reason"]) == (Outcome.REFUSED, Reason.PASSKEY_REFUSED)
    assert refusal(lambda: confirming.require(staffed, me)) is Reason.CONFIRM_FIRST


def test_an_administrator_takes_it_away_with_all_else(staffed: Desk, admin: Actor) -> None:
    key = Key()
    done = enrolled(staffed, key)
    having = {one.listed.person.username: one.factors for one in people.everybody(staffed, admin)}
    assert having == {"ada": frozenset(), "ana": frozenset(), "gil": {Proof.PASSKEY}}
    factors.reset(staffed, admin, "gil")
    assert last(staffed, Action.FACTOR_REMOVED)["detail"] == {"factor": "passkey"}
    assert access.actor_of_session(staffed, done.signed_in.session) is None
    assert half(staffed).enrols


def test_no_challenge_lies_in_the_database(staffed: Desk) -> None:
    asked = passkeys.begin(staffed, half(staffed).token, AT)
    rows = staffed.store.rows("SELECT * FROM ops.passkey_challenge")
    assert len(rows) == 1
    assert asked["challenge"] not in str(rows)


# ---- where -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "origin", "host"),
    [
        ("", "http://localhost:8501", "localhost"),
        ("", "https://mesa.example.com", ""),  # its name is for MESA_URL to say
        ("", "http://127.0.0.1:8501", ""),
        ("", "", ""),
        ("https://Mesa.Example.com/cda", "https://mesa.example.com", "mesa.example.com"),
        ("https://mesa.example.com:443", "https://mesa.example.com", "mesa.example.com"),
        ("https://mesa.example.com:8443", "https://mesa.example.com:8443", "mesa.example.com"),
        ("https://mesa.example.com", "http://localhost:8501", ""),
        ("https://mesa.example.com", "https://mesa-example.com", ""),
        ("https://mesa.example.com", "http://mesa.example.com", ""),
        ("http://mesa.example.com", "http://mesa.example.com", ""),
        ("https://10.0.0.7", "https://10.0.0.7", ""),
        ("https://[::1]:8501", "https://[::1]:8501", ""),
    ],
)
def test_where_there_are_passkeys(url: str, origin: str, host: str) -> None:
    assert ceremonies.site(url, origin) == (Site(host, origin) if host else None)


def test_elsewhere_it_says_where(staffed: Desk) -> None:
    desk = replace(staffed, settings=replace(staffed.settings, url="https://mesa.example.com"))
    with pytest.raises(AppError) as caught:
        passkeys.site(desk, "http://10.0.0.7:8501")
    assert caught.value.reason is Reason.NO_PASSKEYS_HERE
    assert caught.value.facts == {"where": "https://mesa.example.com"}
    assert passkeys.site(desk, "https://mesa.example.com").host == "mesa.example.com"
