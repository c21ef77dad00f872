"""Usuarios: the window to invite somebody."""

from dataclasses import dataclass

import streamlit as st

from lib.model.errors import AppError
from lib.model.roles import Role
from lib.services.doors import confirming as doors
from lib.services.doors import invitations
from lib.services.doors.invitations import Invited
from lib.ui import messages, process, shell, window
from lib.ui.people import confirming
from lib.ui.plain import refusal

_ABOUT = (
    "Le llegará un correo con un enlace para elegir su contraseña; sirve una vez, durante 24 horas."
)


@dataclass(frozen=True)
class _Inviting:
    """The window is open."""


def button(done: str) -> None:
    """`done` is the session's key under which the page is told what was done."""
    st.button("Invitar", icon=":material/person_add:", type="primary", on_click=_open)
    if window.about(_Inviting):
        _window(done)


@shell.guarded()
def _open() -> None:
    """Asked before anything is typed, not after."""
    confirming.first(_begin)


def _begin() -> None:
    doors.require(process.desk(), shell.actor())
    window.put(_Inviting())


@st.dialog("Invitar a la mesa", on_dismiss=window.leave)
def _window(done: str) -> None:
    with st.form("users.invite", border=False):
        st.caption(_ABOUT)
        name = st.text_input("Nombre y Apellidos*")
        email = st.text_input("Correo*")
        username = st.text_input("Usuario*", help="Letras sin acentos, números, punto o guion.")
        role = st.selectbox("Perfil", list(Role), format_func=messages.ROLE_NAMES.__getitem__)
        sent = st.form_submit_button("Enviar invitación", type="primary")
    if not sent:
        return
    typed = Invited(username, name, email, role or Role.AGENT)
    window.leave()
    try:
        confirming.first(lambda: _invite(typed, done))
    except AppError as error:
        window.put(_Inviting())
        st.error(refusal(error), icon=":material/error:")
        return
    st.rerun()


def _invite(typed: Invited, done: str) -> None:
    invited = invitations.invite(process.desk(), shell.actor(), typed)
    st.session_state[done] = f"Invitación enviada a {invited}."
