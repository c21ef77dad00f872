"""Popovers for those who use no mouse: the focus goes in, and comes back out."""

from pathlib import Path

import streamlit as st

_component = st.components.v2.component(
    "mesa_popover", js=Path(__file__).with_name("popovers.js").read_text("utf-8")
)


def take_focus(key: str) -> None:
    """Call it last in what an open popover holds."""
    with st.container(key=f"popover_focus_{key}"):
        _component(key=f"popover.{key}", data={})
