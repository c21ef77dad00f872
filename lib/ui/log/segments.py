"""The log's segments for those who read it: where each lies, beside the proof."""

import streamlit as st

from lib.model.segment import State
from lib.services.log import archiving
from lib.ui import popovers, process, shell
from lib.ui.log import segment_words

_KEY = "segments"
_WIDTH = 560  # pixels
_MOST = 13  # of them on screen: a year and the month in use
_SHOWN = ("Tramo", "Renglones", "Desde", "Hasta", "Estado")
_WHAT = (
    "La bitácora empieza un tramo cada mes y después de cada problema; cada uno se comprueba por "
    "separado. Los viejos se archivan solos y siguen a la vista."
)


@st.fragment
def popover() -> None:
    """The button and, while it is open, what is under it."""
    box = st.popover(
        "Tramos",
        icon=":material/inventory_2:",
        width="stretch",
        key=f"{_KEY}.open",
        on_change="rerun",
    )
    if box.open:
        with box, st.container(width=_WIDTH), shell.guarded():
            _table()
            popovers.take_focus(_KEY)


def _table() -> None:
    """The newest first."""
    every = archiving.every(process.desk(), shell.actor())
    cells = segment_words.cells(every)[::-1]
    places = [segment_words.TITLES.index(title) for title in _SHOWN]
    table = {segment_words.TITLES[at]: [row[at] for row in cells[:_MOST]] for at in places}
    st.markdown(_WHAT)
    st.table(table, hide_index=True, border="horizontal", alt="Tramos de la bitácora")
    more = len(cells) - _MOST
    if more > 0:
        st.caption(f"Y {more} anteriores: python -m lib log list los dice todos.")
    if any(each.state is State.UNREADABLE for each in every):
        st.caption(":material/gpp_bad: Pide a tu administrador que devuelva el archivo a su lugar.")
