"""Why nothing leaves: one row for each way (lib/model/mail_queue.py), kept over a restart."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lib.model.mail_queue import Pause, Way
from lib.model.outbox import SERVER_DOWN, MailProblem
from lib.store.database import Transaction
from lib.store.reading import Reader

_PAUSE = "problem, since, probe_at, failures"
# One trouble, whichever of its faces a probe meets.
_DOWN = SERVER_DOWN | {MailProblem.SERVER_BUSY}


def pause(reader: Reader, way: Way = Way.MAIL) -> Pause | None:
    """None while all is well."""
    row = reader.one(f"SELECT {_PAUSE} FROM ops.mail_queue WHERE id = ?", [way.value])
    return _pause(row) if row else None


def stop(
    transaction: Transaction,
    problem: MailProblem,
    probe_at: dt.datetime,
    way: Way = Way.MAIL,
) -> bool:
    """Nothing before `probe_at`. Whether this is news: `since` stays while the problem does."""
    before = pause(transaction, way)
    goes_on = before if before and _same(before.problem, problem) else None
    since = goes_on.since if goes_on else transaction.now
    count = goes_on.failures + 1 if goes_on else 1
    transaction.run(
        "INSERT INTO ops.mail_queue VALUES (?, ?, ?, ?, ?, 0) ON CONFLICT (id) DO UPDATE SET"
        " problem = excluded.problem, since = excluded.since, probe_at = excluded.probe_at,"
        " failures = excluded.failures",
        [way.value, problem.value, since, probe_at, count],
    )
    return goes_on is None


def failures(reader: Reader, problem: MailProblem, way: Way = Way.MAIL) -> int:
    """How many times in a row this trouble was met."""
    before = pause(reader, way)
    return before.failures if before and _same(before.problem, problem) else 0


def _same(before: MailProblem, now: MailProblem) -> bool:
    return before is now or {before, now} <= _DOWN


def flow(transaction: Transaction, way: Way = Way.MAIL) -> MailProblem | None:
    """All is well again; what was wrong, None when nothing was."""
    before = pause(transaction, way)
    if before is None:
        return None
    transaction.run(
        "UPDATE ops.mail_queue SET problem = '', since = NULL, probe_at = NULL, failures = 0"
        " WHERE id = ?",
        [way.value],
    )
    return before.problem


def probe_now(transaction: Transaction, way: Way = Way.MAIL) -> None:
    """Somebody corrected something, or thinks so: the next try needn't wait."""
    transaction.run(
        "UPDATE ops.mail_queue SET probe_at = ? WHERE id = ? AND problem <> ''",
        [transaction.now, way.value],
    )


@dataclass(frozen=True)
class Standing:
    """Whether mail leaves. Rows of the log up to `clock_after` say nothing about the clock:
    somebody looked at it since."""

    pause: Pause | None = None
    clock_after: int = 0


def standing(reader: Reader) -> Standing:
    """Of the way that mail leaves by; asked for each."""
    rows = reader.remembered(
        f"SELECT {_PAUSE}, clock_after FROM ops.mail_queue WHERE id = ?", [Way.MAIL.value]
    )
    return Standing(_pause(rows[0]), int(rows[0][-1])) if rows else Standing()


def _pause(row: Sequence[Any]) -> Pause | None:
    problem, since, probe_at, failures, *_ = row
    return Pause(MailProblem(problem), since, probe_at, failures) if problem else None


def trust_clock(transaction: Transaction, seq: int) -> None:
    transaction.run("UPDATE ops.mail_queue SET clock_after = ? WHERE id = ?", [seq, Way.MAIL.value])
