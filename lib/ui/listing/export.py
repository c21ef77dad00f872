"""Exportar: what would leave, in words; two ways to take it; and the browser's download."""

from pathlib import Path
from typing import Literal

import streamlit as st

from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.roles import Permission
from lib.model.selection import Selection
from lib.model.sheet import Format, Words
from lib.model.view import View
from lib.services.records import exporting
from lib.services.records.exporting import Personal
from lib.store.grid.sources import Source
from lib.ui import messages, popovers, process, shell, written
from lib.ui.grid import opening
from lib.ui.grid.names import HEADINGS, TITLES
from lib.ui.listing import download
from lib.ui.log import log_names

_component = st.components.v2.component(
    "mesa_export", js=Path(__file__).with_name("export.js").read_text("utf-8")
)
# A file is named after its page; and a column as the importer and the vendor write it.
_TITLES = {"subscriptions": "Suscripciones"}
_HEADINGS = {"account_no": "No. Cuenta"}
_WIDTH = 380  # pixels
_WHICH = (
    "Excel conserva series y teléfonos como son. El CSV es para otros programas y para volver a "
    "importar: si lo abres con Excel, pierde los ceros de la izquierda."
)
_PERSONAL = {
    Personal.NONE: "",
    Personal.MASKED: "Correos, teléfonos y RFC de personas salen con asteriscos.",
    Personal.WHOLE: "Lleva datos personales completos: guárdalo y bórralo como tal.",
}
_BUTTONS: dict[Format, tuple[str, str, Literal["primary", "secondary"]]] = {
    Format.XLSX: ("Excel (.xlsx)", ":material/table_view:", "primary"),
    Format.CSV: ("CSV (.csv)", ":material/csv:", "secondary"),
}


def popover(source: Source, key: str, actor: Actor) -> None:
    """The button for those who may and, while it is open, what is under it. In a fragment."""
    if not actor.may(Permission.EXPORT):
        return
    box = st.popover(
        "Exportar", icon=":material/download:", key=f"export.{key}.open", on_change="rerun"
    )
    if box.open:
        with box, st.container(width=_WIDTH), shell.guarded():
            _offer(source, opening.current(key), f"export.{key}")
            popovers.take_focus(f"export.{key}")


def words(source: Source) -> Words:
    """What a file of this list is called, and its columns."""
    headings = {c.id: _HEADINGS.get(c.id, HEADINGS[c.id].label) for c in source.columns}
    return Words(_TITLES.get(source.id, TITLES[source.id]), headings)


@st.dialog("Exportar selección")
def of_selection(source: Source, view: View, selection: Selection) -> None:
    """The same for what is ticked in a grid, in a window."""
    with shell.guarded():
        _offer(source, view, "export.selection", selection)


def _offer(source: Source, view: View, place: str, selection: Selection | None = None) -> None:
    shown = log_names.labelled(source, process.desk(), shell.actor())
    records = exporting.count(process.desk(), shown, view, selection, actor=shell.actor())
    if not records:
        st.info(
            messages.sentence(AppError(Reason.NOTHING_TO_EXPORT)), icon=":material/filter_alt_off:"
        )
        return
    st.markdown(said(shown, view, records, selection))
    with st.container(horizontal=True, gap="small"):
        pressed = [form for form in _BUTTONS if _button(form, place)]
    for form in pressed:
        _start(shown, view, form, place, selection)
    st.markdown(f":small[{_WHICH}]")
    if held := _PERSONAL[exporting.personal(shown, view, shell.actor())]:
        st.markdown(f":small[:material/shield_person: {held}]")
    st.markdown(":small[:material/history: Queda en la Bitácora con tu nombre.]")


def _button(form: Format, place: str) -> bool:
    label, icon, kind = _BUTTONS[form]
    return st.button(label, icon=icon, type=kind, key=f"{place}.{form}")


def _start(
    source: Source, view: View, form: Format, place: str, selection: Selection | None
) -> None:
    """The ticket is drawn in this run alone: the browser follows it at once."""
    with shell.guarded():
        ticket = exporting.start(
            process.desk(), source, view, form, words(source), selection, actor=shell.actor()
        )
        follow(download.PATH + ticket, f"{place}.browser")


def follow(path: str, key: str) -> None:
    """Have the browser fetch a file, in this run alone."""
    _component(data={"path": path}, key=key)
    st.success("La descarga empezó; sigue en tu navegador.", icon=":material/download_done:")


def said(source: Source, view: View, records: int, selection: Selection | None) -> str:
    """What would leave: how many rows, which, with which columns. Until somebody chooses, all that
    the list has, also those it doesn't show at first."""
    which = "lo seleccionado" if selection else _left(view)
    rows = written.count(records, "registro", "registros")
    chosen = source.shown(view.layout) if view.layout.columns else ()
    count = written.count(len(chosen), "columna", "columnas")
    columns = f"{count} a la vista" if chosen else "todas las columnas"
    return f"**{rows}** · {which} · {columns}"


def _left(view: View) -> str:
    """What the view leaves of the list."""
    return {
        (False, False): "toda la lista, sin filtros",
        (True, False): "lo que dejó la búsqueda",
        (False, True): "con los filtros puestos",
        (True, True): "con la búsqueda y los filtros puestos",
    }[bool(view.q), bool(view.filters)]
