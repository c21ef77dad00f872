"""What a grid's column is: where its value comes from and what may be done with it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from lib.model.filter import Kind
from lib.store.grid.fragment import Sql, sql

__all__ = ["FOLDED", "OFFICE_DAY", "Column", "Grain", "Kind", "Order"]


class Grain(StrEnum):
    """What the dates of a column may be grouped by besides their day."""

    MONTH = "month"
    YEAR = "year"
    DUE = "due"  # how near a payment is (lib/store/grid/levels.py)


class Order(StrEnum):
    PLAIN = "plain"
    FOLDED = "folded"  # as a person reads: without case or accents
    NATURAL = "natural"  # 9.0 before 10.0
    LABEL = "label"  # by what the code is called on screen


@dataclass(frozen=True)
class Column:
    """`sql` is over the source's table, named t; `folded` is where it is stored folded ("" when it
    isn't); `rank` is its place among all values, where a load stored it.
    `corrected` is the column of ops.correction laid over it. `tone` says what is
    remarkable about a value ("" when nothing is). `labels` names codes on screen; when `closed`,
    all there are. `grains` are the other ways to group by it."""

    id: str
    kind: Kind
    sql: str
    order: Order = Order.PLAIN
    corrected: str = ""
    folded: str = ""
    rank: str = ""
    groupable: bool = True
    sortable: bool = True
    filterable: bool = True
    grains: tuple[Grain, ...] = ()
    tone: Callable[[Any], str] | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    closed: bool = False

    def value(self, *, laid_over: bool) -> Sql:
        """What is shown; with the desk's corrections (joined as c) laid over if asked."""
        if laid_over and self.corrected:
            return Sql(f"coalesce(c.{self.corrected}, {self.sql})")
        return Sql(self.sql)

    def as_compared(self, *, laid_over: bool) -> Sql:
        """What is shown, folded: for filters and for orders that don't see accents."""
        if not self.folded:
            return sql(FOLDED, self.value(laid_over=laid_over))
        if laid_over and self.corrected:
            return Sql(f"coalesce({self.corrected_folded}, {self.folded})")
        return Sql(self.folded)

    @property
    def corrected_folded(self) -> str:
        """The correction as it is compared, in SQL over ops.correction, named c."""
        return _FOLDED_WHOLE.format(f"c.{self.corrected}")

    def group_key(self, *, laid_over: bool) -> Sql:
        """What rows are grouped by: the value, of an instant its day at the office."""
        value = self.value(laid_over=laid_over)
        return sql(OFFICE_DAY, value) if self.kind is Kind.INSTANT else value


OFFICE_DAY = "CAST(timezone('America/Mexico_City', timezone('UTC', {})) AS DATE)"

# As lib/model/text.fold leaves Spanish text: what SQL can do at a glance in each row (0.6 µs), and
# the same with its spaces, for the few that are corrected.
FOLDED = "strip_accents(lower({}))"
_FOLDED_WHOLE = f"trim(regexp_replace({FOLDED}, '\\s+', ' ', 'g'))"
