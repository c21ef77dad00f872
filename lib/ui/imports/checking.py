"""What a file would do, before anything is written: its totals, its errors, its warnings, the cells
that it changes. Only the part that is looked at is asked for.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar, cast

import streamlit as st

from lib.model.actor import Actor
from lib.model.load import Problem, RowNote
from lib.services.desk import Desk
from lib.services.imports import comparing, previewing
from lib.services.imports.previewing import Preview
from lib.store.pack.files import CERTIFICATES
from lib.store.records.coming import Twin
from lib.ui import process, shell, written
from lib.ui.imports import changes, history, report
from lib.ui.mail import mail_state
from lib.ui.plain import escaped, plain

T = TypeVar("T")

_NO_ROWS = "El archivo trae encabezado y ninguna fila debajo: escríbelas ahí, o elige otro archivo."

_PART = "checking.part"
_KEPT = "checking.kept"  # what was asked of the preview that is on the screen
_CHANGES = 200  # certificates whose changes are shown one by one
_ERRORS, _CHANGED, _WARNINGS, _GOOD = "errors", "changes", "warnings", "good"
_TWINS = "twins"
# Ours name the account's column shorter than the file does.
_TITLES = {c.name: c.heading for c in CERTIFICATES.columns} | {"account_no": "Cuenta"}


def draw(seen: Preview) -> None:
    _same_file(seen)
    _totals(seen)
    parts = _parts(seen)
    if not parts:
        return
    if st.session_state.get(_PART) not in parts:
        st.session_state[_PART] = next(iter(parts))
    part = st.segmented_control(
        "Qué revisar",
        list(parts),
        format_func=parts.__getitem__,
        required=True,
        key=_PART,
        label_visibility="collapsed",
    )
    _DRAWN[part or _GOOD](seen)


# ---- at a glance -------------------------------------------------------------------------------


def _same_file(seen: Preview) -> None:
    before = _kept(seen, "same", lambda: comparing.same_file(*_who(), seen))
    if before is None:
        return
    moment = mail_state.moment(before.finished_at)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.info(
            f"Este mismo archivo ya lo importó {plain(before.actor)} ({moment}).",
            icon=":material/content_copy:",
        )
        st.page_link(
            history.PAGE,
            label="Ver esa importación",
            icon=":material/upload_file:",
            query_params={history.CHOSEN: before.id},
        )


def _totals(seen: Preview) -> None:
    merge, counts = seen.merge, seen.counts
    with st.container(horizontal=True, gap="small"):
        for name, n in (
            ("Nuevos", merge.new),
            ("Cambiados", merge.changed),
            ("Iguales", merge.unchanged),
            ("Apartados", counts.set_aside),
        ):
            st.metric(name, f"{n:,}", border=True)
    sum_ = report.adds_up(counts, merge.new, merge.changed, merge.unchanged)
    st.caption(f":material/check: {sum_}.")
    if not counts.rows:
        st.info(_NO_ROWS, icon=":material/info:")
    elif not counts.good:
        _none_good(seen)
    elif not counts.set_aside:
        st.markdown(":green[:material/check_circle: Todas las filas se pueden importar.]")


def _none_good(seen: Preview) -> None:
    """Every row bad for one and the same reason is a wrong column, not so many wrong cells."""
    said = "Ninguna fila se puede importar."
    worst = max((p for p in seen.problems if p.bad), key=lambda p: p.rows, default=None)
    if worst and worst.rows > 1 and worst.rows >= seen.counts.set_aside:
        where = f"{worst.field}: {worst.reason}" if worst.field else worst.reason
        said += f" Todas tienen el mismo problema ({where}): revisa cómo se lee el archivo."
    st.error(escaped(said), icon=":material/error:")


def _parts(seen: Preview) -> dict[str, str]:
    """What there is to look at, what matters most first: the title of each."""
    warned = sum(kind.rows for kind in seen.problems if not kind.bad)
    counted = (
        (_ERRORS, "Errores", seen.counts.set_aside),
        (_CHANGED, "Cambios", seen.merge.changed),
        (_WARNINGS, "Avisos", warned),
        (_TWINS, "Series en otro folio", _twins(seen)[0]),
        (_GOOD, "Válidas", seen.counts.good),
    )
    return {part: f"{title} · {n:,}" for part, title, n in counted if n}


# ---- its parts ---------------------------------------------------------------------------------


def _errors(seen: Preview) -> None:
    st.caption("Estas filas no entrarán; las demás sí.")
    _noted(seen, bad=True)


def _warnings(seen: Preview) -> None:
    st.caption("Estas filas entrarán, pero conviene revisarlas.")
    _noted(seen, bad=False)


def _noted(seen: Preview, *, bad: bool) -> None:
    def ask(kind: Problem | None, limit: int) -> Sequence[RowNote]:
        return _kept(
            seen,
            (bad, kind),
            lambda: previewing.notes(*_who(), seen, bad=bad, problem=kind, limit=limit),
        )

    kinds = [kind for kind in seen.problems if kind.bad is bad]
    report.noted(kinds, ask, key=f"checking.{bad}", grouped=not bad)


def _changes(seen: Preview) -> None:
    cells = _kept(seen, "cells", lambda: comparing.cells(*_who(), seen))
    field = ""
    if len(cells) > 1:
        field = (
            st.pills(
                "Dato",
                list(cells),
                format_func=lambda name: f"{_TITLES[name]} · {cells[name]:,}",
                key="checking.field",
            )
            or ""
        )
    pairs = _kept(
        seen, ("changed", field), lambda: comparing.changed(*_who(), seen, _CHANGES, field)
    )
    st.dataframe(
        changes.cells(pairs, _TITLES.get(field, "")),
        hide_index=True,
        width="stretch",
        alt="Lo que cambia, dato por dato",
    )
    total = cells.get(field, seen.merge.changed)
    if total > len(pairs):
        more = written.count(total - len(pairs), "certificado más", "certificados más")
        st.caption(f"Los primeros {len(pairs):,}; hay {more}.")


def _twins(seen: Preview) -> tuple[int, list[Twin]]:
    return _kept(seen, "twins", lambda: comparing.twins(*_who(), seen, report.SHOWN))


def _held(seen: Preview) -> None:
    n, first = _twins(seen)
    st.caption(
        "La mesa ya tiene esas series en otro certificado. Entrarán, pero conviene revisarlas."
    )
    rows = [{"Folio": t.folio, "No. Serie": t.serial, "Folio en la mesa": t.held} for t in first]
    st.dataframe(rows, hide_index=True, width="stretch", alt="Series que la mesa ya tiene")
    if n > len(rows):
        st.caption(f"Se muestran las primeras {len(rows):,} de {n:,}.")


def _good(seen: Preview) -> None:
    rows = [changes.row(c) for c in seen.sample]
    st.dataframe(rows, hide_index=True, width="stretch", alt="Primeras filas que entrarán")
    if seen.counts.good > len(rows):
        st.caption(f"Las primeras {len(rows):,} de {seen.counts.good:,}, por folio.")


_DRAWN = {
    _ERRORS: _errors,
    _CHANGED: _changes,
    _WARNINGS: _warnings,
    _TWINS: _held,
    _GOOD: _good,
}


def _who() -> tuple[Desk, Actor]:
    return process.desk(), shell.actor()


def _kept(seen: Preview, what: object, ask: Callable[[], T]) -> T:
    """The answer to a question about a preview, asked once: it doesn't change, and of a million
    rows it takes a while."""
    of, answers = st.session_state.get(_KEPT, (None, {}))
    if of != seen.staged:
        of, answers = seen.staged, {}
        st.session_state[_KEPT] = of, answers
    if what not in answers:
        answers[what] = ask()
    return cast(T, answers[what])
