"""What the log holds that the alerts' rules look for, and the alerts that were raised."""

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from lib.model.action import Action, Outcome
from lib.model.actor import SYSTEM
from lib.model.alert import MOST_ENTRIES, Alert, Rule, Sighting, State
from lib.store.database import Transaction
from lib.store.grid.columns import OFFICE_DAY
from lib.store.reading import Reader, marks

Span = tuple[dt.datetime, dt.datetime]  # of instants (UTC): from the first, until before the second

_NEWEST = f"list({{}} ORDER BY {{}} DESC)[1:{MOST_ENTRIES}]"
# An instant altered behind the desk's back may be none that Python can hold.
_SHOWN_AT = "greatest(TIMESTAMP '1900-01-01', least(TIMESTAMP '9999-01-01', logged_at))"
_GROUPED = frozenset({"actor", "subject", "address"})  # what acts may be counted by
_NAMES = "id, key, rule, about, people, facts, entries, raised_at, state, taken_by, taken_at"
_ALERT = f"{_NAMES}, closed_at, note"


@dataclass(frozen=True)
class Tally:
    """How often something was done by (or in the name of, or from) somebody; `entries` are the
    newest rows of it, oldest first."""

    who: str
    count: int
    entries: tuple[int, ...]


@dataclass(frozen=True)
class ToOneAddress:
    """`digest` stands for the address where it needn't be read."""

    address: str
    digest: str
    accounts: int
    people: tuple[str, ...]
    entries: tuple[int, ...]


@dataclass(frozen=True)
class SoonAfter:
    """The first resend after a change of an account's address; both by their rows of the log.
    `held`: it waited for a manager."""

    account_no: str
    changed: int
    changed_by: str
    changed_at: dt.datetime
    asked: int
    asked_by: str
    asked_at: dt.datetime
    held: bool


@dataclass(frozen=True)
class Line:
    """A row of the log as an alert shows it."""

    seq: int
    logged_at: dt.datetime
    actor: str
    action: str  # an Action's, unless somebody altered it behind the desk's back
    account_no: str
    serial: str
    address: str


# ---- looking for them ----------------------------------------------------------------------


def last_before(reader: Reader, at: dt.datetime) -> int:
    """The newest row of the log that isn't younger than `at`; 0 when there is none."""
    row = reader.one("SELECT max(seq) FROM log_row WHERE logged_at <= ?", [at])
    return int(row[0] or 0) if row else 0


def news(reader: Reader, after: int, span: Span) -> tuple[int, dt.datetime, dt.datetime] | None:
    """Of the rows past `after`: the last one's number and their earliest and latest instants, none
    of them beyond the span: one altered behind the desk's back may be any."""
    row = reader.one(
        "SELECT max(seq), greatest(min(logged_at), ?), least(max(logged_at), ?)"
        " FROM log_row WHERE seq > ?",
        [*span, after],
    )
    return (int(row[0]), row[1], row[2]) if row and row[0] is not None else None


def tallies(
    reader: Reader,
    actions: Collection[Action],
    outcome: Outcome,
    spans: Sequence[Span],
    least: int,
    after: int,
    by: str = "actor",
) -> list[Tally]:
    """Who did these acts with that outcome within the spans at least so often, some of it past the
    row `after`; the desk's own acts aside when counted by actor."""
    assert by in _GROUPED
    within = " OR ".join(["logged_at >= ? AND logged_at < ?"] * len(spans))
    rows = reader.rows(
        f"SELECT {by}, count(*), {_NEWEST.format('seq', 'seq')} FROM log_row"
        f" WHERE logged_at >= ? AND ({within}) AND action IN ({marks(actions)}) AND outcome = ?"
        f" AND {by} NOT IN ('', ?)"
        f" GROUP BY {by} HAVING count(*) >= ? AND max(seq) > ? ORDER BY {by}",
        [spans[0][0], *(at for span in spans for at in span), *(a.value for a in actions)]
        + [outcome.value, SYSTEM.username if by == "actor" else "", least, after],
    )
    return [Tally(who, count, tuple(reversed(entries))) for who, count, entries in rows]


def a_day(reader: Reader, username: str, action: Action, span: Span) -> list[int]:
    """How often somebody did something on each office day that they did it at all."""
    rows = reader.rows(
        "SELECT count(*) FROM log_row WHERE logged_at >= ? AND logged_at < ? AND actor = ?"
        f" AND action = ? AND outcome = 'ok' GROUP BY {OFFICE_DAY.format('logged_at')}",
        [*span, username, action.value],
    )
    return [int(row[0]) for row in rows]


def to_one_address(
    reader: Reader, since: dt.datetime, least: int, after: int
) -> list[ToOneAddress]:
    """Addresses that the CDAs of so many accounts were asked for after `since`, one of them past
    the row `after`; those that never left aside."""
    rows = reader.rows(
        "SELECT lower(trim(o.recipient)) AS mailbox, count(DISTINCT a.account_no),"
        f" list(DISTINCT a.actor), {_NEWEST.format('a.seq', 'a.seq')}"
        " FROM log_row a JOIN ops.outbox o ON o.id = a.subject"
        " WHERE a.logged_at > ? AND a.action = ? AND a.outcome = 'ok' AND o.state <> 'failed'"
        " GROUP BY mailbox HAVING count(DISTINCT a.account_no) >= ? AND max(a.seq) > ?"
        " ORDER BY mailbox",
        [since, Action.RESEND_REQUESTED.value, least, after],
    )
    return [
        ToOneAddress(address, _digest(address), count, tuple(sorted(people)), tuple(entries[::-1]))
        for address, count, people, entries in rows
    ]


def soon_after_a_change(
    reader: Reader, within: dt.timedelta, span: Span, after: int
) -> list[SoonAfter]:
    """Resends past the row `after`, and in the span, that came within that time of a change of
    their account's address. One for each change."""
    pairs = reader.rows(
        "SELECT c.account_no, c.seq, c.actor, c.logged_at, r.seq, r.actor, r.logged_at,"
        " EXISTS (SELECT 1 FROM ops.approval p WHERE p.outbox_id = r.subject)"
        " FROM log_row r JOIN log_row c ON c.account_no = r.account_no AND c.seq < r.seq"
        " WHERE r.seq > ? AND r.action = ? AND r.outcome = 'ok' AND r.logged_at BETWEEN ? AND ?"
        " AND c.action = ? AND c.logged_at BETWEEN ? AND ? AND c.logged_at > TRY(r.logged_at - ?)"
        " QUALIFY row_number() OVER (PARTITION BY c.seq ORDER BY r.seq) = 1 ORDER BY c.seq",
        [after, Action.RESEND_REQUESTED.value, *span]
        + [Action.CONTACT_CHANGED.value, span[0] - within, span[1], within],
    )
    of_address = _of_address(reader, [row[1] for row in pairs])
    return [SoonAfter(*row) for row in pairs if row[1] in of_address]


def _of_address(reader: Reader, changes: Collection[int]) -> set[int]:
    """Those of these changes of contact that changed the e-mail. Asked apart: joined, the engine
    would read every detail there is."""
    if not changes:
        return set()
    rows = reader.rows(
        f"SELECT seq FROM ops.audit_detail WHERE seq IN ({marks(changes)})"
        # What was altered behind the desk's back may be no JSON any more.
        " AND json_extract_string(TRY_CAST(detail AS JSON), '$.new.email') IS NOT NULL",
        [*changes],
    )
    return {row[0] for row in rows}


def failed_verifications(reader: Reader, after: int) -> list[tuple[int, str, str]]:
    """Of the verifications past the row `after` that found something: their rows of the log, how
    and which row fails."""
    rows = reader.rows(
        "SELECT seq, reason, subject FROM log_row WHERE seq > ? AND action = ?"
        " AND outcome = 'failed' ORDER BY seq",
        [after, Action.LOG_VERIFIED.value],
    )
    return [(row[0], row[1], row[2]) for row in rows]


def lines(reader: Reader, entries: Collection[int]) -> list[Line]:
    """These rows of the log, newest first."""
    if not entries:
        return []
    rows = reader.rows(
        f"SELECT seq, {_SHOWN_AT}, actor, action, account_no, serial, address FROM log_row"
        f" WHERE seq IN ({marks(entries)}) ORDER BY seq DESC",
        [*entries],
    )
    return [Line(*row) for row in rows]


# ---- those raised --------------------------------------------------------------------------


def find(reader: Reader, alert_id: str) -> Alert | None:
    row = reader.one(f"SELECT {_ALERT} FROM ops.alert WHERE id = ?", [alert_id])
    return _alert(row) if row else None


def raised(reader: Reader, keys: Collection[str]) -> set[str]:
    """Those of these keys that an alert was raised under."""
    if not keys:
        return set()
    rows = reader.rows(f"SELECT key FROM ops.alert WHERE key IN ({marks(keys)})", [*keys])
    return {row[0] for row in rows}


def standing(reader: Reader, limit: int) -> list[Alert]:
    """What nobody has closed: first what nobody took, each the newest first."""
    rows = reader.remembered(
        f"SELECT {_ALERT} FROM ops.alert WHERE state <> 'closed'"
        " ORDER BY state, raised_at DESC, id LIMIT ?",
        [limit],
    )
    return [_alert(row) for row in rows]


def count_standing(reader: Reader) -> int:
    rows = reader.remembered("SELECT count(*) FROM ops.alert WHERE state <> 'closed'")
    return int(rows[0][0])


def closed(reader: Reader, limit: int) -> list[Alert]:
    """The newest closed first."""
    rows = reader.remembered(
        f"SELECT {_ALERT} FROM ops.alert WHERE state = 'closed'"
        " ORDER BY closed_at DESC, id LIMIT ?",
        [limit],
    )
    return [_alert(row) for row in rows]


def add(transaction: Transaction, alert_id: str, seen: Sighting) -> None:
    """Raise one. Its key is unique: of two with the same, one is never stored."""
    transaction.run(
        "INSERT INTO ops.alert (id, key, rule, about, people, facts, entries, raised_at, state,"
        " taken_by, note) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'open', '', '')",
        [alert_id, seen.key, seen.rule.value, seen.about, json.dumps(seen.people)]
        + [json.dumps(dict(seen.facts)), json.dumps(seen.entries), transaction.now],
    )


def take(transaction: Transaction, alert_id: str, by: str, holder: str) -> bool:
    """Put somebody in charge of what `holder` ("": nobody) has; False when that is no longer so."""
    row = transaction.one(
        "UPDATE ops.alert SET state = 'taken', taken_by = ?, taken_at = ?"
        " WHERE id = ? AND state <> 'closed' AND taken_by = ? RETURNING id",
        [by, transaction.now, alert_id, holder],
    )
    return row is not None


def close(transaction: Transaction, alert_id: str, by: str, note: str) -> bool:
    """Write what it was, once, by who took it; False when that is somebody else or it was done."""
    row = transaction.one(
        "UPDATE ops.alert SET state = 'closed', closed_at = ?, note = ?"
        " WHERE id = ? AND state = 'taken' AND taken_by = ? RETURNING id",
        [transaction.now, note, alert_id, by],
    )
    return row is not None


def _alert(row: Sequence[Any]) -> Alert:
    alert_id, key, rule, about, people, facts, entries, raised_at, state, *rest = row
    return Alert(
        Rule(rule),
        key,
        about,
        tuple(json.loads(people)),
        json.loads(facts),
        tuple(json.loads(entries)),
        alert_id,
        raised_at,
        State(state),
        *rest,
    )


def _digest(address: str) -> str:
    return hashlib.sha256(address.encode()).hexdigest()[:16]
