"""The lists that grids show: the whitelist of tables and columns."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from lib.model import clock
from lib.model.system import Kind as SystemKind
from lib.model.view import Layout
from lib.store.grid.columns import FOLDED, Column, Grain, Kind, Order
from lib.store.grid.fragment import Sql, bound, sql
from lib.store.records import links
from lib.store.records.batches import BY_HAND

OVERDUE = "overdue"  # the tone of a payment whose date has passed
PLACE = "t.place"  # where a row of the ref lies, by which the engine finds it at once


@dataclass(frozen=True)
class Source:
    """`key` is unique, breaks ties and is never shown; `row_id` is what a row is known by outside.

    `account` is SQL for where its account lies in the ref ("": it has no ranks by account).
    `search` is SQL for the folded text that a search reads; "": it asks the index (search/), where
    rows are also found by what their account is found by. `spoken` are columns whose labels are
    searched beside it. `fixed` are conditions that no view can
    lift. `summed` is SQL for what groups add up: the users ("": none).
    """

    id: str
    table: str
    key: str
    row_id: str
    columns: tuple[Column, ...]
    search: str = ""
    spoken: tuple[str, ...] = ()
    account: str = ""
    newest_first: bool = False
    narrowable: frozenset[str] = frozenset({"account_no"})
    fixed: tuple[tuple[str, Any], ...] = ()
    summed: str = ""

    def conditions(self) -> list[Sql]:
        return [sql(f"t.{name} = {{}}", bound(value)) for name, value in self.fixed]

    def column(self, name: str) -> Column | None:
        return next((column for column in self.columns if column.id == name), None)

    def shown(self, layout: Layout) -> tuple[Column, ...]:
        """The columns of a layout in its order, less those unknown; all if there are none."""
        asked = (self.column(name) for name in layout.columns)
        return tuple(column for column in asked if column) or self.columns

    def narrowed(self, column: str, value: Any) -> "Source":
        """This list for one account, one person, one kind. Raises KeyError for another column."""
        if column not in self.narrowable:
            raise KeyError(column)
        return replace(self, fixed=(*self.fixed, (column, value)))

    def labelled(self, labels: Mapping[str, Mapping[str, str]]) -> "Source":
        """With the screen's names for codes: they can be typed in filters and set the order."""
        columns = tuple(
            replace(c, labels=labels[c.id], order=Order.LABEL) if c.id in labels else c
            for c in self.columns
        )
        return replace(self, columns=columns)

    def without(self, *names: str) -> "Source":
        """With fewer columns: what a fixed condition makes the same in every row."""
        return replace(self, columns=tuple(c for c in self.columns if c.id not in names))


def overdue(due: dt.date | None) -> str:
    return OVERDUE if due is not None and due < clock.today() else ""


def _text(name: str, **how: Any) -> Column:
    return Column(name, Kind.TEXT, f"t.{name}", **how)


def _choice(name: str, **how: Any) -> Column:
    return Column(name, Kind.CHOICE, f"t.{name}", **how)


def _date(name: str, *grains: Grain, **how: Any) -> Column:
    ways = (*grains, Grain.MONTH, Grain.YEAR)
    return Column(name, Kind.DATE, f"t.{name}", grains=ways, **how)


# Of columns shown masked (lib/model/masks.py): groups and a filter's list would say the values.
_MASKED: dict[str, Any] = {"groupable": False}
_SEATS = "t.seats"
_PRODUCT = (
    _choice("product"),
    _text("version", order=Order.NATURAL),
    Column("seats", Kind.NUMBER, _SEATS),
)
_SERIAL = _text("serial", groupable=False, rank="t.serial_rank")
_ACCOUNT = _text("account_no", rank="t.account_rank")
_NAME = {
    "order": Order.FOLDED,
    "corrected": "name",
    "folded": "t.name_folded",
    "rank": "t.name_rank",
}
_CUSTOMER = _text("account_name", **_NAME)

_SYSTEM = Source(
    id="systems",
    table="system",
    key=PLACE,
    row_id="t.serial",
    account="t.account_rank",
    columns=(),
    narrowable=frozenset({"account_no", "kind"}),
    summed=_SEATS,
)

SUBSCRIPTIONS = replace(
    _SYSTEM.narrowed("kind", SystemKind.SUBSCRIPTION.value),
    id="subscriptions",
    columns=(
        *_PRODUCT,
        _SERIAL,
        _ACCOUNT,
        _CUSTOMER,
        _date("activated_on"),
        _date("next_payment_on", Grain.DUE, tone=overdue),
        _choice("period"),
        _choice("status"),
    ),
)

LICENCES = replace(
    _SYSTEM.narrowed("kind", SystemKind.LICENCE.value),
    id="licences",
    columns=(
        *_PRODUCT,
        _SERIAL,
        _ACCOUNT,
        _CUSTOMER,
        _date("purchased_on"),
        _date("activated_on"),
    ),
)

# Both kinds at once: what one customer has.
SYSTEMS = replace(
    _SYSTEM,
    columns=(
        _choice("kind"),
        *_PRODUCT,
        _SERIAL,
        _ACCOUNT,
        _CUSTOMER,
        _date("activated_on"),
        _date("next_payment_on", Grain.DUE, tone=overdue),
        _choice("period"),
        _choice("status"),
    ),
)

# Whether there is an account of that number, and who said so: a file or a person.
_LINK = f"CASE WHEN {links.WITHOUT} THEN 'none' WHEN {links.BY_HAND} THEN 'hand' ELSE 'file' END"

# The batch that brought it or changed it last; those of one certificate are all one.
_BATCH = (
    f"CASE WHEN t.batch_id IN (SELECT id FROM ops.batch WHERE source = '{BY_HAND}')"
    " THEN 'hand' ELSE t.batch_id END"
)

CERTIFICATES = Source(
    id="certificates",
    table="held_certificate",
    key="t.folio",
    row_id="t.folio",
    columns=(
        _text("folio", groupable=False),
        _text("serial", groupable=False),
        *_PRODUCT,
        _date("purchased_on"),
        _text("holder", order=Order.FOLDED),
        _text("rfc", **_MASKED),
        _text("account_no"),
        Column("link", Kind.CHOICE, _LINK, closed=True, groupable=False, sortable=False),
        Column("batch", Kind.CHOICE, _BATCH, closed=True, sortable=False),
    ),
    summed=_SEATS,
)

ACCOUNTS = Source(
    id="accounts",
    table="account",
    key=PLACE,
    row_id="t.account_no",
    account=PLACE,
    columns=(
        _text("account_no", groupable=False, rank=PLACE),
        _text("name", **_NAME),
        _text("email", corrected="email", **_MASKED),
        _text("phone", corrected="phone", **_MASKED),
        _text("rfc", corrected="rfc", **_MASKED),
        _date("registered_on"),
    ),
)

_LOG_TEXT = "concat_ws(' ', t.actor, t.account_no, t.serial, t.reason, t.ticket, t.subject)"

AUDIT = Source(
    id="audit",
    table="log_row",
    key="t.seq",
    row_id="CAST(t.seq AS VARCHAR)",
    columns=(
        Column("logged_at", Kind.INSTANT, "t.logged_at", grains=(Grain.MONTH, Grain.YEAR)),
        _choice("actor", closed=True),
        _choice("action"),
        _choice("outcome"),
        _text("account_no"),
        _text("serial"),
        _text("reason", order=Order.FOLDED),
        _text("ticket"),
        _choice("role"),
        _choice("versions", closed=True),
        Column("seq", Kind.NUMBER, "t.seq", groupable=False),
    ),
    search=FOLDED.format(_LOG_TEXT),
    spoken=("actor", "reason"),
    newest_first=True,
    narrowable=frozenset({"account_no", "serial", "actor"}),
)
