"""Vistas: what is above a page's table to open, save and manage its views by name."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import streamlit as st

from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.roles import Permission
from lib.model.saved_view import MOST_NAME, SavedView
from lib.services.records import views
from lib.store.grid.sources import Source
from lib.ui import copying, popovers, process, shell
from lib.ui.grid import opening
from lib.ui.listing import view_dialog
from lib.ui.plain import plain, refusal

_PROBLEM = "views.problem"  # why the last act was refused, until it is drawn
_TOLD = "views.told"  # what the last act did, likewise
_MANAGED = "views.managed"  # whose window opens next
_NAME, _SHARED = "views.title", "views.shared"


def title(page_title: str, key: str) -> None:
    """The page's heading, with the name of the view that is open; • when it was changed since."""
    name = opening.of(key).name
    changed = " :primary[•]" if opening.is_changed(key) else ""
    st.title(f"{page_title} :gray[· {plain(name)}]{changed}" if name else page_title, anchor=False)


def popover(source: Source, key: str, actor: Actor) -> None:
    """The button and, while it is open, what is under it."""
    if told := st.session_state.pop(_TOLD, ""):
        st.toast(told, icon=":material/check:")
    place = st.popover("Vistas", icon=":material/bookmarks:", key=_popover(key), on_change="rerun")
    if place.open:
        with place, st.container(key="views_body"):
            _content(source, key, actor)
    if managed := st.session_state.pop(_MANAGED, None):
        view_dialog.manage(key, managed)


def _content(source: Source, key: str, actor: Actor) -> None:
    if problem := st.session_state.pop(_PROBLEM, None):
        st.error(problem, icon=":material/block:")
    offered = views.offered(process.desk(), source.id, actor=actor)
    _opened(key, source, offered, actor)
    _lists(key, offered, actor)
    _save_as(key, source, actor)
    copying.address("Copiar enlace")
    popovers.take_focus(key)


# ---- what is open --------------------------------------------------------------------------


def _opened(key: str, source: Source, offered: list[SavedView], actor: Actor) -> None:
    """The view that is open: save what was changed in it, or leave it."""
    now = next((view for view in offered if view.id == opening.of(key).saved), None)
    if now is None:
        if opening.of(key).saved:
            opening.name_saved(key, "", "")  # deleted meanwhile
        return
    changed = opening.is_changed(key)
    st.markdown(f"**{plain(now.name)}**" + (" · cambios sin guardar" if changed else ""))
    with st.container(horizontal=True, gap="small"):
        if changed and views.may_change(now, actor):
            st.button(
                "Guardar cambios",
                key="views.over",
                type="primary",
                on_click=_save_over,
                args=(key, now),
            )
        if changed:
            st.button("Descartarlos", key="views.back", on_click=_open, args=(key, now))
        st.button(
            "Ver la lista completa",
            key="views.none",
            type="tertiary",
            on_click=_leave,
            args=(key, source),
        )


def _save_over(key: str, view: SavedView) -> None:
    with _refusing():
        now = opening.current(key)
        saved = views.change(process.desk(), view.id, view.version, view=now, actor=shell.actor())
        opening.name_saved(key, saved.id, saved.name)
        _shut(key, f"Cambios guardados en «{plain(saved.name)}».")


def _open(key: str, view: SavedView) -> None:
    size = opening.current(key).limit
    opening.open_view(key, replace(view.view, limit=size), saved=view.id, name=view.name)
    _shut(key)


def _leave(key: str, source: Source) -> None:
    with _refusing():
        own = views.own_columns(process.desk(), source.id, actor=shell.actor())
        opening.open_view(key, own)
        _shut(key)


# ---- what there is -------------------------------------------------------------------------


def _lists(key: str, offered: list[SavedView], actor: Actor) -> None:
    pinned = {view.id for view in views.pinned(process.desk(), actor=actor)}
    for heading, shared in (("Tuyas", False), ("De todos", True)):
        some = [view for view in offered if view.shared is shared]
        if some:
            st.caption(heading)
        for view in some:
            _row(key, view, view.id in pinned, actor)
    if not offered:
        st.markdown(
            "**Aún no hay vistas de esta lista.** Busca, filtra, agrupa o acomoda las columnas, y "
            "guarda aquí la tabla con un nombre para volver a ella."
        )


def _row(key: str, view: SavedView, pinned: bool, actor: Actor) -> None:
    here = view.id == opening.of(key).saved
    with st.container(horizontal=True, gap=None, key=f"view_{'here_' if here else ''}{view.id}"):
        st.button(
            plain(view.name),
            key=f"views.open.{view.id}",
            type="tertiary",
            help=f"De {plain(view.owner_name)}" if view.shared else None,
            on_click=_open,
            args=(key, view),
            width="stretch",
        )
        st.button(
            "Quitar del menú" if pinned else "Fijar en el menú",
            key=f"views.pin.{view.id}",
            type="tertiary",
            icon=":material/keep_off:" if pinned else ":material/keep:",
            on_click=_pin,
            args=(view, not pinned),
        )
        if views.may_change(view, actor):
            st.button(
                "Administrar",
                key=f"views.manage.{view.id}",
                type="tertiary",
                icon=":material/edit:",
                on_click=_manage,
                args=(key, view),
            )


def _pin(view: SavedView, on: bool) -> None:
    with _refusing():
        views.pin(process.desk(), view.id, on=on, actor=shell.actor())
        st.rerun()  # the menu too


def _manage(key: str, view: SavedView) -> None:
    """Its window opens when the popover has closed: one would lie over the other."""
    st.session_state[_popover(key)] = False
    st.session_state[_MANAGED] = view


# ---- a new one -----------------------------------------------------------------------------


def _save_as(key: str, source: Source, actor: Actor) -> None:
    with st.form("views.save", border=False):
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            st.text_input(
                "Guardar la tabla como está",
                key=_NAME,
                max_chars=MOST_NAME,
                placeholder="Por ejemplo: Vencidas de SAE",
                autocomplete="off",
            )
            st.form_submit_button("Guardar", on_click=_save, args=(key, source))
        if actor.may(Permission.SHARE_VIEWS):
            st.checkbox("Para todos", key=_SHARED, help="Todos la verán en Vistas.")


def _save(key: str, source: Source) -> None:
    with _refusing():
        saved = views.save(
            process.desk(),
            source.id,
            st.session_state.get(_NAME, ""),
            opening.current(key),
            shared=bool(st.session_state.get(_SHARED)),
            actor=shell.actor(),
        )
        opening.name_saved(key, saved.id, saved.name)
        _shut(key, f"Vista «{plain(saved.name)}» guardada.")


# ---- small things --------------------------------------------------------------------------


@contextmanager
def _refusing() -> Iterator[None]:
    """Around a callback: a refusal stands in the popover when it is drawn again."""
    try:
        yield
    except AppError as error:
        if error.reason is Reason.SIGNED_OUT:
            st.rerun()
        st.session_state[_PROBLEM] = refusal(error)


def _shut(key: str, told: str = "") -> None:
    """Close the popover and draw the whole page: its table, its title and the menu."""
    st.session_state[_popover(key)] = False
    st.session_state[_TOLD] = told
    st.rerun()


def _popover(key: str) -> str:
    return f"views.{key}"
