"""Reenviar CDA to many: checked first, asked for once, then worked off by `Rounds` (rounds.py)."""

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from lib.model import clock, versions
from lib.model.action import Action, Entry
from lib.model.actor import Actor
from lib.model.bulk import MOST_SYSTEMS, Bulk, Line, Manner, Tally, places
from lib.model.errors import AppError, Reason
from lib.model.policy import Policy, Rule
from lib.model.roles import Permission
from lib.model.selection import Selection
from lib.model.view import View
from lib.services.desk import Desk
from lib.services.records import browsing
from lib.services.resends import cancelling, policies, resending
from lib.services.resends.checked import Check
from lib.services.resends.sifting import Sieve
from lib.store.database import Transaction
from lib.store.grid.sources import Source
from lib.store.mail import bulks
from lib.store.reading import Reader

MOST_LISTED = 30  # bulks of before
_READ = 0.9  # of a check: what is left is arithmetic

Progress = Callable[[float], None]  # 0 to 1


@dataclass(frozen=True)
class Seen:
    """A bulk as it stands."""

    bulk: Bulk
    tally: Tally


# ---- checking ------------------------------------------------------------------------------


def check(
    desk: Desk,
    source: Source,
    view: View,
    selection: Selection,
    progress: Progress = lambda _: None,
    *,
    actor: Actor,
) -> Check:
    """What a resend to what is ticked would do.

    Raises AppError: FORBIDDEN, TOO_MANY_SYSTEMS (facts: total, most), STORAGE_FAILED.
    """
    desk.require(actor, Permission.RESEND)
    found = browsing.selected(desk, source, view, selection, MOST_SYSTEMS, actor=actor)
    _bounded(found.total)
    serials = [str(row["serial"]) for row in found.rows]
    return check_serials(desk, source.id, serials, progress, gone=found.gone, actor=actor)


def check_serials(
    desk: Desk,
    list_id: str,
    serials: Sequence[str],
    progress: Progress = lambda _: None,
    *,
    gone: int = 0,
    actor: Actor,
) -> Check:
    """The same for systems known by their serials. Raises AppError(FORBIDDEN | TOO_MANY_SYSTEMS |
    STORAGE_FAILED).
    """
    desk.require(actor, Permission.RESEND)
    _bounded(len(serials))
    sieve = Sieve(desk.store, actor, serials, clock.now())
    progress(_READ)
    found = {each.serial: each for each in sieve.candidates(list(dict.fromkeys(serials)))}
    policy = policies.in_force(desk.store)
    return Check(list_id, tuple(found.values()), gone, policy)


def check_again(
    desk: Desk, bulk_id: str, progress: Progress = lambda _: None, *, actor: Actor
) -> Check:
    """The same for those of a bulk that surely didn't go: left out, failed, given back, cancelled.

    Raises AppError(FORBIDDEN | UNKNOWN_BULK | STORAGE_FAILED).
    """
    desk.require(actor, Permission.RESEND)
    before = _visible(desk.store, actor, bulk_id)
    serials = [line.serial for line in bulks.lines(desk.store, bulk_id) if line.surely_not_gone]
    return check_serials(desk, before.list, serials, progress, actor=actor)


def _bounded(systems: int) -> None:
    if systems > MOST_SYSTEMS:
        raise AppError(Reason.TOO_MANY_SYSTEMS, total=f"{systems:,}", most=f"{MOST_SYSTEMS:,}")


# ---- asking --------------------------------------------------------------------------------


def start(
    desk: Desk,
    actor: Actor,
    checked: Check,
    manner: Manner,
    reason: str,
    ticket: str,
    *,
    accepting: bool,
) -> Bulk:
    """Write down what is to be resent, and what the check left out, in one transaction; from then
    on it happens, also after a restart. For each mail everything is asked again at its own moment.
    `accepting`: the person read the check's warnings and goes on with those systems too.

    The same check again is the same answer. Raises AppError: FORBIDDEN, MISSING_REASON, BAD_TICKET,
    TICKET_NOT_LIKE, NOTHING_TO_RESEND, STALE_DIALOG (somebody else's check), STORAGE_FAILED.
    """
    resending.admit(desk, actor, Action.BULK_STARTED)
    motive = resending.checked_motive(desk.store, reason, ticket)
    accepted = checked.warnings if accepting else ()
    going = [(each.serial, each.account_no) for each in checked.going(accepting=accepting)]
    if not going:
        raise AppError(Reason.NOTHING_TO_RESEND)

    def work(transaction: Transaction) -> Bulk:
        before = bulks.by_key(transaction, resending.checked_key(checked.key))
        if before:
            return _own(before, actor)
        new = _new(transaction.now, actor, checked, manner, motive, accepted)
        bulks.insert(transaction, new, checked.key, places(going, manner))
        bulks.insert_left_out(transaction, new, _left_out(checked, accepted))
        transaction.log(actor, _started(new, checked.policy))
        return new

    started = desk.store.write(work)
    desk.bulk_waiting.set()
    return started


def _new(
    now: dt.datetime,
    actor: Actor,
    checked: Check,
    manner: Manner,
    motive: tuple[str, str],
    accepted: Collection[Rule],
) -> Bulk:
    """`motive`: the reason and the ticket, as they are kept."""
    reason, ticket = motive
    return Bulk(
        id=uuid.uuid4().hex,
        list=checked.list,
        requested_by=actor.username,
        session=actor.session,
        address=actor.address,
        requested_at=now,
        reason=reason,
        ticket=ticket,
        manner=manner,
        accepted=tuple(rule.value for rule in accepted),
        systems=len(checked.systems),
    )


def _left_out(checked: Check, accepted: Collection[Rule]) -> list[tuple[str, str, AppError]]:
    """Serial, account and why, of those that the check left out."""
    found, spared = [], 0  # systems so far that could go, and don't
    for each in checked.systems:
        if why := each.refusal(accepted):
            found.append((each.serial, each.account_no, _counted(why, spared)))
            spared += each.may_go
    return found


def _counted(why: AppError, spared: int) -> AppError:
    """The quota's count as it came to be: the check's took for asked what was spared ahead."""
    asked, quota = why.facts.get("asked"), why.facts.get("quota")
    if not isinstance(asked, int) or not isinstance(quota, int):
        return why
    return AppError(why.reason, **{**why.facts, "asked": max(asked - spared, quota)})


def cancel(desk: Desk, actor: Actor, bulk_id: str) -> None:
    """Ask for nothing more and take back what hasn't left, at once; what left stays. Whose it is
    may, and who reads everybody's log.

    Raises AppError: FORBIDDEN, UNKNOWN_BULK, BULK_OVER.
    """
    resending.admit(desk, actor, Action.BULK_CANCELLED)

    def work(transaction: Transaction) -> None:
        known = _visible(transaction, actor, bulk_id)
        cancelling.stop(transaction, actor, known, Entry(Action.BULK_CANCELLED, subject=bulk_id))

    desk.store.write(work)
    desk.bulk_waiting.set()


def _started(bulk: Bulk, policy: Policy) -> Entry:
    return Entry(
        Action.BULK_STARTED,
        reason=bulk.reason,
        ticket=bulk.ticket,
        subject=bulk.id,
        detail={
            "systems": bulk.systems,
            "manner": bulk.manner.value,
            "accepted": ", ".join(bulk.accepted),
            "list": bulk.list,
        },
        versions=versions.policy(policy.version),
    )


# ---- looking -------------------------------------------------------------------------------


def see(desk: Desk, actor: Actor, bulk_id: str) -> Seen:
    """How it stands: one's own; everybody's for who reads the log. Raises AppError(FORBIDDEN |
    UNKNOWN_BULK).
    """
    desk.require(actor, Permission.RESEND)
    found = _visible(desk.store, actor, bulk_id)
    return Seen(found, bulks.tally(desk.store, bulk_id))


def newest(desk: Desk, actor: Actor) -> list[Bulk]:
    """The newest ones that `see` shows. Raises AppError(FORBIDDEN)."""
    desk.require(actor, Permission.RESEND)
    everybody = actor.may(Permission.READ_LOG)
    return bulks.newest(desk.store, MOST_LISTED, "" if everybody else actor.username)


def troubled(desk: Desk, actor: Actor, bulk_id: str, most: int) -> list[Line]:
    """Its first systems whose CDA didn't go, or nobody knows. Raises what `see` does."""
    desk.require(actor, Permission.RESEND)
    _visible(desk.store, actor, bulk_id)
    return bulks.lines(desk.store, bulk_id, most, troubled=True)


def _visible(reader: Reader, actor: Actor, bulk_id: str) -> Bulk:
    """A stranger's is as unknown as one that never was."""
    found = bulks.find(reader, bulk_id)
    if found is None:
        raise AppError(Reason.UNKNOWN_BULK)
    if found.requested_by != actor.username and not actor.may(Permission.READ_LOG):
        raise AppError(Reason.UNKNOWN_BULK)
    return found


def _own(known: Bulk, actor: Actor) -> Bulk:
    if known.requested_by != actor.username:
        raise AppError(Reason.STALE_DIALOG)
    return known
