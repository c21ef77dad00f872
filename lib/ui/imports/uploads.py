"""What Importar reads: one of the files chosen, or rows pasted from a spreadsheet."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from lib.model.reading import Choice
from lib.services.imports import previewing

_FILES = "importing.files"
_CHOSEN = "importing.chosen"  # which of several files is looked at
_PASTED = "importing.pasted"
_WAY = "importing.way"
_IMPORTED = "importing.imported"  # the uploads that went in
_KNOWN = "importing.known"  # those that were there when it was drawn last
_FROM_FILES, _FROM_CLIPBOARD = "Archivos", "Pegar filas"

_FOUND = Choice()
_PACKED = 8  # bytes of a CSV in one of a workbook with the same rows, about


@dataclass(frozen=True)
class Source:
    """Rows to look at: a file, one `kept` since it was uploaded and read as `choice`, or the text.
    `key` tells it from any other."""

    key: str
    name: str
    file: UploadedFile | None = None
    text: str = ""
    kept: Path | None = None
    choice: Choice = _FOUND

    def opened(self) -> BinaryIO | None:
        """The file, to be read; it stays readable when its name goes. None for text."""
        if self.file:
            return BytesIO(self.file.getvalue())  # the same bytes, not a copy of them
        return self.kept.open("rb") if self.kept else None

    @property
    def takes_long(self) -> bool:
        """Whether its check is nothing to wait for: more than a second or two."""
        if not self.file and not self.kept:
            return False
        size = self.file.size if self.file else self.kept.stat().st_size if self.kept else 0
        packed = not self.name.lower().endswith((".csv", ".txt", ".tsv"))
        return size * (_PACKED if packed else 1) >= previewing.BIG


def source() -> Source | None:
    """Draw both ways of bringing rows; what is to be looked at now."""
    way = st.segmented_control(
        "De dónde vienen", [_FROM_FILES, _FROM_CLIPBOARD], default=_FROM_FILES, required=True,
        key=_WAY, label_visibility="collapsed",
    )  # fmt: skip
    return _pasted() if way == _FROM_CLIPBOARD else _of_files()


def went_in(done: Source) -> None:
    """The source was imported: from several files, the next one is looked at."""
    imported = st.session_state.setdefault(_IMPORTED, set())
    imported.add(done.key)
    waiting = [f.file_id for f in _files() if f.file_id not in imported]
    if waiting:
        st.session_state[_CHOSEN] = waiting[0]


def _of_files() -> Source | None:
    files = st.file_uploader(
        "Archivos de certificados: CSV, Excel (.xlsx) u OpenDocument (.ods)",
        type=["csv", "txt", "tsv", "xlsx", "xlsm", "ods"],
        accept_multiple_files=True,
        key=_FILES,
    )
    if not files:
        return None
    file = _one_of(files) if len(files) > 1 else files[0]
    return Source(file.file_id, file.name, file)


def _one_of(files: list[UploadedFile]) -> UploadedFile:
    """Several files are looked at one after another: each brings in only its own rows. One that
    comes when the one looked at is in, as its errors mended, is looked at next."""
    by_id = {file.file_id: file for file in files}
    imported = st.session_state.get(_IMPORTED, set())
    known = st.session_state.get(_KNOWN, set())
    waiting = [key for key in by_id if key not in imported]
    chosen_before = st.session_state.get(_CHOSEN)
    done_with = chosen_before in imported and not known.issuperset(waiting)
    if chosen_before not in by_id or done_with:
        st.session_state[_CHOSEN] = (waiting or list(by_id))[0]
    st.session_state[_KNOWN] = set(by_id)
    chosen: str = st.selectbox(
        f"Archivo en revisión, de {len(files)}",
        list(by_id),
        format_func=lambda key: by_id[key].name + (" · importado" if key in imported else ""),
        key=_CHOSEN,
    )
    return by_id[chosen]


def _pasted() -> Source | None:
    text: str = st.text_area(
        "Filas copiadas de una hoja de cálculo",
        key=_PASTED,
        height=180,
        placeholder="Pega aquí las filas, con o sin su encabezado",
        help="Sin encabezado se toman en el orden de la plantilla; luego puedes decir otro.",
    )
    if not text.strip():
        return None
    return Source(f"pasted:{hash(text)}", "", text=text)


def _files() -> list[UploadedFile]:
    return st.session_state.get(_FILES) or []
