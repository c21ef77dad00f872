"""The window that asks again who is at the keyboard, and does what waited for it.

In a callback: `confirming.first(act)`; and `confirming.draw()` once where the page begins. `act` is
asked to do all it does again, so that it checks all again; it tells of itself as it always does.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import streamlit as st

from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.services.doors import confirming
from lib.services.doors.confirming import Way
from lib.ui import process, second_factor, shell, single_sign_on, window
from lib.ui.people import confirming_by_passkey
from lib.ui.plain import refusal

_PASSWORD, _CODE = "confirming.password", "confirming.code"
_REFUSAL, _TROUBLE = "confirming.refusal", "confirming.trouble"
_ABOUT = "Lo que vas a hacer es delicado; por eso se pregunta otra vez quién está aquí."


@dataclass(frozen=True)
class _Waiting:
    act: Callable[[], object]


# How ways beyond the password draw themselves: given who is asked and what to call once that way's
# own service has noted the confirmation.
Draw = Callable[[Actor, Callable[[], None]], None]
DRAWN: Mapping[Way, Draw] = {
    Way.PASSKEY: confirming_by_passkey.draw,
    Way.SINGLE_SIGN_ON: single_sign_on.ask_again,
}


def first(act: Callable[[], object]) -> None:
    """Do it; when it wants to know first who is there, ask, and then do it."""
    try:
        act()
    except AppError as error:
        if error.reason is not Reason.CONFIRM_FIRST:
            raise
        window.put(_Waiting(act))


def draw() -> None:
    """The window, while something waits; and what went wrong with what was waiting."""
    if trouble := st.session_state.pop(_TROUBLE, ""):
        st.error(trouble, icon=":material/block:")
    if window.about(_Waiting):
        _ask()


@st.dialog("Confirma que eres tú", on_dismiss=window.leave)
def _ask() -> None:
    if window.about(_Waiting) is None:
        st.rerun()
    with shell.guarded():
        me = shell.actor()
        st.caption(_ABOUT)
        for way in confirming.ways(process.desk(), me):
            if way is Way.PASSWORD:
                _by_password(me)
            else:
                DRAWN[way](me, confirmed)


def _by_password(me: Actor) -> None:
    if told := st.session_state.pop(_REFUSAL, ""):
        st.error(told, icon=":material/lock:")
    with st.form("confirming.form", border=False):
        st.text_input(
            "Tu contraseña", type="password", key=_PASSWORD, autocomplete="current-password"
        )
        if has := confirming.factors(process.desk(), me):
            label = second_factor.code_label(has)
            st.text_input(label, key=_CODE, autocomplete="one-time-code", max_chars=40)
        st.form_submit_button("Confirmar", type="primary", width="stretch", on_click=_confirm)


@shell.guarded()
def _confirm() -> None:
    password, code = (str(st.session_state.get(key, "")) for key in (_PASSWORD, _CODE))
    for key in (_PASSWORD, _CODE):
        if key in st.session_state:
            st.session_state[key] = ""
    try:
        confirming.confirm(process.desk(), shell.actor(), password, code)
    except AppError as error:
        if error.reason is not Reason.NOT_CONFIRMED:
            raise
        st.session_state[_REFUSAL] = refusal(error)
        return
    confirmed()


def confirmed() -> None:
    """Do what waited."""
    waiting = window.about(_Waiting)
    window.leave()
    if waiting is None:
        return
    try:
        waiting.act()
    except AppError as error:
        st.session_state[_TROUBLE] = refusal(error)
