"""What became of each system of a resend to many, as a file: one ticket, logged, never a CDA."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lib.model.action import Action, Entry
from lib.model.actor import Actor
from lib.model.bulk import Line
from lib.model.roles import Permission
from lib.model.sheet import Column, Format, Row, Sheet
from lib.services.desk import Desk
from lib.services.records import exporting
from lib.services.records.exporting import Download
from lib.services.records.orders import Placed
from lib.services.resends import bulk
from lib.sheets.apart import Batches
from lib.store.mail import bulks


@dataclass(frozen=True)
class Words:
    """How the file says it: its title, its headings, and the cells of a line."""

    title: str
    headings: tuple[str, ...]
    cells: Callable[[Line], Row]


@dataclass(frozen=True)
class ResultOrder(Placed):
    bulk_id: str
    words: Words


def start(desk: Desk, actor: Actor, bulk_id: str, words: Words) -> str:
    """The ticket with which this person's browser fetches the file, once and soon (orders.LIFE):
    who may see a bulk may take its result away, also without the right to export lists.

    Raises AppError: FORBIDDEN, UNKNOWN_BULK, EXPORT_RUNNING, EXPORTS_BUSY, STORAGE_FAILED.
    """
    bulk.see(desk, actor, bulk_id)
    return desk.exports.place(ResultOrder(actor.username, actor.session, bulk_id, words))


def take(desk: Desk, ticket: str, *, actor: Actor) -> Download:
    """Open the file that a ticket stands for and log that it leaves; close it in any case.

    Raises AppError: what `start` does, and EXPORT_GONE for a ticket that isn't this session's or no
    longer counts.
    """
    desk.require(actor, Permission.RESEND)
    order = desk.exports.take(ResultOrder, ticket, actor.username, actor.session)
    try:
        return _opened(desk, order, actor)
    except BaseException:
        desk.exports.done(actor.username)
        raise


def _opened(desk: Desk, order: ResultOrder, actor: Actor) -> Download:
    bulk.see(desk, actor, order.bulk_id)
    lines = bulks.lines(desk.store, order.bulk_id)
    words = order.words
    sheet = Sheet(words.title, tuple(Column(heading) for heading in words.headings))
    entry = Entry(
        Action.ROWS_EXPORTED,
        reason=f"{words.title}: {len(lines):,} (CSV)",
        subject=order.bulk_id,
        detail={"file": exporting.file_name(words.title, Format.CSV), "rows": len(lines)},
    )
    batches = _batches([words.cells(line) for line in lines])
    return exporting.handed_out(desk, actor, entry, sheet, Format.CSV, len(lines), batches)


def _batches(rows: Sequence[Row]) -> Batches:
    yield list(rows)
