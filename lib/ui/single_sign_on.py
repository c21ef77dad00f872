"""Coming in with the company's account, as a page sees it: before the provider, and after."""

import streamlit as st

from lib.model.actor import Actor
from lib.model.errors import AppError
from lib.services.doors import single_sign_on
from lib.services.doors.factors import HalfWay
from lib.ui import identity, plain, process, provider

_REFUSED = "sso.refused"
_TRIED = "sso.tried"  # the arrival this tab has had its turn with


def offered() -> bool:
    return bool(process.desk().settings.oidc.issuer)


def enter() -> None:
    """Come in when the provider has just sent this browser back; the page runs again then."""
    arrival = identity.arrival()
    if not arrival:
        return
    signed_in = single_sign_on.enter(process.desk(), arrival, identity.address(), identity.client())
    if signed_in is None:
        return
    if isinstance(signed_in, HalfWay):
        identity.half_way(signed_in)
    else:
        identity.opened(signed_in)
    st.rerun()


def button(*, primary: bool) -> None:
    st.button(
        "Entrar con la cuenta de la empresa",
        key="door.company",
        type="primary" if primary else "secondary",
        icon=":material/domain:",
        width="stretch",
        on_click=st.login,
        args=(provider.COMPANY,),
    )


def refusal() -> str:
    """Why the provider's answer opened nothing; "" when it didn't refuse. Said until something else
    is tried: a page may run twice as it opens."""
    if code := st.query_params.pop(provider.REFUSAL, ""):
        st.session_state[_REFUSED] = code
    reason = provider.CODES.get(st.session_state.get(_REFUSED, ""))
    return plain.refusal(AppError(reason)) if reason else ""


def forget_refusal() -> None:
    st.session_state.pop(_REFUSED, None)


# ---- asked again ---------------------------------------------------------------------------------


def confirm(person: Actor) -> None:
    """When somebody already in comes back from being asked again: note it, and say so."""
    arrival = identity.arrival(identity.AGAIN)
    if not arrival or st.session_state.get(_TRIED) == arrival:
        return
    st.session_state[_TRIED] = arrival
    try:
        done = single_sign_on.confirm(process.desk(), person, arrival)
    except AppError as error:
        st.toast(plain.refusal(error), icon=":material/lock:", duration="long")
        return
    if done:
        st.toast(
            "Confirmaste que eres tú. Repite lo que ibas a hacer; vale cinco minutos.",
            icon=":material/verified_user:",
            duration="long",
        )


def ask_again(_me: Actor, _done: object) -> None:
    """In the window that asks who is at the keyboard: the provider asks instead."""
    st.markdown("La cuenta de la empresa te preguntará otra vez quién eres y volverás a Inicio.")
    st.button(
        "Confirmar con la cuenta de la empresa",
        type="primary",
        width="stretch",
        on_click=st.login,
        args=(provider.AGAIN,),
    )
