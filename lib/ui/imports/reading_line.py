"""How the file was read, in one line, and the window where a person says otherwise."""

from collections.abc import Callable, Iterable
from typing import Any

import streamlit as st

from lib.model.reading import ENCODINGS, NO_HEADING, SEPARATORS, Choice, FileKind, Look
from lib.ui import written
from lib.ui.imports import reading_words as words
from lib.ui.plain import escaped

_PARTS = ("encoding", "separator", "heading_line", "sheet")
UNREAD = "Así no se pudo leer. Si no trae encabezado, u otra cosa, dilo en «Cambiar cómo se lee»."
_FOUND = "Automático"
_FARTHEST = 100  # lines a heading may be on


def choice(source: str) -> Choice:
    """What the person said of this source so far."""
    said: dict[str, Any] = {part: st.session_state.get(_key(part, source)) for part in _PARTS}
    return Choice(**said)


def draw(source: str, look: Look | None, *, read: bool, unread: str = UNREAD) -> None:
    """`look` is the last one there was of this source, `read` whether it is of its present
    choice: otherwise only the choices are shown, and `unread` is said."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(escaped(words.sentence(look.reading)) if look and read else unread)
        with st.popover("Cambiar cómo se lee", type="tertiary", icon=":material/tune:"):
            _choices(source, look)
            if look and read:
                _first_cells(look)


def _choices(source: str, look: Look | None) -> None:
    kind = look.reading.kind if look else FileKind.CSV
    if kind is FileKind.CSV:
        _select("Codificación", "encoding", source, ENCODINGS, words.ENCODINGS.__getitem__)
    if kind in (FileKind.CSV, FileKind.PASTED):
        _select("Separador", "separator", source, SEPARATORS, words.separator)
    if look and len(look.reading.sheets) > 1:
        _select("Hoja", "sheet", source, look.reading.sheets, str)
    lines = range(NO_HEADING, _FARTHEST + 1)
    _select("Encabezado", "heading_line", source, lines, _heading)


def _select(
    label: str, part: str, source: str, options: Iterable[Any], word: Callable[[Any], str]
) -> None:
    st.selectbox(
        label,
        [None, *options],
        format_func=lambda option: _FOUND if option is None else word(option),
        placeholder=_FOUND,  # None, once it is in the session, is no choice to Streamlit
        key=_key(part, source),
    )


def _first_cells(look: Look) -> None:
    """As they are read: a wrong encoding shows in an accent, a wrong separator in one column."""
    st.caption(f"Primeras filas, {written.count(len(look.headings), 'columna', 'columnas')}")
    rows = [
        {"Columna": title.strip() or "—", **{f"Fila {n}": c for n, c in enumerate(cells, 1)}}
        for title, cells in zip(look.headings, look.samples, strict=True)
    ]
    st.dataframe(rows, hide_index=True, width="stretch")


def _heading(line: int) -> str:
    return "Sin encabezado" if line == NO_HEADING else f"Línea {line}"


def _key(part: str, source: str) -> str:
    return f"importing.{part}.{source}"
