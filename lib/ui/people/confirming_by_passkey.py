"""In the window that asks who is at the keyboard: by a passkey, where this browser has them."""

from collections.abc import Callable

import streamlit as st

from lib.model.actor import Actor
from lib.model.errors import AppError
from lib.services.doors import passkeys
from lib.services.doors.ceremonies import Options, Site
from lib.ui import identity, passkey, process, window
from lib.ui.plain import refusal

_ASKED = "confirming.asked"  # (the window, what was asked in it), until it is answered
_REFUSAL = "confirming.passkey.refusal"


def draw(me: Actor, confirmed: Callable[[], None]) -> None:
    try:
        at = passkeys.site(process.desk(), identity.origin())
    except AppError:
        return  # the password is beside it
    if told := st.session_state.pop(_REFUSAL, ""):
        st.error(told, icon=":material/lock:")
    answer = passkey.button("Usar mi llave de acceso", _asked(me, at), "confirming.passkey")
    if answer is not None:
        _answered(me, at, answer, confirmed)
    st.caption("O con tu contraseña:")


def _asked(me: Actor, at: Site) -> Options:
    """The same until it is answered: the browser may be at it while this is drawn again."""
    here = window.opened()
    where, asked = st.session_state.get(_ASKED, (None, {}))
    if where is not here:
        asked = passkeys.ask_own(process.desk(), me, at)
        st.session_state[_ASKED] = (here, asked)
    return dict(asked)


def _answered(me: Actor, at: Site, answer: object, confirmed: Callable[[], None]) -> None:
    del st.session_state[_ASKED]
    try:
        passkeys.confirm(process.desk(), me, answer, at)
    except AppError as error:
        st.session_state[_REFUSAL] = refusal(error)
        st.rerun(scope="fragment")
    confirmed()
    st.rerun()
