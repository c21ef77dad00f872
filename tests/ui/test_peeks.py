"""The side panel's words."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest

from lib.model import clock
from lib.model.account import Section
from lib.model.action import Action, Entry
from lib.model.actor import SYSTEM, Actor
from lib.model.errors import AppError, Reason
from lib.model.outbox import Motive
from lib.services.desk import Desk
from lib.services.records import customers
from lib.services.resends import resending
from lib.ui import process, shell
from lib.ui.grid.peek import Peek
from lib.ui.listing import peeks
from lib.ui.log import log_peek
from tests.services.log_rows import logged

SERIAL = "S0000000001"
As = Callable[[Actor], None]


@pytest.fixture
def as_(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> As:
    """`as_(actor)`: whoever asks from now on."""
    monkeypatch.setattr(process, "desk", lambda: desk)
    return lambda actor: monkeypatch.setattr(shell, "actor", lambda: actor)


def section(peek: Peek, title: str) -> list[str]:
    """A section's texts, top to bottom."""
    [found] = [s for s in peek.sections if s.title.startswith(title)]
    facts = [f"{fact.name}: {fact.value}" for fact in found.facts]
    lines = [text for line in found.lines for text in (line.text, line.note) if text]
    return [*facts, *lines, *([found.note] if found.note else [])]


def correct_email(desk: Desk, actor: Actor) -> None:
    account = customers.find(desk, actor, "00000001")
    typed = {"name": account.name, "email": "otra@example.com", "phone": account.phone}
    customers.correct(desk, actor, "00000001", Section.CONTACT, typed, account.version)


def whole_reference(desk: Desk) -> str:
    """What the old address was told to quote."""
    return str(logged(desk, Action.CONTACT_CHANGED)[0]["detail"]["reference"])


def test_a_system(desk: Desk, agent: Actor, as_: As) -> None:
    as_(agent)
    resending.resend(desk, agent, SERIAL, Motive.NOT_RECEIVED, "", "k1")
    peek = peeks.system(SERIAL)
    assert (peek.title, peek.about) == ("SAE 10.0", "Suscripción · 5 usuarios")
    assert "Próximo Pago: 01/03/2027" in section(peek, "Sistema")
    assert "Correo: h***************r@example.com" in section(peek, "Cuenta")
    at = f"{clock.at_office(clock.now()):%H:}"
    [state, sent] = section(peek, "Últimos envíos")
    assert state == "En cola"
    assert sent.startswith(at)
    assert sent.endswith(" · agente · No recibió el correo")
    assert section(peek, "CDA · 1 desbloqueo") == [
        "01/02/2026 · Desbloqueo",
        "El CDA anterior ya no sirve.",
        "01/03/2025 · Alta",
    ]
    for hidden in ("LIVE1", "DEAD1", "hector.villasenor"):
        assert hidden not in str(peek)


def test_an_overdue_payment_stands_out(agent: Actor, as_: As) -> None:
    as_(agent)
    assert "Próximo Pago: 02/05/2025 · vencido" in section(peeks.system("S0000000002"), "Sistema")


def test_an_address_that_can_t_be_used_or_just_changed(
    desk: Desk, agent: Actor, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_(agent)
    assert "Correo: sin correo" in section(peeks.system("S0000000003"), "Cuenta")
    [bad] = [t for t in section(peeks.account("00000004"), "Cuenta") if t.startswith("Correo")]
    assert bad.endswith(" · no es válido")
    correct_email(desk, agent)
    changed = section(peeks.system(SERIAL), "Cuenta")[-1]
    assert changed.startswith("El correo cambió el ")
    assert changed.endswith("(agente). Confirma con quién hablas antes de reenviar.")
    later = clock.now() + dt.timedelta(hours=73)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert section(peeks.system(SERIAL), "Cuenta")[-1].endswith("(agente).")


def test_an_account_s_systems(agent: Actor, as_: As) -> None:
    as_(agent)
    peek = peeks.account("00000002")
    assert (peek.title, peek.about) == ("Zoé Pérez Ordóñez", "Cuenta 00000002")
    assert section(peek, "Sistemas (2)") == [
        "COI 11.0 · 1 usuario · vencido",
        "S0000000002 · Suscripción · próximo pago 02/05/2025",
        "PROD 5.0 · 1 usuario",
        "L0000000002 · Licencia",
    ]


def test_a_certificate_of_no_account(desk: Desk, agent: Actor, as_: As) -> None:
    as_(agent)
    desk.store.write(
        lambda t: t.run(
            "INSERT INTO ops.certificate VALUES"
            " ('F1', '0C1', 'SAE', '9.0', 1, NULL, 'Ana', '', '', '', 'b1')"
        )
    )
    peek = peeks.certificate("F1")
    assert "No. Serie: 0C1" in section(peek, "Certificado")
    assert section(peek, "Cuenta") == ["No está ligado a ninguna cuenta."]
    assert not peek.of_account


def test_an_entry_of_the_log_whole_for_managers_only(
    desk: Desk, agent: Actor, manager: Actor, as_: As
) -> None:
    correct_email(desk, replace(agent, address="203.0.113.7"))
    seq = str(logged(desk, Action.CONTACT_CHANGED)[0]["seq"])
    as_(manager)
    whole = log_peek.entry(seq)
    assert whole.title == "Cambio de datos generales"
    assert "Desde: 203.0.113.7" in section(whole, "En detalle")
    assert section(whole, "Qué pasó") == [
        "Agente cambió los datos generales de la cuenta 00000001 y se avisó al correo anterior "
        f"(referencia {whole_reference(desk)}): Correo de Contacto, hector.villasenor@example.com "
        "→ otra@example.com."
    ]
    assert section(whole, "Cambios") == [
        "Correo de Contacto: otra@example.com",
        "antes: hector.villasenor@example.com",
    ]
    as_(agent)
    with pytest.raises(AppError) as refusal:
        log_peek.entry(seq)
    assert refusal.value.reason is Reason.FORBIDDEN


def test_an_entry_tells_what_became_of_its_mail(
    desk: Desk, agent: Actor, manager: Actor, as_: As
) -> None:
    first = resending.resend(desk, agent, SERIAL, Motive.NOT_RECEIVED, "", "k1")
    accepted = Entry(Action.MAIL_ACCEPTED, serial=SERIAL, subject=first.id)
    desk.store.write(lambda t: t.log(SYSTEM, accepted))
    as_(manager)
    seq = str(logged(desk, Action.RESEND_REQUESTED)[0]["seq"])
    asked, asked_note, accepted_, accepted_note = section(log_peek.entry(seq), "Historia")
    assert asked.startswith("Agente pidió reenviar el CDA de la serie S0000000001")
    assert asked_note.endswith(" · agente · este renglón")
    assert accepted_.startswith("El servidor de correo aceptó el correo")
    assert accepted_note.endswith(" · La mesa")


def test_what_is_not_an_entry_is_gone(manager: Actor, as_: As) -> None:
    as_(manager)
    for seq in ("999", "no", "-1", "9" * 40):
        with pytest.raises(AppError) as refusal:
            log_peek.entry(seq)
        assert refusal.value.reason is Reason.UNKNOWN_ENTRY
