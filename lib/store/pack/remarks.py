"""What is odd about a cell that goes in all the same: data is never refused on a guess."""

import re
from collections.abc import Callable, Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lib.model import contact, rfc
from lib.store.pack.clean import contains
from lib.store.pack.files import Column, Holds
from lib.store.pack.plain import Flags, plain_addresses, plain_rfcs

_EXACT = 15  # digits that a spreadsheet keeps of a number; the rest turn into zeros
_CONTROL = re.compile("[\x80-\x9f]")  # what Windows-1252 has there, read as Latin-1, is lost
_TAG = re.compile(r"<[A-Za-z/!]")

# (row in the batch, reason)
Remarks = Iterator[tuple[int, str]]


def remarks(column: Column, cells: pa.StringArray) -> Remarks:
    """What is odd in a column of clean cells."""
    if column.holds in _JUDGES:
        plain, judge = _JUDGES[column.holds]
        doubtful = np.flatnonzero(~plain(cells))
        for row, cell in zip(doubtful.tolist(), cells.take(doubtful).to_pylist(), strict=True):
            reason = judge(cell)
            if reason:
                yield row, reason
    if column.holds is Holds.KEY:
        yield from _rounded(cells)
    if contains(cells, b"<"):
        yield from _where(cells, _TAG.search, "parece código HTML, se guarda como texto")
    if contains(cells, "\ufffd".encode()):
        lost = "trae letras perdidas (�), revisa cómo se exportó"
        yield from _where(cells, lambda cell: "\ufffd" in cell, lost)
    if contains(cells, b"\xc2"):
        lost = "trae signos perdidos de Windows (’ – …), revisa cómo se exportó"
        yield from _where(cells, _CONTROL.search, lost)


def _where(cells: pa.StringArray, test: Callable[[str], object], reason: str) -> Remarks:
    return ((row, reason) for row, cell in enumerate(cells.to_pylist()) if test(cell))


def _rounded(cells: pa.StringArray) -> Remarks:
    """Long numbers that end in zeros, unless another of the column shows that all were kept."""
    long = pc.match_substring_regex(cells, f"^[0-9]{{{_EXACT + 1},}}$")
    numbers = {row: cells[row].as_py() for row in pc.indices_nonzero(long).to_pylist()}
    if all(not number[_EXACT:].strip("0") for number in numbers.values()):
        why = "Excel redondea a 15 cifras y esta acaba en ceros, compárala con el original"
        yield from ((row, why) for row in numbers)


def _judge_email(cell: str) -> str:
    if not cell:
        return "sin correo, no se le podrá reenviar el CDA"
    if contact.is_address(cell):
        return ""
    return "correo no válido, se guarda como vino para corregirlo"


def _judge_rfc(cell: str) -> str:
    if not cell:
        return ""
    normalized = rfc.normalized(cell)
    if not rfc.is_well_formed(normalized):
        return "el RFC no tiene la forma de un RFC"
    if not rfc.has_right_check_digit(normalized):
        return "el dígito verificador del RFC no corresponde"
    return ""


# Which cells are beyond doubt, and who judges the rest.
_JUDGES: dict[Holds, tuple[Callable[[pa.StringArray], Flags], Callable[[str], str]]] = {
    Holds.EMAIL: (plain_addresses, _judge_email),
    Holds.RFC: (plain_rfcs, _judge_rfc),
}
