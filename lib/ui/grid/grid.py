"""The component's Python side: a view comes up, one page of the tree goes down.

Mounted inside st.fragment, so that an act in the grid runs nothing but the grid. Which view it
shows is opening.py's to say.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.view import View
from lib.services.desk import Desk
from lib.services.records import browsing, views
from lib.store.grid.sources import Source
from lib.store.grid.tree import Record
from lib.ui import messages, modules
from lib.ui.grid import asking, opening, payload
from lib.ui.grid.acts import BulkEvent, RowEvent
from lib.ui.grid.names import DAMAGED_LINK, TITLES
from lib.ui.grid.payload import Status
from lib.ui.grid.pressed import Offer, Pressed
from lib.ui.log import log_names

LATEST = "Último envío"

Decorate = Callable[[Sequence[str]], Mapping[str, Status]]


_component = st.components.v2.component(
    "mesa_grid", html='<div class="mesa-grid"></div>', js=modules.GRID.loader
)


def grid(
    source: Source,
    *,
    desk: Desk,
    actor: Actor,
    key: str,
    offer: Offer,
    decorate: Decorate | None = None,
    url: bool = True,
    fill: bool = True,
    remember: str = "",
) -> RowEvent | BulkEvent | None:
    """Draw `source` and answer what was pressed in this run, if anything.

    Call it inside st.fragment. `key` is unique in the desk. `offer` is what its rows can do.
    `decorate` gives the status of the rows on screen, by id. `url`: the page's address carries
    the view (one grid a page). `fill`: as tall as the window; otherwise as tall as its rows.
    `remember`: under which name the columns are kept as this person leaves them.
    """
    shown = log_names.labelled(source, desk, actor)
    view, sent = opening.current(key), st.session_state.get(key) or {}
    pressed = Pressed(sent, desk, shown, actor, view, offer)
    data = {
        "title": TITLES[source.id],
        "status": LATEST if decorate else None,
        "fill": fill,
        **offer.to_json(),
        **_answer(pressed, decorate),
        **asking.answer(desk, shown, view, sent.get("ask"), actor),
    }
    if _remember(key, data, url) and remember:
        views.keep_columns(desk, remember, opening.of(key).view, actor=actor)
    _mount(key, data)
    return pressed.event()


def _remember(key: str, data: dict[str, Any], url: bool) -> bool:
    """For the next time this page is opened; and for the address, which the browser sets without
    asking for a run. Whether somebody changed their own columns."""
    opened = opening.of(key)
    data["opened"] = opened.token
    if "problem" in data:
        return False
    view = View.parse(data["view"])
    changed = opening.answered(key, view)
    if opening.of(key).damaged:
        data["notices"] = [DAMAGED_LINK, *data.get("notices", ())]
    if url:
        data["url"] = {
            "name": opening.URL,
            "value": view.to_query(),
            "push": opened.pushes,
        }
    return changed


def _answer(asked: Pressed, decorate: Decorate | None) -> dict[str, Any]:
    """A page, or the sentence that says why there is none; `gone`: nor may the last one stay."""
    try:
        window = browsing.browse(asked.desk, asked.source, asked.view, actor=asked.actor)
        ids = [row.id for row in window.rows if isinstance(row, Record)]
        statuses = decorate(ids) if decorate and ids else {}
    except AppError as error:
        gone = error.reason is Reason.FORBIDDEN
        return {"problem": messages.sentence(error), "view": asked.view.to_json(), "gone": gone}
    orphans, copied = asked.offer.of(account=False), asked.offer.copied_apart(asked.source)
    page = payload.page(asked.source, window, statuses, orphans, copied)
    return {**page, **asked.answers()}


def _mount(key: str, data: dict[str, Any]) -> None:
    _component(
        key=key,
        data=data,
        on_view_change=_ignore,
        on_peek_change=_ignore,
        on_action_change=_ignore,
        on_bulk_change=_ignore,
        on_ask_change=_ignore,
    )


def _ignore() -> None:
    """A change of the component's state only has to run the fragment again."""
