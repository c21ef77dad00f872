"""The window open in a session: what it is about, for the module that draws it.

There is one place for all kinds, because Streamlit draws one window at a time: to open one is to
leave the one before. What it is about lives in the session, so that it comes through reruns.
"""

from dataclasses import dataclass
from typing import NoReturn, TypeVar

import streamlit as st

from lib.ui import shell

_OPEN = "window.open"  # _Open, while there is one

T = TypeVar("T")


@dataclass(frozen=True)
class _Open:
    about: object
    page: str  # where it was opened: on another page it is over


def put(about: object) -> None:
    """Open one, or go on with the open one, about something else."""
    st.session_state[_OPEN] = _Open(about, shell.path())


def about(kind: type[T]) -> T | None:
    """What the open window is about; None when there is none, or one of another kind."""
    opened = st.session_state.get(_OPEN)
    if not isinstance(opened, _Open):
        return None
    now = shell.path()
    if now and opened.page and opened.page != now:  # a run that isn't told where it is ends nothing
        leave()
        return None
    return opened.about if isinstance(opened.about, kind) else None


def opened() -> object | None:
    """What the open window is about, of whatever kind, for a look in passing; None: none is."""
    opened = st.session_state.get(_OPEN)
    return opened.about if isinstance(opened, _Open) else None


def leave() -> None:
    """There is none any more: for a window that is gone from the screen, or never came to it."""
    st.session_state.pop(_OPEN, None)


def close() -> NoReturn:
    """Take the open one off the screen."""
    leave()
    st.rerun()
