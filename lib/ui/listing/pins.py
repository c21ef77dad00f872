"""The menu's pinned views: under their list, with how many records each holds now.

The menu is drawn before the page; the counts are asked for beside it, and again each minute.
"""

import streamlit as st

from lib.model import saved_view
from lib.model.actor import Actor
from lib.model.errors import AppError
from lib.model.saved_view import SavedView
from lib.model.view import View
from lib.services.records import browsing, views
from lib.ui import identity, process
from lib.ui.grid import opening
from lib.ui.listing.lists import LISTS, PageList
from lib.ui.pages import Page, titled
from lib.ui.plain import plain

_EVERY = "60s"


def arrive(title: str, person: Actor, visit: int) -> None:
    """Open on the page called `title` what its address asks for, before the menu marks it."""
    page_list, page = LISTS.get(title), titled(title)
    if page_list is None or page is None or not person.may(page.permission):
        return
    name, desk = page_list.source.id, process.desk()

    def plain_view() -> View:
        return views.own_columns(desk, name, actor=person)

    def known(asked: View) -> tuple[str, str]:
        return _known(views.offered(desk, name, actor=person), asked)

    opening.arrive(page_list.key, plain_view, known, visit=visit, url=True)


def _known(offered: list[SavedView], asked: View) -> tuple[str, str]:
    found = (v for v in offered if saved_view.same(v.view, asked))
    return next(((view.id, view.name) for view in found), ("", ""))


def read(person: Actor) -> dict[str, list[SavedView]]:
    """This person's pinned views, by the list they are of."""
    found: dict[str, list[SavedView]] = {}
    for view in views.pinned(process.desk(), actor=person):
        found.setdefault(view.list, []).append(view)
    return found


def draw(page: Page, title: str, pinned: dict[str, list[SavedView]]) -> None:
    """What is pinned of `page`'s list, for somebody who is on the page called `title`."""
    page_list = LISTS.get(page.title)
    if page_list is None or not pinned.get(page_list.source.id):
        return
    with st.container(key=f"pins_{page_list.key}"):
        here = opening.of(page_list.key).saved if page.title == title else ""
        _links(page, page_list, tuple(pinned[page_list.source.id]), here, opening.press())


@st.fragment(run_every=_EVERY, parallel=True)
def _links(
    page: Page, page_list: PageList, pinned: tuple[SavedView, ...], here: str, press: str
) -> None:
    places = [_link(page, view, here, press) for view in pinned]
    try:
        person = identity.actor(touch=False)  # a count isn't activity
        listed = page_list.labelled(process.desk(), person)
        for view, place in zip(pinned, places, strict=True):
            found = browsing.count(process.desk(), listed, view.view, actor=person)
            place.caption(f"{found:,}")
    except AppError:
        return  # a link without its count; who is signed out learns it from the page


def _link(
    page: Page, view: SavedView, here: str, press: str
) -> "st.delta_generator.DeltaGenerator":
    key = f"pin_{'here_' if view.id == here else ''}{view.id}"
    with st.container(key=key, horizontal=True, vertical_alignment="center", gap="small"):
        st.page_link(
            page.file,
            label=plain(view.name),
            query_params={opening.URL: view.view.to_query(), opening.PRESSED: press},
            width="stretch",
        )
        return st.empty()
