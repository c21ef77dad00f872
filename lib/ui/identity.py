"""Who is at this browser now: read in this one place, from the database, at every act.

Streamlit's own session id is a bearer token (a raw WebSocket that knows it gets its state), so
what st.session_state says counts only with the matching cookie, or on the very connection that
signed in, known by its Sec-WebSocket-Key (the handshake's cookies are older than that sign-in).
"""

import secrets
from contextlib import suppress

import streamlit as st
from starlette.requests import HTTPConnection

from lib.model.actor import Actor
from lib.model.client import Client
from lib.model.errors import AppError, Reason
from lib.services.doors import access, leaving
from lib.services.doors.factors import HalfWay
from lib.services.doors.opening import SignedIn, hashed
from lib.ui import browsers, process, tabs

COOKIE = "__Host-mesa"
ARRIVAL = "__Host-mesa-llegada"  # the provider sent this browser back: once, for a minute
DEVICE = "__Host-mesa-equipo"  # this browser, for those who have come in with it
AGAIN = "__Host-mesa-otra-vez"  # the same, for somebody already in who was asked again

_THIS_MACHINE = frozenset({"127.0.0.1", "::1"})  # as Streamlit has it

_SESSION = "door.session"  # public id of the session this state belongs to
_SOCKET = "door.socket"  # the connection that signed in
_LEFT = "door.left"
_THERE = "door.there"
_HALF = "door.half"
_TICKET = "door.ticket"  # to be changed for the cookie by lib/ui/sign_in.py


def actor(*, touch: bool = True) -> Actor:
    """Raises AppError(SIGNED_OUT) when nobody is signed in here any more."""
    owner = st.session_state.get(_SESSION)
    if owner and st.session_state.get(_SOCKET, _NEVER) == _socket():
        person = access.actor_of_session(process.desk(), owner, address(), touch=touch)
    else:
        person = access.actor_of_cookie(process.desk(), _cookie(), address(), touch=touch)
    if person is None or (owner and person.session != owner):
        raise AppError(Reason.SIGNED_OUT)
    return person


def arrive() -> Actor | None:
    """Who starts this run of a page; whatever a former person left in the state is forgotten."""
    try:
        person = actor()
    except AppError as error:
        if error.reason is not Reason.SIGNED_OUT:
            raise
        tabs.belongs_to("")
        if _SESSION not in st.session_state:
            return None
        _forget()
        return arrive()
    st.session_state[_SESSION] = person.session
    tabs.belongs_to(person.session)
    return person


def opened(signed_in: SignedIn) -> None:
    """Bind this state to a session just opened on this connection."""
    _forget()
    st.session_state[_SESSION] = signed_in.session
    st.session_state[_SOCKET] = _socket()
    st.session_state[_TICKET] = signed_in.ticket


def half_way(half: HalfWay) -> None:
    """Bind this state to a sign-in whose second factor is to come, on this connection alone."""
    _forget()
    st.session_state[_HALF] = half
    st.session_state[_SOCKET] = _socket()


def half() -> HalfWay | None:
    """The sign-in that waits here for its second factor."""
    if st.session_state.get(_SOCKET, _NEVER) != _socket():
        return None
    found: HalfWay | None = st.session_state.get(_HALF)
    return found


def turn_back() -> None:
    """To the password again."""
    _forget()


def ticket() -> str:
    """The ticket to be changed for a cookie; "" when this state has none."""
    return str(st.session_state.get(_TICKET, ""))


def leave() -> None:
    """End the session everywhere and forget what this state holds. The provider is asked for its
    way out afterwards: it may take seconds to say nothing."""
    there = ""
    try:
        person = actor()
        access.sign_out(process.desk(), person)
        there = leaving.there(process.desk(), person)
    except AppError as error:
        if error.reason is not Reason.SIGNED_OUT:
            raise
    _forget()
    st.session_state[_LEFT] = secrets.token_hex(8)
    st.session_state[_THERE] = there


def left() -> str:
    """A mark of the sign-out that led here, new each time; "" when there was none."""
    return str(st.session_state.get(_LEFT, ""))


def left_for() -> str:
    """Where a sign-out goes on to: the company's provider; "" nowhere."""
    return str(st.session_state.get(_THERE, ""))


def address() -> str:
    """Where the request came from; "" on this machine, and under AppTest."""
    known = st.context.ip_address
    return known if isinstance(known, str) else ""


def address_of(request: HTTPConnection) -> str:
    """The same of a request that no page runs for."""
    host = request.client.host if request.client else ""
    return "" if host in _THIS_MACHINE else host


def origin() -> str:
    """What the browser says it is looking at; "" under AppTest."""
    said = st.context.headers.get("Origin")
    return said if isinstance(said, str) else ""


def client() -> Client:
    """The browser that the request came from."""
    device, agent = _cookie(DEVICE), st.context.headers.get("User-Agent")
    known = browsers.named(agent) if isinstance(agent, str) else ""
    return Client(hashed(device) if device else "", known)


def _forget() -> None:
    """All that this state holds. Streamlit's own `clear` ends at the first key without a value,
    which a field that was never drawn again may be: whose turn it is, a hash says."""
    for key in list(st.session_state):
        with suppress(KeyError):
            del st.session_state[key]


_NEVER = object()


def arrival(name: str = ARRIVAL) -> str:
    """The secret that the way back from the provider left in this browser; "" when none."""
    return _cookie(name)


def _cookie(name: str = COOKIE) -> str:
    value = st.context.cookies.get(name)
    return value if isinstance(value, str) else ""


def here() -> str:
    """The very connection that this run came by, to be compared with another run's."""
    return _socket()


def _socket() -> str:
    """Every real WebSocket has a key (RFC 6455, 4.1); "" only under AppTest, which has none."""
    key = st.context.headers.get("Sec-WebSocket-Key")
    return key if isinstance(key, str) else ""
