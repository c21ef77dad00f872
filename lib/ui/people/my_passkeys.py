"""Mi perfil: one's own passkeys, one more, one less."""

from dataclasses import dataclass

import streamlit as st

from lib.model.errors import AppError
from lib.services.doors import passkeys
from lib.services.doors.ceremonies import Options, Site
from lib.store.people.passkeys import Passkey
from lib.ui import identity, passkey, process, shell, window
from lib.ui.mail import mail_state
from lib.ui.people import confirming
from lib.ui.people.my_factor import Made
from lib.ui.plain import plain, refusal

_DONE, _REFUSAL, _NAME = "my_passkeys.done", "my_passkeys.refusal", "my_passkeys.name"
_ABOUT = (
    "Una llave de acceso pide tu huella, tu rostro o el PIN de tu equipo o teléfono en lugar de un "
    "código; no se puede copiar ni escribir en una página falsa."
)


@dataclass(frozen=True)
class _Adding:
    """The window in which the browser makes one."""

    asked: Options
    at: Site


def draw() -> None:
    with shell.guarded():
        st.header("Tus llaves de acceso", anchor=False)
        if done := st.session_state.pop(_DONE, ""):
            st.success(done, icon=":material/check_circle:")
        mine = passkeys.mine(process.desk(), shell.actor())
        for each in mine:
            _line(each)
        if not mine:
            st.caption(_ABOUT)
        _way_to_one_more()
    if adding := window.about(_Adding):
        _add(adding)


def _line(one: Passkey) -> None:
    with st.container(
        border=True, horizontal=True, vertical_alignment="center", key=f"passkey_{one.id[:16]}"
    ):
        with st.container(gap="xxsmall"):
            st.markdown(f":material/passkey: {plain(one.name)}")
            used = mail_state.moment(one.used_at) if one.used_at else "nunca"
            st.caption(f"Agregada: {mail_state.moment(one.added_at)} · usada: {used}")
        st.button("Quitar", key=f"passkey.remove.{one.id}", on_click=_remove, args=(one,))


def _way_to_one_more() -> None:
    try:
        at = passkeys.site(process.desk(), identity.origin())
    except AppError as error:
        st.caption(refusal(error))
        return
    st.button("Agregar llave de acceso", icon=":material/passkey:", on_click=_open, args=(at,))


@shell.guarded()
def _open(at: Site) -> None:
    confirming.first(lambda: _begin(at))


def _begin(at: Site) -> None:
    window.put(_Adding(passkeys.begin_own(process.desk(), shell.actor(), at), at))


@st.dialog("Agregar llave de acceso", on_dismiss=window.leave)
def _add(adding: _Adding) -> None:
    st.caption(_ABOUT)
    with shell.guarded():
        if told := st.session_state.pop(_REFUSAL, ""):
            st.error(told, icon=":material/error:")
        name = st.text_input(
            "Nombre", key=_NAME, max_chars=passkeys.MOST_NAME, placeholder="Mi laptop, llave azul…"
        )
        answer = passkey.button("Crear llave de acceso", adding.asked, "my_passkeys.passkey")
        if answer is not None:
            _answered(adding, answer, name)


def _answered(adding: _Adding, answer: object, name: str) -> None:
    desk, me = process.desk(), shell.actor()
    try:
        codes = passkeys.enrol_own(desk, me, answer, adding.at, name)
    except AppError as error:
        st.session_state[_REFUSAL] = refusal(error)
        confirming.first(lambda: _begin(adding.at))  # what was asked is used up
        st.rerun()
    st.session_state[_DONE] = "Llave de acceso agregada. Tus otras sesiones se cerraron."
    window.put(Made(codes)) if codes else window.leave()
    st.rerun()


@shell.guarded()
def _remove(one: Passkey) -> None:
    confirming.first(lambda: _without(one))


def _without(one: Passkey) -> None:
    passkeys.remove(process.desk(), shell.actor(), one.id)
    st.session_state[_DONE] = f"{plain(one.name)}: quitada. Tus otras sesiones se cerraron."
