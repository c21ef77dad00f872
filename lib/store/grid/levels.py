"""What a level of groups shares: a column's value, or the month, the year or the nearness of its
date; how that is told in SQL, on screen and in a path."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from lib.model.filter import month_of, week_of
from lib.model.view import Key
from lib.store.grid.columns import Column, Grain, Kind
from lib.store.grid.fragment import Sql, bound, sql

# How near a payment is, by place; the first that applies. No date comes last.
DUE = ("overdue", "this_week", "this_month", "later")
NO_DATE = "none"
_SPLIT = ":"  # between a column and its grain in a view


class NotAKey(ValueError):  # noqa: N818 — says what the value is
    """A group key that no row of its level can have."""


@dataclass(frozen=True)
class Level:
    """`grain` None: by the column's own values, instants by their day. What SQL groups by is a
    `stored` value: a month is year * 12 + month - 1, nearness a place in DUE, None no value."""

    column: Column
    grain: Grain | None
    today: dt.date

    @property
    def id(self) -> str:
        return f"{self.column.id}{_SPLIT}{self.grain.value}" if self.grain else self.column.id

    @property
    def ranked(self) -> bool:
        """Whether a load stored the place of each of its values."""
        return bool(self.column.rank and not self.grain)

    def key_of(self, value: Sql) -> Sql:
        """What rows are grouped by; `value` is the column's, at the office's day."""
        if self.grain is Grain.MONTH:
            return sql("year({}) * 12 + month({}) - 1", value, value)
        if self.grain is Grain.YEAR:
            return sql("year({})", value)
        return self._due(value) if self.grain is Grain.DUE else value

    def _due(self, value: Sql) -> Sql:
        ends = (self.today - dt.timedelta(1), week_of(self.today).last, month_of(self.today).last)
        cases = [
            sql(f"WHEN {{}} <= {{}} THEN {place}", value, bound(end))
            for place, end in enumerate(ends)
        ]
        later = f"WHEN {{}} IS NOT NULL THEN {len(ends)}"
        return sql(f"CASE {{}} {{}} {{}} {later} END", *cases, value)

    def value(self, stored: Any) -> Any:
        """A group's value: a month as its first day, nearness as its word."""
        if self.grain is Grain.MONTH and stored is not None:
            return dt.date(stored // 12, stored % 12 + 1, 1)
        if self.grain is Grain.DUE:
            return NO_DATE if stored is None else DUE[stored]
        return stored

    def to_key(self, stored: Any) -> Key:
        """A group as the browser and the URL carry it."""
        value = self.value(stored)
        if isinstance(value, dt.date):
            return value.isoformat()[: 7 if self.grain is Grain.MONTH else None]
        return value if isinstance(value, int) else None if value is None else str(value)

    def from_key(self, key: Key) -> Any:
        """The stored value behind a key. Raises NotAKey."""
        if self.grain is Grain.DUE:
            return _nearness(key)
        if key is None:
            return None
        if self.grain is Grain.YEAR or self.column.kind is Kind.NUMBER:
            if isinstance(key, int):
                return key
        elif isinstance(key, str):
            return self._from_text(key)
        raise NotAKey

    def _from_text(self, key: str) -> Any:
        if self.grain is Grain.MONTH:
            return _month(key)
        return _date(key) if self.column.kind in {Kind.DATE, Kind.INSTANT} else key


def named(columns: dict[str, Column], name: str, today: dt.date) -> Level | None:
    """The level that a view calls `name`: "product", "activated_on:month"."""
    column_id, grain = split(name)
    column = columns.get(column_id)
    if column is None or not column.groupable:
        return None
    if _SPLIT not in name:
        return Level(column, None, today)
    known = next((g for g in column.grains if g.value == grain), None)
    return Level(column, known, today) if known else None


def split(name: str) -> tuple[str, str]:
    """The column and the grain of a level's name; "" where it has none."""
    column_id, _, grain = name.partition(_SPLIT)
    return column_id, grain


def _nearness(key: Key) -> int | None:
    if key == NO_DATE:
        return None
    if key in DUE:
        return DUE.index(str(key))
    raise NotAKey


def _month(key: str) -> int:
    match = re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])", key)
    if match is None:
        raise NotAKey
    return int(match[1]) * 12 + int(match[2]) - 1


def _date(key: str) -> dt.date:
    try:
        return dt.date.fromisoformat(key)
    except ValueError as error:
        raise NotAKey from error
