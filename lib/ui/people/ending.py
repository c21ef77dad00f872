"""A word before a session ends: while there is time to stay, or to save what was typed."""

from datetime import timedelta

import streamlit as st

from lib.model.actor import Actor
from lib.services.desk import Desk
from lib.services.doors import access
from lib.ui import identity, written

WARNED = timedelta(minutes=2, seconds=30)  # before the end: two minutes, whenever it is looked at


def draw(desk: Desk, actor: Actor) -> None:
    """Nothing while there is time. Raises AppError(SIGNED_OUT)."""
    ending = access.ending(desk, actor)
    if ending.left > WARNED:
        return
    minutes = max(1, round(ending.left.total_seconds() / 60))
    left = written.count(minutes, "minuto", "minutos")
    with st.container(key="shell_ending", horizontal=True, vertical_alignment="center"):
        if ending.idle:
            st.warning(f"Tu sesión se cierra en {left} por inactividad.", icon=":material/timer:")
            st.button("Seguir aquí", key="shell.stay", type="primary", on_click=_stay)
        else:
            st.warning(
                f"Tu sesión cumple diez horas y se cierra en {left}; termina lo que haces y vuelve "
                "a entrar.",
                icon=":material/timer:",
            )


def _stay() -> None:
    """The click is the activity."""
    identity.arrive()
