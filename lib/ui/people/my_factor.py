"""Mi perfil: one's own authenticator app, and the recovery codes for when every factor is lost."""

from dataclasses import dataclass

import streamlit as st

from lib.model.errors import AppError
from lib.services.doors import codes, own_factor
from lib.services.doors.opening import Proof
from lib.services.doors.own_factor import Offered, State
from lib.ui import process, qr, shell, window, written
from lib.ui.people import confirming
from lib.ui.plain import refusal
from lib.ui.second_factor import KEEP_CODES

_DONE, _REFUSAL, _CODE = "my_factor.done", "my_factor.refusal", "my_factor.code"
_FEW = 2  # recovery codes: time to make more
_ABOUT = (
    "Además de tu contraseña se pide un código de tu teléfono: quien la consiga no podrá entrar. "
    "Sirven aplicaciones como Google Authenticator, Microsoft Authenticator o 1Password."
)
_NEEDED = "Tu perfil pide un segundo factor."
_HOW = "Escanea el código con la aplicación y escribe los seis dígitos que muestre."


@dataclass(frozen=True)
class _Adding:
    """The window with a seed for an app."""

    offered: Offered


@dataclass(frozen=True)
class Made:
    """The window with recovery codes, this once."""

    codes: tuple[str, ...]


def draw() -> None:
    with shell.guarded():
        st.header("Tu segundo factor", anchor=False)
        if done := st.session_state.pop(_DONE, ""):
            st.success(done, icon=":material/check_circle:")
        mine = own_factor.state(process.desk(), shell.actor())
        _app(mine)
        if mine.has:
            _codes(mine)
    if adding := window.about(_Adding):
        _add(adding)
    elif made := window.about(Made):
        _show(made)


def _app(mine: State) -> None:
    there = Proof.TOTP in mine.has
    with st.container(
        border=True, horizontal=True, vertical_alignment="center", key="my_factor_app"
    ):
        with st.container(gap="xxsmall"):
            on = ":green-badge[Activa]" if there else ":gray-badge[Sin activar]"
            st.markdown(f":material/phonelink_lock: Aplicación de códigos {on}")
            if not there:
                st.caption(f"{_NEEDED} {_ABOUT}" if mine.needed and not mine.has else _ABOUT)
        st.button("Cambiar" if there else "Activar", key="my_factor.begin", on_click=_begin)
        if there and not (mine.needed and mine.has == {Proof.TOTP}):
            st.button("Quitar", key="my_factor.remove", on_click=_remove)


def _codes(mine: State) -> None:
    with st.container(
        border=True, horizontal=True, vertical_alignment="center", key="my_factor_codes"
    ):
        with st.container(gap="xxsmall"):
            st.markdown(":material/key: Códigos de recuperación")
            left = mine.codes_left
            st.caption(f"Te quedan {left}." if left != 1 else "Te queda uno.")
        st.button("Hacer códigos nuevos", key="my_factor.renew", on_click=_renew)
    if left <= _FEW:
        few = written.count(left, "código", "códigos") if left else "ningún código"
        verb = "Te queda" if left < 2 else "Te quedan"
        before = "No te queda" if not left else verb
        st.warning(
            f"{before} {few} de recuperación; haz nuevos antes de que te hagan falta.",
            icon=":material/key_off:",
        )


# ---- the app -------------------------------------------------------------------------------------


@shell.guarded()
def _begin() -> None:
    confirming.first(_offer)


def _offer() -> None:
    window.put(_Adding(own_factor.begin(process.desk(), shell.actor())))


@st.dialog("Aplicación de códigos", on_dismiss=window.leave)
def _add(adding: _Adding) -> None:
    if window.about(_Adding) is None:
        st.rerun()
    enrolment = adding.offered.enrolment
    st.markdown(_HOW)
    st.html(qr.image(enrolment.address))
    if told := st.session_state.pop(_REFUSAL, ""):
        st.error(told, icon=":material/error:")
    with st.form("my_factor.form", border=False):
        st.text_input("Código que muestra", key=_CODE, autocomplete="one-time-code", max_chars=40)
        st.form_submit_button(
            "Activar", type="primary", width="stretch", on_click=_enrol, args=(adding,)
        )
    with st.expander("No puedo escanearlo"):
        st.markdown("Escribe esta clave en la aplicación; es por tiempo y de seis dígitos.")
        st.code(enrolment.written, language=None, wrap_lines=True)


@shell.guarded()
def _enrol(adding: _Adding) -> None:
    code = str(st.session_state[_CODE])
    st.session_state[_CODE] = ""
    try:
        confirming.first(lambda: _take_on(adding, code))
    except AppError as error:
        st.session_state[_REFUSAL] = refusal(error)


def _take_on(adding: _Adding, code: str) -> None:
    made = own_factor.enrol(process.desk(), shell.actor(), adding.offered, code)
    st.session_state[_DONE] = "Aplicación de códigos activada. Tus otras sesiones se cerraron."
    window.put(Made(made)) if made else window.leave()


@shell.guarded()
def _remove() -> None:
    confirming.first(_without)


def _without() -> None:
    own_factor.remove(process.desk(), shell.actor())
    st.session_state[_DONE] = "Aplicación de códigos quitada. Tus otras sesiones se cerraron."


# ---- recovery codes ------------------------------------------------------------------------------


@shell.guarded()
def _renew() -> None:
    confirming.first(_make)


def _make() -> None:
    window.put(Made(codes.renew(process.desk(), shell.actor())))


@st.dialog("Códigos de recuperación", on_dismiss=window.leave)
def _show(made: Made) -> None:
    st.markdown(KEEP_CODES)
    st.code("\n".join(made.codes), language=None)
    if st.button("Ya los guardé", type="primary", width="stretch"):
        window.close()
