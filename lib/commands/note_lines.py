"""What is said of rows, for a terminal: how many of each kind when they are many, then the rows.

The file is said where notes name one.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from lib.model.load import Problem, RowNote

SHOWN = 20  # rows listed before "--all"


def kinds(found: Sequence[Problem]) -> list[str]:
    """ "1,204 × cuentas.csv, RFC: el RFC no tiene la forma de un RFC", in their order."""
    return [
        f"{kind.rows:,} × {f'{kind.file}, ' if kind.file else ''}"
        f"{f'{kind.field}: ' if kind.field else ''}{kind.reason}"
        for kind in found
    ]


def listed(notes: Iterable[RowNote], found: Sequence[Problem], *, whole: bool) -> Iterator[str]:
    """The kinds `found` when they say more than the rows themselves, and the first rows, or all
    when `whole`; of the notes the first will do then."""
    total = sum(kind.rows for kind in found)
    grouped = kinds(found) if total > SHOWN else []
    yield from grouped if len(grouped) > 1 else []
    yield from map(_row, notes if whole else islice(notes, SHOWN))
    if total > SHOWN and not whole:
        yield f"… y {total - SHOWN:,} más (--all las muestra todas)"


def _row(note: RowNote) -> str:
    place = f"{note.file} línea {note.line}".strip()
    return f"{place}, {note.said}" if note.field else f"{place}: {note.said}"
