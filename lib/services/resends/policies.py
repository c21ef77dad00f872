"""The policy of resends: which version is in force, what it stops, and changing it."""

import dataclasses
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from lib.model import versions
from lib.model.action import Action, Entry
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.policy import MAX_TICKET, Mode, Policy, Rule, Stop, problems
from lib.model.roles import Permission
from lib.services.desk import Desk
from lib.store.database import Transaction
from lib.store.mail import policies
from lib.store.mail.policies import Version
from lib.store.reading import Reader

_VERSIONS = 50  # of the history on screen


def in_force(reader: Reader) -> Policy:
    """The policy that holds now."""
    return policies.in_force(reader)


def cooldown_s(desk: Desk, reader: Reader) -> int:
    """How long a serial that was mailed rests, in seconds: the policy's, or the setting's."""
    said = policies.in_force(reader).cooldown_s
    return desk.settings.resend_cooldown_s if said is None else said


# ---- what it stops -------------------------------------------------------------------------


@dataclass(frozen=True)
class Judgement:
    """What the policy lets pass, by its version: `accepted` the warnings that somebody read and
    went on from, `held_by` what a manager decides on (none: it may be sent)."""

    version: int
    accepted: list[Stop]
    held_by: list[Stop]


def take_turn(transaction: Transaction, actor: Actor, policy: Policy) -> None:
    """Before a person's mails are counted in the transaction that adds to them."""
    if policy.is_on(Rule.QUOTA):
        policies.take_turn(transaction, actor.username)


def judged(
    policy: Policy,
    found: Sequence[Stop],
    accepted: Collection[Rule],
    *,
    besides: Collection[Rule] = (),
) -> Judgement:
    """What the policy says to these stops. `besides`: rules that don't look at this resend.

    Raises AppError: SENT_A_MOMENT_AGO (fact: wait_s) or STOPPED_BY_POLICY where the policy refuses,
    UNSEEN_WARNING where it warns of what isn't `accepted`; facts of all: rule, mode, the stop's and
    policy, its version.
    """
    looked = [stop for stop in found if stop.rule not in besides]
    try:
        held_by = let_pass(looked, accepted)
    except AppError as refusal:
        raise AppError(refusal.reason, **refusal.facts, policy=policy.version) from None
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
    desk.require(actor, Permission.MANAGE_POLICY)
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
        entry = Entry(
            Action.POLICY_CHANGED,
            subject=f"policy/{new.version}",
            detail=detail,
            versions=versions.policy(new.version),
        )
        transaction.log(actor, entry)
        return new

    return desk.store.write(work)


def current(desk: Desk, actor: Actor) -> Policy:
    """The policy in force, to be changed. Raises AppError(FORBIDDEN)."""
    desk.require(actor, Permission.MANAGE_POLICY)
    return policies.in_force(desk.store)


def history(desk: Desk, actor: Actor) -> list[Version]:
    """The newest versions, newest first. Raises AppError(FORBIDDEN)."""
    desk.require(actor, Permission.MANAGE_POLICY)
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
