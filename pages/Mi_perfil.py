"""Mi perfil: a staff member's own data and password."""

import streamlit as st

from lib.model.roles import Permission
from lib.ui import messages, shell
from lib.ui.imports import load_mail
from lib.ui.people import confirming, my_factor, my_passkeys, my_password, my_sessions

actor = shell.enter("Mi perfil", ":material/account_circle:", Permission.OWN_PROFILE, wide=False)
st.title("Mi perfil", anchor=False)
confirming.draw()
with st.container(border=True):
    st.text_input("Usuario", actor.username, disabled=True)
    st.text_input("Nombre y Apellidos", actor.name, disabled=True)
    st.text_input("Perfil", messages.ROLE_NAMES[actor.role], disabled=True)
load_mail.draw()
my_password.draw()
my_factor.draw()
my_passkeys.draw()
my_sessions.draw()
