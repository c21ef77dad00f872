"""Bitácora: who did what to which system, when and why."""

import streamlit as st

from lib.model.roles import Permission
from lib.ui import shell
from lib.ui.listing import tables
from lib.ui.log import proof

shell.enter("Bitácora", ":material/history:", Permission.READ_LOG)
found = st.container()
tables.log()
proof.panel(found)
