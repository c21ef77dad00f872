"""The sign-in form: streamlit-authenticator draws it and decides nothing.

Its own check, cookie, sleep and identity in st.session_state are replaced by what is below: each
was seen to be a hole (design.md, "Sign-in").
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st
import streamlit_authenticator
from streamlit.components.v2 import component

from lib.model.errors import AppError
from lib.services.doors import access
from lib.services.doors.factors import HalfWay
from lib.ui import identity, process, second_factor, single_sign_on
from lib.ui.people import own_password
from lib.ui.plain import refusal

_SIGN_IN = {
    "Form name": "Iniciar sesión",
    "Username": "Usuario",
    "Password": "Contraseña",
    "Login": "Entrar",
}
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
_WITH_PASSWORD = "door.with_password"  # noqa: S105 - whether its form is out
_EMERGENCY = (
    "Solo para administradores de emergencia. Cada entrada queda en la bitácora y se avisa a los "
    "demás administradores."
)
_SCRIPT = Path(__file__).with_name("door.js")
_LIBRARY_KEYS = ("authentication_status", "name", "username", "email", "roles", "logout")


class _Form(streamlit_authenticator.Authenticate):  # type: ignore[misc]
    """The library's form over a check of ours; its constructor would mount its cookie reader."""

    def __init__(self, check: Callable[[list[str]], bool]) -> None:
        self.attrs = {"login_sleep_time": 0}
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


def screen() -> None:
    """Draw the sign-in form; on success the page runs again, signed in."""
    _forget_library()
    single_sign_on.enter()
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
        if not single_sign_on.offered() or _by_company():
            _Form(_try).login(fields=_SIGN_IN, key="door.form")
        told = single_sign_on.refusal() or st.session_state.pop("door.refusal", "")
        if told:
            st.error(told, icon=":material/lock:")
        if process.desk().settings.demo:
            st.caption(_DEMO)
        elif not access.has_staff(process.desk()):
            st.info(_NOBODY, icon=":material/person_add:")
        with st.container(key="door_silent"):
            _browser(_dropping_cookie())


def _by_company() -> bool:
    """The company's account first; whether the password's form was asked for beside it."""
    with_password = bool(st.session_state.get(_WITH_PASSWORD))
    single_sign_on.button(primary=not with_password)
    only = process.desk().settings.oidc.emergency_only
    if with_password:
        if only:
            st.caption(_EMERGENCY)
        return True
    st.button(
        "Entrar con contraseña (emergencia)" if only else "Entrar con contraseña",
        key="door.other",
        type="tertiary",
        width="stretch",
        on_click=_show_password,
    )
    return False


def _show_password() -> None:
    single_sign_on.forget_refusal()
    st.session_state[_WITH_PASSWORD] = True


def _try(typed: list[str]) -> bool:
    single_sign_on.forget_refusal()
    try:
        signed_in = access.sign_in(
            process.desk(), typed[0], typed[1], identity.address(), identity.client()
        )
    except AppError as error:
        st.session_state["door.refusal"] = refusal(error)
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
    if not left:
        return {}
    return {"path": "/sesion/cerrar", "ticket": left, "then": identity.left_for()}


def _forget_library() -> None:
    """The library takes these for who is signed in; a widget keyed so would be believed."""
    for key in _LIBRARY_KEYS:
        st.session_state.pop(key, None)


def _browser(data: dict[str, str]) -> None:
    component("door", js=_SCRIPT.read_text("utf-8"))(data=data, key="door.browser")
