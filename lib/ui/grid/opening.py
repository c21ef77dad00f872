"""Which view a grid shows: what its browser says, or what was opened since.

The browser's view is the truth while its grid is on screen; the address and the session's memory
only open it. What is opened has a token: the browser's next views carry it, and one that doesn't
is older than the opening, whatever its number. So a link, a saved view or Back shows its table
though the grid was there before, and a browser that outlived its server's memory goes on.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from lib.model.view import View

URL = "vista"  # the query parameter that carries the view
PRESSED = "abrir"  # the one that tells a link of ours just pressed from an address left behind

_PRESS = "grid.press"

Plain = Callable[[], View]


@dataclass(frozen=True)
class Opening:
    """`view` is what to show until the browser says otherwise, then its last one answered.

    `touched`: the browser has said otherwise. `saved` is the id of the saved view that was opened.
    `own`: its columns are this person's own, so that changes to them are remembered. `damaged`: it
    came from an address that couldn't be read. `pushes`: the browser's Back leads to what was on
    screen before it. `visit` tells one stay on a page from the next.
    """

    token: str
    view: View
    touched: bool = False
    saved: str = ""
    own: bool = True
    damaged: bool = False
    pushes: bool = False
    visit: int = 0


def of(key: str) -> Opening:
    """The opening of grid `key`; a default one before the first."""
    opened = st.session_state.get(_record(key))
    return opened if isinstance(opened, Opening) else _put(key, Opening(_token(), View()))


def current(key: str) -> View:
    """What grid `key` shows now."""
    opened, sent = of(key), _sent(key)
    return View.parse(sent) if sent.get("opened") == opened.token else opened.view


def touched(key: str) -> bool:
    """Whether what grid `key` shows is what its browser made of it."""
    opened = of(key)
    return opened.touched or _sent(key).get("opened") == opened.token


def answered(key: str, view: View) -> None:
    """For the next time this grid is drawn: `view`, as the store understood it."""
    if touched(key):
        _put(key, replace(of(key), view=view, touched=True, damaged=False))


def open_view(key: str, view: View, *, saved: str = "", own: bool = False) -> None:
    """Show `view` in grid `key` from its next drawing on."""
    before = of(key)
    opened = Opening(_token(), replace(view, seq=0), saved=saved, own=own, visit=before.visit)
    _put(key, replace(opened, pushes=True))


def name_saved(key: str, saved: str) -> None:
    """What grid `key` shows is now the saved view `saved`; "" for none."""
    _put(key, replace(of(key), saved=saved))


def press() -> str:
    """What a link drawn in this run says, so that pressing it is told from an old address."""
    return str(st.session_state.setdefault(_PRESS, _token()))


def arrive(key: str, plain: Plain, *, visit: int, url: bool) -> None:
    """At each run of the whole page, before the grid is drawn: open what was asked for, if
    anything was since. `plain` is what the page shows when nothing is asked for."""
    before = st.session_state.get(_record(key))
    here = isinstance(before, Opening) and before.visit == visit
    asked = st.query_params.get(URL) if url else None
    if url and _pressed():
        _put(key, replace(_read(asked or "", plain), visit=visit, pushes=here))
    elif here:
        if url and _by_history() and (asked or "") != current(key).to_query():
            _put(key, replace(_read(asked or "", plain), visit=visit))
    else:
        _put(key, replace(_first(key, asked, plain), visit=visit))


def _first(key: str, asked: str | None, plain: Plain) -> Opening:
    """On the way in: a browser that outlived the session, an address, what was left here, or
    the page as this person has it."""
    before = st.session_state.get(_record(key))
    if sent := _sent(key):
        return Opening(_token(), View.parse(sent))
    if asked is not None:
        return _read(asked, plain)
    if isinstance(before, Opening):
        return replace(before, token=_token(), view=replace(before.view, seq=0), pushes=False)
    return Opening(_token(), plain())


def _read(asked: str, plain: Plain) -> Opening:
    view, mine = View.read_query(asked), plain()
    if view is None:
        return Opening(_token(), mine, damaged=True)
    own = (view.layout, view.limit) == (mine.layout, mine.limit)
    return Opening(_token(), view, own=own)


def _pressed() -> bool:
    """Whether a link drawn in this session was pressed for this run; each press counts once."""
    pressed = st.query_params.get(PRESSED, "") == st.session_state.get(_PRESS)
    if pressed:
        st.session_state.pop(_PRESS)
    return pressed


def _by_history() -> bool:
    """Whether Back or Forward started this run."""
    context = get_script_run_ctx()
    return context is not None and bool(context.is_history_navigation)


def _sent(key: str) -> dict[str, Any]:
    """The view that the browser sent last, as it sent it."""
    state = st.session_state.get(key)
    view = state.get("view") if state else None
    return view if isinstance(view, dict) else {}


def _record(key: str) -> str:
    return f"grid.{key}.opening"


def _put(key: str, opened: Opening) -> Opening:
    st.session_state[_record(key)] = opened
    return opened


def _token() -> str:
    return secrets.token_hex(4)
