"""Rows of the log and of the outbox made by hand, at instants of November 2026."""

import datetime as dt
from collections.abc import Callable

from lib.model.action import Action, Entry, Outcome
from lib.model.actor import SYSTEM, Actor
from lib.model.outbox import MailState, Motive
from lib.model.roles import Role
from lib.services.desk import Desk
from lib.store.database import Transaction

TODAY = dt.date(2026, 11, 22)
SAE, COI, LICENCE = "S0000000001", "S0000000002", "L0000000001"
ANA, BETO = (Actor(name, name, Role.AGENT) for name in ("ana", "beto"))


def at(day: int, hour: int = 18, minute: int = 0) -> dt.datetime:
    """November's, in UTC: the office's clock is six hours behind."""
    return dt.datetime(2026, 11, day, hour, minute)  # noqa: DTZ001 - as stored


def write(desk: Desk, when: dt.datetime, work: Callable[[Transaction], object]) -> None:
    def then(transaction: Transaction) -> None:
        transaction.now = when
        work(transaction)

    desk.store.write(then)


def log(desk: Desk, when: dt.datetime, actor: Actor, entry: Entry) -> None:
    write(desk, when, lambda t: t.log(actor, entry))


def ask(
    desk: Desk,
    when: dt.datetime,
    serial: str = SAE,
    actor: Actor = ANA,
    reason: Motive = Motive.NOT_RECEIVED,
    mail: str = "",
    action: Action = Action.RESEND_REQUESTED,
    outcome: Outcome = Outcome.OK,
) -> None:
    log(desk, when, actor, Entry(action, outcome, "00000001", serial, reason, subject=mail))


def mail(
    desk: Desk,
    mail_id: str,
    asked: dt.datetime,
    state: MailState = MailState.ACCEPTED,
    finished: dt.datetime | None = None,
) -> None:
    write(
        desk,
        asked,
        lambda t: t.run(
            "INSERT INTO ops.outbox (id, idempotency_key, serial, account_no, recipient,"
            " recipient_name, message_id, requested_by, requested_at, reason, ticket, state,"
            " attempts, problem, smtp_text, finished_at) VALUES (?, ?, ?, '00000001',"
            " 'ana.lopez@example.com', '', '', 'ana', ?, 'other', '', ?, 1, '', '', ?)",
            [mail_id, mail_id, SAE, asked, state.value, finished or asked],
        ),
    )


def accepted(desk: Desk, mail_id: str, when: dt.datetime, *serials: str) -> None:
    for serial in serials or (SAE,):
        entry = Entry(Action.MAIL_ACCEPTED, serial=serial, subject=mail_id)
        log(desk, when, SYSTEM, entry)
