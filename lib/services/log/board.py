"""The Tablero: what a manager counts, each figure with that of the period before."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lib.model import clock
from lib.model.action import Action
from lib.model.actor import Actor
from lib.model.period import Period
from lib.model.roles import Permission
from lib.model.system import Kind
from lib.model.text import mask_email
from lib.services.desk import Desk
from lib.store.log import board, prospects
from lib.store.log.board import Row, Waits

MOST_ROWS = 200  # behind a figure that Bitácora can't filter
MOST_ADDRESSES = 20
MONTHS = 12  # of activations: this one and those before
DUE_DAYS = (8, 31, 61, 91)  # where one stretch of coming payments ends and the next begins


@dataclass(frozen=True)
class Count:
    """How many in the period, and in the one before."""

    now: int = 0
    before: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(self.now + other.now, self.before + other.before)


Counts = Mapping[str, Count]  # by a code, most first


@dataclass(frozen=True)
class Address:
    """One that gives mail back for good, masked; the account whose mail showed it, since when
    (UTC)."""

    masked: str
    account_no: str
    since: dt.datetime


@dataclass(frozen=True)
class Failing:
    """How many addresses give mail back now, and the newest of them."""

    total: int
    newest: Sequence[Address]


@dataclass(frozen=True)
class Board:
    """Resends are counted by system, as Bitácora has a row for each. `by_day` has every day of the
    period, with that of the period before in the same place (0 where it is shorter); `outcomes` are
    by act (Action). `repeats`: by reason, resends of a serial that had one in the week before."""

    period: Period
    by_day: Sequence[tuple[dt.date, Count]]
    by_product: Counts
    by_agent: Counts
    by_reason: Counts
    outcomes: Counts
    waits: Waits
    waits_before: Waits
    repeats: Counts

    @property
    def resends(self) -> Count:
        return sum(self.by_reason.values(), Count())

    @property
    def repeated(self) -> Count:
        return sum(self.repeats.values(), Count())

    def outcome(self, action: Action) -> Count:
        return self.outcomes.get(action.value, Count())


@dataclass(frozen=True)
class Outlook:
    """What doesn't depend on the period. `activations`: by month (its first day), the oldest first,
    with how many systems of each kind; `due`: subscriptions whose payment is overdue, and then by
    the stretches that DUE_DAYS ends."""

    today: dt.date
    activations: Sequence[tuple[dt.date, Mapping[Kind, int]]]
    due: Sequence[int]
    failing: Failing


def figures(desk: Desk, actor: Actor, period: Period) -> Board:
    """What the log says of a period and of the one before. Raises AppError(FORBIDDEN |
    STORAGE_FAILED)."""
    desk.require(actor, Permission.READ_LOG)
    store, spans = desk.store, period.spans(_minute())
    resends = board.resends(store, spans)
    waits, waits_before = board.waits(store, spans)
    return Board(
        period,
        _by_day(period, resends.by_day),
        _counts(resends.by_product),
        _counts(resends.by_agent),
        _counts(resends.by_reason),
        _counts(board.outcomes(store, spans)),
        waits,
        waits_before,
        _counts(board.repeats_by_reason(store, spans)),
    )


def outlook(desk: Desk, actor: Actor) -> Outlook:
    """What is there today, whatever the period. Raises AppError(FORBIDDEN | STORAGE_FAILED)."""
    desk.require(actor, Permission.READ_LOG)
    today = clock.today()
    edges = [today, *(today + dt.timedelta(days=days) for days in DUE_DAYS)]
    total, newest = prospects.failing(desk.store, _minute().replace(minute=0), MOST_ADDRESSES)
    addresses = [Address(mask_email(each.address), each.account_no, each.since) for each in newest]
    return Outlook(
        today,
        _activations(desk, today),
        prospects.due(desk.store, edges),
        Failing(total, addresses),
    )


def of_product(desk: Desk, actor: Actor, period: Period, product: str) -> list[Row]:
    """The newest resends of a product in the period, MOST_ROWS of them. Raises
    AppError(FORBIDDEN | STORAGE_FAILED)."""
    desk.require(actor, Permission.READ_LOG)
    span = period.spans(_minute()).now
    return board.resends_of_product(desk.store, product, span, MOST_ROWS)


def repeats(desk: Desk, actor: Actor, period: Period, reason: str | None) -> list[Row]:
    """The newest repeats of the period, with a reason or (None) with any, MOST_ROWS of them. Raises
    AppError(FORBIDDEN | STORAGE_FAILED)."""
    desk.require(actor, Permission.READ_LOG)
    return board.repeats(desk.store, reason, period.spans(_minute()).now, MOST_ROWS)


def slowest(desk: Desk, actor: Actor, period: Period) -> list[Row]:
    """The acceptances of the period that took longest, MOST_ROWS of them. Raises
    AppError(FORBIDDEN | STORAGE_FAILED)."""
    desk.require(actor, Permission.READ_LOG)
    return board.slowest(desk.store, period.spans(_minute()).now, MOST_ROWS)


def _by_day(period: Period, found: Mapping[dt.date, int]) -> list[tuple[dt.date, Count]]:
    before = [found.get(day, 0) for day in period.before.days]
    # A month may be longer than the one before: its last days have none to stand beside.
    before += [0] * (len(period.days) - len(before))
    return [
        (day, Count(found.get(day, 0), count))
        for day, count in zip(period.days, before, strict=True)
    ]


def _activations(desk: Desk, today: dt.date) -> list[tuple[dt.date, Mapping[Kind, int]]]:
    months = [today.replace(day=1)]
    while len(months) < MONTHS:
        months.insert(0, (months[0] - dt.timedelta(days=1)).replace(day=1))
    found: dict[dt.date, Counter[Kind]] = {month: Counter() for month in months}
    for month, kind, count in prospects.activations(desk.store, months[0], today):
        found[month][Kind(kind)] = count
    return list(found.items())


def _counts(rows: board.Counted) -> Counts:
    return {value: Count(now, before) for value, now, before in rows}


def _minute() -> dt.datetime:
    """Now, to the minute: within it the same question has the same answer kept."""
    return clock.now().replace(second=0, microsecond=0)
