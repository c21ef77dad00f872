"""Sorted arrays of whole numbers, each one once, as sets."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.uint32]

NONE: Ids = np.empty(0, np.uint32)
_FEWER = 64  # times: from here on looking each one up is quicker than merging
_MANY = 50_000  # of so many, a flag for each number there could be is quicker still


def once(ordered: Ids) -> Ids:
    """Each of an ordered array's numbers once."""
    if len(ordered) < 2:
        return ordered
    first = np.append(True, ordered[1:] != ordered[:-1])
    return np.asarray(ordered[first])


def either(one: Ids, other: Ids) -> Ids:
    if not len(one) or not len(other):
        return one if len(one) else other
    return once(_merged(one, other))


def both(one: Ids, other: Ids) -> Ids:
    few, many = (one, other) if len(one) < len(other) else (other, one)
    if not len(few):
        return NONE
    if len(few) * _FEWER < len(many):
        return few[among(few, many)]
    if _are_dense(many):
        return np.asarray(few[_flagged(few, many)])
    merged = _merged(few, many)
    return np.asarray(merged[:-1][merged[1:] == merged[:-1]])


def less(one: Ids, other: Ids) -> Ids:
    return one[~among(one, other)] if len(other) else one


def among(some: Ids, whole: Ids) -> npt.NDArray[np.bool_]:
    """Which of `some` (in any order, even twice) are in `whole`."""
    if not len(whole):
        return np.zeros(len(some), np.bool_)
    if len(some) > _MANY and _are_dense(whole):
        return _flagged(some, whole)
    found = np.searchsorted(whole, some)
    found[found == len(whole)] = 0
    return np.asarray(whole[found] == some)


def ranges(firsts: Ids, ends: Ids) -> Ids:
    """The numbers firsts[i] … ends[i] of every i, one range after another."""
    lengths = ends - firsts
    before = np.cumsum(lengths, dtype=np.uint32) - lengths
    moved = np.repeat(firsts - before, lengths)  # modulo 2**32, and so is what follows
    return np.asarray(moved + np.arange(len(moved), dtype=np.uint32))


def gathered(some: Ids) -> Ids:
    """Each of some numbers once, in order."""
    if len(some) < _MANY:
        return once(np.sort(some, kind="stable"))
    flags = np.zeros(int(some.max()) + 1, np.bool_)
    flags[some] = True
    return np.flatnonzero(flags).astype(np.uint32)


def union(sets: Iterable[Ids]) -> Ids:
    found = NONE
    for some in sets:
        found = either(found, some)
    return found


def _are_dense(whole: Ids) -> bool:
    return len(whole) > _MANY and int(whole[-1]) < _FEWER * len(whole)


def _flagged(some: Ids, whole: Ids) -> npt.NDArray[np.bool_]:
    flags = np.zeros(max(int(whole[-1]), int(some.max())) + 1, np.bool_)
    flags[whole] = True
    return np.asarray(flags[some])


def _merged(one: Ids, other: Ids) -> Ids:
    whole = np.concatenate([one, other])
    whole.sort(kind="stable")  # two ordered runs are merged in one pass
    return whole


@dataclass(frozen=True)
class Matches:
    """What was found: accounts by their text, with all their systems, and further systems by their
    serials. Both by where they lie in their tables."""

    accounts: Ids
    systems: Ids
