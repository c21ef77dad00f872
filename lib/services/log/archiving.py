"""The log's segments: listed, archived when they are old, dropped by an administrator alone."""

import datetime as dt
import logging
from collections.abc import Iterable
from functools import partial

from lib.model import clock
from lib.model.action import Action, Entry
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.roles import Permission
from lib.model.segment import Segment, State
from lib.services.desk import Desk
from lib.store.database import Transaction
from lib.store.log import archives, segments
from lib.store.log.log_row import Archived
from lib.store.log.segments import Span

MAX_REASON = 500  # characters
_LOG = logging.getLogger("mesa.proof")


def every(desk: Desk, actor: Actor) -> list[Segment]:
    """All segments, oldest first. Raises AppError(FORBIDDEN)."""
    desk.require(actor, Permission.READ_LOG)
    return segments.every(desk.store)


def archive(desk: Desk, actor: Actor, months: int = 0) -> int:
    """Archive every closed segment that ended so many months ago (0: at all), the oldest first; how
    many. Before it, what a process that was killed left half done.

    Raises AppError: FORBIDDEN, VERIFICATION_RUNNING, ARCHIVE_FAILED, UNWRITABLE_FILE,
    STORAGE_FAILED, DISK_FULL.
    """
    desk.require(actor, Permission.KEEP_LOG)
    if not desk.verifying.acquire(blocking=False):  # it reads the log where it lies
        raise AppError(Reason.VERIFICATION_RUNNING)
    try:
        _finish(desk)
        spans = archives.closed(desk.store)
        return _each(desk, actor, archives.ended_before(desk.store, spans, _months_ago(months)))
    finally:
        desk.verifying.release()


def _each(desk: Desk, actor: Actor, spans: Iterable[Span]) -> int:
    done = 0
    for span in spans:
        made = archives.write(desk.store, span)
        desk.store.write(partial(_record, actor=actor, made=made))
        _finish(desk)
        done += 1
    return done


def _record(transaction: Transaction, actor: Actor, made: Archived) -> None:
    archives.record(transaction, made)
    named = segments.named(made.first, made.last)
    detail = {"rows": made.rows, "head": made.head, "file": made.name, "sha256": made.sha256}
    for fingerprint in archives.keys_within(transaction, made.last):
        transaction.log(actor, Entry(Action.LOG_KEY_MADE, subject=fingerprint))
    transaction.log(actor, Entry(Action.SEGMENT_ARCHIVED, subject=named, detail=detail))


def drop(desk: Desk, actor: Actor, number: int, reason: str) -> Segment:
    """Let an archived segment go for good, its file and its details, by its place in the list (from
    1): the oldest that is left, or what is left would begin nowhere.

    Raises AppError: FORBIDDEN, UNKNOWN_SEGMENT, SEGMENT_NOT_OLDEST, SEGMENT_NOT_ARCHIVED,
    DROP_REASON_MISSING, VERIFICATION_RUNNING.
    """
    desk.require(actor, Permission.KEEP_LOG)
    reason = " ".join(reason.split())[:MAX_REASON]
    if not reason:
        raise AppError(Reason.DROP_REASON_MISSING)
    listed = every(desk, actor)
    if not 1 <= number <= len(listed):
        raise AppError(Reason.UNKNOWN_SEGMENT, number=number)
    segment = listed[number - 1]
    if segment.state not in (State.ARCHIVED, State.UNREADABLE):
        raise AppError(Reason.SEGMENT_NOT_ARCHIVED, number=number)
    if any(each.state is not State.DROPPED for each in listed[: number - 1]):
        raise AppError(Reason.SEGMENT_NOT_OLDEST, number=number)
    if not desk.verifying.acquire(blocking=False):
        raise AppError(Reason.VERIFICATION_RUNNING)
    try:
        desk.store.write(lambda transaction: _drop(transaction, actor, segment, reason))
        _finish(desk)
    finally:
        desk.verifying.release()
    return segment


def _drop(transaction: Transaction, actor: Actor, segment: Segment, reason: str) -> None:
    archives.drop(transaction, segment.first)
    named = segments.named(segment.first, segment.last)
    detail = {"rows": segment.rows, "head": segment.head, "note": reason}
    transaction.log(actor, Entry(Action.SEGMENT_DROPPED, subject=named, detail=detail))


def _finish(desk: Desk) -> None:
    """Take out of the database what lies in its archive, or nowhere any more, a few rows at a time
    so that nobody waits."""
    for table, first, last in archives.left(desk.store):
        while desk.store.write(partial(archives.thin, table=table, first=first, last=last)):
            pass
    try:
        archives.sweep(desk.store)
    except OSError as error:
        _LOG.error("the log's archives not swept: %s", type(error).__name__)


def _months_ago(months: int) -> dt.datetime:
    """The stored instant at which this month, less so many, began at the office; now for none."""
    if not months:
        return clock.now()
    today = clock.at_office(clock.now()).date()
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return clock.begins(dt.date(max(year, 1), month + 1, 1))
