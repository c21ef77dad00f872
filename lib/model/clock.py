"""Instants are stored in UTC; people read the office's clock, America/Mexico_City."""

import datetime as dt
from zoneinfo import ZoneInfo

OFFICE = ZoneInfo("America/Mexico_City")


def now() -> dt.datetime:
    """The present instant in UTC, without a zone: the form every TIMESTAMP column holds."""
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)


def at_office(instant: dt.datetime) -> dt.datetime:
    """A stored UTC instant on the office's clock."""
    return instant.replace(tzinfo=dt.UTC).astimezone(OFFICE)


def today() -> dt.date:
    """Today's date at the office."""
    return dt.datetime.now(OFFICE).date()


def begins(day: dt.date) -> dt.datetime:
    """The stored instant (UTC) at which a day begins at the office."""
    return dt.datetime.combine(day, dt.time(), OFFICE).astimezone(dt.UTC).replace(tzinfo=None)
