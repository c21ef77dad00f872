"""Alerts by mail: to who asked, never about their own acts, one mail for all that a look raised."""

import json
from collections.abc import Callable

import pytest

from lib.model.action import Action, Entry, Outcome
from lib.model.actor import SYSTEM, Actor
from lib.model.errors import AppError, Reason
from lib.model.outbox import MailKind
from lib.model.roles import Role
from lib.services.desk import Desk
from lib.services.doors import access
from lib.services.log import alert_mails, alerts
from lib.services.outgoing.delivery import Worker
from tests.mail.letters import body
from tests.mail.server import Behaviour
from tests.services.log_rows import logged
from tests.waiting import until

OTHER = Actor("otro", "Otro Gerente", Role.MANAGER, session="s-otro")


@pytest.fixture
def team(mail_desk: Desk, cheap_passwords: None, manager: Actor, agent: Actor) -> Desk:
    for person, email in ((manager, "gerente@example.com"), (OTHER, "otro@example.com"),
                          (agent, "agente@example.com")):  # fmt: skip
        access.add_staff(
            mail_desk,
            SYSTEM,
            person.username,
            person.name,
            email,
            person.role,
            "frase probada",
        )
    return mail_desk


def fail_to_sign_in(desk: Desk, username: str) -> None:
    failed = Entry(Action.SIGN_IN_FAILED, Outcome.REFUSED, subject=username)
    desk.store.write(lambda t: [t.log(SYSTEM, failed) for _ in range(10)])


def mailed(desk: Desk) -> list[str]:
    rows = desk.store.rows(
        "SELECT recipient FROM ops.outbox WHERE kind = ? ORDER BY recipient",
        [MailKind.ALERTS_RAISED.value],
    )
    return [row[0] for row in rows]


def test_nobody_is_mailed_who_didn_t_ask(team: Desk) -> None:
    fail_to_sign_in(team, "agente")
    alerts.attend(team, 0)
    assert logged(team, Action.ALERT_RAISED)
    assert mailed(team) == []
    assert logged(team, Action.ALERT_MAILED) == []


@pytest.mark.slow
def test_who_asked_gets_one_mail_for_all(
    team: Desk, manager: Actor, smtp: tuple[Behaviour, int], work: Callable[..., Worker]
) -> None:
    alert_mails.choose(team, manager, wants=True)
    assert alert_mails.wanted(team, manager)
    for username in ("agente", "nadie"):
        fail_to_sign_in(team, username)
    work(team)
    last = alerts.attend(team, 0)
    [found] = until(lambda: smtp[0].mails)
    for kind in ("plain", "html"):
        said = body(found, kind)
        assert "2 alertas nuevas en la bitácora" in said
        assert "Inicios de sesión fallidos con un usuario" in said
        assert "nadie" in said
    alerts.attend(team, 0)
    alerts.attend(team, last)
    assert mailed(team) == ["gerente@example.com"]
    [row] = logged(team, Action.ALERT_MAILED)
    assert row["detail"] == {"recipients": "gerente@example.com", "alerts": 2}


def test_a_finding_in_the_log_is_named_by_its_row(team: Desk, manager: Actor) -> None:
    alert_mails.choose(team, manager, wants=True)
    found = Entry(Action.LOG_VERIFIED, Outcome.FAILED, reason="altered", subject="7")
    team.store.write(lambda t: t.log(SYSTEM, found))
    alerts.attend(team, 0)
    row = team.store.one("SELECT payload FROM ops.outbox")
    assert row
    assert json.loads(row[0])["alerts"] == [["La bitácora no está como se escribió", "renglón 7"]]


def test_never_about_one_s_own_acts(team: Desk, manager: Actor) -> None:
    for person in (manager, OTHER):
        alert_mails.choose(team, person, wants=True)
    tried = Entry(Action.REVEAL_LIMIT_REACHED, Outcome.REFUSED)
    team.store.write(lambda t: t.log(manager, tried))
    alerts.attend(team, 0)
    [row] = logged(team, Action.ALERT_RAISED)
    assert row["detail"]["people"] == "gerente"
    assert mailed(team) == ["otro@example.com"]


def test_the_choice_is_logged_and_can_be_taken_back(team: Desk, manager: Actor) -> None:
    for wants in (True, True, False, False):
        alert_mails.choose(team, manager, wants=wants)
    rows = logged(team, Action.ALERT_MAIL_WANTED, Action.ALERT_MAIL_STOPPED)
    assert [row["action"] for row in rows] == ["alert_mail_wanted", "alert_mail_stopped"]
    assert {row["actor"] for row in rows} == {"gerente"}
    assert not alert_mails.wanted(team, manager)
    fail_to_sign_in(team, "agente")
    alerts.attend(team, 0)
    assert mailed(team) == []


def test_who_may_not_see_alerts_isn_t_mailed_them(team: Desk, manager: Actor, agent: Actor) -> None:
    for act in (lambda: alert_mails.choose(team, agent, wants=True),
                lambda: alert_mails.wanted(team, agent)):  # fmt: skip
        with pytest.raises(AppError) as refused:
            act()
        assert refused.value.reason is Reason.FORBIDDEN
    alert_mails.choose(team, manager, wants=True)
    team.store.rows("UPDATE ops.staff SET role = 'agente' WHERE username = 'gerente'")
    fail_to_sign_in(team, "agente")
    alerts.attend(team, 0)
    assert mailed(team) == []


def test_without_an_address_it_can_t_be_asked_for(team: Desk, admin: Actor) -> None:
    access.add_staff(team, SYSTEM, "admin", "Adela", "", Role.ADMIN, "frase probada")
    with pytest.raises(AppError) as refused:
        alert_mails.choose(team, admin, wants=True)
    assert refused.value.reason is Reason.NO_OWN_ADDRESS
