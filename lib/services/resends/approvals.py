"""What a policy stopped waits here for a manager: asked for, looked at, given up after a day
(answering.py: answered)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from lib.model import clock, versions
from lib.model.action import Action, Entry, Outcome
from lib.model.actor import SYSTEM, Actor
from lib.model.approval import LIFE, Answer, Approval
from lib.model.outbox import Delivery, MailProblem, MailState, Request
from lib.model.policy import Stop
from lib.model.roles import Permission
from lib.model.system import Issue, System
from lib.services.desk import Desk
from lib.services.outgoing import notices
from lib.store.database import Transaction
from lib.store.mail import approvals, outbox, policies
from lib.store.people import staff
from lib.store.reading import Reader
from lib.store.records import accounts, systems
from lib.store.records.accounts import AddressEdit
from lib.store.remembering import Remembering

ANNOUNCE_EVERY = dt.timedelta(minutes=15)  # ten requests are two mails to each manager, not ten
ANSWERS_SHOWN_FOR = dt.timedelta(days=2)  # to who asked
MOST_SHOWN = 50
_EDITS = 3
_EDITS_ASKED = 50  # of an account's address, for one by who approves


@dataclass(frozen=True)
class Waiting:
    """A request as a manager sees it before answering.

    `address_now` is the account's on record; when it isn't `request.recipient` any more, it can't
    be approved. `edits` are the newest corrections of it, newest first; `systems` those whose CDAs
    would go, each with when they were issued; `notices` what became of the mails to the addresses
    of before, by their ids.
    """

    approval: Approval
    request: Request
    asked_by_name: str
    asker_is_active: bool
    account_name: str
    address_now: str
    edits: list[AddressEdit]
    systems: list[tuple[System, list[Issue]]]
    is_own: bool
    is_own_change: bool  # the reader put the address on record: another manager approves
    notices: dict[str, MailState]

    @property
    def serials(self) -> tuple[str, ...]:
        return self.request.serials or (self.request.serial,)

    @property
    def address_changed(self) -> bool:
        return self.address_now != self.request.recipient


@dataclass(frozen=True)
class Asked:
    """A request as who made it sees it, with what became of the mail."""

    approval: Approval
    delivery: Delivery
    serials: tuple[str, ...]


# ---- asking --------------------------------------------------------------------------------


def ask(
    desk: Desk, transaction: Transaction, actor: Actor, asked: Request, stops: Sequence[Stop]
) -> None:
    """Ask the managers for a mail that was inserted held, in the transaction that inserts it.

    They are mailed at once, unless they were lately: then `attend` tells them. Whoever commits
    wakes the worker.
    """
    approvals.add(transaction, asked.id, actor.username, stops, transaction.now + LIFE)
    rules = ", ".join(stop.rule.value for stop in stops)
    log(transaction, actor, Action.APPROVAL_ASKED, asked, detail={"rules": rules})
    _announce(desk, transaction)


# ---- looking -------------------------------------------------------------------------------


def waiting(desk: Desk, actor: Actor) -> list[Waiting]:
    """What waits, the longest first: at most MOST_SHOWN. Raises AppError(FORBIDDEN)."""
    desk.require(actor, Permission.APPROVE)
    reader = Remembering(desk.store)
    return [_waiting(reader, actor, each) for each in approvals.waiting(reader, MOST_SHOWN)]


def waiting_ids(desk: Desk, actor: Actor) -> tuple[str, ...]:
    """The mails of `waiting`, in its order. Raises AppError(FORBIDDEN)."""
    desk.require(actor, Permission.APPROVE)
    found = approvals.waiting(Remembering(desk.store), MOST_SHOWN)
    return tuple(each.outbox_id for each in found)


def count(desk: Desk, actor: Actor) -> int:
    """How many wait. Raises AppError(FORBIDDEN)."""
    desk.require(actor, Permission.APPROVE)
    return approvals.count_waiting(Remembering(desk.store))


def asked(desk: Desk, actor: Actor) -> list[Asked]:
    """A person's own requests that wait, or were answered lately; the newest first."""
    desk.require(actor, Permission.FIND)
    reader, since = desk.store, clock.now() - ANSWERS_SHOWN_FOR
    mine = approvals.asked_by(reader, actor.username, since, MOST_SHOWN)
    found = ((each, outbox.find(reader, each.outbox_id)) for each in mine)
    return [Asked(each, mail, _serials(reader, mail)) for each, mail in found if mail]


def answer(desk: Desk, actor: Actor, outbox_id: str) -> Approval | None:
    """What a mail waits for or was answered; None when it never had to wait.

    Raises AppError(FORBIDDEN).
    """
    desk.require(actor, Permission.FIND)
    return approvals.find(desk.store, outbox_id)


def _waiting(reader: Reader, actor: Actor, approval: Approval) -> Waiting:
    request = outbox.request(reader, approval.outbox_id)
    assert request is not None  # what waits has its row in the outbox
    account = accounts.find(reader, request.account_no)
    person = staff.find(reader, approval.asked_by)
    found = (systems.find(reader, serial) for serial in request.serials or (request.serial,))
    edits = accounts.address_edits(reader, request.account_no, _EDITS)
    told = (outbox.find(reader, edit.notice) for edit in edits if edit.notice)
    return Waiting(
        approval,
        request,
        person.name if person else approval.asked_by,
        person is not None and person.active,
        account.name if account else "",
        account.email if account else "",
        edits,
        [(each, systems.issues(reader, each.serial)) for each in found if each],
        approval.asked_by == actor.username,
        changed_address(reader, actor, request.account_no, clock.now()),
        {mail.id: mail.state for mail in told if mail},
    )


def _serials(reader: Reader, mail: Delivery) -> tuple[str, ...]:
    return (mail.serial,) if mail.serial else outbox.serials_of(reader, mail.id)


def changed_address(reader: Reader, actor: Actor, account_no: str, now: dt.datetime) -> bool:
    """Whether this person changed the account's address as lately as the policy holds mail for."""
    since = now - dt.timedelta(hours=policies.in_force(reader).email_hold_h)
    edits = accounts.address_edits(reader, account_no, _EDITS_ASKED)
    return any(edit.changed_by == actor.username and edit.changed_at > since for edit in edits)


# ---- by the clock --------------------------------------------------------------------------


def attend(desk: Desk) -> None:
    """Give up what nobody answered in time, and tell the managers of what they weren't told of.

    Reads first: nothing is written when nothing is due. Raises AppError(STORAGE_FAILED).
    """
    now, store = clock.now(), desk.store
    if approvals.expired(store, now):
        store.write(_give_up)
    if approvals.unannounced(store) and _may_announce(store, now):
        store.write(lambda transaction: _announce(desk, transaction))
        desk.mail_waiting.set()


def _give_up(transaction: Transaction) -> None:
    for each in approvals.expired(transaction, transaction.now):
        request = outbox.request(transaction, each.outbox_id)
        if request and outbox.refuse_held(transaction, each.outbox_id, MailProblem.EXPIRED):
            approvals.answer(transaction, each.outbox_id, Answer.EXPIRED, "", "")
            log(transaction, SYSTEM, Action.APPROVAL_EXPIRED, request, Outcome.REFUSED)


def _announce(desk: Desk, transaction: Transaction) -> None:
    """Mail the managers about all they weren't told of, unless they were mailed lately."""
    if not _may_announce(transaction, transaction.now):
        return
    news = approvals.unannounced(transaction)
    if not news:
        return
    told = notices.to_managers(desk, transaction, news)
    approvals.announced(transaction, news)  # also when nobody can be told: not to be tried for ever
    if told:
        detail = {"recipients": ", ".join(told), "requests": len(news)}
        transaction.log(SYSTEM, Entry(Action.APPROVAL_ANNOUNCED, detail=detail))


def _may_announce(reader: Reader, now: dt.datetime) -> bool:
    last = approvals.last_announced(reader)
    return last is None or last <= now - ANNOUNCE_EVERY


def log(
    transaction: Transaction,
    actor: Actor,
    action: Action,
    request: Request,
    outcome: Outcome = Outcome.OK,
    detail: Mapping[str, object] = MappingProxyType({}),
) -> None:
    """A row for each of the mail's systems, as when it was asked for: the log answers by serial."""
    for serial in request.serials or (request.serial,):
        entry = Entry(
            action,
            outcome,
            account_no=request.account_no,
            serial=serial,
            reason=request.reason,
            ticket=request.ticket,
            subject=request.id,
            detail=dict(detail),
            versions=versions.policy(request.policy),
        )
        transaction.log(actor, entry)
