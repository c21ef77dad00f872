"""How a mail's state reads: in a grid's cell, in a window, in passing."""

import datetime as dt

import streamlit as st

from lib.model import clock
from lib.model.approval import Answer, Approval
from lib.model.outbox import UNSENT, Delivery, MailState
from lib.model.text import mask_email
from lib.ui import facts
from lib.ui.grid.payload import Status
from lib.ui.mail import mail_words
from lib.ui.plain import plain

# The portal's words.
_SENT = "El CDA del número de serie ha sido enviado a tu cuenta de correo"
HELD = "Detenido: espera la aprobación de un gerente; verás su respuesta aquí y en Inicio."
_SPAM = "Si el cliente no lo ve en unos minutos, pídele que revise su carpeta de spam."


def cell(delivery: Delivery) -> Status:
    """Under "Último envío"."""
    at = moment(delivery.finished_at or delivery.requested_at)
    sentence = mail_words.problem_sentence(delivery)
    problem = mail_words.problem_words(delivery.problem)
    match delivery.state:
        case MailState.ACCEPTED:
            said = (f"Aceptado {at}", "ok", "")
        case MailState.FAILED:
            said = (f"Fallido: {problem}", "bad", sentence)
        case MailState.UNCERTAIN:
            said = (f"Incierto {at}", "warn", sentence)
        case MailState.BOUNCED:
            said = (f"Rebotado {at}", "bad", sentence)
        case MailState.HELD:
            said = ("Detenido", "warn", HELD)
        case MailState.QUEUED if problem:
            said = (f"En cola: {problem}", "warn", sentence)
        case _:
            said = (mail_words.MAIL_STATE_NAMES[delivery.state], "busy", sentence)
    return Status(*said)


def draw(delivery: Delivery, approval: Approval | None = None) -> None:
    """What happened and what to do, then the facts; with what a manager said, if one was asked."""
    sentence = mail_words.problem_sentence(delivery)
    match delivery.state:
        case MailState.ACCEPTED:
            st.success(_SENT, icon=":material/mark_email_read:")
        case MailState.FAILED | MailState.BOUNCED:
            st.error(sentence, icon=":material/error:")
        case MailState.HELD:
            st.warning(HELD, icon=":material/front_hand:")
        case _ if sentence:
            st.warning(sentence, icon=":material/schedule:")
        case _:
            st.info("El CDA del número de serie va en camino.", icon=":material/outgoing_mail:")
    at = moment(delivery.finished_at or delivery.requested_at)
    facts.draw(
        {
            "Estado": f"{mail_words.MAIL_STATE_NAMES[delivery.state]} · {at}",
            "No. Serie": delivery.serial,
            "Correo": mask_email(delivery.recipient),
            **(answered(approval) if approval else {}),
        }
    )
    if delivery.state is MailState.ACCEPTED:
        st.caption(_SPAM)


def answered(approval: Approval) -> dict[str, str]:
    """What a manager was asked and said, by the name on screen: values, never Markdown."""
    by = f" · {approval.answered_by}" if approval.answered_by else ""
    at = f" · {moment(approval.answered_at)}" if approval.answered_at else ""
    waits = approval.state is Answer.WAITING
    said = {
        "Aprobación": f"{mail_words.ANSWER_NAMES[approval.state]}{by}{at}",
        "Se espera hasta": moment(approval.expires_at) if waits else "",
        "Nota del gerente": approval.note,
    }
    return {name: value for name, value in said.items() if value}


def line(delivery: Delivery) -> str:
    """One past delivery in a line, as Markdown."""
    state = mail_words.MAIL_STATE_NAMES[delivery.state]
    return f":material/mail: {moment(delivery.requested_at)} · {state}"


def tell(delivery: Delivery) -> None:
    """In passing, to somebody who has gone on working."""
    went = delivery.state is MailState.ACCEPTED
    state = mail_words.MAIL_STATE_NAMES[delivery.state].lower()
    stopped = delivery.problem in UNSENT  # no fault of the mail's: say whose it was
    what = mail_words.problem_words(delivery.problem) if stopped else state
    st.toast(
        f"Reenvío de CDA, serie {plain(delivery.serial)}: {what}.",
        icon=":material/mark_email_read:" if went else ":material/error:",
    )


def moment(instant: dt.datetime) -> str:
    """14:05 today, else with its date."""
    at = clock.at_office(instant)
    return f"{at:%H:%M}" if at.date() == clock.today() else f"{at:%d/%m/%Y %H:%M}"
