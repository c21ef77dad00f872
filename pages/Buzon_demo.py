"""Buzón de demostración: what the demo's own mail server took."""

import streamlit as st

from lib.model.roles import Permission
from lib.ui import shell
from lib.ui.mail import mailbox

shell.enter("Buzón de demostración", ":material/inbox:", Permission.FIND)
st.title("Buzón de demostración", anchor=False)
st.caption("Lo que esta demostración envía no sale de esta máquina: llega aquí.")
mailbox.draw()
