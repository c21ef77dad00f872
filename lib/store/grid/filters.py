"""Conditions for what people type under a column's heading (lib/model/filter.py): filters are
data, never SQL."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from lib.model import clock
from lib.model.filter import (
    Blank,
    How,
    Kind,
    Matches,
    OneOf,
    Relative,
    Several,
    Within,
    understand,
)
from lib.model.text import fold
from lib.store.grid.columns import FOLDED, Column
from lib.store.grid.fragment import Sql, all_of, any_of, bound, one_of, sql

_NO_TEXT = frozenset({Kind.NUMBER, Kind.DATE, Kind.INSTANT})  # whose only emptiness is NULL


def condition(column: Column, text: str, values: Sequence[str] | None, *, laid_over: bool) -> Sql:
    """The condition that `text` puts on a column. `values` are all that a choice can be, where
    they are few enough to be known. Raises Unusable."""
    wanted, value = understand(column.kind, text, clock.today()), column.value(laid_over=laid_over)
    if isinstance(wanted, Blank):
        return _blank(column, value, wanted)
    if isinstance(wanted, Matches):
        return matching(column, wanted, laid_over=laid_over)
    if isinstance(wanted, OneOf):
        return _chosen(column, value, wanted, values)
    if isinstance(wanted, Several):
        return _several(column, value, wanted)
    return _within(column, value, wanted.within if isinstance(wanted, Relative) else wanted)


def _blank(column: Column, value: Sql, wanted: Blank) -> Sql:
    if column.kind in _NO_TEXT:
        return sql("{} IS NULL" if wanted.empty else "{} IS NOT NULL", value)
    # False for NULL, too
    return sql("coalesce({}, '') = ''" if wanted.empty else "{} <> ''", value)


def matching(column: Column, wanted: Matches, *, laid_over: bool) -> Sql:
    """The condition that a text puts on a column of texts."""
    if column.folded and column.rank:
        return _named(column, wanted, laid_over=laid_over)
    compared = _compared(column.as_compared(laid_over=laid_over), wanted)
    if wanted.how is not How.EQUALS:
        return compared
    # As it is written, too: folding what is typed joins the double spaces that a cell may have.
    same = sql("{} = {}", column.value(laid_over=laid_over), bound(wanted.text))
    return any_of([compared, same])


def _named(column: Column, wanted: Matches, *, laid_over: bool) -> Sql:
    """Each name is looked at once, not in each row (5 million: a quarter of the time)."""
    named = sql(
        "{} IN (SELECT name_rank FROM name_order WHERE {})",
        Sql(column.rank),
        _compared(Sql("name_folded"), wanted),
    )
    if not (laid_over and column.corrected):
        return named
    return sql("coalesce({}, {})", _compared(Sql(column.corrected_folded), wanted), named)


def _compared(folded: Sql, wanted: Matches) -> Sql:
    text = bound(fold(wanted.text))
    if wanted.how is How.CONTAINS:
        return sql("contains({}, {})", folded, text)
    return sql("starts_with({}, {})" if wanted.how is How.STARTS else "{} = {}", folded, text)


def _chosen(column: Column, value: Sql, wanted: OneOf, values: Sequence[str] | None) -> Sql:
    """The codes, typed as they are stored or as they are called on screen."""
    named = {fold(typed) for typed in wanted.values}
    known = column.labels if values is None else values
    codes = [c for c in known if fold(c) in named or fold(column.labels.get(c, c)) in named]
    if column.closed:  # one that has no name is looked for as it is
        codes += [typed for typed in wanted.values if typed not in codes]
    conditions = [one_of(value, codes)]
    if wanted.empty:
        conditions.append(_blank(column, value, Blank(empty=True)))
    if values is None:
        conditions += [sql("{} = {}", sql(FOLDED, value), bound(name)) for name in named]
    return any_of(conditions)


def _several(column: Column, value: Sql, wanted: Several) -> Sql:
    alone = [span.first for span in wanted.spans if span.first == span.last]  # never None both
    spans = [span for span in wanted.spans if span.first != span.last]
    return any_of([one_of(value, alone), *(_within(column, value, span) for span in spans)])


def _within(column: Column, value: Sql, within: Within[Any]) -> Sql:
    if column.kind is Kind.INSTANT:
        return _within_days(value, within)
    conditions = []
    if within.first is not None:
        conditions.append(sql("{} >= {}", value, bound(within.first)))
    if within.last is not None:
        conditions.append(sql("{} <= {}", value, bound(within.last)))
    return all_of(conditions)


def _within_days(value: Sql, within: Within[dt.date]) -> Sql:
    """Office days, as the stored UTC instants at which they begin."""
    conditions = [sql("{} IS NOT NULL", value)]
    if within.first is not None:
        conditions.append(sql("{} >= {}", value, bound(clock.begins(within.first))))
    if within.last is not None and within.last < dt.date.max:
        end = within.last + dt.timedelta(days=1)
        conditions.append(sql("{} < {}", value, bound(clock.begins(end))))
    return all_of(conditions)
