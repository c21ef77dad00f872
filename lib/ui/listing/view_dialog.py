"""The window in which a saved view is renamed, shared and deleted."""

import streamlit as st

from lib.model.errors import AppError
from lib.model.roles import Permission
from lib.model.saved_view import MOST_NAME, SavedView
from lib.services.records import views
from lib.ui import process, shell
from lib.ui.grid import opening
from lib.ui.plain import plain, refusal


@st.dialog("Administrar vista")
def manage(key: str, view: SavedView) -> None:
    """`view` as it was when the window was opened: what others changed since is told."""
    with shell.guarded():
        may_share = shell.actor().may(Permission.SHARE_VIEWS)
        with st.form("views.manage", border=False):
            name = st.text_input("Nombre", view.name, max_chars=MOST_NAME, autocomplete="off")
            shared = st.checkbox("Para todos", view.shared, disabled=not may_share)
            saved = st.form_submit_button("Guardar", type="primary")
        if saved:
            _save(key, view, name, shared)
        st.divider()
        _delete(key, view)


def _save(key: str, view: SavedView, name: str, shared: bool) -> None:
    try:
        now = views.change(
            process.desk(),
            view.id,
            view.version,
            title=name,
            shared=shared,
            actor=shell.actor(),
        )
    except AppError as error:
        st.error(refusal(error), icon=":material/block:")
        return
    if opening.of(key).saved == view.id:
        opening.rename(key, now.name)
    st.rerun()


def _delete(key: str, view: SavedView) -> None:
    """Twice asked: a view that is everybody's may stand in many a menu."""
    whose = "Es de todos: dejarán de verla en su menú. " if view.shared else ""
    sure = st.checkbox(f"{whose}Sí, borrar «{plain(view.name)}»", key=f"views.sure.{view.id}")
    pressed = st.button("Borrar vista", icon=":material/delete:", disabled=not sure)
    if not pressed:
        return
    try:
        views.delete(process.desk(), view.id, view.version, actor=shell.actor())
    except AppError as error:
        st.error(refusal(error), icon=":material/block:")
        return
    if opening.of(key).saved == view.id:
        opening.name_saved(key, "", "")
    st.rerun()
