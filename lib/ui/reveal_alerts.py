"""Inicio tells those who read the log who wanted to see more CDAs than an hour allows."""

import streamlit as st

from lib.model.actor import Actor
from lib.model.roles import Permission
from lib.model.view import View
from lib.services import revealing
from lib.services.revealing import Alert
from lib.ui import mail_state, process, shell, written
from lib.ui.grid.opening import link
from lib.ui.plain import plain


def draw(actor: Actor) -> None:
    """A line for each person; nothing most days."""
    if not actor.may(Permission.READ_LOG):
        return
    with shell.guarded():
        for alert in revealing.alerts(process.desk(), shell.actor()):
            _line(alert)


def _line(alert: Alert) -> None:
    times = written.count(alert.times, "vez", "veces")
    st.warning(
        f"**{plain(alert.username)}** llegó al límite de CDA vistos por hora y quiso ver más: "
        f"{times} (última: {mail_state.moment(alert.last_at)}).",
        icon=":material/visibility_lock:",
    )
    st.page_link(
        "pages/Bitacora.py",
        label=f"Ver en Bitácora qué hizo {plain(alert.username)}",
        icon=":material/history:",
        query_params=link(View(filters={"actor": f"={alert.username}"})),
    )
