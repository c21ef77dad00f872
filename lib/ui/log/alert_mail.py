"""Alertas' choice: have one's own mailed as they are raised."""

import streamlit as st

from lib.model.errors import AppError
from lib.services.log import alert_mails
from lib.ui import process, shell
from lib.ui.plain import refusal

_WANTED = "alerts.mail"
_PROBLEM = "alerts.mail.problem"  # why the last choice wasn't taken, until it is said
_HELP = (
    "Un correo a la dirección de tu usuario cuando se levanta una alerta que no es sobre ti."
    " Que lo pediste queda en la Bitácora."
)


def draw() -> None:
    """Follows what is stored: another tab's choice, or one that wasn't taken."""
    st.session_state[_WANTED] = alert_mails.wanted(process.desk(), shell.actor())
    st.toggle("Avísame por correo", key=_WANTED, on_change=_choose, help=_HELP)
    if (problem := st.session_state.pop(_PROBLEM, None)) is not None:
        st.error(problem, icon=":material/block:")


def _choose() -> None:
    try:
        wants = bool(st.session_state[_WANTED])
        alert_mails.choose(process.desk(), shell.actor(), wants=wants)
    except AppError as error:
        st.session_state[_PROBLEM] = refusal(error)
