"""Asking for a mail with CDAs, within the caller's transaction: judged by the policy, queued or
held, logged. Every resend comes by here: a single one, a retry, each of a bulk."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from lib.model import versions
from lib.model.account import Account
from lib.model.action import Action, Entry
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.outbox import Delivery, MailKind, MailState, Request
from lib.model.policy import Rule
from lib.model.system import System
from lib.services.desk import Desk
from lib.services.resends import approvals, mailable, policies, rules
from lib.services.resends.policies import Judgement
from lib.services.resends.rules import Evidence
from lib.store.database import Transaction
from lib.store.mail import outbox
from lib.store.reading import Reader

_RESTING = frozenset({Rule.COOLDOWN})  # a retry ends what was begun: it needn't rest first


@dataclass(frozen=True)
class Asking:
    """How a mail is asked for, beyond what it brings: logged as `action`; `accepted` are the rules
    whose warnings the person has read; `bulk_id` is the resend to many that it is part of; `after`
    the mail that it tries again.
    """

    action: Action
    reason: str
    ticket: str
    key: str
    accepted: Collection[Rule] = ()
    bulk_id: str = ""
    after: Request | None = None


def ask_for(
    desk: Desk, transaction: Transaction, actor: Actor, asked: Sequence[System], asking: Asking
) -> Delivery:
    """Queue one mail with the CDAs of these systems of one account, and log it; hold it where the
    policy asks for approval. The only way to ask for one; whoever commits wakes the worker.

    Raises AppError before any mail is written: UNKNOWN_ACCOUNT, NO_ADDRESS, BAD_ADDRESS,
    ON_ITS_WAY, WAITS_FOR_APPROVAL, and what `policies.judged` does.
    """
    if len({system.account_no for system in asked}) != 1:
        raise ValueError("a mail is one account's")
    account = mailable.addressee(transaction, asked[0].account_no)
    policy = policies.in_force(transaction)
    policies.take_turn(transaction, actor, policy)
    # In the transaction that inserts it, so that of two at once the second counts the first.
    seen = rules.gathered(transaction, policy, actor, [account], asked, transaction.now)
    for system in asked:
        require_free(transaction, seen, system.serial)
    against = rules.stops(seen, account, asked)
    besides = _RESTING if asking.after else ()
    found = policies.judged(policy, against, asking.accepted, besides=besides)
    request = _request(desk, actor, account, asked, asking)
    return _queue(desk, transaction, actor, request, asking, found)


def require_free(reader: Reader, seen: Evidence, serial: str) -> None:
    """Nothing is asked for twice at once; how long it rests afterwards is the policy's. Raises
    AppError(ON_ITS_WAY | WAITS_FOR_APPROVAL)."""
    slot = seen.slots.get(serial)
    if slot is None or not slot.is_taken:
        return
    before = outbox.find(reader, slot.mail_id)
    is_held = before is not None and before.state is MailState.HELD
    raise AppError(Reason.WAITS_FOR_APPROVAL if is_held else Reason.ON_ITS_WAY, serial=serial)


def _request(
    desk: Desk, actor: Actor, account: Account, asked: Sequence[System], asking: Asking
) -> Request:
    mail_id, after = uuid.uuid4().hex, asking.after
    message_id = f"<{mail_id}@{desk.settings.mail.sender.rpartition('@')[2]}>"
    if after and after.recipient == account.email:
        message_id = after.message_id
    alone = len(asked) == 1
    return Request(
        id=mail_id,
        key=asking.key,
        serial=asked[0].serial if alone else "",
        account_no=account.account_no,
        recipient=account.email,
        recipient_name=account.name,
        message_id=message_id,
        requested_by=actor.username,
        reason=asking.reason,
        ticket=asking.ticket,
        kind=MailKind.RESEND if alone else MailKind.RESEND_MANY,
        serials=() if alone else tuple(system.serial for system in asked),
        bulk_id=asking.bulk_id,
    )


def _queue(
    desk: Desk,
    transaction: Transaction,
    actor: Actor,
    request: Request,
    asking: Asking,
    found: Judgement,
) -> Delivery:
    """A mail of several systems is a row in the log for each: the log answers by serial."""
    asked = replace(request, policy=found.version, held=bool(found.held_by))
    outbox.insert(transaction, asked)
    detail = {"recipient": asked.recipient}
    if asking.after:
        detail |= {"retry_of": asking.after.id}
    if found.accepted:
        detail |= {"accepted": ", ".join(stop.rule for stop in found.accepted)}
    for serial in asked.serials or (asked.serial,):
        entry = Entry(
            asking.action,
            account_no=asked.account_no,
            serial=serial,
            reason=asked.reason,
            ticket=asked.ticket,
            subject=asked.id,
            detail=detail,
            versions=versions.policy(asked.policy),
        )
        transaction.log(actor, entry)
    if found.held_by:
        approvals.ask(desk, transaction, actor, asked, found.held_by)
    queued = outbox.find(transaction, asked.id)
    assert queued is not None
    return queued
