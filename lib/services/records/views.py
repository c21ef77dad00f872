"""Views by name: saving them, sharing them, keeping them in the menu; columns as one left them."""

import json
from dataclasses import replace

from lib.model import saved_view
from lib.model.action import Action, Entry
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.roles import Permission
from lib.model.saved_view import MOST_PINS, MOST_VIEWS, SavedView
from lib.model.view import View
from lib.services.desk import Desk
from lib.store.database import Transaction
from lib.store.grid.sources import ACCOUNTS, AUDIT, CERTIFICATES, LICENCES, SUBSCRIPTIONS
from lib.store.people import layouts, saved_views

# The lists whose views can be saved: those that are a page of their own.
LISTS = frozenset(s.id for s in (SUBSCRIPTIONS, LICENCES, CERTIFICATES, ACCOUNTS, AUDIT))


def may_change(view: SavedView, actor: Actor) -> bool:
    """One's own; everybody's, for those who may share."""
    return actor.may(Permission.SHARE_VIEWS) if view.shared else view.owner == actor.username


def offered(desk: Desk, name: str, *, actor: Actor) -> list[SavedView]:
    """One's own views of list `name` and everybody's. Raises AppError(FORBIDDEN)."""
    _allow(desk, name, actor)
    return saved_views.offered(desk.store, name, actor.username)


def save(
    desk: Desk, name: str, title: str, view: View, *, shared: bool = False, actor: Actor
) -> SavedView:
    """Give `view` of list `name` a title. Raises AppError: FORBIDDEN, BAD_VIEW_NAME,
    VIEW_NAME_TAKEN, TOO_MANY_VIEWS."""
    _allow(desk, name, actor)
    if shared:
        desk.require(actor, Permission.SHARE_VIEWS)
    title, view = saved_view.checked_name(title), saved_view.kept(view)

    def add(transaction: Transaction) -> SavedView:
        if saved_views.how_many(transaction, actor.username) >= MOST_VIEWS:
            raise AppError(Reason.TOO_MANY_VIEWS, most=MOST_VIEWS)
        view_id = saved_views.add(transaction, name, actor.username, title, view, shared=shared)
        new = _seen(desk, saved_views.find(transaction, view_id, actor.username), actor)
        _take_name(transaction, new)
        detail = {"list": name, **_told(new)}
        transaction.log(actor, Entry(Action.VIEW_SAVED, subject=view_id, detail=detail))
        return new

    return desk.store.write(add)


def change(
    desk: Desk,
    view_id: str,
    version: int,
    *,
    title: str | None = None,
    view: View | None = None,
    shared: bool | None = None,
    actor: Actor,
) -> SavedView:
    """Rename a view, save another over it, share it or keep it to its owner.

    `version` is the SavedView.version the person was looking at. Raises AppError: FORBIDDEN,
    UNKNOWN_VIEW, BAD_VIEW_NAME, VIEW_NAME_TAKEN, NOTHING_CHANGED, VIEW_CHANGED_MEANWHILE.
    """
    desk.require(actor, Permission.FIND)

    def alter(transaction: Transaction) -> SavedView:
        before = _changeable(desk, transaction, view_id, version, actor)
        after = replace(
            before,
            name=before.name if title is None else saved_view.checked_name(title),
            view=before.view if view is None else saved_view.kept(view),
            shared=before.shared if shared is None else shared,
        )
        if after == before:
            raise AppError(Reason.NOTHING_CHANGED)
        if after.shared and not before.shared:
            desk.require(actor, Permission.SHARE_VIEWS)
        _rename(transaction, before, after)
        _still_there(saved_views.change(transaction, after, actor.username))
        _log_change(transaction, actor, before, after)
        return replace(after, version=version + 1)

    return desk.store.write(alter)


def delete(desk: Desk, view_id: str, version: int, *, actor: Actor) -> None:
    """Raises AppError(FORBIDDEN | UNKNOWN_VIEW | VIEW_CHANGED_MEANWHILE)."""
    desk.require(actor, Permission.FIND)

    def remove(transaction: Transaction) -> None:
        gone = _changeable(desk, transaction, view_id, version, actor)
        saved_views.free_name(transaction, gone)
        _still_there(saved_views.delete(transaction, gone, actor.username))
        detail = {"list": gone.list, **_told(gone)}
        transaction.log(actor, Entry(Action.VIEW_DELETED, subject=view_id, detail=detail))

    desk.store.write(remove)


# ---- the menu and the columns: a person's own display, not logged ----------------------------


def pinned(desk: Desk, *, actor: Actor) -> list[SavedView]:
    """What stands in this person's menu, oldest first; less what they may no longer see. Raises
    AppError(FORBIDDEN)."""
    desk.require(actor, Permission.FIND)
    found = saved_views.pinned(desk.store, actor.username)
    return [view for view in found if actor.may(_needed(view.list))]


def pin(desk: Desk, view_id: str, *, on: bool, actor: Actor) -> None:
    """Put a view in one's menu, or take it out. Raises AppError(FORBIDDEN | UNKNOWN_VIEW |
    TOO_MANY_PINS)."""
    desk.require(actor, Permission.FIND)

    def keep(transaction: Transaction) -> None:
        _seen(desk, saved_views.find(transaction, view_id, actor.username), actor)
        others = [v for v in saved_views.pinned(transaction, actor.username) if v.id != view_id]
        if on and len(others) >= MOST_PINS:
            raise AppError(Reason.TOO_MANY_PINS, most=MOST_PINS)
        saved_views.pin(transaction, actor.username, view_id, on=on)

    desk.store.write(keep)


def own_columns(desk: Desk, name: str, *, actor: Actor) -> View:
    """A view with nothing but the columns and page size this person left in list `name`."""
    desk.require(actor, Permission.FIND)
    return layouts.find(desk.store, actor.username, name)


def keep_columns(desk: Desk, name: str, view: View, *, actor: Actor) -> None:
    """Keep the columns and page size of `view` for the next time `name` is opened."""
    desk.require(actor, Permission.FIND)
    desk.store.write(lambda t: layouts.keep(t, actor.username, name, view))


# ---- what each of them checks ----------------------------------------------------------------


def _needed(name: str) -> Permission:
    return Permission.READ_LOG if name == AUDIT.id else Permission.FIND


def _allow(desk: Desk, name: str, actor: Actor) -> None:
    desk.require(actor, Permission.FIND)
    if name not in LISTS:
        raise AppError(Reason.UNKNOWN_VIEW)
    desk.require(actor, _needed(name))


def _seen(desk: Desk, view: SavedView | None, actor: Actor) -> SavedView:
    if view is None:
        raise AppError(Reason.UNKNOWN_VIEW)
    _allow(desk, view.list, actor)
    return view


def _changeable(
    desk: Desk, transaction: Transaction, view_id: str, version: int, actor: Actor
) -> SavedView:
    view = _seen(desk, saved_views.find(transaction, view_id, actor.username), actor)
    if not may_change(view, actor):
        raise AppError(Reason.FORBIDDEN, permission=Permission.SHARE_VIEWS.value)
    _still_there(view.version == version)
    return view


def _still_there(as_seen: bool) -> None:
    if not as_seen:
        raise AppError(Reason.VIEW_CHANGED_MEANWHILE)


def _rename(transaction: Transaction, before: SavedView, after: SavedView) -> None:
    if saved_view.name_key(after.name) != saved_view.name_key(before.name):
        saved_views.free_name(transaction, before)
        _take_name(transaction, after)


def _take_name(transaction: Transaction, view: SavedView) -> None:
    if not saved_views.take_name(transaction, view.owner, view.list, view.name, view.id):
        raise AppError(Reason.VIEW_NAME_TAKEN, name=view.name)


def _log_change(
    transaction: Transaction, actor: Actor, before: SavedView, after: SavedView
) -> None:
    old, new = _told(before), _told(after)
    changed = [name for name in new if new[name] != old[name]]
    detail = {
        "list": before.list,
        "old": {name: old[name] for name in changed},
        "new": {name: new[name] for name in changed},
    }
    transaction.log(actor, Entry(Action.VIEW_CHANGED, subject=before.id, detail=detail))


def _told(view: SavedView) -> dict[str, str]:
    """What the log keeps of a view, apart and erasable: somebody's name may be searched for."""
    plain = View().to_json()
    said = {what: value for what, value in view.view.to_json().items() if value != plain[what]}
    return {
        "view_name": view.name,
        "shared": "sí" if view.shared else "no",
        "view": json.dumps(said, ensure_ascii=False),
    }
