"""A button that asks the browser for a passkey, or to make one (passkey.js)."""

from pathlib import Path

import streamlit as st

from lib.services.doors.ceremonies import Options

_HERE = Path(__file__).parent
_component = st.components.v2.component(
    "mesa_passkey",
    html='<div class="passkey"><button type="button"></button><p role="status"></p></div>',
    css=(_HERE / "passkey.css").read_text("utf-8"),
    js=(_HERE / "passkey.js").read_text("utf-8"),
)
_WORDS = {
    "waiting": "Sigue los pasos de tu navegador…",
    "givenUp": "No se completó: se canceló o pasó demasiado tiempo; inténtalo otra vez.",
    "already": "Ese equipo ya guarda una llave de acceso tuya; úsala, o crea otra en uno distinto.",
    "elsewhere": "Tu navegador no da llaves de acceso en esta dirección; usa un código.",
    "failed": "Tu navegador no pudo con la llave de acceso; inténtalo otra vez o usa un código.",
    "none": "Este navegador no tiene llaves de acceso; usa un código.",
}


def button(label: str, options: Options, key: str, *, first: bool = False) -> object:
    """What the browser answered in this run, as it says it; None when nothing. `first`: the
    keyboard begins here. A new question (`options`) each time it was answered."""
    data = {"label": label, "options": options, "words": _WORDS, "first": first}
    return _component(key=key, data=data, on_answer_change=_ignore).get("answer")


def _ignore() -> None:
    """A trigger only has to run what it stands in again."""
