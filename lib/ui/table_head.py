"""The row above a page's table: what it is, its views, and what can be done with all of it."""

import streamlit as st

from lib.store.grid.sources import Source
from lib.ui import shell


def draw(title: str, source: Source, key: str) -> None:
    """For the page's grid `key` over `source`. What is pressed here runs nothing of the grid."""
    with st.container(horizontal=True, vertical_alignment="center", key="table_head"):
        st.title(title, anchor=False, width="stretch")
        with st.container(horizontal=True, width="content", gap="small"):
            _tools(source, key)


@st.fragment
def _tools(source: Source, key: str) -> None:
    with shell.guarded():
        shell.actor()
