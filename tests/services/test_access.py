"""The doors: who comes in, who is refused and how, what ends a session."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from lib.model import clock
from lib.model.action import Action
from lib.model.actor import SYSTEM, Actor
from lib.model.errors import AppError, Reason
from lib.model.roles import Role
from lib.services.desk import Desk
from lib.services.doors import access, attempts
from lib.store.people import password_links

PASSWORD = "una frase larga y única"
ELSEWHERE = "203.0.113.7"


@pytest.fixture
def staffed(desk: Desk, cheap_passwords: None) -> Desk:
    for username, role in (("ana", Role.AGENT), ("gil", Role.MANAGER)):
        access.add_staff(desk, SYSTEM, username, username.title(), "", role, PASSWORD)
    return desk


def refusal(act: Callable[[], object]) -> Reason:
    with pytest.raises(AppError) as caught:
        act()
    return caught.value.reason


def logged(desk: Desk, action: Action) -> list[tuple[object, ...]]:
    return desk.store.rows(
        "SELECT actor, outcome, session, address, subject, detail FROM ops.audit"
        " JOIN ops.audit_detail USING (seq) WHERE action = ? ORDER BY seq",
        [action.value],
    )


def set_staff(desk: Desk, username: str, change: str) -> None:
    desk.store.write(
        lambda t: t.run(f"UPDATE ops.staff SET {change} WHERE username = ?", [username])
    )


def set_all(desk: Desk, table: str, change: str, *values: object) -> None:
    desk.store.write(lambda t: t.run(f"UPDATE ops.{table} SET {change}", values))


def enter(desk: Desk, username: str = "ana", address: str = "") -> Actor:
    signed_in = access.sign_in(desk, username, PASSWORD, address)
    actor = access.actor_of_session(desk, signed_in.session)
    assert actor is not None
    return actor


# ---- coming in ------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_right_password_opens_a_session_and_is_logged(staffed: Desk) -> None:
    signed_in = access.sign_in(staffed, " ANA ", PASSWORD, ELSEWHERE)
    actor = access.actor_of_session(staffed, signed_in.session)
    assert actor == Actor("ana", "Ana", Role.AGENT, signed_in.session)
    assert logged(staffed, Action.SIGNED_IN) == [
        ("ana", "ok", signed_in.session, ELSEWHERE, "ana", "{}")
    ]


@pytest.mark.parametrize(
    ("username", "password"),
    [("nadie", PASSWORD), ("ana", "otra frase distinta"), ("gil", PASSWORD), ("", ""), ("ana", "")],
    ids=["unknown", "wrong password", "disabled", "nothing", "no password"],
)
def test_every_failure_says_the_same_and_is_logged(
    staffed: Desk, username: str, password: str
) -> None:
    set_staff(staffed, "gil", "active = false")
    assert refusal(lambda: access.sign_in(staffed, username, password)) is Reason.BAD_CREDENTIALS
    rows = logged(staffed, Action.SIGN_IN_FAILED)
    assert [(row[0], row[1]) for row in rows] == [("sistema", "refused")]
    assert staffed.store.rows("SELECT * FROM ops.session") == []


def test_what_was_typed_as_a_name_is_kept_only_where_it_can_be_erased(staffed: Desk) -> None:
    typed = "MiContraseñaPorError"
    refusal(lambda: access.sign_in(staffed, typed, "x"))
    assert logged(staffed, Action.SIGN_IN_FAILED)[0][5] == f'{{"typed":"{typed}"}}'
    outside = staffed.store.rows("SELECT * FROM ops.audit") + staffed.store.rows(
        "SELECT * FROM ops.throttle"
    )
    assert typed.casefold() not in str(outside).casefold()


def test_every_failure_costs_one_hash(staffed: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    set_staff(staffed, "gil", "active = false")
    hashes: list[str] = []
    real = access.passwords.matches

    def counted(password: str, password_hash: str) -> bool:
        hashes.append(password_hash.split("$")[3])
        return real(password, password_hash)

    monkeypatch.setattr(access.passwords, "matches", counted)
    for username in ("nadie", "ana", "gil"):
        refusal(lambda username=username: access.sign_in(staffed, username, "equivocada"))
    assert len(hashes) == 3
    assert len(set(hashes)) == 1  # the same memory, passes and lanes


# ---- slowing down who guesses -----------------------------------------------------------------


def fail(desk: Desk, times: int, username: str = "ana", address: str = ELSEWHERE) -> None:
    for _ in range(times):
        assert (
            refusal(lambda: access.sign_in(desk, username, "no es esta", address))
            is Reason.BAD_CREDENTIALS
        )


def let_time_pass(desk: Desk, seconds: float) -> None:
    past = timedelta(seconds=seconds)
    set_all(
        desk,
        "throttle",
        "last_failed_at = last_failed_at - ?, blocked_until = blocked_until - ?",
        past,
        past,
    )


@pytest.mark.slow
def test_after_too_many_failures_even_the_right_password_waits(staffed: Desk) -> None:
    fail(staffed, attempts.FREE_FOR_A_PERSON)
    right = lambda: access.sign_in(staffed, "ana", PASSWORD, ELSEWHERE)  # noqa: E731
    assert refusal(right) is Reason.BAD_CREDENTIALS
    assert logged(staffed, Action.SIGN_IN_FAILED)[-1][1] == "refused"
    let_time_pass(staffed, attempts.FIRST_DELAY.total_seconds())
    assert right().session


def test_delays_grow_and_stay_short(staffed: Desk) -> None:
    delays = [attempts.delay(n) for n in range(30)]
    assert delays == sorted(delays)
    assert delays[1] == delays[0] * 2
    assert delays[-1] == attempts.LONGEST_DELAY


@pytest.mark.slow
def test_a_success_forgives_and_time_forgets(staffed: Desk) -> None:
    fail(staffed, attempts.FREE_FOR_A_PERSON - 1)
    access.sign_in(staffed, "ana", PASSWORD, ELSEWHERE)
    fail(staffed, attempts.FREE_FOR_A_PERSON - 1)
    let_time_pass(staffed, attempts.FORGOTTEN.total_seconds() + 1)
    fail(staffed, 1)
    assert access.sign_in(staffed, "ana", PASSWORD, ELSEWHERE).session


@pytest.mark.slow
def test_knocking_while_blocked_does_not_keep_the_door_shut(staffed: Desk) -> None:
    fail(staffed, attempts.FREE_FOR_A_PERSON)
    let_time_pass(staffed, -3600)
    before = staffed.store.rows("SELECT * FROM ops.throttle ORDER BY key")
    fail(staffed, 3)
    assert staffed.store.rows("SELECT * FROM ops.throttle ORDER BY key") == before


@pytest.mark.slow
def test_a_stranger_s_guesses_do_not_delay_somebody_where_they_work(staffed: Desk) -> None:
    access.sign_in(staffed, "ana", PASSWORD, "198.51.100.1")
    fail(staffed, attempts.FREE_FOR_A_PERSON + 1)
    assert access.sign_in(staffed, "ana", PASSWORD, "198.51.100.1").session


@pytest.mark.slow
def test_one_address_trying_many_names_waits(staffed: Desk) -> None:
    for n in range(attempts.FREE_FOR_AN_ADDRESS):
        fail(staffed, 1, username=f"nombre{n}")
    spray = lambda: access.sign_in(staffed, "ana", PASSWORD, ELSEWHERE)  # noqa: E731
    assert refusal(spray) is Reason.BAD_CREDENTIALS
    assert access.sign_in(staffed, "ana", PASSWORD, "198.51.100.1").session


# ---- the cookie -------------------------------------------------------------------------------


def test_a_ticket_becomes_a_cookie_once(staffed: Desk) -> None:
    signed_in = access.sign_in(staffed, "ana", PASSWORD)
    cookie = access.redeem(staffed, signed_in.ticket)
    assert cookie is not None
    assert access.redeem(staffed, signed_in.ticket) is None
    assert access.redeem(staffed, "") is None
    actor = access.actor_of_cookie(staffed, cookie)
    assert actor is not None
    assert actor.session == signed_in.session
    assert access.actor_of_cookie(staffed, signed_in.ticket) is None
    assert access.actor_of_cookie(staffed, "") is None


def test_a_ticket_grows_old(staffed: Desk) -> None:
    signed_in = access.sign_in(staffed, "ana", PASSWORD)
    set_all(staffed, "session", "seen_at = seen_at - ?", access.TICKET_LIFE)
    assert access.redeem(staffed, signed_in.ticket) is None


def test_who_read_recovery_codes_first_gets_their_cookie(
    staffed: Desk, clockwork: Callable[[timedelta], None]
) -> None:
    """The session opens with the factor; the page, and with it the ticket, comes after them."""
    signed_in = access.sign_in(staffed, "ana", PASSWORD)
    clockwork(timedelta(minutes=10))
    assert access.actor_of_session(staffed, signed_in.session)  # the page's first run
    clockwork(access.TICKET_LIFE - timedelta(seconds=1))
    assert access.redeem(staffed, signed_in.ticket)


def test_the_database_holds_neither_ticket_nor_cookie(staffed: Desk) -> None:
    signed_in = access.sign_in(staffed, "ana", PASSWORD)
    cookie = access.redeem(staffed, signed_in.ticket)
    stored = str([staffed.store.rows(f"SELECT * FROM ops.{t}") for t in ("session", "audit")])
    assert str(cookie) not in stored
    assert signed_in.ticket not in stored
    assert signed_in.ticket not in repr(signed_in)


# ---- what ends a session ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("staff", "active = false"),
        ("staff", "credential_version = credential_version + 1"),
        ("session", "seen_at = seen_at - INTERVAL 20 MINUTE"),
        ("session", "expires_at = opened_at"),
    ],
    ids=["disabled", "new credentials", "idle", "too long"],
)
def test_it_ends(staffed: Desk, table: str, change: str) -> None:
    signed_in = access.sign_in(staffed, "ana", PASSWORD)
    cookie = access.redeem(staffed, signed_in.ticket) or ""
    set_all(staffed, table, change)
    assert access.actor_of_session(staffed, signed_in.session) is None
    assert access.actor_of_cookie(staffed, cookie) is None


def test_a_new_role_counts_at_the_next_act(staffed: Desk) -> None:
    actor = enter(staffed)
    set_staff(staffed, "ana", "role = 'administrador'")
    again = access.actor_of_session(staffed, actor.session)
    assert again is not None
    assert again.role is Role.ADMIN


def test_acting_keeps_a_session_and_watching_does_not(staffed: Desk) -> None:
    actor = enter(staffed)
    for touch, kept in ((False, False), (True, True)):
        set_all(staffed, "session", "seen_at = opened_at - INTERVAL 19 MINUTE")
        access.actor_of_session(staffed, actor.session, touch=touch)
        set_all(staffed, "session", "seen_at = seen_at - INTERVAL 2 MINUTE")
        assert bool(access.actor_of_session(staffed, actor.session, touch=False)) is kept


def test_signing_out_ends_it_and_is_logged_once(staffed: Desk) -> None:
    actor = enter(staffed)
    access.sign_out(staffed, actor)
    access.sign_out(staffed, actor)
    assert access.actor_of_session(staffed, actor.session) is None
    assert [row[0] for row in logged(staffed, Action.SIGNED_OUT)] == ["ana"]


# ---- passwords --------------------------------------------------------------------------------

NEW = "ñandú veloz y contento"


def test_a_new_password_ends_my_other_sessions_and_is_logged(staffed: Desk) -> None:
    here, there, other = enter(staffed), enter(staffed), enter(staffed, "gil")
    access.change_password(staffed, here, PASSWORD, NEW, NEW)
    live = [access.actor_of_session(staffed, a.session) for a in (here, there, other)]
    assert live == [here, None, other]
    assert refusal(lambda: access.sign_in(staffed, "ana", PASSWORD)) is Reason.BAD_CREDENTIALS
    assert access.sign_in(staffed, "ana", NEW).session
    assert [row[0] for row in logged(staffed, Action.PASSWORD_CHANGED)] == ["ana"]


def test_a_new_password_ends_the_links_sent_before(staffed: Desk) -> None:
    until = clock.now() + timedelta(hours=1)
    staffed.store.write(lambda t: password_links.add(t, "h" * 64, "ana", "admin", until))
    access.change_password(staffed, enter(staffed), PASSWORD, NEW, NEW)
    assert password_links.whose(staffed.store, "h" * 64, clock.now()) is None


@pytest.mark.parametrize(
    ("current", "new", "repeated", "reason"),
    [
        (PASSWORD, NEW, NEW + "x", Reason.PASSWORDS_DIFFER),
        (PASSWORD, "corta", "corta", Reason.SHORT_PASSWORD),
        (PASSWORD, PASSWORD, PASSWORD, Reason.SAME_PASSWORD),
        ("no es esta frase", NEW, NEW, Reason.WRONG_PASSWORD),
    ],
)
def test_a_password_is_not_changed(
    staffed: Desk, current: str, new: str, repeated: str, reason: Reason
) -> None:
    actor = enter(staffed)
    assert refusal(lambda: access.change_password(staffed, actor, current, new, repeated)) is reason
    assert access.sign_in(staffed, "ana", PASSWORD).session
    guessed = reason is Reason.WRONG_PASSWORD  # somebody at another's desk, perhaps
    tried = [row[1] for row in logged(staffed, Action.PASSWORD_CHANGED)]
    assert tried == (["refused"] if guessed else [])


def test_guessing_the_current_password_is_slowed_down_too(staffed: Desk) -> None:
    actor = enter(staffed)
    for current in ["mala"] * attempts.FREE_FOR_A_PERSON + [PASSWORD]:
        act = lambda c=current: access.change_password(staffed, actor, c, NEW, NEW)  # noqa: E731
        assert refusal(act) is Reason.WRONG_PASSWORD


def test_what_is_left_of_a_session_is_known(staffed: Desk) -> None:
    actor = enter(staffed)
    fresh = access.ending(staffed, actor)
    assert fresh.idle
    assert access.IDLE - fresh.left < timedelta(seconds=30)
    set_all(staffed, "session", "seen_at = seen_at - INTERVAL 18 MINUTE")
    assert access.ending(staffed, actor).left < timedelta(minutes=2)
    assert access.actor_of_session(staffed, actor.session, touch=True)
    assert access.ending(staffed, actor).left > timedelta(minutes=19)
    set_all(staffed, "session", "expires_at = opened_at + INTERVAL 60 SECOND")
    assert not access.ending(staffed, actor).idle
    set_all(staffed, "session", "ended_at = opened_at")
    assert refusal(lambda: access.ending(staffed, actor)) is Reason.SIGNED_OUT


# ---- who may add people -----------------------------------------------------------------------


def test_adding_somebody_is_logged(staffed: Desk, admin: Actor) -> None:
    access.add_staff(staffed, admin, "Zoé.P", "Zoé Paz", "z@example.com", Role.ADMIN, PASSWORD)
    assert access.sign_in(staffed, "zoé.p", PASSWORD).session
    row = logged(staffed, Action.STAFF_ADDED)[-1]
    assert (row[0], row[4]) == ("admin", "zoe.p")


@pytest.mark.parametrize(
    ("username", "email", "password", "reason"),
    [
        ("ana", "", PASSWORD, Reason.USERNAME_TAKEN),
        ("ÁNA", "", PASSWORD, Reason.USERNAME_TAKEN),
        ("con espacio", "", PASSWORD, Reason.BAD_USERNAME),
        ("", "", PASSWORD, Reason.BAD_USERNAME),
        ("nuevo", "sin arroba", PASSWORD, Reason.BAD_STAFF_EMAIL),
        ("nuevo", "", "corta", Reason.SHORT_PASSWORD),
    ],
)
def test_nobody_is_added(
    staffed: Desk, admin: Actor, username: str, email: str, password: str, reason: Reason
) -> None:
    before = len(logged(staffed, Action.STAFF_ADDED))
    act = lambda: access.add_staff(  # noqa: E731
        staffed, admin, username, "N", email, Role.AGENT, password
    )
    assert refusal(act) is reason
    assert len(logged(staffed, Action.STAFF_ADDED)) == before


@pytest.mark.parametrize("role", [Role.AGENT, Role.MANAGER])
def test_only_administrators_add_people(staffed: Desk, role: Role) -> None:
    actor = Actor("otra", "Otra", role)
    act = lambda: access.add_staff(  # noqa: E731
        staffed, actor, "nuevo", "N", "", Role.ADMIN, PASSWORD
    )
    assert refusal(act) is Reason.FORBIDDEN
