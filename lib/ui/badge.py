"""How many wait for somebody, beside the pages' names in the menu (for a manager's answer) and on
Inicio."""

from collections.abc import Callable, Mapping
from pathlib import Path

import streamlit as st

from lib.model.actor import Actor
from lib.model.errors import AppError
from lib.services.desk import Desk
from lib.services.log import alerts
from lib.services.records import linking
from lib.services.resends import approvals
from lib.ui import identity, process, written
from lib.ui.pages import Page

_COUNTS: Mapping[str, Callable[[Desk, Actor], int]] = {
    "pages/Aprobaciones.py": approvals.count,
    "pages/Alertas.py": alerts.count,
}
# What can wait until somebody has time is told on Inicio alone.
_AT_LEISURE: Mapping[str, Callable[[Desk, Actor], int]] = {
    "pages/Certificados.py": linking.count,
}
_WORDS = {
    "pages/Certificados.py": ("sin cuenta", "sin cuenta"),
    "pages/Aprobaciones.py": ("espera respuesta", "esperan respuesta"),
    "pages/Alertas.py": ("sin cerrar", "sin cerrar"),
}
_EVERY = "15s"


def link(page: Page) -> None:
    """A page's link in the menu."""
    if page.file in _COUNTS:
        _counted(page)
    else:
        _link(page)


def on_home(page: Page) -> None:
    """What Inicio adds to what it says of a page."""
    if count := _count(page, {**_COUNTS, **_AT_LEISURE}):
        words = written.count(count, *_WORDS[page.file])
        st.markdown(f":orange-badge[:material/front_hand: {words}]")


@st.fragment(run_every=_EVERY, parallel=True)
def _counted(page: Page) -> None:
    name = Path(page.file).stem
    with st.container(
        key=f"badge_{name}", horizontal=True, vertical_alignment="center", gap="small"
    ):
        _link(page)
        if count := _count(page, _COUNTS):
            st.caption(f"{count:,}")


def _link(page: Page) -> None:
    st.page_link(page.file, label=page.title, icon=page.icon, width="stretch")


def _count(page: Page, counts: Mapping[str, Callable[[Desk, Actor], int]]) -> int:
    """0 also for who may not know, or is no longer signed in: the page tells them."""
    counted = counts.get(page.file)
    if counted is None:
        return 0
    try:
        watcher = identity.actor(touch=False)  # looking isn't activity
        return counted(process.desk(), watcher)
    except AppError:
        return 0
