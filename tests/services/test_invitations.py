"""A link in a mail with which somebody sets their own password."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from lib.mail.message import Letter
from lib.model import clock
from lib.model.action import Action
from lib.model.actor import SYSTEM, Actor
from lib.model.errors import AppError, Reason
from lib.model.roles import Role
from lib.services.desk import Desk
from lib.services.doors import access, invitations, people
from lib.services.doors.invitations import Invited
from lib.services.outgoing import letters
from lib.store.mail import outbox
from lib.store.people import staff
from tests.services.log_rows import logged

PASSWORD = "una frase larga y única"
TYPED = Invited("luz", "Luz Paz", "luz@example.com", Role.AGENT)


@pytest.fixture
def at_home(desk: Desk, cheap_passwords: None) -> Desk:
    """A desk that knows its own address."""
    return replace(desk, settings=replace(desk.settings, url="https://mesa.example.com"))


def refusal(act: Callable[[], object]) -> Reason:
    with pytest.raises(AppError) as caught:
        act()
    return caught.value.reason


def mailed(desk: Desk) -> Letter:
    """The newest mail that waits, as it will be sent."""
    claim = desk.store.write(outbox.claim)
    assert claim
    return letters.written(desk, claim)


def token(desk: Desk) -> str:
    found = re.search(r"enlace=(\S+)", mailed(desk).words.text)
    assert found
    return found[1]


def test_who_is_invited_chooses_a_password_and_comes_in(at_home: Desk, admin: Actor) -> None:
    invitations.invite(at_home, admin, TYPED)
    assert refusal(lambda: access.sign_in(at_home, "luz", PASSWORD)) is Reason.BAD_CREDENTIALS
    link = token(at_home)
    assert invitations.whose(at_home, link) == "luz"
    invitations.accept(at_home, link, PASSWORD, PASSWORD)
    assert access.sign_in(at_home, "luz", PASSWORD)
    assert [row["subject"] for row in logged(at_home, Action.STAFF_ADDED)] == ["luz"]
    assert [row["actor"] for row in logged(at_home, Action.PASSWORD_CHANGED)] == ["luz"]


def test_a_link_works_once(at_home: Desk, admin: Actor) -> None:
    invitations.invite(at_home, admin, TYPED)
    link = token(at_home)
    invitations.accept(at_home, link, PASSWORD, PASSWORD)
    again = lambda: invitations.accept(at_home, link, "otra frase larga", "otra frase larga")  # noqa: E731
    assert refusal(again) is Reason.LINK_OVER
    assert access.sign_in(at_home, "luz", PASSWORD)


def test_a_link_grows_old(at_home: Desk, admin: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    invitations.invite(at_home, admin, TYPED)
    link = token(at_home)
    later = clock.now() + invitations.LINK_LIFE + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert refusal(lambda: invitations.whose(at_home, link)) is Reason.LINK_OVER


def test_a_newer_link_voids_the_one_before(at_home: Desk, admin: Actor) -> None:
    invitations.invite(at_home, admin, TYPED)
    first = token(at_home)
    invitations.send_link(at_home, admin, "luz")
    assert refusal(lambda: invitations.whose(at_home, first)) is Reason.LINK_OVER
    assert invitations.whose(at_home, token(at_home)) == "luz"
    row = logged(at_home, Action.PASSWORD_LINK_SENT)[-1]
    assert (row["actor"], row["subject"]) == ("admin", "luz")


def test_a_link_dies_for_good_with_its_person_s_leave(at_home: Desk, admin: Actor) -> None:
    invitations.invite(at_home, admin, TYPED)
    link = token(at_home)
    for active in (False, True):
        luz = staff.find(at_home.store, "luz")
        assert luz
        people.set_active(at_home, admin, luz, active=active)
        assert refusal(lambda: invitations.whose(at_home, link)) is Reason.LINK_OVER


def test_a_weak_password_leaves_the_link(at_home: Desk, admin: Actor) -> None:
    invitations.invite(at_home, admin, TYPED)
    link = token(at_home)
    weak = lambda: invitations.accept(at_home, link, "corta", "corta")  # noqa: E731
    assert refusal(weak) is Reason.SHORT_PASSWORD
    differ = lambda: invitations.accept(at_home, link, PASSWORD, "otra")  # noqa: E731
    assert refusal(differ) is Reason.PASSWORDS_DIFFER
    assert invitations.whose(at_home, link) == "luz"


def test_a_new_password_ends_their_sessions(at_home: Desk, admin: Actor) -> None:
    access.add_staff(at_home, SYSTEM, "ana", "Ana", "ana@example.com", Role.AGENT, PASSWORD)
    inside = access.sign_in(at_home, "ana", PASSWORD)
    invitations.send_link(at_home, admin, "ana")
    assert access.actor_of_session(at_home, inside.session)
    invitations.accept(at_home, token(at_home), "otra frase larga", "otra frase larga")
    assert access.actor_of_session(at_home, inside.session) is None


def test_the_link_s_secret_lies_nowhere_in_the_clear(at_home: Desk, admin: Actor) -> None:
    invitations.invite(at_home, admin, TYPED)
    link = token(at_home)
    tables = ("outbox", "password_link", "audit", "audit_detail", "staff")
    assert link not in str([at_home.store.rows(f"SELECT * FROM ops.{name}") for name in tables])


def test_where_only_the_provider_opens_nobody_is_told_to_choose_a_password(
    at_home: Desk, admin: Actor
) -> None:
    oidc = replace(at_home.settings.oidc, emergency_only=True)
    desk = replace(at_home, settings=replace(at_home.settings, oidc=oidc))
    invitations.invite(desk, admin, TYPED)
    words = mailed(desk).words
    for said in (words.text, words.html):
        assert "Entra con la cuenta de la empresa" in said
        assert "https://mesa.example.com/" in said
        assert "enlace=" not in said
        assert "Elige tu contraseña" not in said
    sending = lambda: invitations.send_link(desk, admin, "luz")  # noqa: E731
    assert refusal(sending) is Reason.PASSWORDS_SHUT


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        (replace(TYPED, username="con espacio"), Reason.BAD_USERNAME),
        (replace(TYPED, name=" "), Reason.NO_NAME),
        (replace(TYPED, email="sin arroba"), Reason.BAD_STAFF_EMAIL),
        (replace(TYPED, email="a@b.co\r\nBcc: x@y.co"), Reason.BAD_STAFF_EMAIL),
    ],
)
def test_nobody_is_invited(at_home: Desk, admin: Actor, typed: Invited, reason: Reason) -> None:
    assert refusal(lambda: invitations.invite(at_home, admin, typed)) is reason
    assert logged(at_home, Action.STAFF_ADDED) == []


def test_a_username_is_taken_once(at_home: Desk, admin: Actor) -> None:
    invitations.invite(at_home, admin, TYPED)
    assert refusal(lambda: invitations.invite(at_home, admin, TYPED)) is Reason.USERNAME_TAKEN


def test_without_its_own_address_the_desk_sends_no_links(desk: Desk, admin: Actor) -> None:
    assert refusal(lambda: invitations.invite(desk, admin, TYPED)) is Reason.NO_DESK_ADDRESS


@pytest.mark.parametrize("role", [Role.AGENT, Role.MANAGER])
def test_only_administrators_invite(at_home: Desk, role: Role) -> None:
    actor = Actor("ana", "Ana", role)
    assert refusal(lambda: invitations.invite(at_home, actor, TYPED)) is Reason.FORBIDDEN
    assert refusal(lambda: invitations.send_link(at_home, actor, "ana")) is Reason.FORBIDDEN
