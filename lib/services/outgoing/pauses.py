"""Why nothing leaves, for who can put it right: what is wrong, since when, how many wait."""

import datetime as dt
from dataclasses import dataclass

from lib.model.action import Action, Entry
from lib.model.actor import Actor
from lib.model.mail_queue import Way
from lib.model.outbox import CONFIGURATION, SERVER_DOWN, MailProblem
from lib.model.roles import Permission
from lib.services.desk import Desk
from lib.store.database import Transaction
from lib.store.mail import mail_queue, outbox

_PASSES = 2  # probes in a row that fail before a fault that passes by itself is worth a banner


@dataclass(frozen=True)
class Trouble:
    """`waiting`: mails in the queue."""

    way: Way
    problem: MailProblem
    since: dt.datetime
    waiting: int


def troubles(desk: Desk, actor: Actor) -> list[Trouble]:
    """What is out of order now, the way out first; [] while all is well. Raises
    AppError(FORBIDDEN)."""
    desk.require(actor, Permission.MANAGE_MAIL)
    found = []
    for way in Way:
        pause = mail_queue.pause(desk.store, way)
        if pause and (pause.problem in CONFIGURATION or pause.failures >= _PASSES):
            waiting = outbox.waiting(desk.store)
            found.append(Trouble(way, pause.problem, pause.since, waiting))
    return found


def try_now(desk: Desk, actor: Actor) -> None:
    """Knock at the mail server at once, and log who asked; nothing happens when nothing waits for
    it any more. Of a clock set back it says that the clock is right now.

    Raises AppError(FORBIDDEN).
    """
    desk.require(actor, Permission.MANAGE_MAIL)

    def work(transaction: Transaction) -> None:
        pause = mail_queue.pause(transaction)
        if pause is None:
            return
        seq = transaction.log(actor, Entry(Action.MAIL_PROBED, reason=pause.problem.value))
        if pause.problem is MailProblem.CLOCK_BACK:
            mail_queue.trust_clock(transaction, seq)
        mail_queue.probe_now(transaction)
        outbox.resume(transaction, CONFIGURATION | SERVER_DOWN)

    desk.store.write(work)
    desk.mail_waiting.set()
