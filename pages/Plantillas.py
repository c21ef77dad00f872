"""Plantillas: what the desk's mails say, for administrators."""

import streamlit as st

from lib.model.roles import Permission
from lib.ui import shell
from lib.ui.mail import templates

shell.enter("Plantillas", ":material/drafts:", Permission.EDIT_TEMPLATES)
st.title("Plantillas", anchor=False)
templates.draw()
