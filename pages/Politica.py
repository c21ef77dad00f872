"""Política: what stands between an agent and a resend, for administrators."""

import streamlit as st

from lib.model.roles import Permission
from lib.ui import shell
from lib.ui.mail import policy

shell.enter("Política de reenvíos", ":material/policy:", Permission.MANAGE_POLICY)
st.title("Política de reenvíos", anchor=False)
policy.draw()
