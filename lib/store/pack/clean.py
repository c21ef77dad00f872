"""Cells as they are stored: composed characters (NFC), single spaces, none at either end.

Done a column at a time: a column whose bytes show nothing odd costs nothing more than trimming.
"""

import unicodedata

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lib.model import formula

_SPACE, _NBSP_LEAD, _NBSP = 0x20, 0xC2, 0xA0
# Characters below U+0300 never change under NFC; their UTF-8 lead bytes lie below this.
_FIRST_COMBINING = 0xCC


def clean(column: pa.StringArray) -> tuple[pa.StringArray, list[int]]:
    """The cleaned column, and which of its rows had spaces to spare."""
    trimmed = pc.utf8_trim_whitespace(column)
    spare = pc.indices_nonzero(pc.not_equal(column, trimmed)).to_pylist()
    if not _looks_odd(trimmed):
        return trimmed, spare
    cells = trimmed.to_pylist()
    composed = [unicodedata.normalize("NFC", cell) for cell in cells]
    single = [" ".join(cell.split()) for cell in composed]
    inner = (i for i, cell in enumerate(composed) if cell != single[i])
    return pa.array(single, pa.string()), sorted({*spare, *inner})


def rearmed(column: pa.StringArray) -> pa.StringArray:
    """Without the apostrophes that an export put before what looks like a formula."""
    if not contains(column, b"'"):
        return column
    return pa.array([formula.unescape(cell) for cell in column.to_pylist()], pa.string())


def contains(column: pa.StringArray, needle: bytes) -> bool:
    """Whether any cell may hold these bytes: a quick look that spares a slow one."""
    return needle in column.buffers()[2].to_pybytes() if len(column) else False


def _looks_odd(column: pa.StringArray) -> bool:
    """Whether any cell might hold two spaces, a control, an NBSP or what NFC could compose."""
    buffer = column.buffers()[2]
    if buffer is None or buffer.size == 0:
        return False
    data = np.frombuffer(buffer, np.uint8)
    odd = (data < _SPACE) | (data >= _FIRST_COMBINING)
    pairs = (data[1:] == _SPACE) & (data[:-1] == _SPACE)
    hard = (data[1:] == _NBSP) & (data[:-1] == _NBSP_LEAD)
    return bool(odd.any() or pairs.any() or hard.any())
