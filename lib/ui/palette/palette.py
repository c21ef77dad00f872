"""The component's Python side: a text comes up, what was found goes down; a choice comes up, its
page opens.

Mounted on every page in a fragment of its own: a search runs nothing else of the page, and while
nobody searches it asks nothing.
"""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from lib.model.errors import AppError, Reason
from lib.model.view import MAX_SEQ, MAX_TEXT, clean
from lib.services.desk import Desk
from lib.services.records import finding, verifying
from lib.ui import hits, identity, messages, modules, shortcuts
from lib.ui.grid import opening
from lib.ui.hits import Kind
from lib.ui.pages import Page
from lib.ui.palette import places
from lib.ui.palette.places import Place

_KEY = "shell.palette"

_component = st.components.v2.component(
    "mesa_palette", html='<div class="mesa-palette"></div>', js=modules.PALETTE.loader
)


def palette(desk: Desk, allowed: Sequence[Page]) -> None:
    """Draw it for somebody who may open these pages. Call it inside st.fragment.

    Raises AppError(SIGNED_OUT) when somebody searches who is no longer signed in.
    """
    going = shortcuts.going(allowed)
    data = {
        "pages": [{"letter": letter, **_drawn(Place(page.file))} for letter, page in going],
        "keys": shortcuts.sheet(going),
        "shortest": hits.SHORTEST,
        "nothing": hits.NOTHING,
        "answer": _answer(desk, _asked()),
    }
    pressed = _component(key=_KEY, data=data, on_ask_change=_ignore, on_go_change=_ignore)
    _go(places.read(pressed.get("go"), allowed))


def _asked() -> object:
    """What the browser asks in this run; it is gone in the next."""
    return (st.session_state.get(_KEY) or {}).get("ask")


def _answer(desk: Desk, asked: object) -> dict[str, Any] | None:
    """What was found, or the sentence that says why nothing could be looked for."""
    if not isinstance(asked, dict):
        return None
    text, seq = clean(asked.get("q"), MAX_TEXT).strip(), asked.get("seq")
    if not isinstance(seq, int) or not 0 < seq <= MAX_SEQ or len(text) < hits.SHORTEST:
        return None
    try:
        person = identity.actor()
        found = finding.everything(desk, person, text)
        known = verifying.verdict(desk, text, found, actor=person)
    except AppError as error:
        if error.reason is Reason.SIGNED_OUT:
            raise
        return {"seq": seq, "q": text, "kinds": [], "problem": messages.sentence(error)}
    unknown = [hits.unregistered(known)] if known and not known.papers else []
    kinds = [_kind(kind, text) for kind in (*hits.by_kind(found), *unknown)]
    return {"seq": seq, "q": text, "kinds": kinds, "problem": ""}


def _kind(kind: Kind, text: str) -> dict[str, Any]:
    """A kind as the browser draws it: what was found of it, then the ways to its lists."""
    found = [
        {"title": hit.title, "detail": hit.detail, **_drawn(places.of(kind, hit))}
        for hit in kind.hits
    ]
    ways = [{"title": name, **_drawn(place)} for name, place in places.lists(kind, text)]
    return {
        "id": kind.id,
        "label": kind.label,
        "total": kind.total,
        "note": kind.note,
        "options": found + (ways if kind.total > 1 and kind.listed else []),
    }


def _drawn(place: Place) -> dict[str, Any]:
    to = {"file": place.file, "query": dict(place.query)}
    return {"to": to, "href": place.href, "row": place.row}


def _go(place: Place | None) -> None:
    if place is None:
        return
    query = dict(place.query)
    if places.VIEW in query:
        query[opening.PRESSED] = opening.press()  # so that it opens though its table is on screen
    st.switch_page(place.file, query_params=query)


def _ignore() -> None:
    """A trigger only has to run the fragment again."""
