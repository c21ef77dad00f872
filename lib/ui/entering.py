"""Enter as scanners want it, where Streamlit's own isn't: it goes from field to field, and leaves a
search field ready for the next scan."""

from pathlib import Path

import streamlit as st

_component = st.components.v2.component(
    "mesa_entering", js=Path(__file__).with_name("entering.js").read_text("utf-8")
)
_chooser = st.components.v2.component(
    "mesa_retyping", js=Path(__file__).with_name("retyping.js").read_text("utf-8")
)


def moves_on(container: str) -> None:
    """In the fields of the container of that key: Enter goes to the next one, from the last it
    presses the form's button."""
    with st.container(key="entering_frame"):
        _component(key=f"entering.{container}", data={"inside": f"st-key-{container}"})


def is_typed_over(field: str) -> None:
    """In the field of that key, after Enter, what is typed next replaces what is there."""
    with st.container(key="entering_frame"):
        _chooser(key=f"retyping.{field}", data={"inside": f"st-key-{field.replace('.', '-')}"})
