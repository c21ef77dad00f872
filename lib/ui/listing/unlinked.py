"""Certificates without an account: how many wait, and the way to them."""

from dataclasses import replace

import streamlit as st

from lib.model.actor import Actor
from lib.model.roles import Permission
from lib.model.view import View
from lib.services.records import linking
from lib.store.grid.sources import CERTIFICATES, Source
from lib.ui import process
from lib.ui.grid import opening

VIEW = View(filters={"link": "=none"})
NAME = "Sin cuenta"


def button(source: Source, key: str, actor: Actor) -> None:
    """Above the list of certificates, for who may link them. In a fragment."""
    if source.id != CERTIFICATES.id or not actor.may(Permission.LINK):
        return
    waiting = linking.count(process.desk(), actor)
    if not waiting:
        return
    label, icon = f"{NAME} ({waiting:,})", ":material/link_off:"
    if st.button(label, icon=icon, key="unlinked.open"):
        now = opening.current(key)
        opening.open_view(key, replace(VIEW, layout=now.layout, limit=now.limit), name=NAME)
        st.rerun()
