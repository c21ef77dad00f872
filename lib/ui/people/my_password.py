"""Mi perfil: the form with which somebody changes their own password.

Ours and not streamlit-authenticator's, which trims what is typed (ASVS 5.0, 6.2.8) and tells
password managers to keep away (6.2.7).
"""

import streamlit as st

from lib.model.errors import AppError
from lib.services.doors import access, emergency
from lib.ui import process, shell
from lib.ui.people.own_password import RULE
from lib.ui.plain import refusal

_CURRENT, _NEW, _AGAIN = "my_password.current", "my_password.new", "my_password.again"
_ANSWER, _REFUSAL = "my_password.answer", "my_password.refusal"
_THERE = "Entras con la cuenta de la empresa; su contraseña se cambia allá."
_KNOWN, _CHOSEN = "current-password", "new-password"  # what a browser may fill in, and keep


def draw() -> None:
    with shell.guarded():
        if emergency.password_opens(process.desk(), shell.actor()):
            _form()
        else:
            st.info(_THERE, icon=":material/domain:")


def _form() -> None:
    with st.form("my_password", clear_on_submit=True):
        st.subheader("Cambiar contraseña", anchor=False)
        _field("Contraseña actual", _CURRENT, _KNOWN)
        _field("Contraseña nueva", _NEW, _CHOSEN, RULE)
        _field("Repite la contraseña nueva", _AGAIN, _CHOSEN)
        # Beside what was pressed: above the form it may be out of sight.
        if told := st.session_state.pop(_REFUSAL, ""):
            st.error(told, icon=":material/error:")
        if answer := st.session_state.pop(_ANSWER, ""):
            st.success(answer, icon=":material/check_circle:")
        st.form_submit_button("Cambiar contraseña", on_click=_change)


def _field(label: str, key: str, autocomplete: str, about: str | None = None) -> None:
    st.text_input(label, type="password", key=key, help=about, autocomplete=autocomplete)


@shell.guarded()
def _change() -> None:
    typed = [str(st.session_state[key]) for key in (_CURRENT, _NEW, _AGAIN)]
    try:
        access.change_password(process.desk(), shell.actor(), *typed)
    except AppError as error:
        st.session_state[_REFUSAL] = refusal(error)
        return
    st.session_state[_ANSWER] = "Contraseña cambiada. Tus otras sesiones se cerraron."
