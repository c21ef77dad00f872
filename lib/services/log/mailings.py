"""What the desk mails its managers of its own accord: each day the log's head, an anchor that
nobody at the desk can reach; each week the figures. Exactly once, also after a restart.
"""

import datetime as dt
import logging
from collections.abc import Callable, Sequence

from lib.model import clock
from lib.model.action import Action, Entry
from lib.model.actor import SYSTEM, Actor
from lib.model.errors import AppError, Reason
from lib.model.outbox import MailKind
from lib.model.period import Period
from lib.model.report import Report
from lib.model.roles import Permission
from lib.reports import words
from lib.services.beside import Beside
from lib.services.desk import Desk
from lib.services.log import proof, reporting
from lib.services.outgoing import notices
from lib.store.database import Transaction
from lib.store.log import checkpoints, mailings, verifications
from lib.store.log.checkpoints import Checkpoint
from lib.store.people import staff
from lib.store.people.staff import Staff
from lib.store.reading import Reader

_LOG = logging.getLogger("mesa.mailings")
_LOOK_S = 60.0  # between two looks; the first is as late, so that a start is quick
_MORNING_H = 7  # the office's hour from which a day's mail is due


class Mailings(Beside):
    """The desk's thread that queues them as they are due."""

    def __init__(self, desk: Desk, look_s: float = _LOOK_S) -> None:
        super().__init__("mailings")
        self._desk = desk
        self._look_s = look_s

    def _run(self) -> None:
        while not self._stopping.wait(self._look_s):
            for mail_due in (mail_head, mail_week):
                try:
                    mail_due(self._desk)
                except Exception as error:  # storage, or a fault of ours: nothing ends the thread
                    _LOG.error("not mailed: %s", type(error).__name__)


# ---- each day --------------------------------------------------------------------------------


def mail_head(desk: Desk) -> bool:
    """Queue today's mail with the log's head, if it is due; whether one was.

    The head is the row that says so, and it is signed as a checkpoint: the mail, the log and
    `audit.checkpoints` say the same. Raises AppError(STORAGE_FAILED | DISK_FULL).
    """
    now = clock.at_office(clock.now())
    key = head_key(now.date())
    if now.hour < _MORNING_H or not _open(desk.store, key):
        return False
    signer = proof.signer(desk)

    def work(transaction: Transaction) -> tuple[bool, Checkpoint | None]:
        people = notices.managers(transaction)
        if not people or not _open(transaction, key):
            return False, None
        mailings.add(transaction, key)
        detail = {"recipients": ", ".join(person.email for person in people)}
        transaction.log(SYSTEM, Entry(Action.HEAD_MAILED, subject=key, detail=detail))
        signed = checkpoints.add(transaction, signer) if signer else None
        payload = _head(transaction, words.day(now.date()), signed)
        notices.to_people(desk, transaction, people, MailKind.LOG_HEAD, payload)
        return True, signed

    queued, signed = desk.store.write(work)
    if signed:
        proof.note(desk, signed)
    if queued:
        desk.mail_waiting.set()
    return queued


def _head(transaction: Transaction, day: str, signed: Checkpoint | None) -> dict[str, object]:
    head = transaction.head
    return {
        "day": day,
        "seq": head.seq,
        "hash": head.hash,
        "signed_at": f"{signed.signed_at} UTC" if signed else "",
        "key": signed.key if signed else "",
        "signature": signed.signature if signed else "",
        "verdict": _verdict(transaction),
    }


def _verdict(reader: Reader) -> str:
    """What the newest verification said, in a sentence."""
    checked = verifications.last(reader)
    if checked is None:
        return "todavía no se ha hecho ninguna."
    at = f"{clock.at_office(checked.at):%d/%m/%Y a las %H:%M}"
    if checked.finding is None:
        return f"{at}, {checked.rows:,} renglones: no encontró nada."
    return f"{at}: encontró un problema en el renglón {checked.finding.seq}. Revísalo en Bitácora."


# ---- each week -------------------------------------------------------------------------------


def mail_week(desk: Desk) -> bool:
    """Queue the report of the last whole week, if it is due; whether one was. A desk that was off
    on Monday does it when it is on again, for that week alone.

    Raises AppError(STORAGE_FAILED | DISK_FULL).
    """
    now = clock.at_office(clock.now())
    week = reporting.week_before(now.date())
    if now.weekday() == 0 and now.hour < _MORNING_H:
        return False
    key = week_key(week)
    if not _open(desk.store, key) or not notices.managers(desk.store):
        return False  # counting for nobody, once a minute, would be work for nothing
    if not _was_there(desk.store, week):
        return False
    report = reporting.made(desk, SYSTEM, week, reporting.WEEKLY)
    return send_report(desk, SYSTEM, report, key)


def send_report(desk: Desk, actor: Actor, report: Report, key: str) -> bool:
    """Queue a mail with these figures to the managers, once for this key; False also when no
    manager has an e-mail. Raises AppError(FORBIDDEN | STORAGE_FAILED | DISK_FULL).
    """
    desk.require(actor, Permission.EXPORT)

    def work(transaction: Transaction) -> bool:
        people = notices.managers(transaction)
        return bool(people) and _queue(desk, transaction, actor, people, report, key)

    return _queued(desk, work)


def send_me(desk: Desk, actor: Actor, period: Period) -> bool:
    """Queue a mail with a period's figures to who asks; False when they asked within this minute,
    as a double click does.

    Raises AppError: FORBIDDEN, NO_OWN_ADDRESS, STORAGE_FAILED, DISK_FULL.
    """
    desk.require(actor, Permission.EXPORT)
    report = reporting.made(desk, actor, period)

    def work(transaction: Transaction) -> bool:
        person = staff.find(transaction, actor.username)
        if person is None or not notices.takes_mail(person.email):
            raise AppError(Reason.NO_OWN_ADDRESS)
        key = f"own/{actor.username}/{period.to_text()}/{transaction.now:%Y-%m-%dT%H:%M}"
        return _queue(desk, transaction, actor, [person], report, key)

    return _queued(desk, work)


def _queue(
    desk: Desk,
    transaction: Transaction,
    actor: Actor,
    people: Sequence[Staff],
    report: Report,
    key: str,
) -> bool:
    if not _open(transaction, key):
        return False
    mailings.add(transaction, key)
    kind, payload = MailKind.WEEKLY_REPORT, report.to_json()
    told = notices.to_people(desk, transaction, people, kind, payload)
    detail = {"period": words.span(*report.days), "recipients": ", ".join(told)}
    transaction.log(actor, Entry(Action.REPORT_MAILED, subject=key, detail=detail))
    return True


def _queued(desk: Desk, work: Callable[[Transaction], bool]) -> bool:
    queued = desk.store.write(work)
    if queued:
        desk.mail_waiting.set()
    return queued


def head_key(day: dt.date) -> str:
    """Under which a day's head is mailed once."""
    return f"head/{day.isoformat()}"


def week_key(week: Period) -> str:
    """Under which its report is mailed once."""
    year, number, _ = week.first.isocalendar()
    return f"week/{year}-W{number:02}"


def _was_there(reader: Reader, week: Period) -> bool:
    """Whether the log had begun: a new desk has nothing to tell of the week before it."""
    began = mailings.log_began(reader)
    return began is not None and began < clock.begins(week.last + dt.timedelta(days=1))


def _open(reader: Reader, key: str) -> bool:
    return not mailings.mailed(reader, key)
