"""What is said of an import's rows: table `note` of its staged file (sql/notes.sql), read page by
page, since a wrong column makes a note of each of a million rows.
"""

from collections.abc import Generator
from functools import partial

from lib.model.load import Problem, RowNote
from lib.store.database import Store
from lib.store.reading import Reader

_AT_ONCE = 2_000  # notes turned into Python at a time


def problems(reader: Reader, alias: str) -> tuple[Problem, ...]:
    """The kinds of notes of the file attached as `alias`: bad ones first, then by frequency."""
    rows = reader.rows(
        f"SELECT field, reason, bad, count(*) AS n FROM {alias}.note GROUP BY ALL"
        " ORDER BY bad DESC, n DESC, field, reason"
    )
    return tuple(Problem(*row) for row in rows)


def each(store: Store, alias: str, file: str, *, bad: bool) -> Generator[RowNote, None, None]:
    """Why rows are set aside (`bad`) or what is odd about the others, in the file's order: any
    number of notes."""
    with store.cursor() as cursor:
        answer = cursor.execute(
            "SELECT line, field, reason, value, suggestion, detail"
            f" FROM {alias}.note WHERE bad = ? ORDER BY line, place",
            [bad],
        )
        for piece in iter(partial(answer.fetchmany, _AT_ONCE), []):
            yield from (RowNote(file, *row) for row in piece)


def notes(
    reader: Reader,
    alias: str,
    file: str,
    *,
    bad: bool,
    problem: Problem | None = None,
    limit: int | None = None,
) -> list[RowNote]:
    """Why rows are set aside (`bad`) or what is odd about good ones, in the file's order; of one
    kind only when `problem` names it. `file` is what the notes call it."""
    of_kind = " AND field = ? AND reason = ?" if problem else ""
    rows = reader.rows(
        f"SELECT line, field, reason, value, suggestion, detail FROM {alias}.note"
        f" WHERE bad = ?{of_kind} ORDER BY line, place{f' LIMIT {limit:d}' if limit else ''}",
        [bad, *((problem.field, problem.reason) if problem else ())],
    )
    return [RowNote(file, *row) for row in rows]
