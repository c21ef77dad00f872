"""How many wait for a manager, beside the page's name in the menu and on Inicio."""

import streamlit as st

from lib.model.errors import AppError
from lib.services import approvals
from lib.ui import identity, process
from lib.ui.pages import Page

_FILE = "pages/Aprobaciones.py"
_EVERY = "15s"


def link(page: Page) -> None:
    """A page's link in the menu."""
    if page.file == _FILE:
        _counted(page)
    else:
        _link(page)


def on_home(page: Page) -> None:
    """What Inicio adds to what it says of a page."""
    if page.file == _FILE and (count := _count()):
        st.markdown(f":orange-badge[:material/front_hand: {_words(count)}]")


@st.fragment(run_every=_EVERY, parallel=True)
def _counted(page: Page) -> None:
    with st.container(key="badge", horizontal=True, vertical_alignment="center", gap="small"):
        _link(page)
        if count := _count():
            st.caption(f"{count:,}")


def _link(page: Page) -> None:
    st.page_link(page.file, label=page.title, icon=page.icon, width="stretch")


def _count() -> int:
    """0 also for who may not know, or is no longer signed in: the page tells them."""
    try:
        watcher = identity.actor(touch=False)  # looking isn't activity
        return approvals.count(process.desk(), watcher)
    except AppError:
        return 0


def _words(count: int) -> str:
    return f"{count:,} {'espera' if count == 1 else 'esperan'} respuesta"
