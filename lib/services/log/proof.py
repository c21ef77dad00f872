"""The log's proof: checkpoints signed as it grows, and its verification with a verdict."""

import datetime as dt
import logging

from lib.model import clock
from lib.model.action import Action, Entry, Outcome
from lib.model.actor import SYSTEM, Actor
from lib.model.errors import AppError, Reason
from lib.model.proof import Checked, Progress
from lib.model.roles import Permission
from lib.services.desk import Desk
from lib.store.database import Transaction
from lib.store.log import checkpoints, proving, signing, verifications
from lib.store.log.audit import read_head
from lib.store.log.checkpoints import Checkpoint
from lib.store.log.signing import Signer

EVERY_ROWS = 1_000  # at most, between two checkpoints
_EVERY = dt.timedelta(days=1)
_NIGHT_H = 3  # the office's hour from which a day's verification is due

_LOG = logging.getLogger("mesa.proof")


# ---- verification --------------------------------------------------------------------------------


def check(desk: Desk, actor: Actor, progress: Progress) -> Checked:
    """Recompute the whole log and write nothing. Raises AppError(FORBIDDEN)."""
    actor.require(Permission.READ_LOG)
    return proving.check(desk.store, progress)


def verify(desk: Desk, actor: Actor, progress: Progress) -> Checked:
    """Recompute the whole log and keep what it said, for every manager to see; one at a time.

    Raises AppError: FORBIDDEN, VERIFICATION_RUNNING. Whatever `progress` raises ends it, and
    nothing is kept.
    """
    actor.require(Permission.READ_LOG)
    if not desk.verifying.acquire(blocking=False):
        raise AppError(Reason.VERIFICATION_RUNNING)
    try:
        checked = check(desk, actor, progress)
        desk.store.write(lambda transaction: _keep(transaction, actor, checked))
    finally:
        desk.verifying.release()
    return checked


def _keep(transaction: Transaction, actor: Actor, checked: Checked) -> None:
    finding = checked.finding
    entry = Entry(
        Action.LOG_VERIFIED,
        Outcome.FAILED if finding else Outcome.OK,
        reason=finding.problem.value if finding else "",
        subject=str(finding.seq) if finding else "",
        detail={"rows": checked.rows, "unchecked": ", ".join(checked.unchecked)},
    )
    verifications.add(transaction, checked)
    transaction.log(actor, entry)


def last(desk: Desk, actor: Actor) -> Checked | None:
    """What the newest verification said; None before the first. Raises AppError(FORBIDDEN)."""
    actor.require(Permission.READ_LOG)
    return verifications.last(desk.store)


def verification_due(desk: Desk) -> bool:
    """Whether today's is still to be done; a desk that was off at night does it later."""
    now = clock.at_office(clock.now())
    checked = verifications.last(desk.store)
    if now.hour < _NIGHT_H:
        return False
    return checked is None or clock.at_office(checked.at).date() != now.date()


# ---- checkpoints ---------------------------------------------------------------------------------


def prepare(desk: Desk) -> None:
    """At a start, before anything is logged: see what was put into the log meanwhile, for the first
    row logged after it would vouch for it; and to it that there is a key to sign with, which the
    log knows.

    A key is made at first and when the one in use is lost. One that the log doesn't know stays
    where it is and signs nothing: the verification names it. A desk without a key works all the
    same.
    """
    finding = proving.put_while_closed(desk.store)
    if finding:
        found = Checked(clock.now(), desk.store.found.seq, finding)
        desk.store.write(lambda transaction: _keep(transaction, SYSTEM, found))
    try:
        _find_key(desk)
    except OSError as error:
        _LOG.error("no key for checkpoints: %s", type(error).__name__)


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
    with desk.store.cursor() as cursor:
        head = read_head(cursor)
    newest = checkpoints.latest(desk.store)
    if newest is None:
        return head.seq > 0
    rows, age = head.seq - newest[0], clock.now() - newest[1]
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
