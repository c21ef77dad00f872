"""The rules of the policy: what each looks at, read once for one resend or for thousands, and what
it has to say of each.
"""

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lib.model import clock
from lib.model.account import Account
from lib.model.actor import Actor
from lib.model.policy import SHARED_DAYS, Policy, Rule, Stop
from lib.model.system import System
from lib.store.mail import bounces, policies, slots
from lib.store.mail.slots import Slot
from lib.store.reading import Reader
from lib.store.records import accounts
from lib.store.records.accounts import AddressChange

_QUOTA_WITHIN = dt.timedelta(hours=1)

Facts = dict[str, Any]


@dataclass(frozen=True)
class Evidence:
    """What the desk holds for and against mailing some systems at `now` (UTC); nothing is read for
    a rule that is off.

    `slots` and `unlocked` are by serial, `changes` and `others` by account; `failing` by address in
    lower case: since when. `others`: how many other accounts had CDAs mailed to its address.
    `asked`: how many CDAs the person has asked for within the hour.
    """

    policy: Policy
    now: dt.datetime
    slots: Mapping[str, Slot]
    asked: int
    changes: Mapping[str, AddressChange]
    others: Mapping[str, int]
    unlocked: Mapping[str, dt.date]
    failing: Mapping[str, dt.datetime]


def gathered(
    reader: Reader,
    policy: Policy,
    actor: Actor,
    owners: Collection[Account],
    systems: Collection[System],
    now: dt.datetime,
) -> Evidence:
    """All that `stops` needs about these systems of these accounts: one question for each rule."""
    on, numbers = policy.is_on, [owner.account_no for owner in owners]
    serials = [system.serial for system in systems]
    addresses = {owner.account_no: owner.email.strip().lower() for owner in owners}
    shared_since = now - dt.timedelta(days=SHARED_DAYS)
    held_since = now - dt.timedelta(hours=policy.email_hold_h)
    quota, change, unlock = on(Rule.QUOTA), on(Rule.EMAIL_CHANGED), on(Rule.RECENT_UNLOCK)
    shared, fails = on(Rule.SHARED_ADDRESS), on(Rule.FAILING_ADDRESS)
    return Evidence(
        policy,
        now,
        slots.of(reader, serials),
        policies.asked(reader, actor.username, now - _QUOTA_WITHIN) if quota else 0,
        accounts.address_changes(reader, numbers, held_since) if change else {},
        policies.other_accounts(reader, addresses, shared_since) if shared else {},
        policies.unlocked_on(reader, serials, _unlock_since(policy, now)) if unlock else {},
        bounces.failing(reader, addresses.values()) if fails else {},
    )


def stops(
    evidence: Evidence, account: Account, systems: Sequence[System], before: int = 0
) -> list[Stop]:
    """What stands against mailing these systems of an account to its address, in the order of the
    rules; empty when nothing does. `before` CDAs will be asked for ahead of them."""
    policy, found = evidence.policy, []
    case = _Case(evidence, policy, account, systems, before)
    for rule, facts in _CHECKS.items():
        said = facts(case) if policy.is_on(rule) else None
        if said is not None:
            found.append(Stop(rule, policy.mode(rule), said))
    return found


# ---- each rule -----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Case:
    """One resend as the rules look at it."""

    seen: Evidence
    policy: Policy
    account: Account
    systems: Sequence[System]
    before: int


def _cooldown(case: _Case) -> Facts | None:
    """A clock set back finds the instant it was told still ahead: nothing is skipped."""
    known = (case.seen.slots.get(system.serial) for system in case.systems)
    free = [slot.free_at for slot in known if slot and not slot.is_taken]
    left = max(free, default=case.seen.now) - case.seen.now
    return {"wait_s": int(left.total_seconds()) + 1} if left > dt.timedelta() else None


def _quota(case: _Case) -> Facts | None:
    asked, quota = case.seen.asked + case.before, case.policy.quota_per_hour
    return {"asked": asked, "quota": quota} if asked + len(case.systems) > quota else None


def _office_hours(case: _Case) -> Facts | None:
    policy = case.policy
    if policy.is_open(case.seen.now):
        return None
    hours = {"opens": f"{policy.opens:%H:%M}", "closes": f"{policy.closes:%H:%M}"}
    return {"days": list(policy.days), **hours}


def _email_changed(case: _Case) -> Facts | None:
    change = case.seen.changes.get(case.account.account_no)
    if change is None:
        return None
    at = change.changed_at.isoformat(timespec="seconds")
    return {"changed_at": at, "changed_by": change.changed_by, "hours": case.policy.email_hold_h}


def _overdue(case: _Case) -> Facts | None:
    """The earliest payment whose date has passed."""
    today = clock.at_office(case.seen.now).date()
    dues = [s.next_payment_on for s in case.systems if s.next_payment_on]
    due = min(dues, default=today)
    return {"due": due.isoformat()} if due < today else None


def _shared_address(case: _Case) -> Facts | None:
    count = 1 + case.seen.others.get(case.account.account_no, 0)
    if count < case.policy.shared_accounts:
        return None
    return {"accounts": count, "days": SHARED_DAYS}


def _recent_unlock(case: _Case) -> Facts | None:
    days = [case.seen.unlocked[s.serial] for s in case.systems if s.serial in case.seen.unlocked]
    if not days:
        return None
    return {"unlocked_on": max(days).isoformat(), "hours": case.policy.unlock_h}


def _unlock_since(policy: Policy, now: dt.datetime) -> dt.date:
    """The vendor says the day of an unlock, not its hour: one of that day counts until it can't
    be within the hours any more."""
    return clock.at_office(now - dt.timedelta(hours=policy.unlock_h)).date()


def _failing_address(case: _Case) -> Facts | None:
    since = case.seen.failing.get(case.account.email.strip().lower())
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
