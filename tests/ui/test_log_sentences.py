"""Each act of the log in a sentence: whole with its detail, less without, always plain text."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest

from lib.model.action import Action, Outcome
from lib.services.log.entries import LogEntry
from lib.ui.log import log_entry, log_sentences
from lib.ui.log.log_sentences import sentence

DETAIL: Mapping[str, Any] = {
    "recipient": "ana@example.com",
    "recipients": "gerente@example.com",
    "requests": 2,
    "typed": "quien sea",
    "role": "agente",
    "rules": "email_changed",
    "accepted": "overdue",
    "reference": "3FA9C01B",
    "note": "confirmado por teléfono",
    "attempt": 2,
    "status": "5.1.1",
    "most": 3,
    "smtp_code": 550,
    "smtp_text": "no such user",
    "systems": 40,
    "mails": 38,
    "accepted_mails": 30,
    "failed": 1,
    "manner": "per_system",
    "codes": 12,
    "new": 1,
    "file": "hoja.xlsx",
    "source": "paquete",
    "view_name": "Vencidos",
    "template": "resend/es@3",
    "restored": "resend/es@1",
}


def entry(action: Action, outcome: Outcome = Outcome.OK, **facts: Any) -> LogEntry:
    return LogEntry(
        **{
            "seq": 7,
            "logged_at": dt.datetime(2026, 11, 22, 18, 0),  # noqa: DTZ001 - stored instants carry no zone
            "actor": "agente",
            "role": "agente",
            "action": action,
            "outcome": outcome,
            "account_no": "00000001",
            "serial": "S0000000001",
            "reason": "",
            "ticket": "",
            **facts,
        }
    )


def test_each_act_is_told_in_words_of_its_own() -> None:
    assert set(log_sentences.TOLD) == set(Action)


@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize("action", log_sentences.TOLD)
def test_every_act_has_a_sentence(action: Action, outcome: Outcome) -> None:
    for detail in ({}, DETAIL):
        said = sentence(entry(action, outcome, reason="forbidden", subject="m1", detail=detail))
        assert said[0].isupper() or not said[0].isalpha()
        assert said.endswith((".", "…"))
        assert len(said.split()) >= 3
        for raw in (action.value, "None", "{", "«»", "()", "  ", "forbidden", "per_system"):
            assert raw not in said


def test_no_two_acts_are_told_alike() -> None:
    said = [
        sentence(entry(action, log_sentences.ENDS.get(action, Outcome.OK)))
        for action in log_sentences.TOLD
    ]
    assert len(set(said)) == len(said)


@pytest.mark.parametrize("action", log_sentences.TOLD)
def test_what_was_not_allowed_is_not_told_as_done(action: Action) -> None:
    done = sentence(entry(action, log_sentences.ENDS.get(action, Outcome.OK)))
    for outcome in Outcome:
        if outcome is not log_sentences.ENDS.get(action, Outcome.OK):
            assert sentence(entry(action, outcome)) != done


def test_who_did_what_to_which_serial_and_why() -> None:
    asked = entry(Action.RESEND_REQUESTED, reason="not_received", ticket="MDA-1", detail=DETAIL)
    assert sentence(asked) == (
        "Agente pidió reenviar el CDA de la serie S0000000001 a ana@example.com (motivo "
        "«No recibió el correo»; ticket MDA-1), tras leer el aviso «Suscripción vencida»."
    )


def test_a_refusal_says_why() -> None:
    tried = entry(Action.CDA_REVEALED, Outcome.REFUSED, reason="forbidden")
    assert sentence(tried) == (
        "Agente intentó ver en pantalla el CDA de la serie S0000000001 y no se le permitió: "
        "su perfil no lo permite."
    )


def test_a_manager_s_no_is_not_an_attempt_of_somebody_who_may_not() -> None:
    denied = entry(Action.APPROVAL_DENIED, Outcome.REFUSED, reason="not_received", detail=DETAIL)
    assert sentence(denied).endswith(
        "no aprobó el reenvío del CDA de la serie S0000000001, con la nota «confirmado por "
        "teléfono»."
    )
    tried = entry(Action.APPROVAL_DENIED, Outcome.REFUSED, reason="own_request")
    assert "intentó rechazar" in sentence(tried)
    assert sentence(tried).endswith("y no se le permitió: era su propia solicitud.")


def test_a_verification_that_found_something_is_no_failed_attempt() -> None:
    found = entry(Action.LOG_VERIFIED, Outcome.FAILED, reason="altered", subject="7")
    assert sentence(found).startswith(
        "Agente comprobó la bitácora y halló un problema, en el renglón 7: "
    )
    assert log_sentences.tone(found) == "bad"


def test_old_and_new_only_where_the_detail_is_there() -> None:
    detail = {"old": {"email": "a@example.com"}, "new": {"email": "b@example.com"}}
    whole = entry(Action.CONTACT_CHANGED, detail=detail)
    assert "Correo de Contacto, a@example.com → b@example.com" in sentence(whole)
    assert sentence(entry(Action.CONTACT_CHANGED)) == (
        "Agente cambió los datos generales de la cuenta 00000001."
    )


def test_a_change_of_the_policy_says_which_version_it_made() -> None:
    detail = {"old": {"quota_per_hour": 60}, "new": {"quota_per_hour": 30}}
    changed = entry(Action.POLICY_CHANGED, versions="policy 8", detail=detail)
    assert sentence(changed).startswith("Agente cambió la política de reenvíos (versión 8): ")


def test_an_import_says_how_many_rows_were_mended() -> None:
    detail = {"file": "marzo.csv", "new": 3, "set_aside": 1, "mended": 2}
    assert sentence(entry(Action.CERTIFICATES_IMPORTED, detail=detail)) == (
        "Agente importó certificados de marzo.csv: 3 nuevas, 1 apartada, 2 corregidas a mano."
    )


def test_an_undoing_says_the_motive_that_was_typed() -> None:
    detail = {"source": "marzo.csv", "batch": "certificates", "gone": 2}
    assert sentence(entry(Action.BATCH_UNDONE, reason="archivo viejo", detail=detail)) == (
        "Agente deshizo la importación de marzo.csv: 2 certificados salieron"
        " (motivo «archivo viejo»)."
    )
    before = {"source": "/datos/marzo", "note": "archivo viejo"}  # as rows were once
    assert sentence(entry(Action.BATCH_UNDONE, reason="pack", detail=before)) == (
        "Agente deshizo la carga de /datos/marzo, con la nota «archivo viejo»."
    )


def test_people_are_named_in_full_where_staff_has_them() -> None:
    names = {"agente": "Agustina Agente", "gerente": "Gerardo Gerente"}
    taken = entry(
        Action.ALERT_TAKEN, reason="alert_reveals", detail={"from": "gerente"}, names=names
    )
    assert sentence(taken) == (
        "Agustina Agente tomó una alerta: muchos CDA vistos, que tenía Gerardo Gerente."
    )


def test_a_template_that_changed_says_what_of_it() -> None:
    detail = {
        "old": {"template": "resend/es@0", "subject": "CDA"},
        "new": {"template": "resend/es@1", "subject": "Tu CDA"},
        "parts": "subject, html",
    }
    saved = entry(Action.TEMPLATE_SAVED, subject="resend/es@1", detail=detail)
    assert log_entry.changed(saved) == [
        ("Plantilla", "Reenvío de un CDA (español), la original",
         "Reenvío de un CDA (español), versión 1"),
        ("Asunto", "CDA", "Tu CDA"),
    ]  # fmt: skip
    assert log_entry.others(detail) == {"Qué cambió": "Asunto, HTML"}


def test_data_is_one_line_and_not_endless() -> None:
    long = entry(Action.APPROVAL_GIVEN, detail={"note": "a\n\n# b " * 300})
    assert "\n" not in sentence(long)
    assert len(sentence(long)) <= 401


def test_every_tone_is_one_a_status_has() -> None:
    tones = {log_sentences.tone(entry(a, o)) for a in log_sentences.TOLD for o in Outcome}
    assert tones == {"", "ok", "warn", "bad"}
