"""The door's second step: a code from an app, or the app to be had first.

Drawn before there is a session: what it does counts by the token that a right password gave, on
the connection that gave it (lib/ui/identity.py).
"""

import base64
import io
from collections.abc import Callable

import segno
import streamlit as st

from lib.model.errors import AppError, Reason
from lib.services.doors import codes
from lib.services.doors.factors import Enrolled, HalfWay
from lib.ui import identity, messages, process

Act = Callable[[HalfWay, str], None]

_REFUSAL = "factor.refusal"
_CODE = "factor.code"
_ENROLLED = "factor.enrolled"  # in, but for having read the recovery codes
_QR_SIZE = 5  # pixels a module: some 250 in all, enough for a phone at arm's length
_HOW = (
    "Tu perfil pide un segundo factor. Escanea el código con una aplicación como Google "
    "Authenticator, Microsoft Authenticator o 1Password, y escribe los seis dígitos que muestre."
)
_CODES = (
    "Guárdalos donde no dependan de tu teléfono: cada uno sirve una vez en lugar del código de la "
    "aplicación, y no se vuelven a mostrar."
)


def draw(half: HalfWay) -> None:
    if enrolled := st.session_state.get(_ENROLLED):
        _codes(enrolled)
        return
    try:
        _enrol(half) if half.enrols else _ask(half)
    except AppError as error:
        _turn_back(error)


def _ask(half: HalfWay) -> None:
    st.subheader("Segundo factor", anchor=False)
    label = "Código de tu aplicación, o uno de recuperación"
    _form(half, label, _give)


def _enrol(half: HalfWay) -> None:
    enrolment = codes.begin(process.desk(), half.token)
    st.subheader("Activa tu segundo factor", anchor=False)
    with st.container(key="door_enrol", horizontal=True, gap="medium"):
        st.html(f'<img class="door-qr" alt="Código QR para la aplicación" src="{_qr(enrolment)}">')
        with st.container(key="door_enrol_by_hand"):
            st.markdown(_HOW)
            _form(half, "Código que muestra", _take_on)
            with st.expander("No puedo escanearlo"):
                st.markdown("Escribe esta clave en la aplicación; es por tiempo y de seis dígitos.")
                st.code(enrolment.written, language=None, wrap_lines=True)


def _form(half: HalfWay, label: str, act: Act) -> None:
    if refusal := st.session_state.pop(_REFUSAL, ""):
        st.error(refusal, icon=":material/lock:")
    with st.form("factor.form", border=False):
        st.text_input(label, key=_CODE, autocomplete="one-time-code", max_chars=40)
        st.form_submit_button(
            "Continuar", type="primary", width="stretch", on_click=_try, args=(half, act)
        )
    st.button("Volver", on_click=identity.turn_back, type="tertiary", icon=":material/arrow_back:")


def _try(half: HalfWay, act: Act) -> None:
    code = str(st.session_state[_CODE])
    st.session_state[_CODE] = ""
    try:
        act(half, code)
    except AppError as error:
        if error.reason is Reason.SIGN_IN_AGAIN:
            _turn_back(error)
        else:
            st.session_state[_REFUSAL] = messages.sentence(error)


def _give(half: HalfWay, code: str) -> None:
    identity.opened(codes.give(process.desk(), half.token, code))


def _take_on(half: HalfWay, code: str) -> None:
    st.session_state[_ENROLLED] = codes.enrol(process.desk(), half.token, code)


def _codes(enrolled: Enrolled) -> None:
    st.subheader("Códigos de recuperación", anchor=False)
    st.markdown(_CODES)
    st.code("\n".join(enrolled.codes), language=None)
    st.button(
        "Ya los guardé; entrar",
        type="primary",
        width="stretch",
        on_click=identity.opened,
        args=(enrolled.signed_in,),
    )


def _turn_back(error: AppError) -> None:
    identity.turn_back()
    st.session_state["door.refusal"] = messages.sentence(error)


def _qr(enrolment: codes.Enrolment) -> str:
    """As a data: address; black on white whatever the theme, because scanners want that."""
    drawn = io.BytesIO()
    segno.make(enrolment.address, error="l").save(
        drawn, kind="svg", scale=_QR_SIZE, border=4, dark="#000", light="#fff"
    )
    return "data:image/svg+xml;base64," + base64.b64encode(drawn.getvalue()).decode()
