"""Inicio: what this person can do here."""

import streamlit as st

from lib.model.actor import Actor
from lib.ui import shell


def draw(actor: Actor) -> None:
    for page in shell.allowed_pages(actor):
        if page.file != "Home.py":
            st.page_link(page.file, label=page.title, icon=page.icon)
