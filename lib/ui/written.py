"""Days, instants and counts as people here write them."""

import datetime as dt

from lib.model import clock


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
