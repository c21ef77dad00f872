"""What a load or an import read, and which rows it set aside and why."""

from collections import Counter
from collections.abc import Mapping, Sequence

import streamlit as st

from lib.model.load import Difference, FileCounts, LoadReport, RowNote
from lib.ui import field_words

_SHOWN = 5_000  # rows that one table shows; the command line's --json lists them all
_FEW = 20  # rows that are seen at a glance


def load_report(report: LoadReport) -> None:
    """A load's result: by file, what was set aside, what to look at twice."""
    st.success(_published(report), icon=":material/check_circle:")
    counts(report.files)
    notes("Filas apartadas", report.set_aside, "No entraron; corrígelas y vuelve a cargar.")
    notes("Avisos", report.warnings, "Entraron, pero conviene revisarlas.")
    differences(report.differences)


def counts(files: Mapping[str, FileCounts]) -> None:
    rows = [
        {
            "Archivo": name,
            "Filas": c.rows,
            "Nuevas": c.new,
            "Cambiadas": c.changed,
            "Iguales": c.unchanged,
            "Apartadas": c.set_aside,
            "En blanco": c.blank,
            "Avisos": c.warnings,
        }
        for name, c in files.items()
    ]
    st.dataframe(rows, hide_index=True, width="stretch")


def notes(title: str, found: Sequence[RowNote], about: str) -> None:
    """Rows with something wrong: where they stand in the file and why."""
    if not found:
        return
    with st.expander(f"{title}: {len(found):,}", expanded=len(found) <= _FEW):
        st.caption(about)
        _by_reason(found)
        rows = [
            {"Archivo": n.file, "Línea": n.line, "Campo": n.field, "Motivo": n.why}
            for n in found[:_SHOWN]
        ]
        st.dataframe(rows, hide_index=True, width="stretch")
        if len(found) > _SHOWN:
            st.caption(f"Se muestran las primeras {_SHOWN:,}.")


def _by_reason(found: Sequence[RowNote]) -> None:
    """How many of each, when there are many: one common remark must not hide the rest."""
    kinds = Counter((n.file, n.field, n.reason) for n in found)
    if len(found) <= _FEW or len(kinds) == len(found):
        return
    rows = [
        {"Archivo": file, "Campo": field, "Motivo": reason, "Filas": count}
        for (file, field, reason), count in kinds.most_common(_FEW)
    ]
    st.dataframe(rows, hide_index=True, width="stretch")


def differences(found: Sequence[Difference]) -> None:
    """What the vendor says otherwise than the desk: nothing was overwritten."""
    if not found:
        return
    with st.expander(f"Correcciones que el proveedor no tiene: {len(found):,}"):
        st.caption("Se conservan los datos corregidos en la mesa.")
        rows = [
            {
                "Cuenta": d.account_no,
                "Dato": field_words.FIELD_NAMES[d.field].rstrip("*"),
                "En la mesa": d.desk or "—",
                "Del proveedor": d.vendor or "—",
            }
            for d in found[:_SHOWN]
        ]
        st.dataframe(rows, hide_index=True, width="stretch")


def _published(report: LoadReport) -> str:
    t = report.totals
    changes = f"{t.new:,} nuevas, {t.changed:,} cambiadas, {t.unchanged:,} iguales"
    aside = f"{t.set_aside:,} apartadas"
    return f"Carga terminada: {changes} y {aside} de {t.rows:,} filas."
