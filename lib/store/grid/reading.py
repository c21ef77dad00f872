"""How a grid asks: through the store's kept answers, and for what SQL alone can't put in order."""

import re
from collections.abc import Callable
from functools import cached_property
from typing import Any

from lib.model.text import fold
from lib.store.database import Store
from lib.store.grid.columns import Column, Order
from lib.store.grid.fragment import Sql, all_of, bound, joined, sql
from lib.store.grid.sources import Source

Row = tuple[Any, ...]

FEW = 200  # distinct values that are ranked in Python or offered in a list


class Reading:
    """The store as one window over one source sees it."""

    def __init__(self, store: Store, source: Source) -> None:
        self._store = store
        self._source = source

    def rows(
        self, question: Sql, made: Callable[[list[Row]], list[Row]] | None = None
    ) -> list[Row]:
        """The answer, or what is `made` of it: kept while what it was read from is unchanged."""
        return self._store.remembered(question.text, question.params, made)

    @cached_property
    def has_corrections(self) -> bool:
        return bool(self.rows(Sql("SELECT 1 FROM ops.correction LIMIT 1")))

    def distinct(self, column: Column) -> list[Any] | None:
        """A column's values over the whole source, nulls left out; None when they aren't few.
        Nothing is asked of one whose labels name them all: the log has millions of rows."""
        if column.closed and column.labels:
            return sorted(column.labels) if len(column.labels) <= FEW else None
        question = sql(
            f"SELECT DISTINCT {{}} AS v FROM {self._source.table} AS t WHERE {{}}"
            f" ORDER BY v LIMIT {FEW + 1}",
            Sql(column.sql),
            all_of([sql("{} IS NOT NULL", Sql(column.sql)), *self._source.conditions()]),
        )
        values = [row[0] for row in self.rows(question)]
        return values if len(values) <= FEW else None

    def ordered(self, column: Column, value: Sql, folded: Sql) -> Sql:
        """What a column's value is sorted by."""
        if column.order is Order.FOLDED:
            return folded
        if column.order is Order.NATURAL:
            return self._ranked(column, value, natural)
        if column.order is Order.LABEL:
            return self._ranked(column, value, lambda code: fold(column.labels.get(code, code)))
        return value

    def _ranked(self, column: Column, value: Sql, key: Callable[[str], Any]) -> Sql:
        """By each distinct value's place in an order worked out here: a look-up a row."""
        values = self.distinct(column)
        if not values:
            return value
        ranked = joined(", ", (bound(v) for v in sorted(values, key=key)))
        return sql("list_position([{}], {})", ranked, value)


def natural(text: str) -> list[tuple[int, str]]:
    """A sort key: runs of digits by their value, the rest as it is."""
    runs = re.split(r"([0-9]+)", text)
    return [(int(run), "") if run.isdigit() else (-1, run) for run in runs if run]
