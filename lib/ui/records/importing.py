"""Importar: choose a CSV, see what it would do, confirm."""

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from lib.model.system import Certificate
from lib.services.loads import importing
from lib.services.loads.importing import Preview
from lib.ui import process, shell, written
from lib.ui.records import report

_PREVIEW = "importing.preview"
_OF = "importing.of"  # which upload the preview is of
_DONE = "importing.done"


def form() -> None:
    st.title("Importar certificados", anchor=False)
    st.caption(
        "Columnas: Folio, No. Serie, Sistema, Versión, Usuarios, Fecha Compra, Titular, RFC y "
        "No. Cuenta, en cualquier orden. Nada entra hasta que confirmes."
    )
    file = st.file_uploader(
        "Archivo CSV de certificados", type=["csv", "txt"], key="importing.file"
    )
    if done := st.session_state.pop(_DONE, ""):
        st.success(done, icon=":material/check_circle:")
    with shell.guarded():
        _look_at(file)
    seen: Preview | None = st.session_state.get(_PREVIEW)
    if file and seen:
        _show(seen)


def _look_at(file: UploadedFile | None) -> None:
    """Preview an upload once; another file, or none, forgets the former one's preview."""
    upload = file.file_id if file else ""
    if upload == st.session_state.get(_OF, ""):
        return
    _forget()
    if file:
        with st.spinner("Revisando el archivo…"):
            st.session_state[_PREVIEW] = importing.preview(
                process.desk(), shell.actor(), file.name, file
            )
    # Last: a rerun may cut in above, and the next one must look again.
    st.session_state[_OF] = upload


def _show(seen: Preview) -> None:
    new, changed, same, bad = st.columns(4)
    new.metric("Nuevos", f"{seen.merge.new:,}", border=True)
    changed.metric("Cambiados", f"{seen.merge.changed:,}", border=True)
    same.metric("Iguales", f"{seen.merge.unchanged:,}", border=True)
    bad.metric("Apartados", f"{seen.counts.set_aside:,}", border=True)
    report.notes("Filas apartadas", seen.set_aside, "No entrarán; corrígelas y vuelve a subirlas.")
    report.notes("Avisos", seen.warnings, "Entrarán, pero conviene revisarlas.")
    if seen.sample:
        with st.expander("Primeras filas que entrarán"):
            st.dataframe([_row(c) for c in seen.sample], hide_index=True, width="stretch")
    coming = seen.merge.new + seen.merge.changed
    if not coming:
        st.info("No hay nada nuevo que importar: las filas válidas ya están en la mesa.")
        return
    st.button(
        f"Importar {written.count(coming, 'certificado', 'certificados')}",
        type="primary",
        icon=":material/download_done:",
        on_click=_commit,
        args=(seen,),
    )


def _commit(seen: Preview) -> None:
    with shell.guarded():
        done = importing.commit(process.desk(), shell.actor(), seen)
        st.session_state[_DONE] = (
            f"Importación terminada: {done.new:,} nuevos y {done.changed:,} cambiados."
        )
        st.session_state.pop(_PREVIEW, None)


def _forget() -> None:
    seen: Preview | None = st.session_state.pop(_PREVIEW, None)
    if seen:
        importing.discard(seen)


def _row(c: Certificate) -> dict[str, object]:
    return {
        "Folio": c.folio,
        "No. Serie": c.serial,
        "Sistema": c.product,
        "Versión": c.version,
        "Usuarios": c.seats,
        "Fecha Compra": written.day(c.purchased_on),
        "Titular": c.holder,
        "RFC": c.rfc,
        "Cuenta": c.account_no,
    }
