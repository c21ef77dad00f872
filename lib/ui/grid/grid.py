"""The component's Python side: a view comes up, one page of the tree goes down.

Mounted inside st.fragment, so that an act in the grid runs nothing but the grid. Which view it
shows is opening.py's to say.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from lib.model.actor import Actor
from lib.model.errors import AppError
from lib.model.view import MAX_KEY, View, clean
from lib.services import browsing, views
from lib.services.desk import Desk
from lib.store.grid.sources import Source
from lib.store.grid.tree import Record
from lib.ui import messages
from lib.ui.grid import opening, payload
from lib.ui.grid.names import DAMAGED_LINK, LABELS, ROW_GONE, TITLES
from lib.ui.grid.payload import RowAction, Status
from lib.ui.plain import refusal

LATEST = "Último envío"

_HERE = Path(__file__).parent
_SCRIPTS = (
    *("text", "dom", "popup", "head", "filter", "columns", "chips", "panel"),
    *("rows", "foot", "grid"),
)

Decorate = Callable[[Sequence[str]], Mapping[str, Status]]


@dataclass(frozen=True)
class RowEvent:
    """A row's button was pressed. `row` is the row as stored now, by column."""

    action: str
    id: str
    row: Mapping[str, Any]


def script() -> str:
    """One module of all the parts: a component's code travels inline."""
    return "\n".join((_HERE / "js" / f"{name}.js").read_text("utf-8") for name in _SCRIPTS)


_component = st.components.v2.component(
    "mesa_grid",
    html='<div class="mesa-grid"></div>',
    css=(_HERE / "grid.css").read_text("utf-8"),
    js=script(),
)


def grid(
    source: Source,
    *,
    desk: Desk,
    actor: Actor,
    key: str,
    actions: Sequence[RowAction] = (),
    decorate: Decorate | None = None,
    url: bool = True,
    fill: bool = True,
    remember: str = "",
) -> RowEvent | None:
    """Draw `source` and answer what was pressed in this run, if anything.

    Call it inside st.fragment. `key` is unique in the desk. `decorate` gives the status of the
    rows on screen, by id. `url`: the page's address carries the view (one grid a page). `fill`:
    as tall as the window; otherwise as tall as its rows. `remember`: under which name the columns
    are kept as this person leaves them.
    """
    shown = source.labelled({c.id: LABELS[c.id] for c in source.columns if c.id in LABELS})
    view = opening.current(key)
    data = {
        "title": TITLES[source.id],
        "actions": [asdict(action) for action in actions],
        "status": LATEST if decorate else None,
        "fill": fill,
        **_answer(desk, shown, view, actor, decorate),
    }
    if _remember(key, data, url) and remember:
        views.keep_columns(desk, remember, opening.current(key), actor=actor)
    pressed = _component(key=key, data=data, on_view_change=_ignore, on_action_change=_ignore)
    return _event(pressed.get("action"), actions, desk, shown, actor)


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
            "without": opening.PRESSED,
            "push": opened.pushes,
        }
    return changed


def _answer(
    desk: Desk, source: Source, view: View, actor: Actor, decorate: Decorate | None
) -> dict[str, Any]:
    """A page, or the sentence that says why there is none."""
    try:
        window = browsing.browse(desk, source, view, actor=actor)
        ids = [row.id for row in window.rows if isinstance(row, Record)]
        statuses = decorate(ids) if decorate and ids else {}
    except AppError as error:
        return {"problem": messages.sentence(error), "view": view.to_json()}
    return payload.page(source, window, statuses)


def _event(
    pressed: object, actions: Sequence[RowAction], desk: Desk, source: Source, actor: Actor
) -> RowEvent | None:
    """What the browser says was pressed, if there is such an action and such a row."""
    if not isinstance(pressed, dict):
        return None
    action, row_id = pressed.get("action"), pressed.get("id")
    if action not in [known.id for known in actions] or not isinstance(row_id, str):
        return None
    try:
        row = browsing.row(desk, source, clean(row_id, MAX_KEY), actor=actor)
    except AppError as error:
        st.toast(refusal(error), icon=":material/error:")
        return None
    if row is None:
        st.toast(ROW_GONE, icon=":material/error:")
        return None
    return RowEvent(str(action), row_id, row)


def _ignore() -> None:
    """A change of the component's state only has to run the fragment again."""
