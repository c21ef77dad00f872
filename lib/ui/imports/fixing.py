"""The bad rows of a file, mended in the page: checked again as they are typed, none of it lost."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import streamlit as st

from lib.model.load import RowNote
from lib.services.imports import fixing
from lib.services.imports.fixing import Edits, Mendable, Wrong
from lib.services.imports.previewing import Preview
from lib.store.pack.files import CERTIFICATES
from lib.ui import process, shell, written
from lib.ui.imports import error_buttons, fixing_one

_WORKS = "fixing.works"  # what was typed, by file and sheet: only in this tab
_LINE, _WHY, _SUGGESTED, _USE = "Línea", "Motivo", "Sugerencia", "Usar"
_HEADINGS = {column.name: column.heading for column in CERTIFICATES.columns}
_NAMES = {heading: name for name, heading in _HEADINGS.items()}
_GOOD = "✓ Corregida: entrará"
_IN_EXCEL = (
    "O corrígelas en Excel: el archivo de errores trae esas filas con su Motivo. Cuando hayas "
    "importado las demás, sube solo ese archivo, ya corregido."
)
_WIDE, _SHORT = 270, 190  # pixels of why, and of what to type instead


@dataclass
class _Work:
    """What somebody typed in one file. `turn` names the table on the screen: another one forgets
    what its own cells were given, so it begins with `edits` in them."""

    edits: dict[int, dict[str, str]] = field(default_factory=dict)
    used: dict[int, dict[str, str]] = field(default_factory=dict)  # suggestions taken, by line
    turn: str = ""
    of: Preview | None = None  # the file as it came; the rest is of it
    rows: list[Mendable] = field(default_factory=list)
    checked: Preview | None = None
    applied: dict[int, dict[str, str]] = field(default_factory=dict)  # what `checked` is of


def current(found: Preview) -> Preview:
    """The preview with what was typed in its bad rows: the file's own when nothing was. `found` may
    have some already, when another tab left it here."""
    base = found.came or found
    work = _work(base)
    if work.of is base:
        _take(work, _key(work))
    else:
        for line, typed in found.edits.items():
            work.edits.setdefault(line, dict(typed))
        _begin(work, base)
    applied = _applied(work)
    if work.checked is None or applied != work.applied:
        desk, actor = process.desk(), shell.actor()
        with st.spinner("Revisando lo corregido…"):
            work.checked = fixing.check(desk, actor, base, work.rows, applied)
        work.applied = applied
    return work.checked


def draw(seen: Preview) -> None:
    """The bad rows of a file, to be typed over, and as a file; `seen` is what `current` made."""
    base = seen.came or seen
    work = _work(base)
    if not base.counts.set_aside:
        _said_of_lost(work)
        return
    st.header("Corregir las filas apartadas", anchor=False)
    wrong = fixing.wrong(process.desk(), shell.actor(), seen)
    _counted(base, seen, work)
    _said_of_lost(work)
    _all_suggestions(work, wrong, _key(work))
    with st.container(key="fixing_table"):
        _table(work, wrong, _key(work))
    with st.container(key="fixing_one"):  # instead of the table where that has no room
        fixing_one.draw(work.rows, work.edits, wrong, partial(_type, work, _key(work)))
    error_buttons.draw(seen.counts.set_aside, _IN_EXCEL, seen)


def forget(seen: Preview) -> None:
    """What was typed went in with the file."""
    st.session_state.get(_WORKS, {}).pop(_file(seen), None)


# ---- what was typed ----------------------------------------------------------------------------


def _work(base: Preview) -> _Work:
    works: dict[tuple[str, str], _Work] = st.session_state.setdefault(_WORKS, {})
    return works.setdefault(_file(base), _Work())


def _file(seen: Preview) -> tuple[str, str]:
    """By what is in it, so that who uploads it again goes on; another sheet has other rows on the
    same lines."""
    return seen.original.sha256, seen.look.reading.sheet


def _begin(work: _Work, base: Preview) -> None:
    """Look at the rows of a file, or at the same file read otherwise: what was typed stays."""
    work.rows = fixing.rows(process.desk(), shell.actor(), base)
    work.checked, work.applied = None, {}
    work.of = base
    _anew(work)


def _anew(work: _Work) -> None:
    """Another table: nothing is ticked in it, and what was typed is what it begins with."""
    work.turn = uuid.uuid4().hex
    work.used = {}


def _applied(work: _Work) -> dict[int, dict[str, str]]:
    """What was typed in the rows and columns that there are now."""
    there = {row.line: row.cells for row in work.rows}
    kept = {
        line: {name: text for name, text in typed.items() if name in there[line]}
        for line, typed in work.edits.items()
        if line in there
    }
    return {line: typed for line, typed in kept.items() if typed}


def _lost(work: _Work) -> int:
    """How many rows have something typed that the file, as it is read now, has no place for."""
    applied = _applied(work)
    return sum(1 for line, typed in work.edits.items() if typed != applied.get(line, {}))


def _take(work: _Work, key: str) -> None:
    """Keep what the table on the screen was given, and use the suggestions that were ticked."""
    table: Mapping[str, Any] = st.session_state.get(key, {})
    given: Mapping[int, Mapping[str, Any]] = table.get("edited_rows", {})
    ticked: dict[int, bool] = {}
    for at, cells in given.items():
        line = work.rows[int(at)].line
        for heading, value in cells.items():
            if heading == _USE:
                ticked[line] = bool(value)
            elif heading in _NAMES:
                work.edits.setdefault(line, {})[_NAMES[heading]] = str(value or "")
    for line, use in ticked.items():
        if use and line not in work.used:
            _use(work, {line: _offered(work, line)})
        elif not use and line in work.used:
            _unuse(work, line)


def _type(work: _Work, key: str, line: int, name: str, text: str) -> None:
    """Beside the table, which begins anew."""
    _take(work, key)
    work.edits.setdefault(line, {})[name] = text
    _anew(work)


def _use_all(work: _Work, suggested: Edits, key: str) -> None:
    _take(work, key)
    _use(work, suggested)


def _use(work: _Work, suggested: Edits) -> None:
    """Type suggestions; the table begins anew when one stands where somebody typed."""
    over = False
    for line, texts in suggested.items():
        typed = work.edits.setdefault(line, {})
        over = over or not typed.keys().isdisjoint(texts)
        typed.update(texts)
        work.used[line] = dict(texts)
    if over:
        _anew(work)


def _unuse(work: _Work, line: int) -> None:
    """Take back a row's suggestions, but not what was typed over them."""
    for name, text in work.used.pop(line).items():
        if work.edits[line].get(name) == text:
            del work.edits[line][name]
    if not work.edits[line]:
        del work.edits[line]


def _offered(work: _Work, line: int) -> dict[str, str]:
    """What may be typed in a row instead, as it stands now."""
    if work.checked is None:
        return {}
    wrong = fixing.wrong(process.desk(), shell.actor(), work.checked)
    return fixing.suggested(wrong.get(line, ()))


def _key(work: _Work) -> str:
    """What the table on the screen is called."""
    return f"fixing.{work.turn}"


# ---- on the screen -----------------------------------------------------------------------------


def _counted(base: Preview, seen: Preview, work: _Work) -> None:
    """How far it is: a row that is mended stays in the table, and is counted here."""
    left, mended = seen.counts.set_aside, base.counts.set_aside - seen.counts.set_aside
    said = [f":orange-badge[:material/edit: {written.count(left, 'fila', 'filas')} por corregir]"]
    if mended:
        done = written.count(mended, "corregida", "corregidas")
        said.insert(0, f":green-badge[:material/check: {done}]")
    st.markdown(" ".join(said if left else said[:1]))
    st.caption(
        "Escribe sobre las celdas: cada cambio se revisa al momento y las filas corregidas entran "
        "con las demás. El archivo original se conserva como vino."
    )
    if base.counts.set_aside > fixing.MOST:
        st.caption(
            f"Aquí se corrigen las primeras {fixing.MOST:,}; para el resto, descarga el archivo de "
            "errores."
        )


def _said_of_lost(work: _Work) -> None:
    if lost := _lost(work):
        rows = written.count(lost, "fila", "filas")
        st.warning(
            f"Lo que escribiste en {rows} no se aplica a como se lee ahora el archivo. No se "
            "perdió: vuelve si lo lees como antes.",
            icon=":material/history:",
        )


def _all_suggestions(work: _Work, wrong: Wrong, key: str) -> None:
    offered = {line: texts for line, notes in wrong.items() if (texts := fixing.suggested(notes))}
    offered = {row.line: offered[row.line] for row in work.rows if row.line in offered}
    if offered:
        st.button(
            f"Usar todas las sugerencias ({len(offered):,})",
            icon=":material/auto_fix_high:",
            key="fixing.all",
            on_click=_use_all,
            args=(work, offered, key),
        )


def _table(work: _Work, wrong: Wrong, key: str) -> None:
    offers = any(fixing.suggested(row.notes) for row in work.rows)
    st.data_editor(
        [_row(row, work, wrong.get(row.line, ()), offers=offers) for row in work.rows],
        key=key,
        column_config=_columns(work),
        hide_index=True,
        width="stretch",
        alt="Filas apartadas, para corregirlas",
    )


def _row(
    row: Mendable, work: _Work, wrong: tuple[RowNote, ...], *, offers: bool
) -> dict[str, object]:
    cells = {**row.cells, **work.edits.get(row.line, {})}
    shown: dict[str, object] = {
        _LINE: row.line,
        _WHY: "; ".join(map(_said, wrong)) or _GOOD,
    }
    if offers:
        texts = fixing.suggested(wrong).items()
        shown[_SUGGESTED] = " · ".join(f"{_HEADINGS[name]}: {text}" for name, text in texts)
        shown[_USE] = False
    return shown | {_HEADINGS[name]: cells[name] for name in row.cells}


def _said(note: RowNote) -> str:
    """Less its value and its suggestion, which stand beside it."""
    return replace(note, value="", suggestion="").said


def _columns(work: _Work) -> dict[str, Any]:
    typed = {_HEADINGS[name]: st.column_config.TextColumn() for name in work.rows[0].cells}
    return {
        _LINE: st.column_config.NumberColumn(disabled=True, pinned=True, width="small"),
        _WHY: st.column_config.TextColumn(disabled=True, pinned=True, width=_WIDE),
        **typed,
        _SUGGESTED: st.column_config.TextColumn(disabled=True, width=_SHORT),
        _USE: st.column_config.CheckboxColumn(
            help="Escribe la sugerencia en su celda", width="small"
        ),
    }
