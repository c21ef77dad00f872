"""Mi perfil's choice: have the reports of the watched folder's loads mailed."""

import streamlit as st

from lib.model.errors import AppError
from lib.services.loads import load_mails
from lib.ui import process, shell
from lib.ui.plain import refusal

_WANTED = "loads.mail"
_PROBLEM = "loads.mail.problem"  # why the last choice wasn't taken, until it is said
_HELP = (
    "Un correo a la dirección de tu usuario cada vez que la mesa carga o rechaza lo que llegó a la "
    "carpeta vigilada. Que lo cambiaste queda en la Bitácora."
)


def draw() -> None:
    """Follows what is stored; nothing where nobody could be mailed anything."""
    with shell.guarded():
        if not load_mails.offered(process.desk(), shell.actor()):
            return
        st.session_state[_WANTED] = load_mails.wanted(process.desk(), shell.actor())
        label = "Mándame el reporte de cada carga de la carpeta vigilada"
        st.toggle(label, key=_WANTED, on_change=_choose, help=_HELP)
        if (problem := st.session_state.pop(_PROBLEM, None)) is not None:
            st.error(problem, icon=":material/block:")


def _choose() -> None:
    try:
        wants = bool(st.session_state[_WANTED])
        load_mails.choose(process.desk(), shell.actor(), wants=wants)
    except AppError as error:
        st.session_state[_PROBLEM] = refusal(error)
