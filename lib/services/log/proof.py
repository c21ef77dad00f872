"""The log's proof: checkpoints signed as it grows, and its verification with a verdict."""

import datetime as dt
import logging
from collections.abc import Sequence

from lib.model import clock
from lib.model.action import Action, Entry, Outcome
from lib.model.actor import SYSTEM, Actor
from lib.model.errors import AppError, Reason
from lib.model.proof import STANDING, Checked, Finding, Problem, Progress
from lib.model.roles import Permission
from lib.model.segment import MONTH
from lib.services.desk import Desk
from lib.services.log import alert_rules
from lib.store.database import Transaction
from lib.store.log import aside, checkpoints, proving, segments, signing, verifications
from lib.store.log.audit import Head
from lib.store.log.checkpoints import Checkpoint
from lib.store.log.signing import Signer

EVERY_ROWS = 1_000  # at most, between two checkpoints
_EVERY = dt.timedelta(days=1)
NIGHT_H = 3  # the office's hour from which a day's verification is due

_LOG = logging.getLogger("mesa.proof")


# ---- verification --------------------------------------------------------------------------------


def check(desk: Desk, actor: Actor, progress: Progress, mailed: Sequence[Head] = ()) -> Checked:
    """Recompute the whole log, hold it against heads that were `mailed` (lib/services/log/
    mailings.py), and write nothing. Raises AppError(FORBIDDEN)."""
    desk.require(actor, Permission.READ_LOG)
    return proving.check(desk.store, progress, mailed)


def verify(desk: Desk, actor: Actor, progress: Progress) -> Checked:
    """Recompute the whole log and keep what it said, for every manager to see; one at a time.

    Raises AppError: FORBIDDEN, VERIFICATION_RUNNING. Whatever `progress` raises ends it, and
    nothing is kept.
    """
    desk.require(actor, Permission.READ_LOG)
    if not desk.verifying.acquire(blocking=False):
        raise AppError(Reason.VERIFICATION_RUNNING)
    try:
        checked = check(desk, actor, progress)
        _record(desk, actor, checked)
    finally:
        desk.verifying.release()
    return checked


def _record(desk: Desk, actor: Actor, checked: Checked) -> None:
    """Keep what it said. After a finding in the segment in use a new one begins, so that it hides
    nothing of what comes."""
    by = signer(desk)

    def work(transaction: Transaction) -> Checkpoint | None:
        keep(transaction, actor, checked)
        fresh = next((each for each in checked.findings if _is_in_use(checked, each)), None)
        return begin_segment(transaction, fresh.problem.value, by) if fresh else None

    signed = desk.store.write(work)
    if signed:
        note(desk, signed)


def _is_in_use(checked: Checked, finding: Finding) -> bool:
    """Whether a new segment would leave it behind."""
    newest = checked.segment == 1 or finding.seq >= checked.segment
    return newest and finding.problem not in STANDING


def keep(transaction: Transaction, actor: Actor, checked: Checked) -> None:
    """A row for each finding: of each an alert is raised, once."""
    verifications.add(transaction, checked)
    for finding in checked.findings or (None,):
        entry = Entry(
            Action.LOG_VERIFIED,
            Outcome.FAILED if finding else Outcome.OK,
            reason=finding.problem.value if finding else "",
            subject=str(finding.seq) if finding else "",
            detail={"rows": checked.rows, "unchecked": ", ".join(checked.unchecked)},
        )
        transaction.log(actor, entry)


def last(desk: Desk, actor: Actor) -> Checked | None:
    """What the newest verification said; None before the first. Raises AppError(FORBIDDEN)."""
    desk.require(actor, Permission.READ_LOG)
    return verifications.last(desk.store)


def is_taken_care_of(desk: Desk, actor: Actor, checked: Checked) -> bool:
    """Whether somebody took the alert about each of its findings, and all lie in closed segments:
    what the desk writes now is whole. Raises AppError(FORBIDDEN)."""
    desk.require(actor, Permission.READ_LOG)
    keys = [alert_rules.finding_key(each.problem, each.seq) for each in checked.findings]
    known = verifications.taken(desk.store, keys)
    return known.issuperset(keys) and not any(e.problem in STANDING for e in checked.findings)


def verification_due(desk: Desk) -> bool:
    """Whether today's is still to be done; a desk that was off at night does it later."""
    now = clock.at_office(clock.now())
    checked = verifications.last(desk.store)
    if now.hour < NIGHT_H:
        return False
    return checked is None or clock.at_office(checked.at).date() != now.date()


# ---- checkpoints ---------------------------------------------------------------------------------


def prepare(desk: Desk) -> None:
    """At a start, before anything is logged: say what was done to the log meanwhile, and see to it
    that there is a key to sign with, which the log knows.

    A key is made at first and when the one in use is lost. One that the log doesn't know stays
    where it is and signs nothing: the verification names it. A desk without a key works all the
    same.
    """
    take_stock(desk)
    try:
        _find_key(desk)
    except OSError as error:
        _LOG.error("no key for checkpoints: %s", type(error).__name__)


def take_stock(desk: Desk) -> None:
    """Log what the log's end shows of the time when nobody had it open, before this process's own
    rows hide it. Raises AppError(STORAGE_FAILED | DISK_FULL)."""
    finding = proving.seen_at_start(desk.store)
    if finding:
        _record(desk, SYSTEM, Checked(clock.now(), desk.store.found.seq, (finding,)))
    _set_aside(desk)


def _set_aside(desk: Desk) -> None:
    """Details somebody put where the next rows' would go: not one more could be written."""
    if not aside.orphans(desk.store):
        return
    by = signer(desk)

    def work(transaction: Transaction) -> Checkpoint | None:
        aside.set_aside(transaction)
        finding = Finding(transaction.head.seq + 1, Problem.DETAIL_INSERTED)
        keep(transaction, SYSTEM, Checked(transaction.now, transaction.head.seq, (finding,)))
        return begin_segment(transaction, finding.problem.value, by)

    signed = desk.store.write(work)
    if signed:
        note(desk, signed)


def _find_key(desk: Desk) -> None:
    data = desk.settings.data
    known = checkpoints.keys_on_record(desk.store)
    made = signing.waiting(data)
    if made and made.fingerprint in known and not signing.held_fingerprint(data):
        signing.settle(data)  # the process that made it died
    held = signing.held(data)
    if not signing.held_fingerprint(data):
        _record_key(desk, signing.make(data).fingerprint)
        signing.settle(data)
    elif held and not known:  # kept from before, beside a new database
        _record_key(desk, held.fingerprint)


def _record_key(desk: Desk, fingerprint: str) -> None:
    desk.store.write(lambda t: t.log(SYSTEM, Entry(Action.LOG_KEY_MADE, subject=fingerprint)))


def checkpoint_due(desk: Desk) -> bool:
    """Whether rows lie beyond the newest checkpoint, too many or for too long."""
    written, newest = desk.store.head.seq, checkpoints.latest(desk.store)
    if newest is None:
        return written > 0
    rows, age = written - newest[0], clock.now() - newest[1]
    return rows >= EVERY_ROWS or (rows > 0 and age >= _EVERY)


def sign(desk: Desk, action: Action = Action.CHECKPOINT_SIGNED) -> Checkpoint | None:
    """Log the act and sign all that the log then holds, in one transaction; None without a key that
    the log knows. Nothing is logged then of an act that would have been the signing itself.

    Raises AppError(STORAGE_FAILED | DISK_FULL).
    """
    by = signer(desk)
    if by is None and action is Action.CHECKPOINT_SIGNED:
        return None

    def work(transaction: Transaction) -> Checkpoint | None:
        transaction.log(SYSTEM, Entry(action))
        return checkpoints.add(transaction, by) if by else None

    signed = desk.store.write(work)
    if signed:
        note(desk, signed)
    return signed


def begin_segment(transaction: Transaction, why: str, by: Signer | None) -> Checkpoint | None:
    """Begin a segment of the log, and sign the row that does: it covers all of the one before. What
    was signed is to be noted once it is committed."""
    transaction.log(SYSTEM, Entry(Action.SEGMENT_OPENED, reason=why))
    return checkpoints.add(transaction, by) if by else None


def begin_month(desk: Desk) -> None:
    """Begin a segment if the one in use was begun before this month, by the office's calendar.
    Raises AppError(STORAGE_FAILED | DISK_FULL)."""
    today = clock.at_office(clock.now()).date()
    if not segments.is_begun_before(desk.store, clock.begins(today.replace(day=1))):
        return
    by = signer(desk)
    signed = desk.store.write(lambda transaction: begin_segment(transaction, MONTH, by))
    if signed:
        note(desk, signed)


def signer(desk: Desk) -> Signer | None:
    """Who signs checkpoints; None without a key that the log knows."""
    held = signing.held(desk.settings.data)
    known = checkpoints.keys_on_record(desk.store) if held else frozenset()
    return held if held and held.fingerprint in known else None


def note(desk: Desk, signed: Checkpoint) -> None:
    """Have what was committed outside the database too: it stands there also when the file can't
    take it."""
    try:
        checkpoints.note(desk.settings.data, signed)
    except OSError as error:
        _LOG.error("audit.checkpoints not written: %s", type(error).__name__)
