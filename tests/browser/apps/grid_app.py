"""Serves grid_page.py with the components' code beside it, as the desk's own server does."""

import sys
from pathlib import Path

import streamlit as st

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from lib.ui import modules

app = st.App("grid_page.py", routes=modules.ROUTES)
