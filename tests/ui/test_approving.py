"""Aprobaciones under AppTest: whoever presses a button is told what came of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lib.model.account import Section
from lib.model.action import Action
from lib.model.actor import SYSTEM, Actor
from lib.model.outbox import MailState, Motive
from lib.model.roles import Role
from lib.services.desk import Desk
from lib.services.doors import access
from lib.services.outgoing import notices
from lib.services.records import customers
from lib.services.resends import answering, approvals, resending
from tests.services.log_rows import logged
from tests.ui.one_page import PASSWORD, entered

SERIAL = "S0000000001"


@pytest.fixture
def waiting(desk: Desk, agent: Actor) -> str:
    """The id of a mail that waits, as the account's e-mail changed."""
    now = customers.find(desk, agent, "00000001")
    typed = {"name": now.name, "email": "hector@nuevo.example.com", "phone": now.phone}
    customers.correct(desk, agent, "00000001", Section.CONTACT, typed, now.version)
    asked = resending.resend(desk, agent, SERIAL, Motive.NEW_ADDRESS, "", "k-1")
    assert asked.state is MailState.HELD
    return asked.id


@pytest.fixture
def app(desk: Desk, cheap_passwords: None, tmp_path: Path, waiting: str) -> Iterator[AppTest]:
    """The page, with a manager in it; in place of Inicio, as AppTest knows one way in."""
    for username, role in (("gerente", Role.MANAGER), ("admin", Role.ADMIN)):
        access.add_staff(desk, SYSTEM, username, username.title(), "", role, PASSWORD)
    with entered("Aprobaciones.py", desk, tmp_path, "gerente") as app:
        yield app


def press(app: AppTest, name: str) -> None:
    next(b for b in app.button if b.label == name).click().run()
    assert not app.exception


@pytest.mark.slow
def test_an_answer_that_comes_second_is_told_so(
    app: AppTest, desk: Desk, admin: Actor, waiting: str
) -> None:
    """The card was answered elsewhere since it was drawn: a click on it isn't lost in silence."""
    answering.approve(desk, admin, waiting, "")
    app.text_input[0].input("No contesta.")
    press(app, "Rechazar")
    said = f"enviar el CDA de la serie {SERIAL} ya no espera respuesta, admin lo aprobó"
    assert said in app.error[0].value
    assert not app.success
    assert [b.label for b in app.button if b.label == "Rechazar"] == []
    assert logged(desk, Action.APPROVAL_DENIED) == []


def test_the_change_says_what_became_of_its_notice(
    app: AppTest, desk: Desk, manager: Actor, waiting: str
) -> None:
    [request] = approvals.waiting(desk, manager)
    said = f"{notices.reference(request.edits[0].notice)} · en cola"
    assert any(said in str(getattr(each, "value", "")) for each in app.main)


@pytest.mark.slow
def test_a_rejection_takes_the_note_as_it_stands(app: AppTest, desk: Desk, waiting: str) -> None:
    press(app, "Rechazar")
    assert "Escribe por qué la rechazas" in app.error[0].value
    app.text_input[0].input("No contesta.")
    press(app, "Rechazar")
    assert f"Rechazaste enviar el CDA de la serie {SERIAL}" in app.success[0].value
    [row] = logged(desk, Action.APPROVAL_DENIED)
    assert row["actor"] == "gerente"
    assert "No contesta." in str(row["detail"])


@pytest.mark.slow
def test_what_one_has_answered_oneself_is_no_refusal(
    app: AppTest, desk: Desk, manager: Actor, waiting: str
) -> None:
    """As the second click of two finds it."""
    answering.approve(desk, manager, waiting, "")
    press(app, "Aprobar")
    assert [each.value for each in app.error] == []
    assert f"Aprobaste enviar el CDA de la serie {SERIAL}" in app.success[0].value
    assert len(logged(desk, Action.APPROVAL_GIVEN)) == 1
