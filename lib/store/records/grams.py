"""Three symbols in a row, as the search tables hold them: what a load writes and a search reads.

A text is cut at its spaces; every symbol of a word begins one gram, the last two with nothing
after them. A symbol is a letter, a digit, "." or "@"; all others are one and the same, so that a
gram fits in 16 bits: whoever looks for one of those must look at the text itself.

A text occupies whole slots of places, so that a place tells its text without a search.
"""

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Codes = npt.NDArray[np.uint16]
Places = npt.NDArray[np.uint32]
Numbers = npt.NDArray[np.int32]

SYMBOLS = 40
CODES = SYMBOLS**3
SLOT = 32  # places
OTHER = SYMBOLS - 1
_KNOWN = b" abcdefghijklmnopqrstuvwxyz0123456789.@"  # a space ends a word: symbol 0
_GAP = 2  # places after each text at which nothing stands


def _table() -> Bytes:
    table = np.full(256, OTHER, np.uint8)
    table[np.frombuffer(_KNOWN, np.uint8)] = np.arange(len(_KNOWN), dtype=np.uint8)
    return table


_TABLE = _table()


def symbols(text: Bytes) -> Bytes:
    """What each byte of folded UTF-8 is to the search."""
    return _TABLE[text]


def slots(lengths: Numbers) -> Numbers:
    """How many slots texts of so many bytes occupy."""
    return (lengths + (_GAP + SLOT - 1)) // SLOT


def laid_out(text: Bytes, lengths: Numbers) -> Bytes:
    """The symbols of texts that lie one after another in `text`, each from a slot of its own."""
    taken = slots(lengths)
    starts = (np.cumsum(taken) - taken) * SLOT
    laid = np.zeros(int(taken.sum()) * SLOT, np.uint8)
    moved = starts - (np.cumsum(lengths) - lengths)
    laid[np.arange(len(text)) + np.repeat(moved, lengths)] = symbols(text)
    return laid


def codes(laid: Bytes) -> Codes:
    """The gram that begins at each place (what stands at an empty one means nothing)."""
    wide = np.append(laid, np.zeros(_GAP, np.uint8)).astype(np.uint16)
    return (wide[:-2] * SYMBOLS + wide[1:-1]) * SYMBOLS + wide[2:]


def span(word: Bytes) -> tuple[int, int]:
    """The grams that begin with up to three symbols: first and last."""
    first, unknown = 0, SYMBOLS**3
    for symbol in word[:3]:
        unknown //= SYMBOLS
        first += int(symbol) * unknown
    return first, first + unknown - 1
