"""What the Tablero shows whatever its period: what the desk and the vendor's data have today."""

import datetime as dt
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from lib.store.reading import Reader

_QUIET = dt.timedelta(days=1)  # as bounces.py: a mail that comes back does so within it
# Quoted, it isn't among the tables whose commits age an answer (lib/store/ages.py).
_MAILS = 'ops."outbox"'


@dataclass(frozen=True)
class Failing:
    """An address that gives mail back for good, the account whose mail showed it, since when."""

    address: str
    account_no: str
    since: dt.datetime


def failing(reader: Reader, now: dt.datetime, most: int) -> tuple[int, list[Failing]]:
    """How many addresses give mail back for good as of `now` (UTC), and the newest of them.

    One that took a mail since and didn't give it back within a day works again, as
    lib/store/mail/bounces.py has it. So no mail of today changes the answer: it is kept for as long
    as `now` is the same and no address failed or was confirmed, whatever else was mailed.
    """
    rows = reader.remembered(
        "WITH failed AS (SELECT * FROM ops.failing_address WHERE since IS NOT NULL),"
        # Joined so that the engine keeps the addresses in hand, of which there are few, and not
        # all the mails there ever were.
        f" works AS (SELECT DISTINCT f.address FROM {_MAILS} w"
        " JOIN failed f ON f.address = lower(w.recipient) WHERE w.state = 'accepted'"
        " AND w.requested_at > f.since AND w.finished_at < ?),"
        " failing AS (SELECT * FROM failed ANTI JOIN works USING (address)),"
        " newest AS (SELECT * FROM failing ORDER BY since DESC, address LIMIT ?)"
        " SELECT n.address, coalesce(o.account_no, ''), n.since, (SELECT count(*) FROM failing)"
        " FROM newest n"
        f" LEFT JOIN {_MAILS} o ON o.id = n.outbox_id ORDER BY n.since DESC, n.address",
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
