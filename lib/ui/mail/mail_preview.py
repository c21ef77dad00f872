"""A mail's HTML as its reader will see it: apart from the page, without scripts."""

from pathlib import Path

import streamlit as st

_HERE = Path(__file__).parent
_component = st.components.v2.component(
    "mesa_mail_preview",
    html='<div><iframe sandbox="" title="Vista previa del correo"></iframe></div>',
    css=(_HERE / "mail_preview.css").read_text("utf-8"),
    js=(_HERE / "mail_preview.js").read_text("utf-8"),
)


def draw(html: str, editor: str, *, old: bool) -> None:
    """`editor`: the class of the container whose fields are handed over while somebody types.
    `old`: what is typed can't be shown; this is what could be, last.
    """
    _component(key="mail_preview", data={"html": html, "editor": f".{editor}", "old": old})
