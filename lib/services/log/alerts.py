"""What a manager should look at: raised from the log, taken by somebody, who writes what it was.

Found by a thread of the desk's (alert_watch.py). Nobody answers for an alert about themselves, and
who took it and what they wrote is in the log and in the list for good.
"""

import uuid
from collections.abc import Callable, Sequence

from lib.model import clock
from lib.model.action import Action, Entry, Outcome
from lib.model.actor import SYSTEM, Actor
from lib.model.alert import MAX_NOTE, Alert, Sighting, State
from lib.model.contact import clean
from lib.model.errors import AppError, Reason
from lib.model.roles import Permission, may
from lib.services import tries
from lib.services.desk import Desk
from lib.services.log import alert_mails, alert_rules, people
from lib.store.database import Transaction
from lib.store.log import alerts as store
from lib.store.log.alerts import Line
from lib.store.people import staff
from lib.store.reading import Reader

MOST_SHOWN = 50
_REFUSALS_LOGGED = frozenset({Reason.FORBIDDEN, Reason.OWN_ALERT})


# ---- finding -------------------------------------------------------------------------------


def begin(desk: Desk) -> int:
    """The row of the log that the first look starts after."""
    return store.last_before(desk.store, clock.now() - alert_rules.LOOK_BACK)


def attend(desk: Desk, after: int) -> int:
    """Raise what the log's rows past `after` call for; the last row that it looked at.

    Reads first: nothing is written when nothing is new. Raises AppError(STORAGE_FAILED).
    """
    seen = alert_rules.look(desk.store, after)
    _raise(desk, seen.sightings)
    return seen.last


def _raise(desk: Desk, sightings: Sequence[Sighting]) -> None:
    if _unraised(desk.store, sightings):
        told = desk.store.write(lambda transaction: _write(desk, transaction, sightings))
        if told:
            desk.mail_waiting.set()


def _unraised(reader: Reader, sightings: Sequence[Sighting]) -> list[Sighting]:
    """Each key once."""
    known = store.raised(reader, [seen.key for seen in sightings])
    return list({seen.key: seen for seen in sightings if seen.key not in known}.values())


def _write(desk: Desk, transaction: Transaction, sightings: Sequence[Sighting]) -> bool:
    """Whether somebody is mailed about them."""
    unraised = _unraised(transaction, sightings)
    for seen in unraised:
        alert_id = uuid.uuid4().hex
        store.add(transaction, alert_id, seen)
        detail = {"about": seen.about, "people": ", ".join(seen.people)}
        raised = Entry(
            Action.ALERT_RAISED,
            account_no=seen.account_no,
            reason=seen.rule.value,
            subject=alert_id,
            detail=detail,
        )
        transaction.log(SYSTEM, raised)
    return alert_mails.tell(desk, transaction, unraised)


# ---- looking -------------------------------------------------------------------------------


def standing(desk: Desk, actor: Actor) -> list[Alert]:
    """What nobody has closed, at most MOST_SHOWN: first what nobody took. Raises
    AppError(FORBIDDEN)."""
    desk.require(actor, Permission.ALERTS)
    return store.standing(desk.store, MOST_SHOWN)


def count(desk: Desk, actor: Actor) -> int:
    """How many nobody has closed. Raises AppError(FORBIDDEN)."""
    desk.require(actor, Permission.ALERTS)
    return store.count_standing(desk.store)


def past(desk: Desk, actor: Actor) -> list[Alert]:
    """Those closed, the newest first, at most MOST_SHOWN. Raises AppError(FORBIDDEN)."""
    desk.require(actor, Permission.ALERTS)
    return store.closed(desk.store, MOST_SHOWN)


def find(desk: Desk, actor: Actor, alert_id: str) -> Alert | None:
    """One as it is now; None when there is none of that id. Raises AppError(FORBIDDEN)."""
    desk.require(actor, Permission.ALERTS)
    return store.find(desk.store, alert_id)


def entries(desk: Desk, actor: Actor, alert: Alert) -> list[Line]:
    """The rows of the log behind an alert, newest first. Raises AppError(FORBIDDEN)."""
    desk.require(actor, Permission.ALERTS)
    return store.lines(desk.store, alert.entries)


# ---- answering -----------------------------------------------------------------------------


def take(desk: Desk, actor: Actor, alert_id: str, holder: str = "") -> None:
    """Answer for an alert from now on; `holder` is who did, as the screen showed it ("": nobody).

    Taking what one has already does nothing. Raises AppError: FORBIDDEN, UNKNOWN_ALERT, OWN_ALERT,
    ALERT_CLOSED, ALERT_TAKEN (facts: by) when somebody else took it meanwhile.
    """

    def work(transaction: Transaction) -> None:
        alert = _answerable(transaction, actor, alert_id)
        if alert.taken_by == actor.username:
            return
        if not store.take(transaction, alert_id, actor.username, holder):
            taken_by = alert.taken_by or holder
            names = people.read(transaction)
            raise AppError(Reason.ALERT_TAKEN, by=names.get(taken_by, taken_by))
        detail = {"from": holder} if holder else {}
        transaction.log(actor, _entry(Action.ALERT_TAKEN, alert, detail))

    _answer(desk, actor, Action.ALERT_TAKEN, alert_id, work)


def close(desk: Desk, actor: Actor, alert_id: str, note: str) -> None:
    """Write what it was: it leaves Inicio and stays in the list.

    Raises AppError: MISSING_FINDING, LONG_NOTE, FORBIDDEN, UNKNOWN_ALERT, OWN_ALERT, ALERT_CLOSED,
    ALERT_NOT_YOURS.
    """
    text = clean(note)
    if not text:
        raise AppError(Reason.MISSING_FINDING)
    if len(text) > MAX_NOTE:
        raise AppError(Reason.LONG_NOTE, most=MAX_NOTE)

    def work(transaction: Transaction) -> None:
        alert = _answerable(transaction, actor, alert_id)
        if not store.close(transaction, alert_id, actor.username, text):
            raise AppError(Reason.ALERT_NOT_YOURS)
        transaction.log(actor, _entry(Action.ALERT_CLOSED, alert, {"note": text}))

    _answer(desk, actor, Action.ALERT_CLOSED, alert_id, work)


def _answer(
    desk: Desk,
    actor: Actor,
    action: Action,
    alert_id: str,
    work: Callable[[Transaction], None],
) -> None:
    """Somebody who may not and tries is worth a row in the log."""

    def tried(error: AppError) -> Entry | None:
        refused, subject = Outcome.REFUSED, alert_id[:64]
        row = Entry(action, refused, reason=error.reason.value, subject=subject)
        return row if error.reason in _REFUSALS_LOGGED else None

    with tries.logged(desk, actor, tried):
        desk.require(actor, Permission.ALERTS)
        desk.store.write(work)


def _answerable(transaction: Transaction, actor: Actor, alert_id: str) -> Alert:
    """The alert, if this person may answer for it at this moment."""
    person = staff.find(transaction, actor.username)
    if person is None or not person.active or not may(person.role, Permission.ALERTS):
        raise AppError(Reason.FORBIDDEN, permission=Permission.ALERTS.value)
    alert = store.find(transaction, alert_id)
    if alert is None:
        raise AppError(Reason.UNKNOWN_ALERT)
    if actor.username in alert.people:
        raise AppError(Reason.OWN_ALERT)
    if alert.state is State.CLOSED:
        raise AppError(Reason.ALERT_CLOSED)
    return alert


def _entry(action: Action, alert: Alert, detail: dict[str, str]) -> Entry:
    return Entry(
        action,
        account_no=alert.account_no,
        reason=alert.rule.value,
        subject=alert.id,
        detail=dict(detail),
    )
