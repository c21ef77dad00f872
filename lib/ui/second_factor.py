"""The door's second step: a passkey or a code, or one of them to be had first.

Drawn before there is a session: what it does counts by the token that a right password gave, on
the connection that gave it (lib/ui/identity.py).
"""

from collections.abc import Callable

import streamlit as st

from lib.model.errors import AppError, Reason
from lib.services.doors import codes, passkeys
from lib.services.doors.ceremonies import Options, Site
from lib.services.doors.factors import Enrolled, HalfWay
from lib.services.doors.opening import Proof
from lib.ui import identity, passkey, process, qr
from lib.ui.plain import refusal

Act = Callable[[HalfWay, str], None]

_REFUSAL = "factor.refusal"
_CODE = "factor.code"
_ASKED = "factor.asked"  # what a passkey is asked, until it answers
_OTHERWISE = "factor.otherwise"  # no passkey, please
_ENROLLED = "factor.enrolled"  # in, but for having read the recovery codes
_HOW_BY_PASSKEY = (
    "Tu perfil pide un segundo factor. Lo más sencillo es una llave de acceso: entras con la "
    "huella, el rostro o el PIN de tu equipo o teléfono, sin escribir códigos."
)
_HOW = (
    "Tu perfil pide un segundo factor. Escanea el código con una aplicación como Google "
    "Authenticator, Microsoft Authenticator o 1Password, y escribe los seis dígitos que muestre."
)
KEEP_CODES = (
    "Guárdalos donde no dependan de tu teléfono ni de este equipo: cada uno sirve una vez cuando "
    "no tengas tu segundo factor, y no se vuelven a mostrar."
)


def draw(half: HalfWay) -> None:
    if enrolled := st.session_state.get(_ENROLLED):
        _codes(enrolled)
        return
    try:
        _enrol(half) if half.enrols else _ask(half)
    except AppError as error:
        _turn_back(error)


def _ask(half: HalfWay) -> None:
    st.header("Segundo factor", anchor=False)
    at = _site() if Proof.PASSKEY in half.has else None
    if at and not st.session_state.get(_OTHERWISE):
        st.markdown(
            "Con tu llave de acceso: la huella, el rostro o el PIN de tu equipo o teléfono."
        )
        _by_passkey(half, at, "Usar mi llave de acceso", other="Usar un código")
    else:
        _form(half, code_label(half.has), _give, "Usar mi llave de acceso" if at else "")


def code_label(has: frozenset[Proof]) -> str:
    """What is asked of who has these factors: a passkey brings recovery codes alone."""
    app = "Código de tu aplicación, o uno de recuperación"
    return app if Proof.TOTP in has else "Código de recuperación"


def _enrol(half: HalfWay) -> None:
    st.header("Activa tu segundo factor", anchor=False)
    at = _site()
    if at and not st.session_state.get(_OTHERWISE):
        st.markdown(_HOW_BY_PASSKEY)
        _by_passkey(half, at, "Crear llave de acceso", other="Usar una aplicación de códigos")
    else:
        _enrol_app(half, "Crear una llave de acceso" if at else "")


# ---- a passkey -----------------------------------------------------------------------------------


def _site() -> Site | None:
    """Where this browser has passkeys; where it has none it is told why."""
    try:
        return passkeys.site(process.desk(), identity.origin())
    except AppError as error:
        st.caption(refusal(error))
        return None


def _by_passkey(half: HalfWay, at: Site, label: str, other: str) -> None:
    _say_refusal()
    answer = passkey.button(label, _asked(half, at), "factor.passkey", first=True)
    if answer is not None:
        _answered(half, at, answer)
    _switch(other, "phonelink_lock" if half.enrols else "password", otherwise=True)
    _back()


def _asked(half: HalfWay, at: Site) -> Options:
    """The same until it is answered: the browser may be at it while this is drawn again."""
    if _ASKED not in st.session_state:
        ask = passkeys.begin if half.enrols else passkeys.ask
        st.session_state[_ASKED] = ask(process.desk(), half.token, at)
    asked: Options = st.session_state[_ASKED]
    return asked


def _answered(half: HalfWay, at: Site, answer: object) -> None:
    del st.session_state[_ASKED]
    try:
        if half.enrols:
            enrolled = passkeys.enrol(process.desk(), half.token, answer, at)
            st.session_state[_ENROLLED] = enrolled
        else:
            identity.opened(passkeys.give(process.desk(), half.token, answer, at))
    except AppError as error:
        _refuse(error)
    st.rerun()


def _switch(label: str, icon: str, *, otherwise: bool) -> None:
    st.button(
        label,
        icon=f":material/{icon}:",
        width="stretch",
        on_click=st.session_state.__setitem__,
        args=(_OTHERWISE, otherwise),
    )


# ---- a code --------------------------------------------------------------------------------------


def _enrol_app(half: HalfWay, by_passkey: str) -> None:
    enrolment = codes.begin(process.desk(), half.token)
    with st.container(key="door_enrol", horizontal=True, gap="medium"):
        st.html(qr.image(enrolment.address))
        with st.container(key="door_enrol_by_hand"):
            st.markdown(_HOW)
            _form(half, "Código que muestra", _take_on, by_passkey)
            with st.expander("No puedo escanearlo"):
                st.markdown("Escribe esta clave en la aplicación; es por tiempo y de seis dígitos.")
                st.code(enrolment.written, language=None, wrap_lines=True)


def _form(half: HalfWay, label: str, act: Act, by_passkey: str) -> None:
    """`by_passkey`: what the way to one is called; "" where there is none."""
    _say_refusal()
    with st.form("factor.form", border=False):
        st.text_input(label, key=_CODE, autocomplete="one-time-code", max_chars=40)
        st.form_submit_button(
            "Continuar", type="primary", width="stretch", on_click=_try, args=(half, act)
        )
    if by_passkey:
        _switch(by_passkey, "passkey", otherwise=False)
    _back()


def _back() -> None:
    st.button("Volver", on_click=identity.turn_back, type="tertiary", icon=":material/arrow_back:")


def _try(half: HalfWay, act: Act) -> None:
    code = str(st.session_state[_CODE])
    st.session_state[_CODE] = ""
    try:
        act(half, code)
    except AppError as error:
        _refuse(error)


def _refuse(error: AppError) -> None:
    if error.reason is Reason.SIGN_IN_AGAIN:
        _turn_back(error)
    else:
        st.session_state[_REFUSAL] = refusal(error)


def _say_refusal() -> None:
    if told := st.session_state.pop(_REFUSAL, ""):
        st.error(told, icon=":material/lock:")


def _give(half: HalfWay, code: str) -> None:
    identity.opened(codes.give(process.desk(), half.token, code))


def _take_on(half: HalfWay, code: str) -> None:
    st.session_state[_ENROLLED] = codes.enrol(process.desk(), half.token, code)


def _codes(enrolled: Enrolled) -> None:
    st.header("Códigos de recuperación", anchor=False)
    st.markdown(KEEP_CODES)
    st.code("\n".join(enrolled.codes), language=None)
    st.button(
        "Ya los guardé; entrar",
        type="primary",
        width="stretch",
        on_click=identity.opened,
        args=(enrolled.signed_in,),
    )


def _turn_back(error: AppError) -> None:
    identity.turn_back()
    st.session_state["door.refusal"] = refusal(error)
