"""Reenviar CDA: the window that asks and the one that answers.

A row's envelope calls `open_for`; a page calls `show` once in each run.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import NoReturn

import streamlit as st

from lib.model.errors import AppError, Reason
from lib.model.outbox import PENDING, UNSENT, Delivery, MailProblem, MailState
from lib.model.policy import Rule, Stop
from lib.services.resends import approvals, resending
from lib.services.resends.resending import Offer
from lib.ui import identity, process, shell, window
from lib.ui.mail import lookout, mail_state, mail_words, offers, paper
from lib.ui.plain import refusal

_LIVE = PENDING | {MailState.HELD}
_CAME_UP = frozenset({Reason.UNSEEN_WARNING, Reason.STOPPED_BY_POLICY})
_BY_ADDRESS = frozenset({Rule.FAILING_ADDRESS, Rule.SHARED_ADDRESS})  # another one gets past
_CORRECTABLE = frozenset({MailProblem.ADDRESS_REFUSED, MailProblem.ADDRESS_NOT_ASCII})


@dataclass(frozen=True)
class _Open:
    """`offer.key` and `retry_key` were minted when their button was drawn: a second click on it is
    the same act.
    """

    offer: Offer
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
        window.put(_Open(offer))
        _ask()


def show() -> None:
    """Draw this session's window, if it is one of these; else look out for what may change."""
    opened = window.about(_Open)
    if opened is None:
        lookout.draw()
    elif opened.delivery_id:
        _answer()
    else:
        _ask()


def is_waiting() -> bool:
    """Whether mail asked for in this session is on its way; tells what became of the rest, unless a
    window is open, of whatever kind."""
    opened = window.opened()
    about = opened.delivery_id if isinstance(opened, _Open) else ""
    return lookout.is_waiting(about if opened else None)


# ---- asking --------------------------------------------------------------------------------


def _sent(opened: _Open, delivery: Delivery) -> NoReturn:
    """From the question to the answer; the page looks out for the mail from now on."""
    window.put(replace(opened, delivery_id=delivery.id, retry_key=uuid.uuid4().hex))
    lookout.begin(delivery)
    st.rerun()


@st.dialog("Reenviar CDA", on_dismiss=window.leave)
def _ask() -> None:
    opened = window.about(_Open)
    if opened is None:
        st.rerun()
    offer = opened.offer
    offers.draw(offer)
    if refusing := offers.refused(offer):
        _closed_to_agents(offer, refusing)
        return
    with st.form(f"resend.{offer.key}", border=False):
        reason = st.selectbox(
            "Motivo",
            offer.policy.reasons,
            index=None,
            format_func=mail_words.motive,
            placeholder="Elige el motivo",
            key=f"resend.{offer.key}.reason",
        )
        ticket = offers.ticket(offer.policy, f"resend.{offer.key}.ticket")
        left, right = st.columns(2)
        label, icon = offers.button(offer)
        confirmed = left.form_submit_button(label, type="primary", icon=icon, width="stretch")
        cancelled = right.form_submit_button("Cancelar", width="stretch")
    if cancelled:
        window.close()
    if confirmed:
        _confirm(opened, reason or "", ticket)


def _closed_to_agents(offer: Offer, refusing: Sequence[Stop]) -> None:
    """What was drawn says why it can't be sent: there is nothing to confirm."""
    if any(stop.rule in _BY_ADDRESS for stop in refusing):
        _correct(offer.system.account_no)
    if st.button("Cerrar", key=f"resend.{offer.key}.close"):
        window.close()


def _confirm(opened: _Open, reason: str, ticket: str) -> None:
    """Each warning that was on screen is accepted with the button that says so."""
    offer = opened.offer
    serial, read = offer.system.serial, offer.warnings
    with shell.guarded():
        desk, actor = process.desk(), shell.actor()
        try:
            sent = resending.resend(desk, actor, serial, reason, ticket, offer.key, read)
        except AppError as error:
            if error.reason in _CAME_UP:
                _look_again(opened)
            _explain(error)
            return
        _sent(opened, sent)


def _look_again(opened: _Open) -> NoReturn:
    """Something came up since the window was opened: draw it with that, and what was typed."""
    now = resending.prepare(process.desk(), shell.actor(), opened.offer.system.serial)
    window.put(replace(opened, offer=replace(now, key=opened.offer.key)))
    st.rerun()


# ---- refusing ------------------------------------------------------------------------------


def _refuse(error: AppError, serial: str) -> None:
    """A window that says why; it isn't kept: any rerun of the page closes it."""
    if error.reason is Reason.SIGNED_OUT:
        raise error
    window.leave()
    if error.reason is Reason.PRINTED_ON_CERTIFICATE:
        paper.explain({"serial": serial})
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
    if shell.path() != "/Cuenta":
        st.page_link(
            "pages/Cuenta.py",
            label="Corregir en Cuenta",
            icon=":material/contact_page:",
            query_params={"cuenta": account_no},
        )


# ---- answering -----------------------------------------------------------------------------


@st.dialog("Aspel notifica", on_dismiss=window.leave)
def _answer() -> None:
    opened = window.about(_Open)
    if opened is None:
        st.rerun()
    # The button first, though it stands below: what looks at the mail each second may end this run
    # before its last line, and then draws only itself.
    told = st.container()
    if st.button("Aceptar", type="primary", key="resend.accept"):
        window.close()
    with told, shell.guarded():
        delivery = resending.delivery(process.desk(), shell.actor(), opened.delivery_id)
        if delivery.state in _LIVE or delivery.state is MailState.ACCEPTED:
            _live(delivery.id, delivery.state)
        else:
            _tell(delivery)
            _again(opened, delivery)


@st.fragment(run_every="1s")
def _live(delivery_id: str, drawn: MailState) -> None:
    """What may still change; when it has, the page and its window are drawn anew."""
    with shell.guarded():
        # Looking isn't activity: it must not keep a forgotten session open.
        watcher = identity.actor(touch=False)
        delivery = resending.delivery(process.desk(), watcher, delivery_id)
        if delivery.state is not drawn and not {delivery.state, drawn} <= PENDING:
            st.rerun()
        _tell(delivery)


def _tell(delivery: Delivery) -> None:
    """What became of a mail, and what a manager said of it, if one was asked."""
    watcher = identity.actor(touch=False)
    mail_state.draw(delivery, approvals.answer(process.desk(), watcher, delivery.id))


def _again(opened: _Open, delivery: Delivery) -> None:
    """Retry what failed; what may have gone, only on purpose."""
    labels = {MailState.FAILED: "Reintentar", MailState.UNCERTAIN: "Reintentar de todos modos"}
    if delivery.problem in _CORRECTABLE or delivery.state is MailState.BOUNCED:
        _correct(delivery.account_no)
    if delivery.state not in labels or delivery.problem in UNSENT:
        return
    if not st.button(labels[delivery.state], icon=":material/refresh:", key="resend.retry"):
        return
    try:
        again = resending.retry(process.desk(), shell.actor(), delivery.id, opened.retry_key)
    except AppError as error:
        _explain(error)
        return
    _sent(opened, again)
