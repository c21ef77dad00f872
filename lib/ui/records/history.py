"""The loads and imports before this one."""

import streamlit as st

from lib.model import clock
from lib.services.loads import history
from lib.ui import process, shell

_KINDS = {"pack": "Paquete", "certificates": "Certificados"}


def draw() -> None:
    """The last ones, newest first."""
    st.header("Cargas e importaciones anteriores", anchor=False)
    with shell.guarded():
        batches = history.loads_and_imports(process.desk(), shell.actor())
        if not batches:
            st.caption("Todavía no hay ninguna.")
            return
        rows = [
            {
                "Fecha": f"{clock.at_office(b.finished_at):%d/%m/%Y %H:%M}",
                "Qué": _KINDS[b.kind],
                "Origen": b.source,
                "Quién": b.actor,
                "Nuevas": b.summary.get("new", 0),
                "Cambiadas": b.summary.get("changed", 0),
                "Iguales": b.summary.get("unchanged", 0),
                "Apartadas": b.summary.get("set_aside", 0),
            }
            for b in batches
        ]
        st.dataframe(rows, hide_index=True, width="stretch")
