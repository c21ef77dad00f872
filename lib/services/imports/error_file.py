"""The bad rows of an import as a file: its own columns and why (*Motivo*), to be mended in Excel
and uploaded alone.

Uploaded as it is, it says of each row again that it is bad. So the folio is left out, and said in
*Motivo*, where the row alone wouldn't show it: where its cells didn't fit the heading and may stand
in the wrong columns, and where the folio is another row's. CDAs never leave: no column of theirs
does.
"""

from collections.abc import Generator, Iterator
from dataclasses import dataclass

from lib.model import formula
from lib.model.actor import Actor
from lib.model.roles import Permission
from lib.model.sheet import Column, Format, Row, Sheet
from lib.services.desk import Desk
from lib.services.imports import bad_rows
from lib.services.imports.bad_rows import BadRow, Layout
from lib.services.imports.previewing import Preview
from lib.store.pack.mending import TWICE
from lib.store.pack.raw_rows import MOTIVE, SPARE

TITLE = "Filas apartadas"
_BATCH = 2_000  # rows handed on at a time
_KEY = "folio"


@dataclass(frozen=True)
class _Plan:
    """Which of the file's columns leave, by their places; whether rows may have cells to spare."""

    columns: Layout
    places: tuple[int, ...]
    separator: str
    spare: bool


def sheet(seen: Preview) -> Sheet:
    """Its columns: the file's, then ours."""
    plan = _plan(seen)
    own = (SPARE, MOTIVE) if plan.spare else (MOTIVE,)
    titles = (*(plan.columns.titles[at] for at in plan.places), *own)
    return Sheet(TITLE, tuple(Column(title) for title in titles))


def batches(
    desk: Desk,
    actor: Actor,
    seen: Preview,
    form: Format,
    without: frozenset[int] = frozenset(),
) -> Generator[list[Row], None, None]:
    """The rows, as `sheet` has its columns, with what was typed in their place; not those of the
    lines `without`.

    Raises AppError: FORBIDDEN, STALE_PREVIEW, UNREADABLE_FILE, STORAGE_FAILED.
    """
    desk.require(actor, Permission.IMPORT)
    plan = _plan(seen)
    with bad_rows.opened(desk, actor, seen) as found:
        piece: list[Row] = []
        for row in found:
            if row.line in without:
                continue
            piece.append(tuple(_said(cell, form) for cell in _cells(row, plan, seen)))
            if len(piece) == _BATCH:
                yield piece
                piece = []
        if piece:
            yield piece


def _plan(seen: Preview) -> _Plan:
    """A column without a heading stays behind: nobody can say that it holds no CDAs."""
    columns = bad_rows.layout(seen.look)
    own = {MOTIVE.casefold(), SPARE.casefold(), ""}
    places = tuple(
        at
        for at, title in enumerate(columns.titles)
        if at not in columns.covered and title.strip().casefold() not in own
    )
    spare = any(problem.bad and not problem.field for problem in seen.problems)
    return _Plan(columns, places, seen.look.reading.separator, spare)


def _cells(row: BadRow, plan: _Plan, seen: Preview) -> Iterator[str]:
    """The row's cells in the error file, as they are stored."""
    held = {at: formula.unescape(cell) for at, cell in enumerate(row.cells)}
    folio = plan.columns.places.get(_KEY, -1)
    edits = seen.edits.get(row.line, {})
    held |= {plan.columns.places[name]: text for name, text in edits.items()}
    doubtful = _KEY not in edits and (row.ragged or _is_twice(row))
    for at in plan.places:
        yield "" if doubtful and at == folio else held.get(at, "")
    if plan.spare:
        yield plan.separator.join(row.cells[len(plan.columns.titles) :])
    yield _motive(row, held.get(folio, "") if doubtful else "")


def _is_twice(row: BadRow) -> bool:
    return any(note.reason == TWICE for note in row.notes)


def _motive(row: BadRow, folio: str) -> str:
    """`folio` is what was left out for somebody to write again."""
    why = "; ".join(note.said for note in row.notes)
    again = "Acomoda sus celdas y vuelve a escribir el folio" if row.ragged else "Escribe el folio"
    left_out = f" {again}: aquí decía «{folio}»." if folio else ""
    return f"Línea {row.line}: {why}{'' if why.endswith('?') else '.'}{left_out}"


def _said(cell: str, form: Format) -> str:
    """As the reader takes it back: a CSV disarms formulas itself, a workbook's text runs none."""
    if form is Format.CSV or formula.unescape(cell) == cell:
        return cell
    return formula.escape(cell)
