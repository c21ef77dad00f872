"""A period's figures as they are told outside the desk: in a mail, on paper, in a workbook.

Said in words when they were counted, so that a mail tried again tomorrow says what it said today.
"""

import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Paper(StrEnum):
    """What a report can be taken away as."""

    PDF = "pdf"
    XLSX = "xlsx"


class Unit(StrEnum):
    COUNT = "count"
    SECONDS = "seconds"


class Shape(StrEnum):
    """How a table is drawn."""

    LYING = "lying"  # bars one under another, for names
    STANDING = "standing"  # side by side, for days
    SERIES = "series"  # two beside each other, for months


@dataclass(frozen=True)
class Figure:
    """One number at a glance; None: there was none. `bad`: more of it is worse."""

    name: str
    now: float | None
    before: float | None
    unit: Unit = Unit.COUNT
    bad: bool = False


@dataclass(frozen=True)
class Row:
    """`counts` has one for each of its table's `series`; `day` (ISO) where the label is one."""

    label: str
    counts: tuple[int, ...]
    day: str = ""


@dataclass(frozen=True)
class Table:
    """`compared`: its two series are a period and the one before."""

    key: str
    title: str
    heading: str
    series: tuple[str, ...]
    rows: tuple[Row, ...]
    shape: Shape = Shape.LYING
    compared: bool = True


@dataclass(frozen=True)
class Failing:
    """An address that gives mail back, masked; `since` as people write a day."""

    masked: str
    account_no: str
    since: str


@dataclass(frozen=True)
class Report:
    """`first` to `last` and the days before that they are compared with, ISO; `made_at` as people
    write an instant. Tables of nothing are left out."""

    title: str
    first: str
    last: str
    before_first: str
    before_last: str
    made_at: str
    figures: tuple[Figure, ...]
    tables: tuple[Table, ...]
    failing_total: int = 0
    failing: tuple[Failing, ...] = ()

    @property
    def days(self) -> tuple[dt.date, dt.date]:
        return dt.date.fromisoformat(self.first), dt.date.fromisoformat(self.last)

    @property
    def days_before(self) -> tuple[dt.date, dt.date]:
        return dt.date.fromisoformat(self.before_first), dt.date.fromisoformat(self.before_last)

    def to_json(self) -> dict[str, Any]:
        """For a mail's payload; `parse` understands it."""
        return dataclasses.asdict(self)


def parse(said: Mapping[str, Any]) -> Report:
    """Raises KeyError, TypeError, ValueError for what `to_json` didn't make."""
    figures = (Figure(**each | {"unit": Unit(each["unit"])}) for each in said["figures"])
    failing = (Failing(**each) for each in said["failing"])
    tables = (_table(each) for each in said["tables"])
    several = {"figures": tuple(figures), "tables": tuple(tables), "failing": tuple(failing)}
    return Report(**{**said, **several})


def _table(said: Mapping[str, Any]) -> Table:
    rows = tuple(Row(each["label"], tuple(each["counts"]), each["day"]) for each in said["rows"])
    typed = {"rows": rows, "series": tuple(said["series"]), "shape": Shape(said["shape"])}
    return Table(**{**said, **typed})
