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

from lib.model.saved_view import same
from lib.model.view import Layout, View

URL = "vista"  # the query parameter that carries the view
PRESSED = "abrir"  # the one that tells a link of ours just pressed from an address left behind

_PRESS = "grid.press"

Plain = Callable[[], View]
Known = Callable[[View], tuple[str, str]]


@dataclass(frozen=True)
class Opening:
    """`view` is what to show until the browser says otherwise, then its last one answered.

    `touched`: the browser has said otherwise. `saved` and `name`: which saved view it is, if any.
    `base` is what it was first answered with: what differs from it was changed since. `own`: its
    columns are this person's own, so that changes to them are remembered. `damaged`: it came from
    an address that couldn't be read. `pushes`: the browser's Back leads to what was on screen
    before it. `visit` tells one stay on a page from the next.
    """

    token: str
    view: View
    touched: bool = False
    base: View | None = None
    saved: str = ""
    name: str = ""
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


def answered(key: str, view: View) -> bool:
    """What grid `key` shows is `view`, as the store understood it: for the next time it is drawn.
    Whether that changed columns of this person's own."""
    before = of(key)
    if not before.touched and _sent(key).get("opened") != before.token:
        _put(key, replace(before, base=before.base or view))
        return False
    _put(key, replace(before, view=view, touched=True, damaged=False))
    return before.own and _columns(view) != _columns(before.view)


def is_changed(key: str) -> bool:
    """Whether what grid `key` shows is no longer what was opened."""
    base = of(key).base
    return base is not None and not same(base, current(key))


def open_view(key: str, view: View, *, saved: str = "", name: str = "") -> None:
    """Show `view` in grid `key` from its next drawing on: a saved one, or one's own list."""
    asked = Opening(_token(), replace(view, seq=0), saved=saved, name=name, own=not saved)
    _put(key, replace(asked, pushes=True, visit=of(key).visit))


def name_saved(key: str, saved: str, name: str) -> None:
    """What grid `key` shows is, as it is now, a saved view; "" for none."""
    own = of(key).own and not saved
    _put(key, replace(of(key), saved=saved, name=name, own=own, base=current(key)))


def rename(key: str, name: str) -> None:
    """The saved view that grid `key` shows has another name."""
    _put(key, replace(of(key), name=name))


def press() -> str:
    """What a link drawn in this run says, so that pressing it is told from an old address."""
    return str(st.session_state.setdefault(_PRESS, _token()))


def link(view: View) -> dict[str, str]:
    """The query of a link of the desk's own to the page of `view`'s list: what it doesn't say of
    columns stays as this person has it."""
    return {URL: view.to_query(), PRESSED: press()}


def arrive(
    key: str, plain: Plain, known: Known = lambda _: ("", ""), *, visit: int, url: bool = False
) -> None:
    """At each run of the whole page, before the grid is drawn: open what was asked for, if
    anything was since. `plain` is what the page shows when nothing is asked for; `known` says
    which saved view a view is, by id and name. `url`: the page's address carries the view."""
    before = st.session_state.get(_record(key))
    here = isinstance(before, Opening) and before.visit == visit
    asked = st.query_params.get(URL) if url else None
    if url and _pressed():
        pressed = _as_own(_read(asked or "", plain, known), plain)
        _put(key, replace(pressed, visit=visit, pushes=here))
    elif not here:
        _put(key, replace(_first(key, asked, plain, known), visit=visit))
    elif url and _by_history() and (asked or "") != current(key).to_query():
        _put(key, replace(_read(asked or "", plain, known), visit=visit))


def _first(key: str, asked: str | None, plain: Plain, known: Known) -> Opening:
    """On the way in: an address, what was left here, or the page as this person has it."""
    before = st.session_state.get(_record(key))
    if asked is not None:
        return _read(asked, plain, known)
    if isinstance(before, Opening):
        return replace(before, token=_token(), view=replace(before.view, seq=0), pushes=False)
    return Opening(_token(), plain())


def _read(asked: str, plain: Plain, known: Known) -> Opening:
    view, mine = View.from_query(asked), plain()
    if view is None:
        return Opening(_token(), mine, damaged=True)
    saved, name = known(view)
    own = not saved and _columns(view) == _columns(mine)
    return Opening(_token(), view, saved=saved, name=name, own=own)


def _as_own(pressed: Opening, plain: Plain) -> Opening:
    """What a link of the desk's own asks for, with this person's page size; and with their columns
    when it is no saved view and says nothing of columns."""
    mine = plain()
    view = replace(pressed.view, limit=mine.limit)
    if not pressed.saved and view.layout == Layout():
        return replace(pressed, view=replace(view, layout=mine.layout), own=True)
    return replace(pressed, view=view)


def _columns(view: View) -> tuple[Layout, int]:
    return view.layout, view.limit


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
