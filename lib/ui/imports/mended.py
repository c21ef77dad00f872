"""What was typed over the cells of a file before it went in: on its batch's page."""

from collections.abc import Sequence

import streamlit as st

from lib.model.load import Mended
from lib.ui import written


def draw(cells: Sequence[Mended]) -> None:
    """Nothing when nobody typed."""
    if not cells:
        return
    lines = len({cell.line for cell in cells})
    title = written.count(lines, "fila corregida a mano", "filas corregidas a mano")
    with st.expander(title, icon=":material/edit:"):
        st.caption("Entraron como se corrigieron; el archivo original se conserva como vino.")
        rows = [
            {"Línea": c.line, "Dato": c.field, "En el archivo": c.old, "Como entró": c.new}
            for c in cells
        ]
        st.dataframe(rows, hide_index=True, width="stretch", alt="Celdas corregidas a mano")
