"""Seeded chance, and what is made of it: the same seed throws the same every time."""

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

_LETTERS = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"[:32]
_PAIRS = [a + b for a in _LETTERS for b in _LETTERS]
_CODE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_CODE_PAIRS = [a + b for a in _CODE_LETTERS for b in _CODE_LETTERS]
_SERIALS = 32**10
_STEP = 0x9E3779B97F4A7  # odd, so that counting by it visits every number of ten letters once


class Dice:
    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._throw = self._random.random
        self._serial = self._random.getrandbits(50)

    def pick(self, options: Sequence[T]) -> T:
        return options[int(self._throw() * len(options))]

    def between(self, least: int, most: int) -> int:
        """A whole number, both ends included."""
        return least + int(self._throw() * (most - least + 1))

    def chance(self, part: float) -> bool:
        return self._throw() < part

    def serial(self, first: str) -> str:
        """Eleven characters as the vendor's, never twice."""
        self._serial = (self._serial + _STEP) % _SERIALS
        n, pairs = self._serial, _PAIRS
        return (
            f"{first}{pairs[n & 1023]}{pairs[n >> 10 & 1023]}{pairs[n >> 20 & 1023]}"
            f"{pairs[n >> 30 & 1023]}{pairs[n >> 40]}"
        )

    def code(self) -> str:
        """A CDA: four groups of five."""
        n, pairs = self._random.getrandbits(100), _CODE_PAIRS
        text = "".join([pairs[n >> shift & 1023] for shift in range(0, 100, 10)])
        return f"{text[:5]}-{text[5:10]}-{text[10:15]}-{text[15:]}"
