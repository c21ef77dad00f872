"""The Tablero's figures, counted in the log: few questions, each with its time asked for first.

A resend is a row that asks for one (or for a retry) and was granted: a mail of several systems has
one for each, as in Bitácora, so that a figure and the rows that it opens are the same number.
Rows lie in order of time, so that a condition on it skips the rest of the log.
"""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lib.model import clock
from lib.model.action import Action, Outcome
from lib.model.period import Span, Spans
from lib.store.reading import Reader

SOON = dt.timedelta(days=7)  # another resend of a serial within it is a repeat

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


def resends(reader: Reader, spans: Spans) -> Resends:
    """All four in three looks at the log: by what stands in it, by what must be looked up, by
    day. One for all, with a group for each, takes half as long again."""
    rows = reader.remembered(
        f"SELECT a.actor, a.reason, {_COUNTS} FROM log_row a WHERE {_WITHIN} AND {_ASKED}"
        " GROUP BY ALL",
        _both(spans),
    )
    product = _counted(
        reader,
        f"SELECT coalesce(s.product, '') AS value, {_COUNTS} FROM log_row a"
        f" LEFT JOIN system s ON s.serial = a.serial WHERE {_WITHIN} AND {_ASKED}"
        f" GROUP BY value {_MOST_FIRST}",
        spans,
    )
    return Resends(_added_up(rows, 0), _added_up(rows, 1), product, _by_day(reader, spans))


def _added_up(rows: Sequence[Sequence[Any]], column: int) -> Counted:
    """By the value in one column; the last two are counts."""
    now, before = Counter[str](), Counter[str]()
    for row in rows:
        now[row[column]] += row[-2]
        before[row[column]] += row[-1]
    found = [(value, now[value], before[value]) for value in now if now[value] or before[value]]
    return sorted(found, key=lambda each: (-each[1], -each[2], each[0]))


def _by_day(reader: Reader, spans: Spans) -> dict[dt.date, int]:
    """Counted by the clock's hour, whose day at the office is worked out here: the engine would
    take five times as long to do it for each row."""
    hours = reader.remembered(
        f"SELECT date_trunc('hour', a.logged_at) AS hour, count(*) FROM log_row a"
        f" WHERE (({_WITHIN}) OR ({_WITHIN})) AND {_WITHIN} AND {_ASKED} GROUP BY hour",
        _both(spans),
    )
    days = Counter[dt.date]()
    for hour, count in hours:
        days[clock.at_office(hour).date()] += count
    return days


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
        [*_of(spans.now) * 3, *_of(spans.before) * 3]
        + [spans.before.begin, spans.now.end, spans.before.begin],
    )
    return Waits(*rows[0][:3]), Waits(*rows[0][3:])


# A mail is finished when it is accepted, or later, when it comes back: what was finished before
# needn't be looked at. Its parameters: a span's two ends, and its begin again.
_ACCEPTED = (
    "FROM log_row a JOIN ops.outbox o ON o.id = a.subject"
    f" WHERE {_WITHIN} AND a.action = '{Action.MAIL_ACCEPTED}' AND a.serial <> ''"
    " AND o.finished_at >= ?"
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


# Every resend since a week before, beside its serial's one before, of serials that have one: they
# are few, and only they need be put in order.
_FOLLOWING = (
    "WITH asked AS MATERIALIZED (SELECT a.seq, a.logged_at, a.actor, a.action, a.account_no,"
    f" a.serial, a.reason, a.subject FROM log_row a WHERE {_WITHIN} AND {_ASKED}),"
    " again AS (SELECT serial FROM asked GROUP BY serial HAVING count(*) > 1)"
    " SELECT a.*, lag(a.logged_at) OVER following AS before_at,"
    " lag(a.subject) OVER following AS before_mail, lag(a.reason) OVER following AS before_reason"
    " FROM asked a WHERE a.serial IN (FROM again)"
    " WINDOW following AS (PARTITION BY a.serial ORDER BY a.seq)"
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
    newest = f"SELECT * FROM ({_FOLLOWING}) a WHERE {_WITHIN} AND {_REPEATED}{of_reason}"
    rows = reader.rows(
        "SELECT a.logged_at, a.actor, a.account_no, a.serial, a.reason, a.before_at,"
        f" coalesce(o.state, ''), a.before_reason FROM ({newest} ORDER BY a.seq DESC LIMIT ?) a"
        " LEFT JOIN ops.outbox o ON o.id = a.before_mail ORDER BY a.seq DESC",
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
        [*_of(span), span.begin, most],
    )
    return [Row(*row) for row in rows]


# ---- small things ---------------------------------------------------------------------------

_MOST_FIRST = "ORDER BY 2 DESC, 3 DESC, value"


def _counted(reader: Reader, sql: str, spans: Spans, first: Sequence[dt.datetime] = ()) -> Counted:
    """By value, of what lies from the one period's begin to the other's end: one stretch of the
    log. `first`: parameters of a subquery, between the counts' and the condition's."""
    counts, condition = _both(spans)[:4], _both(spans)[4:]
    rows = reader.remembered(sql, [*counts, *first, *condition])
    return [(row[0], row[1], row[2]) for row in rows if row[1] or row[2]]


def _both(spans: Spans) -> list[dt.datetime]:
    """What _COUNTS asks for, and _WITHIN of both periods."""
    return [*_of(spans.now), *_of(spans.before), spans.before.begin, spans.now.end]


def _of(span: Span) -> list[dt.datetime]:
    return [span.begin, span.end]
