"""Mails to people about their own door."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest

from lib.mail.message import Letter
from lib.model import clock
from lib.model.actor import SYSTEM, Actor
from lib.model.client import NO_CLIENT, Client
from lib.model.errors import AppError
from lib.model.news import News
from lib.model.outbox import MailKind
from lib.model.roles import Role
from lib.services.desk import Desk
from lib.services.doors import (
    access,
    attempts,
    codes,
    confirming,
    factors,
    invitations,
    own_factor,
    passwords,
    people,
    seeds,
    totp,
)
from lib.services.doors.factors import HalfWay
from lib.services.doors.opening import hashed
from lib.services.outgoing import letters
from lib.store.mail import outbox
from lib.store.people import password_links, staff

PASSWORD = "una frase larga y única"
NEW = "ñandú veloz y contento"
LAPTOP, PHONE = Client("a" * 64, "Firefox en Linux"), Client("b" * 64, "Safari en iPhone")


@pytest.fixture
def staffed(desk: Desk, cheap_passwords: None) -> Desk:
    for username, role in {"ana": Role.AGENT, "ada": Role.ADMIN}.items():
        email = f"{username}@example.com"
        access.add_staff(desk, SYSTEM, username, username.title(), email, role, PASSWORD)
    return desk


def enter(desk: Desk, username: str = "ana", client: Client = NO_CLIENT) -> Actor:
    opened = access.sign_in(desk, username, PASSWORD, "203.0.113.7", client)
    assert not isinstance(opened, HalfWay)
    access.redeem(desk, opened.ticket, client.device)
    actor = access.actor_of_session(desk, opened.session, "203.0.113.7")
    assert actor
    return actor


def sure(desk: Desk, username: str = "ana") -> Actor:
    actor = enter(desk, username)
    confirming.confirm(desk, actor, PASSWORD)
    return actor


def told(desk: Desk) -> list[dict[str, Any]]:
    """To whom what was said, oldest first."""
    rows = desk.store.rows(
        "SELECT recipient, payload FROM ops.outbox WHERE kind = ? ORDER BY requested_at, recipient",
        [MailKind.DOOR_CHANGED.value],
    )
    return [{"to": to, **json.loads(payload)} for to, payload in rows]


def news(desk: Desk) -> list[tuple[str, str]]:
    return [(each["to"], each["news"]) for each in told(desk)]


def letter(desk: Desk) -> Letter:
    claim = desk.store.write(outbox.claim)
    assert claim
    return letters.written(desk, claim)


def test_a_browser_never_seen_before_is_news_but_for_the_first(staffed: Desk) -> None:
    enter(staffed, client=LAPTOP)
    enter(staffed, client=LAPTOP)
    assert told(staffed) == []
    enter(staffed, client=PHONE)
    enter(staffed, client=PHONE)
    assert news(staffed) == [("ana@example.com", News.NEW_BROWSER)]
    said = letter(staffed).words
    assert said.subject == "Mesa CDA - Entraste desde un equipo nuevo"
    assert "Desde: Safari en iPhone · 203.0.113.7" in said.text
    assert re.search(r"Cuándo: \d\d/\d\d/\d{4} \d\d:\d\d \(hora", said.text)
    assert "Safari en iPhone" in said.html
    assert "http" not in said.text  # nothing to follow: phishers send such mails too


def test_a_browser_that_holds_no_cookie_yet_is_news(staffed: Desk) -> None:
    enter(staffed, client=LAPTOP)
    enter(staffed)
    assert news(staffed) == [("ana@example.com", News.NEW_BROWSER)]


def test_a_password_by_a_link_forgets_every_browser(staffed: Desk) -> None:
    """One of them may be whoever the password was changed for."""
    enter(staffed, client=LAPTOP)
    until = clock.now() + timedelta(hours=1)
    staffed.store.write(lambda t: password_links.add(t, hashed("s" * 43), "ana", "ada", until))
    invitations.accept(staffed, "s" * 43, NEW, NEW)
    access.sign_in(staffed, "ana", NEW, "203.0.113.7", LAPTOP)
    assert [said for _, said in news(staffed)] == [News.PASSWORD, News.NEW_BROWSER]


def test_the_first_password_is_told_as_such(staffed: Desk) -> None:
    until = clock.now() + timedelta(hours=1)
    staffed.store.write(lambda t: staff.set_password(t, "ana", passwords.NOBODY))
    staffed.store.write(lambda t: password_links.add(t, hashed("s" * 43), "ana", "ada", until))
    invitations.accept(staffed, "s" * 43, NEW, NEW)
    assert [said for _, said in news(staffed)] == [News.FIRST_PASSWORD]


def test_a_password_changed_is_news(staffed: Desk) -> None:
    access.change_password(staffed, enter(staffed), PASSWORD, NEW, NEW)
    assert news(staffed) == [("ana@example.com", News.PASSWORD)]
    assert PASSWORD not in str(told(staffed))


def test_factors_and_codes_are_news(staffed: Desk) -> None:
    ana, ada = sure(staffed), sure(staffed, "ada")
    offered = own_factor.begin(staffed, ana)
    seed = seeds.unseal(staffed, "ana", offered.sealed)
    shown = own_factor.enrol(staffed, ana, offered, totp.code_at(seed, clock.now()))
    shown = codes.renew(staffed, ana)
    half = access.sign_in(staffed, "ana", PASSWORD)
    assert isinstance(half, HalfWay)
    codes.give(staffed, half.token, shown[0])
    factors.reset(staffed, ada, "ana")
    wanted = [News.FACTOR_ADDED, News.RECOVERY_CODES, News.RECOVERY_CODE_USED, News.FACTOR_REMOVED]
    assert news(staffed) == [("ana@example.com", each) for each in wanted]
    assert [each["by"] for each in told(staffed)] == ["", "", "", "Ada"]


def test_who_types_wrong_codes_has_the_password_and_its_owner_knows(staffed: Desk) -> None:
    ana = sure(staffed)
    offered = own_factor.begin(staffed, ana)
    seed = seeds.unseal(staffed, "ana", offered.sealed)
    own_factor.enrol(staffed, ana, offered, totp.code_at(seed, clock.now()))
    half = access.sign_in(staffed, "ana", PASSWORD, "198.51.100.9")
    assert isinstance(half, HalfWay)
    for _ in range(attempts.FREE_FOR_A_PERSON + 2):
        with pytest.raises(AppError):
            codes.give(staffed, half.token, "x")
    assert [said for _, said in news(staffed)] == [News.FACTOR_ADDED, News.CODES_TRIED]
    assert told(staffed)[-1]["address"] == "198.51.100.9"


def test_a_new_address_is_told_to_both(staffed: Desk) -> None:
    ada = sure(staffed, "ada")
    ana = staff.find(staffed.store, "ana")
    assert ana
    people.change_email(staffed, ada, ana, "otra@example.com")
    both = [("ana@example.com", News.EMAIL), ("otra@example.com", News.EMAIL)]
    assert news(staffed) == both
    assert "Quién: Ada" in letter(staffed).words.text


@pytest.mark.parametrize("email", ["", "no es un correo"])
def test_who_takes_no_mail_is_told_nothing(staffed: Desk, email: str) -> None:
    staffed.store.write(lambda t: staff.set_email(t, "ana", email))
    access.change_password(staffed, enter(staffed), PASSWORD, NEW, NEW)
    assert told(staffed) == []
    assert access.sign_in(staffed, "ana", NEW)


def test_the_mail_worker_is_woken(staffed: Desk) -> None:
    staffed.mail_waiting.clear()
    access.change_password(staffed, enter(staffed), PASSWORD, NEW, NEW)
    assert staffed.mail_waiting.is_set()
