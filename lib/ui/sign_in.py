"""The sign-in and password forms: streamlit-authenticator draws them and decides nothing.

Its own check, cookie, sleep and identity in st.session_state are replaced by what is below: each
was seen to be a hole (design.md, "Sign-in").
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st
import streamlit_authenticator
from streamlit.components.v2 import component

from lib.model.actor import Actor
from lib.model.errors import AppError
from lib.services.doors import access
from lib.services.doors.factors import HalfWay
from lib.ui import identity, messages, process, second_factor
from lib.ui.people import own_password

_SIGN_IN = {
    "Form name": "Iniciar sesión",
    "Username": "Usuario",
    "Password": "Contraseña",
    "Login": "Entrar",
}
_PASSWORD = {
    "Form name": "Cambiar contraseña",
    "Current password": "Contraseña actual",
    "New password": "Contraseña nueva",
    "Repeat password": "Repite la contraseña nueva",
    "Reset": "Cambiar contraseña",
}
_RULE = "De 12 a 128 caracteres; una frase larga es mejor que una palabra rara."
_BRAND = """
<div class="door-brand"><img src="/favicon.png" alt="">
<h1>Mesa CDA</h1><p>Encuentra el sistema. Reenvía su CDA.</p></div>
"""
_DEMO = """
Demostración: **agente**, **gerente** o **admin**\\
Contraseña: **mesa-cda-demo**
"""
_NOBODY = (
    "Todavía no hay nadie dado de alta. En el servidor, con la mesa cerrada, ejecuta "
    "`python -m lib user add USUARIO --role administrador`; para verla con datos de ejemplo, "
    "`make run`."
)
_SCRIPT = Path(__file__).with_name("door.js")
_LIBRARY_KEYS = ("authentication_status", "name", "username", "email", "roles", "logout")


class _Form(streamlit_authenticator.Authenticate):  # type: ignore[misc]
    """The library's forms over a check of ours; its constructor would mount its cookie reader."""

    def __init__(self, check: Callable[[list[str]], bool]) -> None:
        self.attrs = {"login_sleep_time": 0, "password_instructions": _RULE}
        self.path = None
        self.cookie_controller = _NoCookie()
        self.authentication_controller = _Check(check)


class _NoCookie:
    def get_cookie(self) -> None: ...
    def set_cookie(self) -> None: ...


class _Check:
    """Stands where the library decides: hands what was typed to `check`, keeps nothing."""

    def __init__(self, check: Callable[[list[str]], bool]) -> None:
        self._check = check

    def login(self, username: str, password: str, *_: Any, **__: Any) -> bool:
        return self._check([username, password])

    def reset_password(self, _username: str, *typed: Any) -> bool:
        return self._check(list(typed[:3]))


def screen() -> None:
    """Draw the sign-in form; on success the page runs again, signed in."""
    _forget_library()
    if half := identity.half():
        with st.container(key="door"):
            st.html(_BRAND)
            second_factor.draw(half)
        return
    if token := own_password.asked():
        with st.container(key="door"):
            st.html(_BRAND)
            own_password.draw(token)
        return
    with st.container(key="door"):
        st.html(_BRAND)
        if welcome := st.session_state.pop("door.welcome", ""):
            st.success(welcome, icon=":material/check_circle:")
        _Form(_try).login(fields=_SIGN_IN, key="door.form")
        refusal = st.session_state.pop("door.refusal", "")
        if refusal:
            st.error(refusal, icon=":material/lock:")
        if process.desk().settings.demo:
            st.caption(_DEMO)
        elif not access.has_staff(process.desk()):
            st.info(_NOBODY, icon=":material/person_add:")
        with st.container(key="door_silent"):
            _browser(_dropping_cookie())


def _try(typed: list[str]) -> bool:
    try:
        signed_in = access.sign_in(process.desk(), typed[0], typed[1], identity.address())
    except AppError as error:
        st.session_state["door.refusal"] = messages.sentence(error)
        return False
    if isinstance(signed_in, HalfWay):
        identity.half_way(signed_in)
    else:
        identity.opened(signed_in)
    return st.rerun()


def keep() -> None:
    """After a sign-in: have the browser change the ticket for its cookie, so that a reload stays
    signed in. Draw it where a change moves nothing else.
    """
    ticket = identity.ticket()
    if ticket:
        _browser({"path": "/sesion/abrir", "ticket": ticket})


def _dropping_cookie() -> dict[str, str]:
    """After a sign-out: have the browser let go of its dead cookie."""
    left = identity.left()
    return {"path": "/sesion/cerrar", "ticket": left} if left else {}


def password_form(actor: Actor) -> None:
    """The form with which `actor` changes their own password."""
    answer = st.container()  # above the form: below it nobody would see it
    st.session_state["authentication_status"] = True  # else the library draws nothing
    try:
        _Form(_changing(actor)).reset_password(
            actor.username, fields=_PASSWORD, key="door.password", clear_on_submit=True
        )
    finally:
        _forget_library()
    error, message = st.session_state.pop("door.password.answer", ("", ""))
    if error:
        answer.error(error, icon=":material/error:")
    if message:
        answer.success(message, icon=":material/check_circle:")


def _changing(actor: Actor) -> Callable[[list[str]], bool]:
    def change(typed: list[str]) -> bool:
        try:
            person = identity.actor()
            access.change_password(process.desk(), person, *typed)
        except AppError as error:
            st.session_state["door.password.answer"] = (messages.sentence(error), "")
            return False
        answer = "Contraseña cambiada. Tus otras sesiones se cerraron."
        st.session_state["door.password.answer"] = ("", answer)
        return True

    return change


def _forget_library() -> None:
    """The library takes these for who is signed in; a widget keyed so would be believed."""
    for key in _LIBRARY_KEYS:
        st.session_state.pop(key, None)


def _browser(data: dict[str, str]) -> None:
    component("door", js=_SCRIPT.read_text("utf-8"))(data=data, key="door.browser")
