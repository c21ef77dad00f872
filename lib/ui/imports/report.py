"""What was read, which rows have something wrong, of which kind, and what to type instead: one form
for what an import would do, for what a load did and for a batch's page.
"""

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from lib.model.load import Difference, FileCounts, LoadReport, Problem, RowNote, problems
from lib.ui import field_words, written
from lib.ui.plain import escaped, plain

SHOWN = 1_000  # rows that one table shows; the command line's --json lists them all
_FEW = 20  # rows that are seen at a glance
_LISTED = 50  # rows that a list shows, on a phone
_AS_BUTTONS = 9  # kinds; more are a list to choose from
# Asks for the first notes of a kind (None: of any).
Ask = Callable[[Problem | None, int], Sequence[RowNote]]


def load_report(report: LoadReport) -> None:
    """A load's result: by file, what was set aside, what to look at twice."""
    st.success(_published(report), icon=":material/check_circle:")
    counts(report.files)
    set_aside(report.set_aside, key="load.bad", about="No entraron; corrígelas y vuelve a cargar.")
    warnings(report.warnings, key="load.odd")
    differences(report.differences)


# What becomes of a file's rows, by FileCounts' names: the first is the sum of the others.
ROWS = {
    "rows": "Filas",
    "new": "Nuevas",
    "changed": "Cambiadas",
    "unchanged": "Iguales",
    "set_aside": "Apartadas",
    "blank": "En blanco",
}


def counts(files: Mapping[str, FileCounts]) -> None:
    """By file, and proof that no row went missing."""
    rows = [
        {"Archivo": name, **{word: getattr(c, of) for of, word in ROWS.items()}}
        | {"Avisos": c.warnings}
        for name, c in files.items()
    ]
    st.dataframe(rows, hide_index=True, width="stretch", alt="Filas de cada archivo")
    for c in files.values():
        if c.rows != c.new + c.changed + c.unchanged + c.set_aside + c.blank:
            st.error("Las filas no cuadran: avisa a un administrador.", icon=":material/error:")


def adds_up(counts: FileCounts, new: int, changed: int, unchanged: int) -> str:
    """Every row of the file is in one of five places: the sum, in words."""
    parts = (
        written.count(new, "nueva", "nuevas"),
        written.count(changed, "cambiada", "cambiadas"),
        written.count(unchanged, "igual", "iguales"),
        written.count(counts.set_aside, "apartada", "apartadas"),
        f"{counts.blank:,} en blanco",
    )
    return f"{written.count(counts.rows, 'fila leída', 'filas leídas')} = {' + '.join(parts)}"


# ---- rows with something to say ----------------------------------------------------------------


def set_aside(found: Sequence[RowNote], *, key: str, about: str, rows: int = 0) -> None:
    """Rows that didn't go in, of a list; `rows` says how many when the list isn't whole."""
    if not found:
        return
    listed = len({(note.file, note.line) for note in found})
    with st.expander(f"Filas apartadas: {rows or listed:,}", expanded=len(found) <= _FEW):
        st.caption(about)
        if rows > listed:
            st.caption(f"Se guardó lo que se dijo de las primeras {listed:,}.")
        noted(problems(found, bad=True), _of(found), key=key)


def warnings(found: Sequence[RowNote], *, key: str) -> None:
    """What is odd in rows that went in, of a list."""
    if not found:
        return
    with st.expander(f"Avisos: {len(found):,}", expanded=len(found) <= _FEW):
        st.caption("Entraron, pero conviene revisarlas.")
        noted(problems(found, bad=False), _of(found), key=key, grouped=True)


def noted(kinds: Sequence[Problem], ask: Ask, *, key: str, grouped: bool = False) -> None:
    """The kinds with how many rows each has, and the rows of the one chosen, else of all: when
    they are `grouped` and many, of none."""
    total = sum(kind.rows for kind in kinds)
    chosen = _chosen(kinds, key) if len(kinds) > 1 else None
    if grouped and chosen is None and total > _FEW and len(kinds) > 1:
        st.caption("Elige un aviso para ver sus filas.")
        return
    rows = ask(chosen, SHOWN)
    several = len({kind.file for kind in kinds}) > 1
    with st.container(key=f"noted_table_{key}"):
        st.dataframe(
            _table(rows, several=several),
            hide_index=True,
            width="stretch",
            column_config={"Línea": st.column_config.NumberColumn(format="%d", width="small")},
            alt="Filas con su motivo",
        )
    with st.container(key=f"noted_list_{key}"):  # instead of it where it has no room
        _list(rows, several=several)
    of_it = chosen.rows if chosen else total
    if of_it > len(rows):
        st.caption(f"Se muestran las primeras {len(rows):,} de {of_it:,}.")


def _chosen(kinds: Sequence[Problem], key: str) -> Problem | None:
    """The kind whose rows are asked for."""
    several = len({kind.file for kind in kinds}) > 1
    by_id = {f"{kind.file}/{kind.field}/{kind.reason}": kind for kind in kinds}

    def label(kind: str) -> str:
        return _label(by_id[kind], several=several)

    if len(kinds) <= _AS_BUTTONS:
        chosen = st.pills("Problema", list(by_id), format_func=label, key=f"{key}.kind")
    else:
        chosen = st.selectbox(
            "Problema", list(by_id), None, format_func=label, placeholder="Todos", key=f"{key}.kind"
        )
    return by_id[chosen] if chosen else None


def _label(kind: Problem, *, several: bool) -> str:
    file = f"{kind.file}, " if several else ""
    field = f"{kind.field}: " if kind.field else ""
    return f"{file}{field}{kind.reason} · {kind.rows:,}"


def _table(rows: Sequence[RowNote], *, several: bool) -> list[dict[str, object]]:
    """Without a column that says nothing of any of them."""
    suggested = any(note.suggestion for note in rows)
    return [
        {
            **({"Archivo": note.file} if several else {}),
            "Línea": note.line,
            "Campo": note.field or "Toda la fila",
            "Valor": note.value,
            "Motivo": f"{note.reason}: {note.detail}" if note.detail else note.reason,
            **({"Sugerencia": _suggestion(note)} if suggested else {}),
        }
        for note in rows
    ]


def _list(rows: Sequence[RowNote], *, several: bool) -> None:
    """The first ones, each whole in a few lines."""
    said = []
    for note in rows[:_LISTED]:
        place = f"{note.file}, línea {note.line}" if several else f"Línea {note.line}"
        said.append(f"- **{plain(place)}** · {escaped(note.said)}")
    st.markdown("\n".join(said))
    if len(rows) > _LISTED:
        st.caption(f"Aquí van las primeras {_LISTED}; en una pantalla ancha, todas en una tabla.")


def _suggestion(note: RowNote) -> str:
    """What to type instead, as a question: it is never typed by itself."""
    return f"¿{note.suggestion} en vez de {note.value}?" if note.suggestion else ""


def _of(found: Sequence[RowNote]) -> Ask:
    def ask(kind: Problem | None, limit: int) -> Sequence[RowNote]:
        return [note for note in found if kind is None or kind.holds(note)][:limit]

    return ask


# ---- the desk's own ----------------------------------------------------------------------------


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
            for d in found[:SHOWN]
        ]
        st.dataframe(rows, hide_index=True, width="stretch")


def _published(report: LoadReport) -> str:
    t = report.totals
    did = written.rows({"new": t.new, "changed": t.changed, "unchanged": t.unchanged})
    aside = written.count(t.set_aside, "apartada", "apartadas")
    return f"Carga terminada: {did} y {aside} de {written.count(t.rows, 'fila', 'filas')}."
