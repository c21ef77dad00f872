"""A button that copies the address of the page as it is: the link to what is on screen."""

from pathlib import Path

import streamlit as st

_HERE = Path(__file__).parent
_component = st.components.v2.component(
    "mesa_copying",
    html='<div class="copying"><button type="button"></button>'
    '<span role="status"></span><input readonly hidden></div>',
    css=(_HERE / "copying.css").read_text("utf-8"),
    js=(_HERE / "copying.js").read_text("utf-8"),
)


def address(label: str) -> None:
    data = {
        "label": label,
        "done": "Copiado: pégalo en un chat o un correo.",
        "byHand": "Cópialo con Ctrl-C.",
    }
    _component(key="copying", data=data)
