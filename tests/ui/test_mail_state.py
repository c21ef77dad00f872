"""What the grid says under "Último envío"."""

import dataclasses
import datetime as dt

import pytest

from lib.model import clock
from lib.model.approval import Answer, Approval
from lib.model.outbox import Delivery, MailState
from lib.ui.mail import mail_state
from tests.ui.test_mail_words import DELIVERY

AT = dt.datetime.fromisoformat("2020-03-05T20:05:00")  # 14:05 in Mexico City


def delivery(state: MailState, problem: str = "", at: dt.datetime = AT) -> Delivery:
    return dataclasses.replace(
        DELIVERY, state=state, problem=problem, requested_at=at, finished_at=at
    )


@pytest.mark.parametrize(
    ("state", "problem", "text", "tone"),
    [
        (MailState.ACCEPTED, "", "Aceptado 05/03/2020 14:05", "ok"),
        (MailState.QUEUED, "", "En cola", "busy"),
        (MailState.QUEUED, "unreachable", "En cola: el servidor de correo no respondió", "warn"),
        (MailState.SENDING, "", "Enviando", "busy"),
        (
            MailState.FAILED,
            "address_refused",
            "Fallido: el servidor rechazó el correo de la cuenta",
            "bad",
        ),
        (MailState.FAILED, "rejected", "Fallido: un gerente no lo aprobó", "bad"),
        (MailState.UNCERTAIN, "answer_lost", "Incierto 05/03/2020 14:05", "warn"),
        (MailState.BOUNCED, "address_refused", "Rebotado 05/03/2020 14:05", "bad"),
    ],
)
def test_each_state_has_its_cell(state: MailState, problem: str, text: str, tone: str) -> None:
    cell = mail_state.cell(delivery(state, problem))
    assert (cell.text, cell.tone) == (text, tone)
    assert bool(cell.title) == bool(problem)


def test_what_is_held_says_whom_it_waits_for() -> None:
    cell = mail_state.cell(delivery(MailState.HELD))
    assert (cell.text, cell.tone) == ("Detenido", "warn")
    assert "gerente" in cell.title


def approval(**changes: object) -> Approval:
    asked = Approval("m1", "agente", AT, AT, (), Answer.WAITING, "", None, "")
    return dataclasses.replace(asked, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("answered", "said"),
    [
        (
            approval(),
            {"Aprobación": "Espera a un gerente", "Se espera hasta": "05/03/2020 14:05"},
        ),
        (
            approval(state=Answer.REJECTED, answered_by="gerente", answered_at=AT, note="*No*"),
            {
                "Aprobación": "No aprobado · gerente · 05/03/2020 14:05",
                "Nota del gerente": "*No*",
            },
        ),
        (
            approval(state=Answer.EXPIRED, answered_at=AT),
            {"Aprobación": "Caducó sin respuesta · 05/03/2020 14:05"},
        ),
    ],
)
def test_what_a_manager_said(answered: Approval, said: dict[str, str]) -> None:
    assert mail_state.answered(answered) == said


def test_today_is_told_by_the_hour() -> None:
    now = clock.now()
    cell = mail_state.cell(delivery(MailState.ACCEPTED, at=now))
    assert cell.text == f"Aceptado {clock.at_office(now):%H:%M}"


def test_no_cell_holds_the_address() -> None:
    for state in MailState:
        cell = mail_state.cell(delivery(state, "timed_out"))
        assert "ana" not in cell.text + cell.title
