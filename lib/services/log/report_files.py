"""A period's report taken away as a file: one ticket, logged before a byte leaves."""

from dataclasses import dataclass

from lib.model.action import Action, Entry
from lib.model.actor import Actor
from lib.model.period import Period
from lib.model.report import Paper
from lib.model.roles import Permission
from lib.reports import words
from lib.reports.apart import Making
from lib.services.desk import Desk
from lib.services.log import reporting
from lib.services.records import exporting
from lib.services.records.exporting import Download
from lib.services.records.orders import Placed


@dataclass(frozen=True)
class ReportOrder(Placed):
    period: Period
    paper: Paper


def start(desk: Desk, actor: Actor, period: Period, paper: Paper) -> str:
    """The ticket with which this person's browser fetches the file, once and soon (orders.LIFE).

    Raises AppError: FORBIDDEN, EXPORT_RUNNING, EXPORTS_BUSY.
    """
    _may(desk, actor)
    return desk.exports.place(ReportOrder(actor.username, actor.session, period, paper))


def take(desk: Desk, ticket: str, *, actor: Actor) -> Download:
    """Count what the report says and log that it leaves; close it in any case.

    Raises AppError: FORBIDDEN also when the role changed meanwhile, EXPORT_GONE for a ticket that
    isn't this session's or no longer counts, EXPORT_RUNNING, EXPORTS_BUSY, STORAGE_FAILED.
    """
    _may(desk, actor)
    order = desk.exports.take(ReportOrder, ticket, actor.username, actor.session)
    try:
        return _opened(desk, order, actor)
    except BaseException:
        desk.exports.done(actor.username)
        raise


def _may(desk: Desk, actor: Actor) -> None:
    desk.require(actor, Permission.READ_LOG)
    desk.require(actor, Permission.EXPORT)


def _opened(desk: Desk, order: ReportOrder, actor: Actor) -> Download:
    report = reporting.made(desk, actor, order.period)
    name = exporting.file_name(report.title, order.paper)
    making = Making(report, order.paper)
    entry = Entry(
        Action.ROWS_EXPORTED,
        reason=f"{report.title}, {words.span(*report.days)} ({order.paper.upper()})",
        detail={"file": name, "rows": making.rows},
    )
    desk.store.write(lambda t: t.log(actor, entry))
    return Download(name, order.paper, desk, actor, entry, making.rows, making)
