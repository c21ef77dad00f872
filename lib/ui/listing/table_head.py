"""The row above a page's table: what it is, its views, and what can be done with all of it."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lib.store.grid.sources import Source
from lib.ui import shell
from lib.ui.listing import export, unlinked, views


def draw(source: Source, key: str) -> DeltaGenerator:
    """For the page's grid `key` over `source`. What is pressed here runs nothing of the grid; the
    place it answers is for the title, which the grid's own fragment draws: it knows when what is
    shown is no longer the view that was opened."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="table_head"):
        place = st.container(key="table_title", width="stretch")
        with st.container(width="content", key="table_tools"):
            _tools(source, key)
    return place


@st.fragment
def _tools(source: Source, key: str) -> None:
    with shell.guarded(), st.container(horizontal=True, width="content", gap="small"):
        actor = shell.actor()
        unlinked.button(source, key, actor)
        views.popover(source, key, actor)
        export.popover(source, key, actor)
