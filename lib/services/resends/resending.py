"""Reenviar CDA: one transaction asks for the mail; the worker (delivery.py) sends it."""

import uuid
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from lib.model import clock, versions
from lib.model.action import Action, Entry, Outcome
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.outbox import UNSENT, Delivery, MailState, Request
from lib.model.policy import PLAIN, Mode, Policy, Rule, Stop
from lib.model.roles import Permission
from lib.model.system import Issue, System
from lib.model.text import mask_email
from lib.services import tries
from lib.services.desk import Desk
from lib.services.resends import asking, mailable, policies, rules
from lib.store.database import Transaction
from lib.store.mail import outbox, slots
from lib.store.reading import Reader
from lib.store.records import accounts, systems
from lib.store.records.accounts import AddressChange

_MAX_KEY = 64
_HISTORY = 5  # deliveries shown before sending another
_RETRYABLE = frozenset({MailState.FAILED, MailState.UNCERTAIN})
# A retry ends what was begun: its warnings were read.
_READ = frozenset(Rule)


@dataclass(frozen=True)
class Offer:
    """What the dialog shows before a resend. `issues` and `deliveries` are newest first; `key`
    makes what is confirmed in this dialog happen once. `address_change`: the newest correction of
    the address, if any: a resend soon after one is the fraud that everyone fears. `stops`: what the
    policy has to say of it now, its reasons and its ticket in `policy`.
    """

    system: System
    account_name: str
    masked_address: str
    issues: list[Issue]
    deliveries: list[Delivery]
    key: str
    address_change: AddressChange | None = None
    policy: Policy = PLAIN
    stops: list[Stop] = field(default_factory=list)

    def has(self, mode: Mode) -> bool:
        return any(stop.mode is mode for stop in self.stops)

    @property
    def warnings(self) -> frozenset[Rule]:
        """What has to be accepted for it to be sent."""
        return frozenset(stop.rule for stop in self.stops if stop.mode is Mode.WARN)


def prepare(desk: Desk, actor: Actor, serial: str) -> Offer:
    """What a resend of this serial would do.

    Raises AppError: FORBIDDEN, UNKNOWN_SERIAL, PRINTED_ON_CERTIFICATE, NO_CODE, UNKNOWN_ACCOUNT,
    NO_ADDRESS and BAD_ADDRESS (fact: account_no).
    """
    desk.require(actor, Permission.RESEND)
    system = mailable.system(desk.store, serial)
    account = mailable.addressee(desk.store, system.account_no)
    policy = policies.in_force(desk.store)
    evidence = rules.gathered(desk.store, policy, actor, [account], [system], clock.now())
    return Offer(
        system,
        account.name,
        mask_email(account.email),
        systems.issues(desk.store, serial),
        outbox.history(desk.store, serial, _HISTORY),
        uuid.uuid4().hex,
        accounts.address_change(desk.store, account.account_no),
        policy,
        rules.stops(evidence, account, [system]),
    )


def resend(
    desk: Desk,
    actor: Actor,
    serial: str,
    reason: str,
    ticket: str,
    key: str,
    accepted: Collection[Rule] = (),
) -> Delivery:
    """Queue the mail and log the request, in one transaction, to the address on record now; where
    the policy asks for approval, hold it and ask the managers. `accepted`: the rules whose warnings
    the person has read.

    The same key again is the same answer: no second mail, no second row in the log. Raises
    AppError: what `prepare` does, MISSING_REASON, BAD_TICKET, TICKET_NOT_LIKE (fact: example),
    STALE_DIALOG (the key was used for something else), ON_ITS_WAY, WAITS_FOR_APPROVAL, and what
    `policies.judged` does.
    """
    admit(desk, actor, Action.RESEND_REQUESTED, serial)
    reason, ticket = checked_motive(desk.store, reason, ticket)
    system = mailable.system(desk.store, serial)
    how = asking.Asking(Action.RESEND_REQUESTED, reason, ticket, key, accepted)

    def work(transaction: Transaction) -> Delivery:
        answered = _answered(transaction, actor, serial, key)
        return answered or asking.ask_for(desk, transaction, actor, [system], how)

    return _queued(desk, actor, Action.RESEND_REQUESTED, [system], ticket, work)


def retry(desk: Desk, actor: Actor, delivery_id: str, key: str) -> Delivery:
    """Ask again for a mail that failed, or that nobody knows whether it went, for the same reason.

    Goes to the address on record now; to the same one with the same Message-ID, so that a mail
    program that gets both can tell. The policy holds or refuses it as it does a resend; what it
    only warns of was read at the first. Raises AppError: FORBIDDEN, UNKNOWN_DELIVERY, NOT_RETRYABLE
    when it is neither or another mail of that serial followed, STALE_DIALOG, what `prepare` does,
    and STOPPED_BY_POLICY.
    """
    before = outbox.find(desk.store, delivery_id)
    serial = before.serial if before else ""
    admit(desk, actor, Action.RESEND_RETRIED, serial)
    if before is None:
        raise AppError(Reason.UNKNOWN_DELIVERY)
    serials = (serial,) if serial else outbox.serials_of(desk.store, delivery_id)
    again = [mailable.system(desk.store, each) for each in serials]

    def work(transaction: Transaction) -> Delivery:
        answered = _answered(transaction, actor, serial, key)
        if answered:
            return answered
        old = _retryable(transaction, delivery_id)
        how = asking.Asking(
            Action.RESEND_RETRIED, old.reason, old.ticket, key, _READ, old.bulk_id, old
        )
        return asking.ask_for(desk, transaction, actor, again, how)

    first = outbox.request(desk.store, delivery_id)
    ticket = first.ticket if first else ""
    return _queued(desk, actor, Action.RESEND_RETRIED, again, ticket, work)


def delivery(desk: Desk, actor: Actor, delivery_id: str) -> Delivery:
    """Raises AppError(FORBIDDEN | UNKNOWN_DELIVERY)."""
    desk.require(actor, Permission.FIND)
    found = outbox.find(desk.store, delivery_id)
    if found is None:
        raise AppError(Reason.UNKNOWN_DELIVERY)
    return found


def deliveries(desk: Desk, actor: Actor, serials: Sequence[str]) -> dict[str, Delivery]:
    """The latest delivery of each of these serials that had one. Raises AppError(FORBIDDEN)."""
    desk.require(actor, Permission.FIND)
    return outbox.latest(desk.store, serials)


# ---- before the transaction ----------------------------------------------------------------


def admit(desk: Desk, actor: Actor, action: Action, serial: str = "") -> None:
    """Somebody who may not resend and tries is worth a row in the log."""

    def tried(error: AppError) -> Entry:
        return Entry(action, Outcome.REFUSED, serial=serial[:64], reason=error.reason.value)

    with tries.logged(desk, actor, tried):
        desk.require(actor, Permission.RESEND)


def checked_motive(reader: Reader, reason: str, ticket: str) -> tuple[str, str]:
    """Both as they are kept, by the policy in force. Raises AppError: MISSING_REASON, BAD_TICKET,
    TICKET_NOT_LIKE (fact: example)."""
    policy = policies.in_force(reader)
    if reason not in policy.reasons:
        raise AppError(Reason.MISSING_REASON)
    return reason, policies.checked_ticket(policy, ticket)


def checked_key(key: str) -> str:
    """What a dialog minted. Raises AppError(STALE_DIALOG)."""
    if not 0 < len(key) <= _MAX_KEY:
        raise AppError(Reason.STALE_DIALOG)
    return key


# ---- inside the transaction ----------------------------------------------------------------


def _answered(transaction: Transaction, actor: Actor, serial: str, key: str) -> Delivery | None:
    """What this key was already used for: a double click, or a second try after a lost answer."""
    known = outbox.by_key(transaction, checked_key(key))
    if known and (known.serial, known.requested_by) != (serial, actor.username):
        raise AppError(Reason.STALE_DIALOG)
    return known


def _retryable(transaction: Transaction, delivery_id: str) -> Request:
    found = outbox.find(transaction, delivery_id)
    old = outbox.request(transaction, delivery_id)
    if found is None or old is None or found.state not in _RETRYABLE or found.problem in UNSENT:
        raise AppError(Reason.NOT_RETRYABLE)
    serials = old.serials or (old.serial,)
    taken = slots.of(transaction, serials)
    if any(serial not in taken or taken[serial].mail_id != delivery_id for serial in serials):
        raise AppError(Reason.NOT_RETRYABLE)
    return old


def _queued(
    desk: Desk,
    actor: Actor,
    action: Action,
    asked: Sequence[System],
    ticket: str,
    work: Callable[[Transaction], Delivery],
) -> Delivery:
    """What the policy refused is worth a row in the log: who decides about it should see it."""

    def tried(error: AppError) -> Entry | None:
        if error.reason is not Reason.STOPPED_BY_POLICY:
            return None
        return Entry(
            action,
            Outcome.REFUSED,
            account_no=asked[0].account_no,
            serial=asked[0].serial,
            reason=str(error.facts["rule"]),
            ticket=ticket,
            versions=versions.policy(int(str(error.facts["policy"]))),
        )

    with tries.logged(desk, actor, tried):
        queued = desk.store.write(work)
    desk.mail_waiting.set()
    return queued
