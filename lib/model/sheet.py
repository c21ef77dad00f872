"""A table on its way out as a file: what its columns are called and how its values are said."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

# A stored value: dates without a time, instants in UTC.
Value = str | int | dt.date | dt.datetime | None
Row = tuple[Value, ...]


class Format(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"


@dataclass(frozen=True)
class Column:
    """`labels` names codes as the screen does."""

    heading: str
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sheet:
    title: str
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Words:
    """What the screen calls a list and, by their ids, its columns."""

    title: str
    headings: Mapping[str, str]
