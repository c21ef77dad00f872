"""What an agent reads about a mail that did not go as it should."""

import dataclasses
import datetime as dt

import pytest

from lib.model.outbox import CONFIGURATION, Delivery, MailProblem, MailState
from lib.ui.log import log_words
from lib.ui.mail import mail_words

AT = dt.datetime.fromisoformat("2026-11-22T20:05:00")  # 14:05 in Mexico City
DELIVERY = Delivery(
    id="m1",
    serial="S1",
    account_no="00000001",
    recipient="ana@example.com",
    requested_by="agente",
    requested_at=AT,
    state=MailState.QUEUED,
    attempts=1,
    next_attempt_at=AT,
    finished_at=None,
    problem="",
    smtp_code=None,
)


def said(state: MailState, problem: str) -> str:
    return mail_words.problem_sentence(dataclasses.replace(DELIVERY, state=state, problem=problem))


def test_while_all_is_well_there_is_nothing_to_say() -> None:
    assert said(MailState.QUEUED, "") == ""


def test_a_deferred_mail_says_when_it_is_tried_again() -> None:
    assert said(MailState.QUEUED, "unreachable") == (
        "El servidor de correo no respondió; se intentará de nuevo a las 14:05."
    )


def test_a_configuration_error_says_whom_to_tell() -> None:
    assert said(MailState.QUEUED, "bad_login") == (
        "El servidor de correo no aceptó el usuario o la contraseña de la mesa; avisa al"
        " administrador; nada se pierde y se intentará de nuevo a las 14:05."
    )


def test_an_uncertain_mail_warns_that_it_may_arrive_twice() -> None:
    assert "puede recibirlo dos veces" in said(MailState.UNCERTAIN, "answer_lost")


@pytest.mark.parametrize("problem", MailProblem)
@pytest.mark.parametrize("state", [s for s in MailState if s is not MailState.ACCEPTED])
def test_each_problem_is_one_sentence_that_says_what_to_do(
    state: MailState, problem: MailProblem
) -> None:
    text = said(state, problem.value)
    assert text[0].isupper()
    assert text.endswith(".")
    assert "; " in text
    assert problem.value not in text
    assert (
        ("administrador" in text) or state is not MailState.QUEUED or problem not in CONFIGURATION
    )


def test_reasons_of_the_log_in_words() -> None:
    assert log_words.resend_reason("not_received") == "No recibió el correo"
    assert log_words.resend_reason("no_tls") == "El servidor de correo no ofrece conexión segura"
    assert log_words.resend_reason("forbidden") == "Su perfil no lo permite"
    assert log_words.resend_reason("") == ""


def test_a_doubted_mail_that_the_archive_can_tell_about_is_left_to_it() -> None:
    doubted = dataclasses.replace(
        DELIVERY, state=MailState.UNCERTAIN, problem="answer_lost", archived=True
    )
    assert "la mesa lo busca en su archivo" in mail_words.problem_sentence(doubted)
    assert "pregunta al cliente" in said(MailState.UNCERTAIN, "answer_lost")


def test_a_mail_given_back_asks_for_another_address() -> None:
    assert said(MailState.BOUNCED, "given_back") == (
        "El servidor del cliente devolvió el correo; "
        "pide al cliente otro correo, corrígelo en Cuenta y reenvía."
    )
