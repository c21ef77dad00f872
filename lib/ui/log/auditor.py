"""Para el auditor: the log as a ZIP that is verified without the desk; which rows, and how much of
them."""

import datetime as dt
from typing import cast

import streamlit as st

from lib.model import clock, period
from lib.model.actor import Actor
from lib.model.audit_export import Asked
from lib.model.filter import Kind, Relative, Unusable, Within, understand
from lib.model.period import Period
from lib.model.roles import Permission
from lib.services.log import auditing
from lib.ui import process, shell, written
from lib.ui.listing import download, export
from lib.ui.log.audit_words import WORDS
from lib.ui.plain import plain

_KEY = "auditor"
_WHOLE, _DAYS = "Toda la bitácora", "De un día a otro"
_BARE, _DETAILED = "Sin datos personales", "Con datos personales"
_WHAT = (
    "Un ZIP con los renglones, las firmas que los respaldan y un programa que los comprueba sin la "
    "mesa. Su LEEME.txt dice cómo."
)
_PERSONAL = (
    "Correos, nombres y lo que se cambió, salvo lo que se haya borrado: para una autoridad que los "
    "pida. Sin ellos la cadena se comprueba igual."
)


def button(actor: Actor) -> None:
    """For those who may; it opens a window."""
    if actor.may(Permission.READ_LOG) and actor.may(Permission.EXPORT):
        asked = st.button(
            "Para el auditor…", icon=":material/folder_zip:", width="stretch", key=f"{_KEY}.open"
        )
        if asked:
            _window()


@st.dialog("Para el auditor")
def _window() -> None:
    with shell.guarded():
        _offer()


def _offer() -> None:
    st.markdown(_WHAT)
    which = st.radio("Qué renglones", [_WHOLE, _DAYS], key=f"{_KEY}.which", horizontal=True)
    try:
        days = _days() if which == _DAYS else None
    except Unusable as error:
        st.error(
            f"«{plain(str(error))}» no es un día: escríbelo como 15/11/2026.",
            icon=":material/block:",
        )
        return
    how = st.radio("Qué tanto dicen", [_BARE, _DETAILED], key=f"{_KEY}.how", help=_PERSONAL)
    asked = Asked(detailed=how == _DETAILED, days=days)
    rows = auditing.count(process.desk(), shell.actor(), asked)
    if not rows:
        st.info("De esos días no hay ningún renglón.", icon=":material/event_busy:")
        return
    said = written.count(rows, "renglón", "renglones")
    if st.button(
        f"Descargar {said}", icon=":material/download:", type="primary", key=f"{_KEY}.take"
    ):
        ticket = auditing.start(process.desk(), shell.actor(), asked, WORDS)
        export.follow(download.AUDIT_PATH + ticket, f"{_KEY}.browser")
    st.markdown(":small[:material/history: Queda en la Bitácora con tu nombre.]")


def _days() -> Period:
    """Typed as in a filter: a calendar would speak English. Raises Unusable with what was typed."""
    today = clock.today()
    with st.container(horizontal=True, gap="small"):
        first = _day("Desde", today.replace(day=1))
        last = _day("Hasta", today)
    earlier, later = sorted((first, last))
    return Period(max(earlier, period.EARLIEST), min(later, today))


def _day(label: str, otherwise: dt.date) -> dt.date:
    text = st.text_input(
        label, written.day(otherwise), key=f"{_KEY}.{label}", autocomplete="off", width=140
    )
    try:
        wanted = understand(Kind.DATE, text, clock.today())
    except Unusable as error:
        raise Unusable(text) from error
    if isinstance(wanted, Relative):
        wanted = wanted.within
    if not isinstance(wanted, Within):
        raise Unusable(text)
    found = cast("Within[dt.date]", wanted)
    return (found.first if label == "Desde" else found.last) or otherwise
