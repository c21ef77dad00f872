"""Rows that are none: a heading repeated (each page of a printout has one), totals.

They are told among the certificates that people typed: a vendor's program writes no such thing.
"""

import re

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from lib.model.text import fold

REPEATED = "encabezado repetido: es el mismo de arriba"
TOTAL = "fila de totales: no es un certificado"
_SUM = re.compile(r"(gran |sub-?)?total(es)?\b.*|suma\b.*", re.IGNORECASE)
_FEW = 2  # cells that a line of totals has besides its word
_Columns = dict[str, pa.StringArray]


def found(columns: _Columns, titles: dict[str, str]) -> dict[int, str]:
    """By their place, the rows that are none and why. `titles` are the heading's, of those of the
    columns that have one."""
    if not columns or not len(next(iter(columns.values()))):
        return {}
    return _repeated(columns, titles) | _totals(columns)


def _repeated(columns: _Columns, titles: dict[str, str]) -> dict[int, str]:
    """Rows that say what the heading says, in every column."""
    titled = {name: fold(title).strip() for name, title in titles.items() if title.strip()}
    if len(titled) < 2:
        return {}
    first = next(iter(titled))
    alike = pc.equal(
        pc.utf8_lower(pc.utf8_trim_whitespace(columns[first])), titles[first].strip().lower()
    )
    return {
        row: REPEATED
        for row in _places(alike)
        if all(fold(columns[name][row].as_py()).strip() == titled[name] for name in titled)
    }


def _totals(columns: _Columns) -> dict[int, str]:
    """Rows without serial and product where some cell says total."""
    empty = pc.and_(_is_blank(columns["serial"]), _is_blank(columns["product"]))
    return {
        row: TOTAL
        for row in _places(empty)
        if _is_total([cell for c in columns.values() if (cell := c[row].as_py().strip())])
    }


def _is_total(cells: list[str]) -> bool:
    said = [cell for cell in cells if _SUM.fullmatch(cell)]
    return bool(said) and len(cells) <= len(said) + _FEW


def _is_blank(column: pa.StringArray) -> pa.BooleanArray:
    return pc.equal(pc.utf8_trim_whitespace(column), "")


def _places(mask: pa.BooleanArray) -> npt.NDArray[np.int64]:
    return np.flatnonzero(mask.to_numpy(zero_copy_only=False))
