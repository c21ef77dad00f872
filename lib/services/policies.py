"""The policy of resends: which version is in force, what it stops, and changing it."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lib.model import clock
from lib.model.account import Account
from lib.model.action import Action, Entry
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.policy import MAX_TICKET, SHARED_DAYS, Mode, Policy, Rule, Stop, problems
from lib.model.roles import Permission
from lib.services.desk import Desk
from lib.store import accounts, bounces, outbox, policies
from lib.store.database import Transaction
from lib.store.policies import Version
from lib.store.reading import Reader

_QUOTA_WITHIN = dt.timedelta(hours=1)
_VERSIONS = 50  # of the history on screen

Facts = dict[str, Any]


def in_force(reader: Reader) -> Policy:
    """The policy that holds now."""
    return policies.in_force(reader)


def cooldown_s(desk: Desk, reader: Reader) -> int:
    """How long a serial that was mailed rests, in seconds: the policy's, or the setting's."""
    said = policies.in_force(reader).cooldown_s
    return desk.settings.resend_cooldown_s if said is None else said


# ---- what it stops -------------------------------------------------------------------------


def stops(
    reader: Reader,
    policy: Policy,
    actor: Actor,
    account: Account,
    serials: Sequence[str],
    now: dt.datetime,
    before: int = 0,
) -> list[Stop]:
    """What stands against mailing these systems of an account to its address at `now` (UTC), in
    the order of the rules; empty when nothing does. `before` CDAs will be asked for ahead of
    them."""
    case = _Case(reader, policy, actor, account, serials, now, before)
    found = []
    for rule, facts in _CHECKS.items():
        said = facts(case) if policy.is_on(rule) else None
        if said is not None:
            found.append(Stop(rule, policy.mode(rule), said))
    return found


@dataclass(frozen=True)
class Judgement:
    """What the policy lets pass, by its version: `accepted` the warnings that somebody read and
    went on from, `held_by` what a manager decides on (none: it may be sent)."""

    version: int
    accepted: list[Stop]
    held_by: list[Stop]


def judged(
    transaction: Transaction,
    actor: Actor,
    account: Account,
    serials: Sequence[str],
    accepted: Collection[Rule],
    *,
    besides: Collection[Rule] = (),
) -> Judgement:
    """Ask the policy about a mail in the transaction that inserts it, so that of two at once the
    second counts the first. `besides`: rules that don't look at it.

    Raises AppError: SENT_A_MOMENT_AGO (fact: wait_s) or STOPPED_BY_POLICY where the policy refuses,
    UNSEEN_WARNING where it warns of what isn't `accepted`; facts of all: rule, mode and the stop's.
    """
    policy = policies.in_force(transaction)
    if policy.is_on(Rule.QUOTA):
        policies.take_turn(transaction, actor.username)
    found = stops(transaction, policy, actor, account, serials, transaction.now)
    looked = [stop for stop in found if stop.rule not in besides]
    held_by = let_pass(looked, accepted)
    warnings = [stop for stop in looked if stop.mode is Mode.WARN]
    return Judgement(policy.version, warnings, held_by)


def let_pass(found: Sequence[Stop], accepted: Collection[Rule]) -> list[Stop]:
    """Those of the stops that a manager decides on; none: it may be sent. Raises AppError as
    `judged` does."""
    for stop in found:
        if stop.mode is Mode.REFUSE:
            resting = stop.rule is Rule.COOLDOWN
            raise _raised(Reason.SENT_A_MOMENT_AGO if resting else Reason.STOPPED_BY_POLICY, stop)
    for stop in found:
        if stop.mode is Mode.WARN and stop.rule not in accepted:
            raise _raised(Reason.UNSEEN_WARNING, stop)
    return [stop for stop in found if stop.mode is Mode.ASK]


def _raised(reason: Reason, stop: Stop) -> AppError:
    return AppError(reason, rule=stop.rule.value, mode=stop.mode.value, **stop.facts)


@dataclass(frozen=True)
class _Case:
    """One resend as the rules look at it."""

    reader: Reader
    policy: Policy
    actor: Actor
    account: Account
    serials: Sequence[str]
    now: dt.datetime
    before: int


def _cooldown(case: _Case) -> Facts | None:
    """A clock set back finds the instant it was told still ahead: nothing is skipped."""
    slots = (outbox.slot(case.reader, serial) for serial in case.serials)
    free = [slot[1] for slot in slots if slot and slot[1] != outbox.FAR_AHEAD]
    left = max(free, default=case.now) - case.now
    return {"wait_s": int(left.total_seconds()) + 1} if left > dt.timedelta() else None


def _quota(case: _Case) -> Facts | None:
    since = case.now - _QUOTA_WITHIN
    asked = policies.asked(case.reader, case.actor.username, since) + case.before
    quota = case.policy.quota_per_hour
    return {"asked": asked, "quota": quota} if asked + len(case.serials) > quota else None


def _office_hours(case: _Case) -> Facts | None:
    policy = case.policy
    if policy.is_open(case.now):
        return None
    hours = {"opens": f"{policy.opens:%H:%M}", "closes": f"{policy.closes:%H:%M}"}
    return {"days": list(policy.days), **hours}


def _email_changed(case: _Case) -> Facts | None:
    hold_h = case.policy.email_hold_h
    since = case.now - dt.timedelta(hours=hold_h)
    change = accounts.address_change(case.reader, case.account.account_no, since)
    if change is None:
        return None
    at = change.changed_at.isoformat(timespec="seconds")
    return {"changed_at": at, "changed_by": change.changed_by, "hours": hold_h}


def _overdue(case: _Case) -> Facts | None:
    today = clock.at_office(case.now).date()
    due = policies.overdue_since(case.reader, case.account.account_no, case.serials, today)
    return {"due": due.isoformat()} if due else None


def _shared_address(case: _Case) -> Facts | None:
    since = case.now - dt.timedelta(days=SHARED_DAYS)
    of = case.account
    count = 1 + policies.other_accounts(case.reader, of.email, of.account_no, since)
    if count < case.policy.shared_accounts:
        return None
    return {"accounts": count, "days": SHARED_DAYS}


def _recent_unlock(case: _Case) -> Facts | None:
    """The vendor says the day of an unlock, not its hour: one of that day counts until it can't
    be within the hours any more."""
    since = clock.at_office(case.now - dt.timedelta(hours=case.policy.unlock_h)).date()
    day = policies.unlocked_on(case.reader, case.serials, since)
    return {"unlocked_on": day.isoformat(), "hours": case.policy.unlock_h} if day else None


def _failing_address(case: _Case) -> Facts | None:
    since = bounces.failing(case.reader, case.account.email)
    return {"since": since.isoformat(timespec="seconds")} if since else None


_CHECKS: Mapping[Rule, Callable[[_Case], Facts | None]] = {
    Rule.FAILING_ADDRESS: _failing_address,
    Rule.EMAIL_CHANGED: _email_changed,
    Rule.SHARED_ADDRESS: _shared_address,
    Rule.COOLDOWN: _cooldown,
    Rule.RECENT_UNLOCK: _recent_unlock,
    Rule.OVERDUE: _overdue,
    Rule.OFFICE_HOURS: _office_hours,
    Rule.QUOTA: _quota,
}


# ---- the reason and the ticket -------------------------------------------------------------


def checked_ticket(policy: Policy, ticket: str) -> str:
    """The ticket as it is kept. Raises AppError: BAD_TICKET, TICKET_NOT_LIKE (fact: example)."""
    text = ticket.strip()
    if len(text) > MAX_TICKET or not text.isprintable():
        raise AppError(Reason.BAD_TICKET)
    if not policy.takes_ticket(text):
        raise AppError(Reason.TICKET_NOT_LIKE, example=policy.ticket_example)
    return text


# ---- changing it ---------------------------------------------------------------------------


def change(desk: Desk, actor: Actor, wanted: Policy) -> Policy:
    """Put a new version in force and log what it changes, in one transaction; the new version.

    `wanted.version` is that of the policy the person was looking at. Raises AppError: FORBIDDEN,
    BAD_POLICY (facts: errors by field), NOTHING_CHANGED, POLICY_CHANGED_MEANWHILE.
    """
    actor.require(Permission.MANAGE_POLICY)
    errors = problems(wanted)
    if errors:
        raise AppError(Reason.BAD_POLICY, errors=errors)

    def work(transaction: Transaction) -> Policy:
        old = policies.in_force(transaction)
        if old.version != wanted.version:
            raise AppError(Reason.POLICY_CHANGED_MEANWHILE)
        new = dataclasses.replace(wanted, version=old.version + 1)
        policies.add(transaction, new, actor.username)
        detail = _differences(old, new)
        entry = Entry(Action.POLICY_CHANGED, subject=f"policy/{new.version}", detail=detail)
        transaction.log(actor, entry)
        return new

    return desk.store.write(work)


def current(desk: Desk, actor: Actor) -> Policy:
    """The policy in force, to be changed. Raises AppError(FORBIDDEN)."""
    actor.require(Permission.MANAGE_POLICY)
    return policies.in_force(desk.store)


def history(desk: Desk, actor: Actor) -> list[Version]:
    """The newest versions, newest first. Raises AppError(FORBIDDEN)."""
    actor.require(Permission.MANAGE_POLICY)
    return policies.versions(desk.store, _VERSIONS)


def differences(old: Policy, new: Policy) -> dict[str, tuple[Any, Any]]:
    """What differs, by field (`mode.quota` for a rule's mode): before, after."""
    before, after = old.plain(), new.plain()
    return {name: (before[name], after[name]) for name in after if before[name] != after[name]}


def _differences(old: Policy, new: Policy) -> dict[str, Any]:
    changed = differences(old, new)
    if not changed:
        raise AppError(Reason.NOTHING_CHANGED)
    return {
        "old": {name: before for name, (before, _) in changed.items()},
        "new": {name: after for name, (_, after) in changed.items()},
    }
