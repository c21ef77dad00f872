"""The door for who comes by a link of a mail: they choose their password, then sign in with it."""

import streamlit as st

from lib.model.errors import AppError
from lib.services.doors import invitations
from lib.ui import identity, process
from lib.ui.plain import escaped, refusal

_TOKEN = "own_password.token"  # noqa: S105 - a key of the session
_TYPED, _AGAIN = "own_password.typed", "own_password.again"
_REFUSAL = "own_password.refusal"

RULE = (
    "De 12 a 128 caracteres, los que quieras; una frase de varias palabras es mejor que una "
    "palabra rara. No sirven las más usadas, ni tu nombre o el de la empresa con números."
)

_INSIDE = (
    "Ese enlace es para elegir una contraseña en la entrada: cierra tu sesión y ábrelo otra vez."
)


def asked() -> str:
    """What the link holds; taken out of the address at once, where a glance would read it. It
    counts on the connection that it came by (lib/ui/identity.py says why)."""
    if token := st.query_params.pop(invitations.LINK_QUERY, ""):
        st.session_state[_TOKEN] = (token, identity.here())
    token, came_by = st.session_state.get(_TOKEN, ("", ""))
    return str(token) if came_by == identity.here() else ""


def draw_inside() -> None:
    """For somebody signed in: their link counts at the door alone. It leaves the address all the
    same, and still counts when it is opened again."""
    if st.query_params.pop(invitations.LINK_QUERY, ""):
        st.info(_INSIDE, icon=":material/link_off:")


def draw(token: str) -> None:
    try:
        username = invitations.whose(process.desk(), token)
    except AppError as error:
        st.error(refusal(error), icon=":material/link_off:")
        st.button("Ir a la entrada", on_click=_leave, type="tertiary")
        return
    with st.form("own_password", border=False):
        st.subheader("Elige tu contraseña", anchor=False)
        st.markdown(f"Entrarás con el usuario **{escaped(username)}**.")
        st.text_input(
            "Contraseña nueva", type="password", key=_TYPED, help=RULE, autocomplete="new-password"
        )
        st.text_input(
            "Repite la contraseña nueva", type="password", key=_AGAIN, autocomplete="new-password"
        )
        st.form_submit_button("Guardar", type="primary", on_click=_accept, args=(token,))
    if told := st.session_state.pop(_REFUSAL, ""):
        st.error(told, icon=":material/error:")


def _accept(token: str) -> None:
    if asked() != token:  # a press is acted on before the page is drawn
        return
    typed, again = str(st.session_state[_TYPED]), str(st.session_state[_AGAIN])
    try:
        invitations.accept(process.desk(), token, typed, again, identity.address())
    except AppError as error:
        st.session_state[_REFUSAL] = refusal(error)
        return
    _leave()
    st.session_state["door.welcome"] = "Contraseña guardada; entra con ella."


def _leave() -> None:
    for key in (_TOKEN, _TYPED, _AGAIN):
        st.session_state.pop(key, None)
