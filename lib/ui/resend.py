"""Reenviar CDA: the window that asks and the one that answers.

A row's envelope calls `open_for`; a page calls `show` once in each run. What is open is kept in
the session, so that the answer gets a window of its own and lives through reruns.
"""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn
from urllib.parse import urlsplit

import streamlit as st

from lib.model import clock
from lib.model.errors import AppError, Reason
from lib.model.outbox import PENDING, Delivery, MailProblem, MailState
from lib.services import resending
from lib.services.resending import REASONS, Offer
from lib.ui import facts, identity, mail_state, messages, offers, process, shell
from lib.ui.grid.payload import Status
from lib.ui.plain import refusal

_OPEN = "resend.open"  # _Open: what this session's window is about
_WATCHED = "resend.watched"  # ids of the mails asked for here that haven't ended
_WATCH_FOR = dt.timedelta(minutes=2)  # then a mail that waits is seen at the next act
# What the paper says, by column of ops.certificate.
_PRINTED = {
    "No. Serie": "serial",
    "Folio": "folio",
    "Sistema": "product",
    "Versión": "version",
    "Titular": "holder",
}
_CORRECTABLE = frozenset({MailProblem.ADDRESS_REFUSED, MailProblem.ADDRESS_NOT_ASCII})


@dataclass(frozen=True)
class _Open:
    """`offer.key` and `retry_key` were minted when their button was drawn: a second click on it is
    the same act.
    """

    offer: Offer
    page: str  # where it was opened: on another page it is over
    delivery_id: str = ""
    retry_key: str = field(default_factory=lambda: uuid.uuid4().hex)


def open_for(serial: str) -> None:
    """Ask whether to resend this serial's CDA, or say why it can't be."""
    with shell.guarded():
        try:
            offer = resending.prepare(process.desk(), shell.actor(), serial)
        except AppError as error:
            _refuse(error, serial)
            return
        st.session_state[_OPEN] = _Open(offer, _page())
        _ask()


def show() -> None:
    """Draw the window open in this session, if any."""
    opened = _opened()
    if opened is None or opened.page != _page():
        _leave()
    elif opened.delivery_id:
        _answer()
    else:
        _ask()


def latest(serials: Sequence[str]) -> dict[str, Status]:
    """What the grid says under "Último envío", for the serials that had one."""
    found = resending.deliveries(process.desk(), shell.actor(), serials)
    return {serial: mail_state.cell(delivery) for serial, delivery in found.items()}


def is_waiting() -> bool:
    """Whether mail asked for in this session is still on its way; tells what became of the rest.

    Nothing is told while a window is open: Streamlit would put the word in its place, and the
    window's next look at itself would leave the page blank. Looking isn't activity: it never keeps
    a forgotten session open.
    """
    watched: tuple[str, ...] = st.session_state.get(_WATCHED, ())
    if not watched:
        return False
    watcher, opened = identity.actor(touch=False), _opened()
    now = [resending.delivery(process.desk(), watcher, each) for each in watched]
    since = clock.now() - _WATCH_FOR
    waiting = [d.id for d in now if d.state in PENDING and d.requested_at > since]
    ended = [d for d in now if d.state not in PENDING]
    if opened is None:
        for delivery in ended:
            mail_state.tell(delivery)
    else:
        waiting += [d.id for d in ended if d.id != opened.delivery_id]
    st.session_state[_WATCHED] = tuple(waiting)
    return bool(waiting)


# ---- asking --------------------------------------------------------------------------------


def _opened() -> _Open | None:
    opened = st.session_state.get(_OPEN)
    return opened if isinstance(opened, _Open) else None


def _page() -> str:
    """The path of the page on screen; "" under AppTest."""
    return urlsplit(str(st.context.url or "")).path


def _leave() -> None:
    st.session_state.pop(_OPEN, None)


def _close() -> NoReturn:
    _leave()
    st.rerun()


def _sent(opened: _Open, delivery: Delivery) -> NoReturn:
    """From the question to the answer; the page looks out for the mail from now on."""
    st.session_state[_OPEN] = replace(opened, delivery_id=delivery.id, retry_key=uuid.uuid4().hex)
    watched = (*st.session_state.get(_WATCHED, ()), delivery.id)
    st.session_state[_WATCHED] = tuple(dict.fromkeys(watched))
    st.rerun()


@st.dialog("Reenviar CDA", on_dismiss=_leave)
def _ask() -> None:
    opened = _opened()
    if opened is None:
        st.rerun()
    offer = opened.offer
    offers.draw(offer)
    with st.form(f"resend.{offer.key}", border=False):
        reason = st.selectbox(
            "Motivo",
            REASONS,
            index=None,
            format_func=messages.MOTIVE_NAMES.__getitem__,
            placeholder="Elige el motivo",
            key=f"resend.{offer.key}.reason",
        )
        ticket = st.text_input(
            "Ticket (opcional)", key=f"resend.{offer.key}.ticket", autocomplete="off"
        )
        left, right = st.columns(2)
        confirmed = left.form_submit_button(
            "Reenviar", type="primary", icon=":material/forward_to_inbox:", width="stretch"
        )
        cancelled = right.form_submit_button("Cancelar", width="stretch")
    if cancelled:
        _close()
    if confirmed:
        _confirm(opened, reason or "", ticket)


def _confirm(opened: _Open, reason: str, ticket: str) -> None:
    serial, key = opened.offer.system.serial, opened.offer.key
    with shell.guarded():
        try:
            sent = resending.resend(
                process.desk(), shell.actor(), serial, reason, ticket or "", key
            )
        except AppError as error:
            _explain(error)
            return
        _sent(opened, sent)


# ---- refusing ------------------------------------------------------------------------------


def _refuse(error: AppError, serial: str) -> None:
    """A window that says why; it isn't kept: any rerun of the page closes it."""
    if error.reason is Reason.SIGNED_OUT:
        raise error
    st.session_state.pop(_OPEN, None)
    if error.reason is Reason.PRINTED_ON_CERTIFICATE:
        explain_paper({"serial": serial})
    else:
        _refused(error)


@st.dialog("Reenviar CDA")
def _refused(error: AppError) -> None:
    _explain(error)
    if st.button("Cerrar", key="resend.close"):
        st.rerun()


def _explain(error: AppError) -> None:
    if error.reason is Reason.SIGNED_OUT:
        raise error
    st.error(refusal(error), icon=":material/block:")
    if error.reason in {Reason.NO_ADDRESS, Reason.BAD_ADDRESS}:
        _correct(str(error.facts.get("account_no", "")))


def _correct(account_no: str) -> None:
    """The way to the account, unless this is its page."""
    if _page() != "/Cuenta":
        st.page_link(
            "pages/Cuenta.py",
            label="Corregir en Cuenta",
            icon=":material/contact_page:",
            query_params={"cuenta": account_no},
        )


@st.dialog("El CDA está en el certificado")
def explain_paper(certificate: Mapping[str, Any]) -> None:
    """Where the code of a physical licence stands; `certificate` is its row, by column."""
    st.markdown(
        "El CDA de un licenciamiento físico está **impreso en el Certificado de Autenticidad** "
        "que venía en la caja, y en ningún otro lugar: no se envía por correo."
    )
    st.markdown(
        "1. Pide al cliente que tenga a la mano su Certificado de Autenticidad.\n"
        "2. Confirma con él que el certificado es el de este registro.\n"
        "3. En ese mismo certificado está impreso el código de activación (CDA), el que escribe "
        "en el Asistente de Activación."
    )
    printed = {name: certificate.get(column) for name, column in _PRINTED.items()}
    facts.draw({name: str(value) for name, value in printed.items() if value})
    st.caption("Si ya no le permite activarlo, necesita un desbloqueo: 24 a 48 horas hábiles.")
    if st.button("Aceptar", type="primary", key="resend.paper"):
        st.rerun()


# ---- answering -----------------------------------------------------------------------------


@st.dialog("Aspel notifica", on_dismiss=_leave)
def _answer() -> None:
    opened = _opened()
    if opened is None:
        st.rerun()
    with shell.guarded():
        delivery = resending.delivery(process.desk(), shell.actor(), opened.delivery_id)
        if delivery.state in PENDING:
            _live(opened.delivery_id)
        else:
            mail_state.draw(delivery)
            _again(opened, delivery)
    if st.button("Aceptar", type="primary", key="resend.accept"):
        _close()


@st.fragment(run_every="1s")
def _live(delivery_id: str) -> None:
    """What is on its way, until it ends: then the window is drawn once more, at rest."""
    with shell.guarded():
        # Looking isn't activity: it must not keep a forgotten session open.
        watcher = identity.actor(touch=False)
        delivery = resending.delivery(process.desk(), watcher, delivery_id)
        if delivery.state not in PENDING:
            st.rerun()
        mail_state.draw(delivery)


def _again(opened: _Open, delivery: Delivery) -> None:
    """Retry what failed; what may have gone, only on purpose."""
    labels = {MailState.FAILED: "Reintentar", MailState.UNCERTAIN: "Reintentar de todos modos"}
    if delivery.state not in labels:
        return
    if delivery.problem in _CORRECTABLE:
        _correct(delivery.account_no)
    if not st.button(labels[delivery.state], icon=":material/refresh:", key="resend.retry"):
        return
    try:
        again = resending.retry(process.desk(), shell.actor(), delivery.id, opened.retry_key)
    except AppError as error:
        _explain(error)
        return
    _sent(opened, again)
