"""Days, instants and counts as people here write them."""

import datetime as dt
from collections.abc import Mapping

from lib.model import clock

_ROWS = {
    "new": ("nueva", "nuevas"),
    "changed": ("cambiada", "cambiadas"),
    "unchanged": ("igual", "iguales"),
    "set_aside": ("apartada", "apartadas"),
}


def day(date: dt.date | None) -> str:
    """dd/mm/aaaa; "" when there is none."""
    return f"{date:%d/%m/%Y}" if date else ""


def instant(at: dt.datetime) -> str:
    """A stored UTC instant on the office's clock, to the second."""
    return f"{clock.at_office(at):%d/%m/%Y %H:%M:%S}"


def count(n: int, one: str, several: str) -> str:
    """With its noun.

    >>> count(1, "usuario", "usuarios"), count(1200, "usuario", "usuarios")
    ('1 usuario', '1,200 usuarios')
    """
    return f"{n:,} {one if n == 1 else several}"


def rows(counted: Mapping[str, int]) -> str:
    """What became of a file's rows, of as many kinds as were counted.

    >>> rows({"new": 1, "changed": 0})
    '1 nueva, 0 cambiadas'
    """
    return ", ".join(
        count(counted[kind], *nouns) for kind, nouns in _ROWS.items() if kind in counted
    )
