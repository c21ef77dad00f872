"""How the file of a batch was read: its form in a line, and which column was which."""

import streamlit as st

from lib.model.reading import Found, ReadAs
from lib.store.pack.files import CERTIFICATES
from lib.ui.imports import reading_words as words
from lib.ui.plain import escaped, plain


def draw(read: ReadAs) -> None:
    st.caption(f"Se leyó como {escaped(words.sentence(read.reading))}")
    there = sum(1 for _, at in read.reading.columns if at is not None)
    with st.expander(
        f"Columnas: {there} de {len(CERTIFICATES.columns)}", icon=":material/view_column:"
    ):
        if read.mapped_by:
            st.caption(f"Como las eligió {plain(read.mapped_by)} para estos encabezados.")
        rows = [
            {
                "Dato": column.heading,
                "Columna del archivo": read.headings.get(column.name, "—"),
                "Cómo": words.FOUND[read.found.get(column.name, Found.ABSENT)],
            }
            for column in CERTIFICATES.columns
        ]
        st.dataframe(rows, hide_index=True, width="stretch")
