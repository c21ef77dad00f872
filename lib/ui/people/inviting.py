"""Usuarios: the window to invite somebody."""

import streamlit as st

from lib.model.errors import AppError
from lib.model.roles import Role
from lib.services.doors import invitations
from lib.services.doors.invitations import Invited
from lib.ui import messages, process, shell

_ABOUT = (
    "Le llegará un correo con un enlace para elegir su contraseña; sirve una vez, durante 24 horas."
)


def button(done: str) -> None:
    """`done` is the session's key under which the page is told what was done."""
    if st.button("Invitar", icon=":material/person_add:", type="primary"):
        _window(done)


@st.dialog("Invitar a la mesa")
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
    try:
        typed = Invited(username, name, email, role or Role.AGENT)
        invited = invitations.invite(process.desk(), shell.actor(), typed)
    except AppError as error:
        st.error(messages.sentence(error), icon=":material/error:")
        return
    st.session_state[done] = f"Invitación enviada a {invited}."
    st.rerun()
