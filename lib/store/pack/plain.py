"""Cells that are plainly fine, a column at a time: what remarks.py needn't judge one by one.

A million RFCs take the judge seven seconds; here 0.3 (2026, one core). Whatever isn't as nearly
all are is left to the judge, so a rule here may be too strict and never too lax.
"""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from lib.model import rfc

Flags = npt.NDArray[np.bool_]
_Bytes = npt.NDArray[np.uint8]

# What nearly every address looks like.
_ADDRESS = (
    r"\A[A-Za-z0-9]+([._+-][A-Za-z0-9]+)*@([A-Za-z0-9]+(-[A-Za-z0-9]+)*\.)+(com|mx|net|org|edu)\z"
)
_LONGEST_ADDRESS = 64
_COMPANY, _PERSON = 12, 13  # bytes: an Ñ takes two, and the judge
_DAYS = np.array([0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
_DIGITS = np.frombuffer(rfc.DIGITS.encode(), np.uint8)


def plain_addresses(cells: pa.StringArray) -> Flags:
    """Which are e-mail addresses beyond doubt."""
    short = pc.less_equal(pc.binary_length(cells), _LONGEST_ADDRESS)
    return _flags(pc.and_(pc.match_substring_regex(cells, _ADDRESS), short))


def plain_rfcs(cells: pa.StringArray) -> Flags:
    """Which are empty, or an RFC as SAT writes it with its check digit right."""
    _, offsets, data = cells.buffers()
    ends = np.frombuffer(offsets, np.int32)[cells.offset :][: len(cells) + 1]
    lengths = np.diff(ends)
    plain: Flags = lengths == 0
    text = np.frombuffer(data or b"", np.uint8)
    for width in (_COMPANY, _PERSON):
        rows = np.flatnonzero(lengths == width)
        letters = text[ends[rows][:, None] + np.arange(width)]
        plain[rows] = _is_formed(letters) & _is_checked(letters)
    return plain


def _is_formed(letters: _Bytes) -> Flags:
    """Letters, a date that exists, two of the homoclave, a digit or an A; a row for each RFC."""
    begin = letters.shape[1] - 9
    name, born, last = letters[:, :begin], letters[:, begin : begin + 6], letters[:, begin + 6 :]
    digits = (born >= ord("0")) & (born <= ord("9"))
    numbers = born.astype(np.int64) - ord("0")
    year, month, day = (numbers[:, at] * 10 + numbers[:, at + 1] for at in (0, 2, 4))
    dated = (month >= 1) & (month <= 12) & (day >= 1)
    dated &= day <= _DAYS[np.clip(month, 0, 12)]
    dated &= (month != 2) | (day != 29) | (year % 4 == 0)
    fits: Flags = (_upper(name) | (name == ord("&"))).all(axis=1) & digits.all(axis=1) & dated
    last_two = last[:, :2]
    numeric = (last_two >= ord("0")) & (last_two <= ord("9"))
    return fits & (_upper(last_two) | numeric).all(axis=1)


def _is_checked(letters: _Bytes) -> Flags:
    """Whether the last character follows from the others (lib/model/rfc.py, check_digit)."""
    weights = np.arange(_PERSON, 1, -1)[_PERSON - letters.shape[1] :]
    total = _VALUES[letters[:, :-1]] @ weights
    if letters.shape[1] == _COMPANY:
        total = total + rfc.VALUES[" "] * _PERSON
    checked: Flags = _DIGITS[-total % 11] == letters[:, -1]
    return checked


def _values() -> npt.NDArray[np.int64]:
    table = np.zeros(256, np.int64)
    for character, value in rfc.VALUES.items():
        if character.isascii():
            table[ord(character)] = value
    return table


_VALUES = _values()


def _upper(letters: _Bytes) -> npt.NDArray[np.bool_]:
    found: npt.NDArray[np.bool_] = (letters >= ord("A")) & (letters <= ord("Z"))
    return found


def _flags(found: pa.BooleanArray) -> Flags:
    flags: Flags = found.to_numpy(zero_copy_only=False)
    return flags
