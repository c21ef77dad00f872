"""The lists that have an index: accounts and systems."""

from collections.abc import Sequence

import numpy as np

from lib.store.grid.fragment import Sql
from lib.store.grid.reading import Reading
from lib.store.grid.search import sets
from lib.store.grid.search.customers import ENOUGH, Customers, is_more
from lib.store.grid.search.found import Found, Later, lying_at
from lib.store.grid.search.index import Index
from lib.store.grid.search.sets import NONE, Ids, Matches
from lib.store.grid.search.terms import Term
from lib.store.grid.sources import PLACE, Source


def find(source: Source, terms: Sequence[Term], index: Index, reading: Reading) -> Found:
    """The rows of `source`; where hardly any are found, also those with a word like one typed."""
    customers = Customers(index, reading)
    exact = customers.matches(list(terms))
    listed = _List(source, index)
    if is_more(exact, ENOUGH):
        return listed.found(listed.rows(exact))
    near, taken = customers.near(list(terms))
    return listed.found(listed.rows(exact), listed.rows(near), taken)


class _List:
    """A source's rows as the index knows them."""

    def __init__(self, source: Source, index: Index) -> None:
        self._source = source
        self._index = index
        self._of_accounts = source.account == PLACE

    def rows(self, found: Matches) -> Ids:
        """Where the source's rows of what was found lie, less those that it never shows."""
        rows = found.accounts if self._of_accounts else self._index.rows(found)
        for name, value in self._source.fixed:
            has = self._index.is_account if self._of_accounts else self._index.has
            rows = rows[has(name, value, rows)]
        return rows

    def found(self, exact: Ids, near: Ids = NONE, taken: tuple[tuple[str, str], ...] = ()) -> Found:
        near = sets.less(near, exact)
        return Found(
            condition=Later(lambda: self._condition(sets.either(exact, near))),
            rows=np.concatenate([exact, near]),
            seats=self._seats(exact, near),
            near=taken if len(near) else (),
            last=self._last(exact) if len(exact) and len(near) else None,
        )

    def _condition(self, rows: Ids) -> Sql:
        size = self._index.accounts if self._of_accounts else len(self._index.account_of)
        return lying_at(rows, size, PLACE)

    def _last(self, exact: Ids) -> Sql:
        return Sql(f"{PLACE} NOT IN ({', '.join(map(str, exact.tolist()))})")

    def _seats(self, exact: Ids, near: Ids) -> int | None:
        if not self._source.summed:
            return None
        return int(self._index.seats[exact].sum() + self._index.seats[near].sum())
