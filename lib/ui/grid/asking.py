"""What the browser asks besides a page: the values of one column with how many of each, for the
list of its filter. Told once, with the answer of that run."""

from typing import Any

from lib.model.actor import Actor
from lib.model.errors import AppError
from lib.model.view import MAX_TEXT, View, clean
from lib.services.desk import Desk
from lib.services.records import browsing
from lib.store.grid.sources import Source
from lib.ui.grid import headings


def answer(desk: Desk, source: Source, view: View, asked: object, actor: Actor) -> dict[str, Any]:
    """`asked` is whatever came: {"facet": column, "typed": text} is answered, the rest isn't. What
    can't be told is left untold: the page's own answer says why."""
    if not isinstance(asked, dict):
        return {}
    column = source.column(clean(asked.get("facet"), MAX_TEXT))
    if column is None:
        return {}
    typed = clean(asked.get("typed"), MAX_TEXT)
    try:
        found = browsing.facet(desk, source, view, column.id, typed, actor=actor)
    except AppError:
        return {}
    return {"facet": headings.facet(column, found)}
