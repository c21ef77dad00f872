"""A table's view that somebody gave a name, for themselves or for everybody."""

from dataclasses import dataclass

from lib.model.errors import AppError, Reason
from lib.model.text import fold
from lib.model.view import View

MOST_NAME = 60  # characters
MOST_VIEWS = 100  # of one person
MOST_PINS = 12  # in one person's menu


@dataclass(frozen=True)
class SavedView:
    """`list` is the id of the list it is of (lib/store/grid/sources.py). `version` grows with each
    change: what somebody was looking at when they ask for another."""

    id: str
    list: str
    owner: str
    owner_name: str
    name: str
    shared: bool
    view: View
    version: int


def checked_name(typed: str) -> str:
    """The name on one line. Raises AppError(BAD_VIEW_NAME) when it is empty or too long, or
    holds what can't be seen (marks that turn the text around)."""
    name = " ".join(typed.split())
    if not 1 <= len(name) <= MOST_NAME or not name.isprintable():
        raise AppError(Reason.BAD_VIEW_NAME)
    return name


def name_key(name: str) -> str:
    """What two names that read alike have in common: one person can't have both."""
    return fold(name) or name


def kept(view: View) -> View:
    """What a saved view holds: the search, filters, order, grouping and columns. Not where in it
    somebody was: the page, its size, the groups opened one by one."""
    return View(
        q=view.q,
        filters=view.filters,
        sort=view.sort,
        group=view.group,
        unfolded=view.unfolded,
        layout=view.layout,
    )


def same(one: View, other: View) -> bool:
    """Whether two views are the same table, wherever in it each is."""
    return kept(one) == kept(other)
