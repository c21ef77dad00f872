"""Descargar: the period on screen as a PDF to print, as a workbook, or as a mail to oneself."""

from typing import Literal

import streamlit as st

from lib.model.actor import Actor
from lib.model.period import Period
from lib.model.report import Paper
from lib.model.roles import Permission
from lib.services.log import mailings, report_files
from lib.ui import popovers, process, shell
from lib.ui.board import board_words
from lib.ui.listing import download, export

_KEY = "board.download"
_WIDTH = 360  # pixels
_WHAT = (
    "Lo que ves en Tablero, contado al descargar. El PDF trae gráficas y tablas para imprimir o"
    " enviar; en Excel cada tabla es una hoja con sus números."
)
_ON_ITS_WAY = "Quedó en cola; llega en unos segundos al correo de tu usuario."
_BUTTONS: dict[Paper, tuple[str, str, Literal["primary", "secondary"]]] = {
    Paper.PDF: ("PDF (.pdf)", ":material/picture_as_pdf:", "primary"),
    Paper.XLSX: ("Excel (.xlsx)", ":material/table_view:", "secondary"),
}


def popover(asked: Period, actor: Actor) -> None:
    """The button for those who may and, while it is open, what is under it."""
    if not actor.may(Permission.EXPORT):
        return
    box = st.popover("Descargar", icon=":material/download:", key=f"{_KEY}.open", on_change="rerun")
    if box.open:
        with box, st.container(width=_WIDTH), shell.guarded():
            _offer(asked)
            popovers.take_focus(_KEY)


def _offer(asked: Period) -> None:
    st.markdown(f"**{board_words.span(asked)}**")
    with st.container(horizontal=True, gap="small"):
        pressed = [paper for paper in _BUTTONS if _button(paper)]
    if st.button("Enviármelo por correo", icon=":material/outgoing_mail:", key=f"{_KEY}.mail"):
        with shell.guarded():
            mailings.send_me(process.desk(), shell.actor(), asked)
            st.success(_ON_ITS_WAY, icon=":material/mark_email_read:")
    for paper in pressed:
        with shell.guarded():
            ticket = report_files.start(process.desk(), shell.actor(), asked, paper)
            export.follow(download.REPORTS_PATH + ticket, f"{_KEY}.{paper}.browser")
    st.markdown(f":small[{_WHAT}]")
    st.markdown(":small[:material/history: Queda en la Bitácora con tu nombre.]")


def _button(paper: Paper) -> bool:
    label, icon, kind = _BUTTONS[paper]
    return st.button(label, icon=icon, type=kind, key=f"{_KEY}.{paper}")
