"""Ver CDA: the window that asks why, and the one that shows the code for half a minute.

A row's entry calls `open_for`; a page calls `show` once in each run. The session keeps the window's
key, never the code: each time the window draws itself it asks the service again, which refuses once
the time is over.
"""

from dataclasses import dataclass, replace
from pathlib import Path

import streamlit as st

from lib.model.errors import AppError, Reason
from lib.model.reveal import SHOWN_S, Shown
from lib.services.records import revealing
from lib.services.records.revealing import MOTIVES, RevealOffer
from lib.ui import facts, process, shell, window, written
from lib.ui.mail import mail_words
from lib.ui.plain import refusal

_HERE = Path(__file__).parent
_component = st.components.v2.component(
    "mesa_reveal",
    html='<div class="reveal"><output></output><progress aria-hidden="true"></progress><p></p>'
    "</div>",
    css=(_HERE / "reveal.css").read_text("utf-8"),
    js=(_HERE / "reveal.js").read_text("utf-8"),
)
_OVER = "El CDA se ocultó. Si aún lo necesitas, vuelve a abrir Ver CDA: cuenta como otra vez."


@dataclass(frozen=True)
class _Open:
    offer: RevealOffer
    revealed: bool = False


def open_for(serial: str) -> None:
    """Ask why somebody needs to see this serial's CDA, or say why they can't."""
    with shell.guarded():
        try:
            offer = revealing.prepare(process.desk(), shell.actor(), serial)
        except AppError as error:
            if error.reason is Reason.SIGNED_OUT:
                raise
            _refused(error)
            return
        window.put(_Open(offer))
        _ask()


def show() -> None:
    """Draw this session's window, if it is one of these."""
    opened = window.about(_Open)
    if opened is None:
        return
    if opened.revealed:
        _show()
    else:
        _ask()


# ---- asking --------------------------------------------------------------------------------------


@st.dialog("Ver CDA", on_dismiss=window.leave)
def _ask() -> None:
    opened = window.about(_Open)
    if opened is None:
        st.rerun()
    offer, key = opened.offer, f"reveal.{opened.offer.key}"
    _facts(offer)
    with st.form(key, border=False):
        motive = st.selectbox(
            "Por qué necesitas verlo",
            MOTIVES,
            index=None,
            format_func=mail_words.REVEAL_MOTIVE_NAMES.__getitem__,
            placeholder="Elige el motivo",
            key=f"{key}.motive",
        )
        hint = f"Como {offer.ticket_example}" if offer.ticket_example else None
        ticket = st.text_input(
            "Ticket o llamada", key=f"{key}.ticket", autocomplete="off", placeholder=hint
        )
        _warn(offer)
        left, right = st.columns(2)
        confirmed = left.form_submit_button(
            f"Ver {SHOWN_S} segundos", type="primary", icon=":material/visibility:", width="stretch"
        )
        cancelled = right.form_submit_button("Cancelar", width="stretch")
    if cancelled:
        window.close()
    if confirmed:
        _confirm(opened, motive or "", ticket or "")


def _facts(offer: RevealOffer) -> None:
    system = offer.system
    users = written.count(system.seats, "usuario", "usuarios")
    facts.draw(
        {
            "Sistema": f"{system.product} {system.version} · {users}",
            "No. Serie": system.serial,
            "Cuenta": f"{system.account_no} · {offer.account_name}",
            "CDA emitido": f"{offer.issue.cause} {written.day(offer.issue.issued_on)}",
        }
    )


def _warn(offer: RevealOffer) -> None:
    left = f"te quedan {offer.left}" if offer.left != 1 else "te queda 1"
    st.caption(
        ":material/history: Queda en la Bitácora con tu nombre, el motivo y el ticket. "
        f"De {offer.most} por hora {left}."
    )


def _confirm(opened: _Open, motive: str, ticket: str) -> None:
    offer = opened.offer
    with shell.guarded():
        # What it answers is dropped: the window that shows it asks for itself.
        revealing.reveal(
            process.desk(), shell.actor(), offer.system.serial, motive, ticket, offer.key
        )
        window.put(replace(opened, revealed=True))
        st.rerun()


@st.dialog("Ver CDA")
def _refused(error: AppError) -> None:
    st.error(refusal(error), icon=":material/block:")
    if st.button("Cerrar", key="reveal.close"):
        st.rerun()


# ---- showing -------------------------------------------------------------------------------------


@st.dialog("Código de activación", on_dismiss=window.leave)
def _show() -> None:
    opened = window.about(_Open)
    if opened is None:
        st.rerun()
    shown = _shown(opened)
    if shown is None:
        st.info(_OVER, icon=":material/visibility_off:")
    else:
        _facts(opened.offer)
        _draw(opened, shown)
    if st.button("Ocultar" if shown else "Aceptar", type="primary", key="reveal.hide"):
        window.close()


def _shown(opened: _Open) -> Shown | None:
    """The code, while its time lasts."""
    with shell.guarded():
        try:
            return revealing.again(process.desk(), shell.actor(), opened.offer.key)
        except AppError as error:
            if error.reason is not Reason.REVEAL_OVER:
                raise
    return None


def _draw(opened: _Open, shown: Shown) -> None:
    data = {
        "code": shown.code,
        "left": shown.left_s,
        "whole": SHOWN_S,
        "label": f"CDA de la serie {opened.offer.system.serial}",
        "counting": "Se oculta en {s} s. Díctalo; no lo copies a otro lugar.",
        "hidden": _OVER,
    }
    _component(key=f"reveal.{opened.offer.key}", data=data, on_hidden_change=_ignore)


def _ignore() -> None:
    """Its time is over: the run that this starts draws the window without the code."""
