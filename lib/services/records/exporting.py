"""Rows taken away as a file: asked for with a one-time ticket, fetched once, in the log before a
byte leaves. What isn't a column of the list isn't in the file: never a CDA.
"""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

from lib.model import clock, masks
from lib.model.action import Action, Entry, Outcome
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.roles import Permission
from lib.model.selection import Selection
from lib.model.sheet import Column, Format, Row, Sheet, Words
from lib.model.text import fold
from lib.model.view import View
from lib.services.desk import Desk
from lib.services.records import browsing
from lib.services.records.orders import Order
from lib.sheets.apart import Batches, Making
from lib.store.grid import engine
from lib.store.grid.sources import CERTIFICATES, Source

_BATCH = 2_000  # rows turned into Python at a time: others' threads wait meanwhile
_NAMED = 20  # rows and groups that the log names of what was ticked
_NO_LETTERS = re.compile(r"[^a-z0-9._-]+")
_LOG = logging.getLogger("mesa.exporting")


def count(
    desk: Desk, source: Source, view: View, selection: Selection | None = None, *, actor: Actor
) -> int:
    """How many rows an export would hold now. Raises AppError(FORBIDDEN | STORAGE_FAILED)."""
    desk.require(actor, Permission.EXPORT)
    if selection is not None:
        return browsing.selected(desk, source, view, selection, 0, actor=actor).total
    return browsing.count(desk, source, view, actor=actor)


def start(
    desk: Desk,
    source: Source,
    view: View,
    form: Format,
    words: Words,
    selection: Selection | None = None,
    *,
    actor: Actor,
) -> str:
    """The ticket with which this person's browser fetches the file, once and within orders.LIFE.

    With a `selection` only what is ticked. Raises AppError: FORBIDDEN, NOTHING_TO_EXPORT,
    EXPORT_RUNNING, EXPORTS_BUSY, STORAGE_FAILED.
    """
    if not count(desk, source, view, selection, actor=actor):
        raise AppError(Reason.NOTHING_TO_EXPORT)
    order = Order(actor.username, actor.session, source, view, form, words, selection)
    return desk.exports.place(order)


def take(desk: Desk, ticket: str, *, actor: Actor) -> "Download":
    """Open the file that a ticket stands for and log that it leaves; close it in any case.

    Raises AppError: FORBIDDEN also when the role changed meanwhile, EXPORT_GONE for a ticket that
    isn't this session's or no longer counts, NOTHING_TO_EXPORT, EXPORT_RUNNING, EXPORTS_BUSY,
    STORAGE_FAILED.
    """
    desk.require(actor, Permission.EXPORT)
    order = desk.exports.take(Order, ticket, actor.username, actor.session)
    try:
        return _opened(desk, order, actor)
    except BaseException:
        desk.exports.done(actor.username)
        raise


class Personal(StrEnum):
    """How a file holds customers' data; words in lib/ui."""

    NONE = ""
    MASKED = "masked"
    WHOLE = "whole"


def personal(source: Source, view: View, person: Actor) -> Personal:
    """How a file of these columns would hold it for this person. Whoever imports certificates has
    them whole: masked ones couldn't be brought back."""
    if not any(column.id in masks.OF_FIELD for column in source.shown(view.layout)):
        return Personal.NONE
    brought = source.id == CERTIFICATES.id and person.may(Permission.IMPORT)
    return Personal.WHOLE if brought or person.may(Permission.WHOLE_DATA) else Personal.MASKED


class FileMaking(Protocol):
    """A file being made (lib/sheets/apart.py, lib/reports/apart.py)."""

    @property
    def rows(self) -> int: ...
    def __iter__(self) -> Iterator[bytes]: ...
    def stop(self) -> None: ...
    def close(self) -> None: ...


@dataclass
class Download:
    """A file on its way out. Iterate for its bytes: an AppError there means that the rest doesn't
    come. `stop` cuts that short from any thread. `close` it in any case: what left otherwise than
    logged is logged too.
    """

    name: str
    form: StrEnum  # what its end says it is
    desk: Desk
    actor: Actor
    entry: Entry
    rows: int
    making: FileMaking
    sent: int = 0
    whole: bool = False
    closed: bool = False

    def __iter__(self) -> Iterator[bytes]:
        for piece in self.making:
            self.sent += len(piece)
            yield piece
        self.whole = True

    def stop(self) -> None:
        self.making.stop()

    def close(self) -> None:
        if self.closed:
            return
        self.closed = True
        self.making.close()
        self.desk.exports.done(self.actor.username)
        if not self.whole:
            self._log_also(Outcome.FAILED, Reason.EXPORT_FAILED)
        elif self.making.rows != self.rows:  # a load came between counting and reading
            self._log_also(Outcome.OK, None)

    def _log_also(self, outcome: Outcome, reason: Reason | None) -> None:
        """How much went in and how many bytes left in the end."""
        detail = {"file": self.name, "rows": self.making.rows, "sent": self.sent}
        why = reason.value if reason else self.entry.reason
        entry = replace(self.entry, outcome=outcome, reason=why, detail=detail)
        try:
            self.desk.store.write(lambda t: t.log(self.actor, entry))
        except AppError as error:  # the desk is closing
            _LOG.error("end of an export not logged: %s", error)


def handed_out(
    desk: Desk, actor: Actor, entry: Entry, sheet: Sheet, form: Format, rows: int, batches: Batches
) -> Download:
    """A file of these batches of rows, as `entry` tells the log before a byte of it leaves; its
    detail names the "file". Raises AppError(NOTHING_TO_EXPORT | STORAGE_FAILED).
    """
    first = next(batches, [])
    if not first:
        raise AppError(Reason.NOTHING_TO_EXPORT)
    making = Making(sheet, form, _again(first, batches))  # nothing leaves it before it is asked
    try:
        desk.store.write(lambda t: t.log(actor, entry))
    except BaseException:
        making.close()
        raise
    return Download(str(entry.detail["file"]), form, desk, actor, entry, rows, making)


def file_name(title: str, form: StrEnum) -> str:
    return f"{plain_name(title)}-{clock.today():%Y-%m-%d}.{form}"


def plain_name(name: str) -> str:
    """In plain letters: some browsers mangle others on the way to the disk, and none of these
    leaves its place in a header (RFC 6266) or a folder."""
    return _NO_LETTERS.sub("-", fold(name)).strip("-.") or "archivo"


def _opened(desk: Desk, order: Order, actor: Actor) -> Download:
    rows = count(desk, order.source, order.view, order.selection, actor=actor)
    entry = _entry(order, rows, actor)
    batches = _batches(desk, order, actor)
    return handed_out(desk, actor, entry, _sheet(order), order.form, rows, batches)


def _batches(desk: Desk, order: Order, actor: Actor) -> Batches:
    """What is read is of one moment: that of the first batch."""
    batches = engine.stream(desk.store, order.source, order.view, order.selection, _BATCH)
    masked = personal(order.source, order.view, actor) is Personal.MASKED
    return _masked(order, batches) if masked else batches


def _masked(order: Order, batches: Batches) -> Batches:
    listed = order.source.shown(order.view.layout)
    names = [column.id for column in listed]
    try:
        for rows in batches:
            yield [tuple(map(masks.masked, names, row)) for row in rows]
    finally:
        batches.close()


def _again(first: list[Row], rest: Batches) -> Batches:
    try:
        yield first
        yield from rest
    finally:
        rest.close()


def _sheet(order: Order) -> Sheet:
    words, listed = order.words, order.source.shown(order.view.layout)
    return Sheet(words.title, tuple(Column(words.headings[c.id], dict(c.labels)) for c in listed))


def _entry(order: Order, rows: int, actor: Actor) -> Entry:
    """How much of what left stands in the chain; what was asked for may name persons, so it goes
    to the part that can be erased.
    """
    headings, view = order.words.headings, order.view
    filters = {headings[c]: text for c, text in view.filters.items() if order.source.column(c)}
    detail = {
        "file": file_name(order.words.title, order.form),
        "rows": rows,
        "search": view.q,
        "filters": "; ".join(f"{heading}: {text}" for heading, text in filters.items()),
        "selection": _ticked(order.selection),
        "columns": ", ".join(column.heading for column in _sheet(order).columns),
        "personal": personal(order.source, order.view, actor).value,
    }
    return Entry(
        Action.ROWS_EXPORTED,
        account_no=str(dict(order.source.fixed).get("account_no", "")),
        reason=f"{order.words.title}: {rows:,} ({order.form.upper()})",
        subject=order.source.id,
        detail=detail,
    )


def _ticked(selection: Selection | None) -> str:
    if selection is None:
        return ""
    groups = ("/".join(str(key) for key in path) for path in selection.paths)
    named = [*selection.ids, *groups]
    return ", ".join(named[:_NAMED]) + (" …" if len(named) > _NAMED else "")
