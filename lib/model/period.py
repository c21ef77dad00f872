"""A stretch of the office's days that a manager looks at, and the one before it to compare with."""

import calendar
import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from lib.model import clock

MOST_DAYS = 366  # of a range of one's own
EARLIEST = dt.date(2001, 1, 1)  # no desk has a log of before: an address may say any day
_RANGE = ".."


class Preset(StrEnum):
    """As an address spells them."""

    TODAY = "hoy"
    WEEK = "7d"  # today and the six days before
    MONTH = "30d"
    THIS_MONTH = "mes"  # from the first of the month to today


_DAYS = {Preset.TODAY: 1, Preset.WEEK: 7, Preset.MONTH: 30}


@dataclass(frozen=True)
class Span:
    """From `begin` to before `end`: instants in UTC, as stored."""

    begin: dt.datetime
    end: dt.datetime


@dataclass(frozen=True)
class Spans:
    """A period's instants and those of the period before, which it is compared with."""

    now: Span
    before: Span


@dataclass(frozen=True)
class Period:
    """The office's days from `first` to `last`, both included; `preset` is None for a range of
    one's own."""

    first: dt.date
    last: dt.date
    preset: Preset | None = None

    @property
    def days(self) -> tuple[dt.date, ...]:
        count = (self.last - self.first).days + 1
        return tuple(self.first + dt.timedelta(days=n) for n in range(count))

    @property
    def before(self) -> "Period":
        """As many days right before these; of the month so far, the same days of the month before
        (of a shorter one, those that it has)."""
        if self.preset is Preset.THIS_MONTH:
            end = self.first - dt.timedelta(days=1)
            length = calendar.monthrange(end.year, end.month)[1]
            last = end.replace(day=min(self.last.day, length))
            return Period(end.replace(day=1), last)
        length = (self.last - self.first).days + 1
        return Period(self.first - dt.timedelta(days=length), self.first - dt.timedelta(days=1))

    def spans(self, now: dt.datetime) -> Spans:
        """Its instants and those of the period before. While the last day isn't over (`now`, UTC),
        the one before ends at the same hour: half a day compares with half a day."""
        after = dt.timedelta(days=1)
        mine = Span(clock.begins(self.first), clock.begins(self.last + after))
        theirs = Span(clock.begins(self.before.first), clock.begins(self.before.last + after))
        today = clock.begins(self.last)
        if today <= now < mine.end:
            cut = clock.begins(self.before.last) + (now - today)
            theirs = Span(theirs.begin, min(theirs.end, cut))
        return Spans(mine, theirs)

    def to_text(self) -> str:
        """For an address; `read` understands it."""
        return self.preset or f"{self.first.isoformat()}{_RANGE}{self.last.isoformat()}"


def of(preset: Preset, today: dt.date) -> Period:
    """What the words mean on that day."""
    if preset is Preset.THIS_MONTH:
        return Period(today.replace(day=1), today, preset)
    return Period(today - dt.timedelta(days=_DAYS[preset] - 1), today, preset)


def between(one: dt.date, other: dt.date, today: dt.date) -> Period:
    """A range of one's own, whichever end came first: nothing after today or before EARLIEST, and
    at most MOST_DAYS, the last of them."""
    first, last = (max(EARLIEST, min(day, today)) for day in sorted((one, other)))
    earliest = last - dt.timedelta(days=MOST_DAYS - 1)
    return Period(max(first, earliest), last)


def read(text: object, today: dt.date) -> Period:
    """The period in an address; seven days when it says none that can be understood."""
    said = str(text or "")
    if said in {preset.value for preset in Preset}:
        return of(Preset(said), today)
    first, _, last = said.partition(_RANGE)
    try:
        return between(dt.date.fromisoformat(first), dt.date.fromisoformat(last), today)
    except (ValueError, OverflowError):
        return of(Preset.WEEK, today)
