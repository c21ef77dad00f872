"""Cargar: choose the pack's files, watch it load, read the report."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from lib.model.errors import AppError, Reason
from lib.model.load import Stage
from lib.services.loads import incoming, loading
from lib.ui import messages, process, shell
from lib.ui.imports import report

_FILES = "loading.files"
_REPORT = "loading.report"
_SOURCE = "Página Cargar datos"  # what the history calls a pack that came through here


def form() -> None:
    """The five files at once, or those there are; a missing one leaves its part as it was."""
    st.title("Cargar datos", anchor=False)
    files = st.file_uploader(
        "Archivos del paquete: cuentas, suscripciones, licencias, cda y certificados",
        type=["csv", "txt"],
        accept_multiple_files=True,
        key=_FILES,
    )
    if st.button("Cargar", type="primary", disabled=not files, icon=":material/database_upload:"):
        st.session_state.pop(_REPORT, None)
        with shell.guarded():
            _load(files)
    if _REPORT in st.session_state:
        report.load_report(st.session_state[_REPORT])


def _load(files: Sequence[UploadedFile]) -> None:
    """The report is kept as soon as there is one: drawing anything may end this run."""
    bar = st.progress(0.0, "Recibiendo los archivos…")

    def show(stage: Stage, fraction: float) -> None:
        bar.progress(min(1.0, max(0.0, fraction)), messages.STAGE_NAMES[stage])

    with _received(files) as folder:
        try:
            st.session_state[_REPORT] = loading.load(process.desk(), shell.actor(), folder, show)
        except AppError as error:
            if error.reason is not Reason.NO_PACK:
                raise
            # A path on the server says nothing to who chose the files.
            raise AppError(Reason.NO_PACK, folder="los archivos que elegiste") from error
    bar.empty()


@contextmanager
def _received(files: Sequence[UploadedFile]) -> Iterator[Path]:
    """The uploads as a folder of the desk's data, gone when the load is done."""
    upload = incoming.new_folder(process.desk())
    folder = upload / _SOURCE
    folder.mkdir()
    try:
        for file in files:
            with (folder / Path(file.name).name).open("wb") as stream:
                shutil.copyfileobj(file, stream, 1 << 20)
        yield folder
    finally:
        shutil.rmtree(upload, ignore_errors=True)
