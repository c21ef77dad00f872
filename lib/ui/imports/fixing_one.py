"""A bad row by itself, to be typed over where a table has no room: on a phone, all that is wrong
with it can be read and each of its cells typed.

The table and this stand side by side in the page, and lib/ui/shell.css shows one of them.
"""

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from lib.model.load import RowNote
from lib.services.imports import fixing
from lib.services.imports.fixing import Mendable, Wrong
from lib.store.pack.files import CERTIFICATES
from lib.ui.plain import escaped, plain

_LINE = "fixing.line"  # the row that is looked at
_HEADINGS = {column.name: column.heading for column in CERTIFICATES.columns}
_LONGEST = 40  # characters of why in the list of rows

# A row's line, one of our columns' names, and what was typed there.
Typed = Callable[[int, str, str], None]


def draw(
    rows: Sequence[Mendable], edits: Mapping[int, Mapping[str, str]], wrong: Wrong, typed: Typed
) -> None:
    """`edits` is what was typed so far, `wrong` what is wrong still; `typed` hears of more."""
    by_line = {row.line: row for row in rows}
    if st.session_state.get(_LINE) not in by_line:
        st.session_state[_LINE] = next((line for line in by_line if line in wrong), rows[0].line)
    line: int = st.selectbox(
        "Fila",
        list(by_line),
        format_func=lambda at: f"Línea {at}: {_why(wrong.get(at, ()))}",
        key=_LINE,
    )
    row, notes = by_line[line], wrong.get(line, ())
    cells = {**row.cells, **edits.get(line, {})}
    fields = [name for name in cells if any(note.field == _HEADINGS[name] for note in notes)]
    for note in notes:
        st.markdown(f":material/error: {escaped(note.said)}")
    if not notes:
        st.markdown(":green[:material/check_circle: Corregida: entrará.]")
    for name, text in fixing.suggested(notes).items():
        label = f"Escribir {plain(text)} en {_HEADINGS[name]}"
        st.button(label, on_click=typed, args=(line, name, text), key=f"fixing.one.use.{name}")
    for name in fields:
        _cell(line, name, cells[name], typed)
    with st.expander("Los demás datos de la fila", expanded=not fields and bool(notes)):
        for name in (name for name in cells if name not in fields):
            _cell(line, name, cells[name], typed)
    _steps(list(by_line), line)


def _why(notes: Sequence[RowNote]) -> str:
    if not notes:
        return "✓ corregida"
    said = "; ".join(note.field or note.reason for note in notes)
    return said if len(said) <= _LONGEST else f"{said[: _LONGEST - 1]}…"


def _cell(line: int, name: str, text: str, typed: Typed) -> None:
    """Another box once its text is another, also when it was typed in the table."""
    key = f"fixing.one.{line}.{name}.{hash(text)}"

    def heard() -> None:
        typed(line, name, st.session_state[key])

    st.text_input(_HEADINGS[name], text, key=key, on_change=heard)


def _steps(lines: Sequence[int], line: int) -> None:
    at = lines.index(line)
    with st.container(horizontal=True, key="fixing_steps"):
        for label, icon, to in (
            ("Anterior", ":material/arrow_back:", at - 1),
            ("Siguiente", ":material/arrow_forward:", at + 1),
        ):
            there = 0 <= to < len(lines)
            st.button(
                label,
                icon=icon,
                disabled=not there,
                key=f"fixing.one.{label}",
                on_click=_look_at,
                args=(lines[to] if there else line,),
            )


def _look_at(line: int) -> None:
    st.session_state[_LINE] = line
