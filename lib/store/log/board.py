"""The Tablero's figures, counted in the log: few questions, each with its time asked for first.

A resend is a row that asks for one (or for a retry) and was granted: a mail of several systems has
one for each, as in Bitácora, so that a figure and the rows that it opens are the same number.
Rows lie in order of time, so that a condition on it skips the rest of the log.
"""

import datetime as dt
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lib.model.action import Action, Outcome
from lib.model.period import Span, Spans
from lib.store.grid.columns import OFFICE_DAY
from lib.store.reading import Reader

SOON = dt.timedelta(days=7)  # another resend of a serial within it is a repeat
_QUIET = dt.timedelta(days=1)  # as bounces.py: a mail that comes back does so within it

_ASKED = (
    f"a.action IN ('{Action.RESEND_REQUESTED}', '{Action.RESEND_RETRIED}')"
    f" AND a.outcome = '{Outcome.OK}'"
)
_WITHIN = "a.logged_at >= ? AND a.logged_at < ?"
_COUNTS = f"count(*) FILTER ({_WITHIN}), count(*) FILTER ({_WITHIN})"

# What the log says became of a resend, and of one that was refused. Mails of other kinds name no
# serial.
_ENDS = (
    Action.MAIL_ACCEPTED,
    Action.MAIL_BOUNCED,
    Action.MAIL_FAILED,
    Action.MAIL_UNCERTAIN,
    Action.APPROVAL_ASKED,
    Action.APPROVAL_DENIED,
    Action.APPROVAL_EXPIRED,
)

Counted = list[tuple[str, int, int]]  # a value, how many in the period, and in the one before


@dataclass(frozen=True)
class Resends:
    """Resends by who asked, by their reason's code, by their system's product ("" where the data in
    force have it no more), most first; and by the office's day, of both periods."""

    by_agent: Counted
    by_reason: Counted
    by_product: Counted
    by_day: dict[dt.date, int]


@dataclass(frozen=True)
class Waits:
    """How long accepted mails took from request to acceptance, in seconds; of none, None."""

    mails: int
    median_s: float | None
    p95_s: float | None


@dataclass(frozen=True)
class Row:
    """A row of the log behind a figure. `before_at`, `before_state` and `before_reason`: of a
    repeat, when its serial's resend before was asked for, what has become of that mail
    (lib/model/outbox.py, MailState; "" when unknown) and its reason. `wait_s`: of an acceptance,
    how long it took."""

    at: dt.datetime
    actor: str
    account_no: str
    serial: str
    reason: str
    before_at: dt.datetime | None = None
    before_state: str = ""
    before_reason: str = ""
    wait_s: float | None = None


@dataclass(frozen=True)
class Failing:
    """An address that gives mail back for good, the account whose mail showed it, since when."""

    address: str
    account_no: str
    since: dt.datetime


def resends(reader: Reader, spans: Spans) -> Resends:
    """All four in one look at the log: of ten million rows, a look is most of what one takes."""
    rows = reader.remembered(
        "SELECT grouping(actor, reason, product, day) AS kept_out, actor, reason, product, day,"
        f" {_COUNTS} FROM (SELECT a.logged_at, a.actor, a.reason, coalesce(s.product, '') AS"
        f" product, {OFFICE_DAY.format('a.logged_at')} AS day FROM log_row a"
        f" LEFT JOIN system s ON s.serial = a.serial WHERE {_WITHIN} AND {_ASKED}) a"
        " GROUP BY GROUPING SETS ((actor), (reason), (product), (day))"
        " ORDER BY 6 DESC, 7 DESC, actor, reason, product, day",
        [*_of(spans.now), *_of(spans.before), spans.before.begin, spans.now.end],
    )
    # A set has a bit for each column that isn't its own, the first the greatest.
    sets = (0b0111, 0b1011, 0b1101, 0b1110)
    by: dict[int, list[tuple[Any, int, int]]] = {bits: [] for bits in sets}
    for bits, *values, now, before in rows:
        if now or before:
            by[bits].append((next(v for v in values if v is not None), now, before))
    agent, reason, product, day = by.values()
    return Resends(agent, reason, product, {each[0]: each[1] + each[2] for each in day})


def outcomes(reader: Reader, spans: Spans) -> Counted:
    """What the log recorded in the period, by act: a mail accepted, given back, failed, of unknown
    fate; an approval asked for, denied, not given in time; and "resend_requested" for the resends
    that were refused. A mail that was accepted and came back counts in both."""
    ends = ", ".join(f"'{action}'" for action in _ENDS)
    refused = f"a.action = '{Action.RESEND_REQUESTED}' AND a.outcome = '{Outcome.REFUSED}'"
    return _counted(
        reader,
        f"SELECT a.action AS value, {_COUNTS} FROM log_row a WHERE {_WITHIN}"
        f" AND a.serial <> '' AND (a.action IN ({ends}) OR ({refused}))"
        f" GROUP BY value {_MOST_FIRST}",
        spans,
    )


def waits(reader: Reader, spans: Spans) -> tuple[Waits, Waits]:
    """From a mail's request to its acceptance, for those accepted in the period and in the one
    before, and that brought a CDA: one mail counts once, however many systems it is of. It includes
    a manager's answer."""
    of_period = (
        f"count(*) FILTER ({_WITHIN}), median(a.wait) FILTER ({_WITHIN}),"
        f" quantile_cont(a.wait, 0.95) FILTER ({_WITHIN})"
    )
    rows = reader.remembered(
        f"SELECT {of_period}, {of_period} FROM (SELECT min(a.logged_at) AS logged_at,"
        f" epoch(min(a.logged_at) - min(o.requested_at)) AS wait {_ACCEPTED} GROUP BY a.subject) a",
        [*_of(spans.now) * 3, *_of(spans.before) * 3, spans.before.begin, spans.now.end],
    )
    return Waits(*rows[0][:3]), Waits(*rows[0][3:])


_ACCEPTED = (
    "FROM log_row a JOIN ops.outbox o ON o.id = a.subject"
    f" WHERE {_WITHIN} AND a.action = '{Action.MAIL_ACCEPTED}' AND a.serial <> ''"
)


def repeats_by_reason(reader: Reader, spans: Spans) -> Counted:
    """Repeats by the reason they were asked for: resends (not retries) of a serial that had
    another, or a retry, in the seven days before. Most first."""
    return _counted(
        reader,
        f"SELECT a.reason AS value, {_COUNTS} FROM ({_FOLLOWING}) a WHERE {_WITHIN}"
        f" AND {_REPEATED} GROUP BY value {_MOST_FIRST}",
        spans,
        [spans.before.begin - SOON, spans.now.end],
    )


# Every resend since a week before, beside its serial's one before.
_FOLLOWING = (
    "SELECT a.seq, a.logged_at, a.actor, a.action, a.account_no, a.serial, a.reason,"
    " lag(a.logged_at) OVER following AS before_at, lag(a.subject) OVER following AS before_mail,"
    " lag(a.reason) OVER following AS before_reason FROM log_row a"
    f" WHERE {_WITHIN} AND {_ASKED} WINDOW following AS (PARTITION BY a.serial ORDER BY a.seq)"
)
_REPEATED = (
    f"a.action = '{Action.RESEND_REQUESTED}'"
    f" AND a.before_at >= a.logged_at - INTERVAL {SOON.days} DAY"
)


# ---- rows behind a figure -------------------------------------------------------------------


def resends_of_product(reader: Reader, product: str, span: Span, most: int) -> list[Row]:
    """The newest resends of a product ("": of systems that the data have no more)."""
    rows = reader.rows(
        "SELECT a.logged_at, a.actor, a.account_no, a.serial, a.reason FROM log_row a"
        f" LEFT JOIN system s ON s.serial = a.serial WHERE {_WITHIN} AND {_ASKED}"
        " AND coalesce(s.product, '') = ? ORDER BY a.seq DESC LIMIT ?",
        [*_of(span), product, most],
    )
    return [Row(*row) for row in rows]


def repeats(reader: Reader, reason: str | None, span: Span, most: int) -> list[Row]:
    """The newest repeats asked for with a reason; None: with any."""
    of_reason = "" if reason is None else " AND a.reason = ?"
    rows = reader.rows(
        "SELECT a.logged_at, a.actor, a.account_no, a.serial, a.reason, a.before_at,"
        f" coalesce(o.state, ''), a.before_reason FROM ({_FOLLOWING}) a"
        " LEFT JOIN ops.outbox o ON o.id = a.before_mail"
        f" WHERE {_WITHIN} AND {_REPEATED}{of_reason}"
        " ORDER BY a.seq DESC LIMIT ?",
        [span.begin - SOON, span.end, *_of(span), *([] if reason is None else [reason]), most],
    )
    return [Row(*row) for row in rows]


def slowest(reader: Reader, span: Span, most: int) -> list[Row]:
    """The acceptances that took longest, the slowest first; `at` is when they were accepted and
    `actor` who asked."""
    rows = reader.rows(
        "SELECT a.logged_at, o.requested_by, a.account_no, a.serial, o.reason, NULL, '', '',"
        f" epoch(a.logged_at - o.requested_at) AS wait {_ACCEPTED}"
        " ORDER BY wait DESC, a.seq LIMIT ?",
        [*_of(span), most],
    )
    return [Row(*row) for row in rows]


# ---- not of the period ----------------------------------------------------------------------


def failing(reader: Reader, now: dt.datetime, most: int) -> tuple[int, list[Failing]]:
    """How many addresses give mail back for good as of `now` (UTC), and the newest of them.

    One that took a mail since and didn't give it back within a day works again, as
    lib/store/mail/bounces.py has it.
    """
    rows = reader.remembered(
        "SELECT f.address, coalesce(o.account_no, ''), f.since, count(*) OVER ()"
        " FROM ops.failing_address f LEFT JOIN ops.outbox o ON o.id = f.outbox_id"
        " WHERE f.since IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ops.outbox w"
        " WHERE lower(w.recipient) = f.address AND w.state = 'accepted'"
        " AND w.requested_at > f.since AND w.finished_at < ?)"
        " ORDER BY f.since DESC, f.address LIMIT ?",
        [now - _QUIET, most],
    )
    return (rows[0][3] if rows else 0), [Failing(*row[:3]) for row in rows]


def activations(reader: Reader, first: dt.date, last: dt.date) -> list[tuple[dt.date, str, int]]:
    """Systems by the month they were activated in (its first day) and their kind (lib/model/
    system.py), of those activated from `first` to `last`. Months without any are left out."""
    rows = reader.remembered(
        "SELECT CAST(date_trunc('month', activated_on) AS DATE) AS month, kind, count(*)"
        " FROM system WHERE activated_on >= ? AND activated_on <= ?"
        " GROUP BY month, kind ORDER BY month, kind",
        [first, last],
    )
    return [(row[0], row[1], row[2]) for row in rows]


def due(reader: Reader, edges: Sequence[dt.date]) -> list[int]:
    """How many subscriptions have their next payment before the first of these days, from each to
    the day before the next, in order; after the last edge none is counted."""
    parts = ["count(*) FILTER (next_payment_on < ?)"]
    parts += ["count(*) FILTER (next_payment_on >= ? AND next_payment_on < ?)"] * (len(edges) - 1)
    within = [day for pair in itertools.pairwise(edges) for day in pair]
    rows = reader.remembered(
        f"SELECT {', '.join(parts)} FROM system"
        " WHERE kind = 'subscription' AND next_payment_on < ?",
        [edges[0], *within, edges[-1]],
    )
    return list(rows[0])


# ---- small things ---------------------------------------------------------------------------

_MOST_FIRST = "ORDER BY 2 DESC, 3 DESC, value"


def _counted(reader: Reader, sql: str, spans: Spans, first: Sequence[dt.datetime] = ()) -> Counted:
    """By value, of what lies from the one period's begin to the other's end: one stretch of the
    log. `first`: parameters of a subquery, between the counts' and the condition's."""
    both = [*_of(spans.now), *_of(spans.before)]
    rows = reader.remembered(sql, [*both, *first, spans.before.begin, spans.now.end])
    return [(row[0], row[1], row[2]) for row in rows if row[1] or row[2]]


def _of(span: Span) -> list[dt.datetime]:
    return [span.begin, span.end]
