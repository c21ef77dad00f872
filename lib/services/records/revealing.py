"""Ver CDA: a manager may see one for half a minute, with a reason, a few in an hour, and it's said.

What was shown is known by its row in the log: that row is written before the code leaves here, and
counts towards the limit. The code itself is nowhere but in the vault: a window that draws itself
again within its half minute asks again.
"""

import datetime as dt
import itertools
import uuid
from dataclasses import dataclass
from typing import Any

from lib.model import clock, versions
from lib.model.action import Action, Entry, Outcome
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.policy import Policy
from lib.model.reveal import SHOWN_S, RevealMotive, Shown
from lib.model.roles import Permission
from lib.model.system import Issue, System
from lib.services import tries
from lib.services.desk import Desk
from lib.services.outgoing import codes
from lib.services.resends import policies
from lib.store.database import Transaction
from lib.store.log import audit
from lib.store.reading import Reader
from lib.store.records import accounts, systems

MOTIVES = tuple(RevealMotive)
_HOUR, _DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
_SHOWN = dt.timedelta(seconds=SHOWN_S)
_MAX_KEY = 64


@dataclass(frozen=True)
class RevealOffer:
    """What the window shows before a CDA is seen. `key` makes a double click one reveal; `left` is
    how many more this person may see within the hour, of `most`; `ticket_example` is what a ticket
    looks like, where the policy says so."""

    system: System
    account_name: str
    issue: Issue
    left: int
    most: int
    key: str
    ticket_example: str = ""


def prepare(desk: Desk, actor: Actor, serial: str) -> RevealOffer:
    """Raises AppError: FORBIDDEN, UNKNOWN_SERIAL, PRINTED_ON_CERTIFICATE, NO_CODE."""
    desk.require(actor, Permission.REVEAL)
    system, newest = _revealable(desk.store, serial)
    account = accounts.find(desk.store, system.account_no)
    most = desk.settings.reveals_per_hour
    seen = len(_lately(desk.store, actor, clock.now()))
    name = account.name if account else ""
    policy = policies.in_force(desk.store)
    example = policy.ticket_example if policy.ticket_pattern else ""
    left, key = max(most - seen, 0), uuid.uuid4().hex
    return RevealOffer(system, name, newest, left, most, key, example)


def reveal(desk: Desk, actor: Actor, serial: str, motive: str, ticket: str, key: str) -> Shown:
    """The CDA in force, once its row is in the log.

    The same key again is the same reveal. Raises AppError: what `prepare` does, MISSING_MOTIVE,
    MISSING_TICKET, BAD_TICKET, TICKET_NOT_LIKE, STALE_DIALOG, REVEAL_OVER, TOO_MANY_REVEALS (facts:
    most, wait_min; the log has a row of it), CDA_KEY_MISSING, CDA_KEY_WRONG.
    """
    _admit(desk, actor, serial)
    if motive not in MOTIVES:
        raise AppError(Reason.MISSING_MOTIVE)
    policy = policies.in_force(desk.store)
    ticket = _checked_ticket(policy, ticket)
    asked = _Asked(serial, motive, ticket, _checked_key(key), policy.version)
    answer = desk.store.write(lambda t: _reveal(desk, t, actor, asked))
    if isinstance(answer, AppError):
        raise answer  # only now: its row in the log is written
    return answer


def again(desk: Desk, actor: Actor, key: str) -> Shown:
    """What `reveal` showed under this key, while its time lasts. Raises AppError: FORBIDDEN,
    REVEAL_OVER."""
    desk.require(actor, Permission.REVEAL)
    known = _known(desk.store, key, clock.now())
    if known is None:
        raise AppError(Reason.REVEAL_OVER)
    return _again(desk, desk.store, actor, known, clock.now())


# ---- once, and not too often ---------------------------------------------------------------------


@dataclass(frozen=True)
class _Asked:
    serial: str
    motive: str
    ticket: str
    key: str
    policy: int  # the version that its ticket was checked by


def _reveal(desk: Desk, transaction: Transaction, actor: Actor, asked: _Asked) -> Shown | AppError:
    """A refusal for the limit is returned, not raised: its row must stay."""
    known = _known(transaction, asked.key, transaction.now)
    if known:
        if known["serial"] != asked.serial:
            raise AppError(Reason.STALE_DIALOG)
        return _again(desk, transaction, actor, known, transaction.now)
    system, _ = _revealable(transaction, asked.serial)
    most = desk.settings.reveals_per_hour
    before = _lately(transaction, actor, transaction.now)
    if len(before) >= most:
        transaction.log(actor, _entry(Action.REVEAL_LIMIT_REACHED, system, asked, most))
        free_at = before[-most] + _HOUR
        wait_min = int((free_at - transaction.now).total_seconds() // 60) + 1
        return AppError(Reason.TOO_MANY_REVEALS, most=most, wait_min=wait_min)
    code = codes.opened(desk, transaction, asked.serial)
    transaction.log(actor, _entry(Action.CDA_REVEALED, system, asked, most))
    return Shown(code, SHOWN_S)


def _known(reader: Reader, key: str, now: dt.datetime) -> dict[str, Any] | None:
    """The log's row of what was revealed under a key."""
    return audit.of_subject(reader, Action.CDA_REVEALED, key, now - _HOUR)


def _again(
    desk: Desk, reader: Reader, actor: Actor, row: dict[str, Any], now: dt.datetime
) -> Shown:
    if (row["actor"], row["session"]) != (actor.username, actor.session):
        raise AppError(Reason.REVEAL_OVER)
    age = now - row["logged_at"]
    if not dt.timedelta(0) <= age < _SHOWN:  # a clock set back shows nothing for longer
        raise AppError(Reason.REVEAL_OVER)
    return Shown(codes.opened(desk, reader, row["serial"]), (_SHOWN - age).total_seconds())


def _lately(reader: Reader, actor: Actor, now: dt.datetime) -> list[dt.datetime]:
    """When this person saw a CDA within the last hour, oldest first. None is taken to be earlier
    than one before it: a clock set back, and right again, makes no room."""
    seen = audit.instants(reader, actor.username, Action.CDA_REVEALED, now - _DAY)
    return [at for at in itertools.accumulate(seen, max) if at > now - _HOUR]


def _entry(action: Action, system: System, asked: _Asked, most: int) -> Entry:
    refused = action is Action.REVEAL_LIMIT_REACHED
    return Entry(
        action,
        Outcome.REFUSED if refused else Outcome.OK,
        account_no=system.account_no,
        serial=system.serial,
        reason=asked.motive,
        ticket=asked.ticket,
        subject=asked.key,
        detail={"most": most} if refused else {},
        versions=versions.policy(asked.policy),
    )


# ---- what may be shown ---------------------------------------------------------------------------


def _admit(desk: Desk, actor: Actor, serial: str) -> None:
    """Somebody who may not see one and tries is worth a row in the log."""

    def tried(error: AppError) -> Entry:
        reason = error.reason.value
        return Entry(Action.CDA_REVEALED, Outcome.REFUSED, serial=serial[:64], reason=reason)

    with tries.logged(desk, actor, tried):
        desk.require(actor, Permission.REVEAL)


def _revealable(reader: Reader, serial: str) -> tuple[System, Issue]:
    system = systems.find(reader, serial)
    if system is None and systems.on_paper(reader, serial):
        raise AppError(Reason.PRINTED_ON_CERTIFICATE, serial=serial)
    if system is None:
        raise AppError(Reason.UNKNOWN_SERIAL, serial=serial)
    issues = systems.issues(reader, serial)
    if not issues:
        raise AppError(Reason.NO_CODE, serial=serial)
    return system, issues[0]


def _checked_ticket(policy: Policy, ticket: str) -> str:
    """Never empty here, whatever the policy says of resends."""
    if not ticket.strip():
        raise AppError(Reason.MISSING_TICKET)
    return policies.checked_ticket(policy, ticket)


def _checked_key(key: str) -> str:
    if not 0 < len(key) <= _MAX_KEY:
        raise AppError(Reason.STALE_DIALOG)
    return key
