"""What every page stands in: the guard, the menu, who I am, the way out.

A page's first statement after its imports is `actor = shell.enter(...)`. Callbacks, fragments and
dialogs run before or without it: they ask `shell.actor()` themselves, inside `shell.guarded()`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st

from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.roles import Permission
from lib.ui import badge, frame, identity, messages, pages, process, sign_in, single_sign_on
from lib.ui.imports import inbox_trouble
from lib.ui.listing import pins
from lib.ui.mail import mail_pause
from lib.ui.palette import palette
from lib.ui.people import ending, own_password
from lib.ui.plain import plain, refusal

_STYLE = Path(__file__).with_name("shell.css")
_WATCH_EVERY = "30s"
_TROUBLE_EVERY = "10s"
_VISIT = "shell.visit"  # the page last drawn, and how many were come to
_MENU_WIDTH = 256  # pixels: what the lists need is width


def enter(title: str, icon: str, permission: Permission, *, wide: bool = True) -> Actor:
    """Guard a page: stops the run with the sign-in form, or with a refusal under `title` and
    `icon`; else who is asking. The page draws its own heading.
    """
    # No page_icon: Streamlit would ask an outside host for it. /favicon.png is ours.
    st.set_page_config(
        page_title=f"{title} · Mesa CDA",
        layout="wide" if wide else "centered",
        initial_sidebar_state=_MENU_WIDTH,
    )
    st.html(_STYLE)
    with st.container(key="shell_frame"):
        frame.draw()
    person = identity.arrive()
    if person is None:
        sign_in.screen()
        st.stop()
    single_sign_on.confirm(person)
    _visit(title)
    pins.arrive(title, person, visit())
    with st.sidebar:
        _menu(person, title)
        _me(person)
        with st.container(key="shell_silent"):
            sign_in.keep()
    with st.container(key="shell_palette"):
        _palette()
    if person.may(Permission.MANAGE_MAIL):
        _trouble()
    _watch()
    own_password.draw_inside()
    _admit(person, title, icon, permission)
    return person


def visit() -> int:
    """Which stay on a page this is: another number each time a page is come to from another."""
    return int(st.session_state.get(_VISIT, ("", 0))[1])


def path() -> str:
    """The path of the page on screen; "" under AppTest."""
    return urlsplit(str(st.context.url or "")).path


def actor() -> Actor:
    """Who is asking now, read from the database. Raises AppError(SIGNED_OUT)."""
    return identity.actor()


@contextmanager
def guarded() -> Iterator[None]:
    """Around what a callback, a fragment or a dialog does (or decorating it: `@guarded()`): a
    refusal shows as its sentence; somebody no longer signed in gets the form.
    """
    try:
        yield
    except AppError as error:
        if error.reason is Reason.SIGNED_OUT:
            st.rerun()
        st.error(refusal(error), icon=":material/block:")


def _visit(title: str) -> None:
    before, number = st.session_state.get(_VISIT, ("", 0))
    if title != before:
        st.session_state[_VISIT] = (title, number + 1)


def _admit(person: Actor, title: str, icon: str, permission: Permission) -> None:
    page = pages.titled(title)
    try:
        process.desk().require(person, permission)
        if page and page.demo_only and not process.desk().settings.demo:
            raise AppError(Reason.DEMO_ONLY)
    except AppError as error:
        st.title(title, anchor=False)
        st.error(refusal(error), icon=icon)
        st.stop()


def _menu(person: Actor, title: str) -> None:
    with st.container(key="shell_brand"):
        st.markdown("### :primary[:material/mail_lock:] Mesa CDA")
    section, pinned = "", pins.read(person)
    for page in allowed_pages(person):
        if page.section != section:
            section = page.section
            st.caption(section)
        badge.link(page)
        pins.draw(page, title, pinned)


def allowed_pages(person: Actor) -> list[pages.Page]:
    """What this person's menu holds."""
    demo = process.desk().settings.demo
    return [
        page
        for page in pages.PAGES
        if page.exists and person.may(page.permission) and (demo or not page.demo_only)
    ]


def _me(person: Actor) -> None:
    with st.container(key="shell_me"):
        st.markdown(
            f":material/account_circle: **{plain(person.name)}**  \n"
            f":small[{messages.ROLE_NAMES[person.role]}]"
        )
        st.button(
            "Cerrar sesión",
            icon=":material/logout:",
            on_click=identity.leave,
            key="shell.leave",
            width="stretch",
        )


@st.fragment
def _palette() -> None:
    with guarded():
        palette(process.desk(), allowed_pages(identity.actor(touch=False)))


@st.fragment(run_every=_TROUBLE_EVERY)
def _trouble() -> None:
    """Looking isn't activity: no touch."""
    with guarded():
        mail_pause.draw(process.desk(), identity.actor(touch=False))
        inbox_trouble.draw(process.desk(), identity.actor(touch=False))


@st.fragment(run_every=_WATCH_EVERY)
def _watch() -> None:
    """A session ended elsewhere clears this screen too, and one that is about to end says so.
    Watching isn't activity: no touch."""
    with guarded():
        ending.draw(process.desk(), identity.actor(touch=False))
