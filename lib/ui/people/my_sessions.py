"""Mi perfil: where this person is signed in, and the way to end it."""

import streamlit as st

from lib.services.doors import people
from lib.store.people.sessions import OpenSession
from lib.ui import process, shell, written
from lib.ui.people import confirming, session_words

_DONE = "my_sessions.done"


def draw() -> None:
    with shell.guarded():
        me = shell.actor()
        mine = people.my_sessions(process.desk(), me)
        st.header("Tus sesiones", anchor=False)
        if done := st.session_state.pop(_DONE, ""):
            st.success(done, icon=":material/check_circle:")
        for session in mine:
            _line(session, is_this=session.id == me.session)
        if len(mine) > 1:
            st.button("Cerrar las demás", icon=":material/logout:", on_click=_end_others)


def _line(session: OpenSession, *, is_this: bool) -> None:
    with st.container(
        border=True, horizontal=True, vertical_alignment="center", key=f"session_{session.id}"
    ):
        with st.container(gap="xxsmall"):
            name = session_words.browser(session)
            st.markdown(f"{name} :green-badge[Esta sesión]" if is_this else name)
            st.caption(session_words.where_and_when(session))
        if not is_this:
            st.button("Cerrar", key=f"session.{session.id}", on_click=_end, args=(session.id,))


@shell.guarded()
def _end(session: str) -> None:
    confirming.first(lambda: _ended(session))


def _ended(session: str) -> None:
    people.end_session(process.desk(), shell.actor(), session)
    st.session_state[_DONE] = "Sesión cerrada."


@shell.guarded()
def _end_others() -> None:
    confirming.first(_others_ended)


def _others_ended() -> None:
    ended = people.end_others(process.desk(), shell.actor())
    st.session_state[_DONE] = f"{written.count(ended, 'sesión cerrada', 'sesiones cerradas')}."
