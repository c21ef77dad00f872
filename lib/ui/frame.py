"""What Streamlit says in English, in Spanish; and what it draws that a screen reader can't use.

It has no setting for its own words, so a script without a place on screen changes them as they
appear, on every page and at the door.
"""

from pathlib import Path

import streamlit as st

_component = st.components.v2.component(
    "mesa_spanish", js=Path(__file__).with_name("spanish.js").read_text("utf-8")
)


def draw() -> None:
    """Draw it where it moves nothing."""
    _component(key="shell.spanish")
