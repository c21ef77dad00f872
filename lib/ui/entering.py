"""Enter goes from field to field, as scanners want it: Streamlit's own Enter saves."""

from pathlib import Path

import streamlit as st

_component = st.components.v2.component(
    "mesa_entering", js=Path(__file__).with_name("entering.js").read_text("utf-8")
)


def moves_on(container: str) -> None:
    """In the fields of the container of that key: Enter goes to the next one, from the last it
    presses the form's button."""
    with st.container(key="entering_frame"):
        _component(key=f"entering.{container}", data={"inside": f"st-key-{container}"})
