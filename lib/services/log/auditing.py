"""The log handed to an auditor: a ZIP with its rows, what vouches for them, and a verifier of its
own (lib/auditor/). It is in the log before a byte leaves, and read while it does.
"""

from dataclasses import dataclass

from lib.model import clock
from lib.model.action import Action, Entry
from lib.model.actor import Actor
from lib.model.audit_export import BARE, DETAILED, Asked, Bundled
from lib.model.errors import AppError, Reason
from lib.model.roles import Permission
from lib.services.desk import Desk
from lib.services.log import proof
from lib.services.log.packing import Packing, Scope, Words
from lib.services.records import exporting
from lib.services.records.exporting import Download
from lib.services.records.orders import Placed
from lib.store.database import Transaction
from lib.store.log import auditing, checkpoints, proving
from lib.store.log.auditing import Anchors
from lib.store.log.checkpoints import Checkpoint


@dataclass(frozen=True)
class AuditOrder(Placed):
    asked: Asked
    words: Words


def count(desk: Desk, actor: Actor, asked: Asked) -> int:
    """How many rows would leave now. Raises AppError(FORBIDDEN | STORAGE_FAILED)."""
    _may(desk, actor)
    span = _span(desk, asked)
    return auditing.count(desk.store, *span) if span else 0


def start(desk: Desk, actor: Actor, asked: Asked, words: Words) -> str:
    """The ticket with which this person's browser fetches the file, once and soon (orders.LIFE).

    Raises AppError: FORBIDDEN, NOTHING_TO_EXPORT, EXPORT_RUNNING, EXPORTS_BUSY, STORAGE_FAILED.
    """
    if not count(desk, actor, asked):
        raise AppError(Reason.NOTHING_TO_EXPORT)
    return desk.exports.place(AuditOrder(actor.username, actor.session, asked, words))


def take(desk: Desk, ticket: str, *, actor: Actor) -> Download:
    """Open the file that a ticket stands for and log that it leaves; close it in any case.

    Raises AppError: what `start` does, and EXPORT_GONE for a ticket that isn't this session's or no
    longer counts.
    """
    _may(desk, actor)
    order = desk.exports.take(AuditOrder, ticket, actor.username, actor.session)
    try:
        return _logged(desk, actor, order.asked, order.words)
    except BaseException:
        desk.exports.done(actor.username)
        raise


def written(desk: Desk, actor: Actor, asked: Asked, words: Words) -> Download | Packing:
    """The same without a ticket, of a desk that nobody else has open.

    Of a log that ends too early, or into which rows were put meanwhile, nothing is logged: a row
    after them would vouch for what is wrong. Raises AppError: FORBIDDEN, NOTHING_TO_EXPORT,
    STORAGE_FAILED.
    """
    _may(desk, actor)
    anchors, span = Anchors(desk.store), _span(desk, asked)
    if span is None:
        raise AppError(Reason.NOTHING_TO_EXPORT)
    if auditing.behind(desk.store) or proving.put_while_closed(desk.store):
        scope = Scope(*span, asked.whole, asked.detailed)
        return Packing(desk, actor, scope, words, anchors, logged=False)
    return _logged(desk, actor, asked, words)


def _may(desk: Desk, actor: Actor) -> None:
    desk.require(actor, Permission.READ_LOG)
    desk.require(actor, Permission.EXPORT)


def _span(desk: Desk, asked: Asked) -> tuple[int, int] | None:
    """The first and the last number; None when there is no row."""
    if asked.days:
        span = asked.days.spans(clock.now()).now
        return auditing.within(desk.store, span.begin, span.end)
    lowest, highest = auditing.ends(desk.store)
    first = asked.first or min(lowest, 1)
    last = min(asked.last or highest, highest)
    return (first, last) if first <= last else None


def _logged(desk: Desk, actor: Actor, asked: Asked, words: Words) -> Download:
    """Of the whole log the last row is the one that says that it left, and it is signed."""
    anchors, span = Anchors(desk.store), _span(desk, asked)
    if span is None:
        raise AppError(Reason.NOTHING_TO_EXPORT)
    name = exporting.file_name(words.title, Bundled.ZIP)
    by = proof.signer(desk)

    def work(transaction: Transaction) -> tuple[Entry, Scope, Checkpoint | None]:
        first, last = span[0], transaction.head.seq + 1 if asked.whole else span[1]
        rows = auditing.count(transaction, first, last) + asked.whole
        entry = Entry(
            Action.AUDIT_EXPORTED,
            reason=DETAILED if asked.detailed else BARE,
            subject=f"{max(first, 1)}-{last}",
            detail={"file": name, "rows": rows},
        )
        transaction.log(actor, entry)
        signed = checkpoints.add(transaction, by) if by else None
        return entry, Scope(first, last, asked.whole, asked.detailed), signed

    entry, scope, signed = desk.store.write(work)
    if signed:
        proof.note(desk, signed)
    packing = Packing(desk, actor, scope, words, anchors, logged=True)
    return Download(name, Bundled.ZIP, desk, actor, entry, entry.detail["rows"], packing)
