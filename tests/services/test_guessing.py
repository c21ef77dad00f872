"""Guessing at the door: from one address, at many names, from many addresses at one name. And that
none of it keeps out whoever the door belongs to.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest

from lib.model import clock
from lib.model.action import Action
from lib.model.actor import SYSTEM
from lib.model.client import NO_CLIENT, Client
from lib.model.errors import AppError, Reason
from lib.model.roles import Role
from lib.services.desk import Desk
from lib.services.doors import access, attempts, codes, invitations, seeds, totp
from lib.services.doors.factors import HalfWay
from lib.services.doors.opening import SignedIn, hashed
from lib.store.database import Transaction
from lib.store.people import devices, password_links
from lib.store.people import factors as stored
from tests.services.log_rows import logged

PASSWORD = "una frase larga y única"
SEED = b"0123456789abcdefghij"
HOME, THERE = "198.51.100.1", "203.0.113.7"
MINE = Client("a" * 64, "Firefox en Linux")


@pytest.fixture
def staffed(desk: Desk, cheap_passwords: None) -> Desk:
    for username in ("ana", "gil"):
        access.add_staff(desk, SYSTEM, username, username.title(), "", Role.AGENT, PASSWORD)
    return desk


def comes_in(
    desk: Desk, address: str = HOME, client: Client = NO_CLIENT, password: str = PASSWORD
) -> bool:
    try:
        opened = access.sign_in(desk, "ana", password, address, client)
    except AppError as error:
        return error.reason is not Reason.BAD_CREDENTIALS
    if isinstance(opened, SignedIn):
        access.redeem(desk, opened.ticket, client.device)
    return True


def guess(desk: Desk, times: int, address: str = THERE, username: str = "ana") -> None:
    for n in range(times):
        with pytest.raises(AppError):
            access.sign_in(desk, username, f"no es esta {n}", address)


def from_everywhere(desk: Desk) -> None:
    """Until the door is shut to every stranger."""
    for n in range(attempts.FREE_FOR_STRANGERS):
        guess(desk, 1, f"203.0.113.{n}")


# ---- the guesser waits -----------------------------------------------------------------------


def test_brute_force_from_one_address_waits_longer_and_longer(
    staffed: Desk, clockwork: Callable[[timedelta], None]
) -> None:
    guess(staffed, attempts.FREE_FOR_A_PERSON)
    tried = 0
    for _ in range(3600 // 20):  # an hour, a try every twenty seconds
        before = throttled(staffed)
        guess(staffed, 1)
        tried += throttled(staffed) != before
        clockwork(timedelta(seconds=20))
    assert tried < 5 * attempts.FREE_FOR_A_PERSON
    assert not comes_in(staffed, THERE)
    assert len(logged(staffed, Action.SIGN_IN_FAILED)) > 180  # each of them, the blocked ones too


def throttled(desk: Desk) -> list[tuple[object, ...]]:
    return desk.store.rows("SELECT * FROM ops.throttle ORDER BY key")


def test_slow_spraying_over_many_names_waits_at_its_address(staffed: Desk) -> None:
    for n in range(attempts.FREE_FOR_AN_ADDRESS):
        guess(staffed, 1, THERE, f"nombre{n}")
    assert not comes_in(staffed, THERE)
    assert comes_in(staffed, HOME)


def test_many_addresses_at_one_name_wait_together(staffed: Desk) -> None:
    from_everywhere(staffed)
    assert not comes_in(staffed, "192.0.2.1")
    with pytest.raises(AppError):  # the right password of somebody else: their door is another
        access.sign_in(staffed, "gil", "no es esta", "192.0.2.1")
    assert access.sign_in(staffed, "gil", PASSWORD, "192.0.2.1")


@pytest.mark.parametrize("address", [THERE, HOME, ""])
def test_codes_are_guessed_a_hundred_times_a_day(
    staffed: Desk, clockwork: Callable[[timedelta], None], address: str
) -> None:
    """By whoever has the password, from a strange place as from where its owner works: of three
    codes in a million that count at a time, 0.03 % a day; and its owner knows after the first."""
    assert comes_in(staffed, HOME)

    def tried(transaction: Transaction) -> int:
        """How many codes one can try now."""
        for n in range(50):
            attempt = attempts.to_pass_factor(transaction, "ana", address)
            if attempt.blocked:
                return n
            attempt.failed()
        return 50

    in_a_day = 0
    for _ in range(24 * 4):
        in_a_day += staffed.store.write(tried)
        clockwork(timedelta(minutes=15))
    assert attempts.FREE_FOR_A_PERSON < in_a_day < 125


def test_codes_are_guessed_as_slowly(staffed: Desk, clockwork: Callable[[timedelta], None]) -> None:
    """With the password stolen: from wherever, ten codes together, and then ever more slowly."""
    with_factor(staffed)
    for n in range(attempts.FREE_FOR_STRANGE_CODES):
        assert refused_code(staffed, half(staffed, f"203.0.113.{n}"), "000000")
    way = half(staffed, "203.0.113.200")
    assert refused_code(staffed, way, totp.code_at(SEED, clock.now()))
    # Whoever it was stolen from comes in all the same, where they are known.
    known_browser(staffed)
    codes.give(staffed, half(staffed, THERE, MINE).token, totp.code_at(SEED, clock.now()))


# ---- its owner doesn't -----------------------------------------------------------------------


def test_a_browser_known_to_be_theirs_is_never_delayed_from_outside(staffed: Desk) -> None:
    assert comes_in(staffed, HOME, MINE)
    guess(staffed, 3 * attempts.FREE_FOR_A_PERSON, HOME)  # through the same office's address, too
    from_everywhere(staffed)
    assert comes_in(staffed, HOME, MINE)
    assert comes_in(staffed, "192.0.2.77", MINE)
    assert not comes_in(staffed, "192.0.2.78")


def test_a_known_browser_is_slowed_down_by_its_own_guesses(staffed: Desk) -> None:
    assert comes_in(staffed, HOME, MINE)
    for _ in range(attempts.FREE_FOR_A_PERSON):
        assert not comes_in(staffed, HOME, MINE, "no es esta")
    assert not comes_in(staffed, HOME, MINE)


def test_a_browser_is_known_for_a_person_and_not_by_itself(staffed: Desk) -> None:
    assert comes_in(staffed, HOME, MINE)
    for n in range(attempts.FREE_FOR_A_PERSON + 1):
        with pytest.raises(AppError):
            access.sign_in(staffed, "gil", f"no es esta {n}", THERE, MINE)
    with pytest.raises(AppError):
        access.sign_in(staffed, "gil", PASSWORD, THERE, MINE)


def test_an_address_they_work_from_is_no_stranger_s(staffed: Desk) -> None:
    assert comes_in(staffed, HOME)
    from_everywhere(staffed)
    assert comes_in(staffed, HOME)


def test_an_address_nobody_says_is_nobody_s(staffed: Desk) -> None:
    """Behind a proxy that says none, everybody seems to come from the same place."""
    assert comes_in(staffed, "")
    for n in range(attempts.FREE_FOR_STRANGERS):
        guess(staffed, 1, "", "ana")
        assert n or comes_in(staffed, "")
    assert not comes_in(staffed, "")
    with_factor(staffed)  # nor does one pass, else a right password would show itself by it
    assert not comes_in(staffed, "")
    known_browser(staffed)
    assert comes_in(staffed, "", MINE)


def test_one_address_alone_never_shuts_the_door_to_the_others(
    staffed: Desk, clockwork: Callable[[timedelta], None]
) -> None:
    for _ in range(2 * 60):  # two hours, a try every minute
        guess(staffed, 1)
        clockwork(timedelta(seconds=60))
    assert comes_in(staffed, "192.0.2.1")


def test_who_has_a_factor_to_show_passes_strangers_guesses(staffed: Desk) -> None:
    with_factor(staffed)
    from_everywhere(staffed)
    way = half(staffed, "192.0.2.1")
    assert codes.give(staffed, way.token, totp.code_at(SEED, clock.now()))


def test_a_link_by_mail_opens_the_door_that_strangers_shut(staffed: Desk) -> None:
    from_everywhere(staffed)
    secret, until = "s" * 43, clock.now() + timedelta(hours=1)
    staffed.store.write(lambda t: password_links.add(t, hashed(secret), "ana", "admin", until))
    invitations.accept(staffed, secret, "otra frase bien larga", "otra frase bien larga")
    assert comes_in(staffed, "192.0.2.1", password="otra frase bien larga")


def with_factor(desk: Desk) -> None:
    sealed = seeds.seal(desk, "ana", SEED)
    desk.store.write(lambda t: stored.enrol(t, "ana", sealed, 0))


def half(desk: Desk, address: str, client: Client = NO_CLIENT) -> HalfWay:
    way = access.sign_in(desk, "ana", PASSWORD, address, client)
    assert isinstance(way, HalfWay)
    return way


def refused_code(desk: Desk, way: HalfWay, code: str) -> bool:
    try:
        codes.give(desk, way.token, code)
    except AppError as error:
        return error.reason is Reason.WRONG_CODE
    return False


def known_browser(desk: Desk) -> None:
    desk.store.write(lambda t: devices.seen(t, "ana", MINE))
