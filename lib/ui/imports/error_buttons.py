"""The bad rows as a file: two ways to take it, of a file that is looked at or of one that is in."""

import streamlit as st

from lib.model.roles import Permission
from lib.model.sheet import Format
from lib.services.imports import error_download
from lib.services.imports.previewing import Preview
from lib.ui import process, shell
from lib.ui.listing import download, export

_BUTTONS = {
    Format.XLSX: ("Errores en Excel (.xlsx)", ":material/table_view:"),
    Format.CSV: ("Errores en CSV (.csv)", ":material/csv:"),
}


def draw(rows: int, about: str, seen: Preview | None = None, batch_id: str = "") -> None:
    """For those who may; nothing without rows. Of `seen` or, without it, of a batch; `about` says
    what to do with the file."""
    if rows and shell.actor().may(Permission.EXPORT):
        _draw(about, seen, batch_id)


@st.fragment
def _draw(about: str, seen: Preview | None, batch_id: str) -> None:
    st.caption(about)
    with st.container(horizontal=True, gap="small"):
        pressed = [form for form in _BUTTONS if _button(form)]
    for form in pressed:
        with shell.guarded():
            ticket = error_download.start(process.desk(), shell.actor(), form, seen, batch_id)
            export.follow(download.ERRORS_PATH + ticket, f"errors.{form}.browser")


def _button(form: Format) -> bool:
    label, icon = _BUTTONS[form]
    return st.button(label, icon=icon, key=f"errors.{form}")
