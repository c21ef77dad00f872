"""Certificates, a few hundred thousand that people also change: their texts are held in memory and
gone through, and their accounts come from the index."""

import threading
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from lib.store.database import Store
from lib.store.grid.fragment import Sql, bound, sql
from lib.store.grid.reading import Reading
from lib.store.grid.search.customers import ENOUGH, Customers, likely
from lib.store.grid.search.found import Found, Later
from lib.store.grid.search.index import Index
from lib.store.grid.search.terms import Term
from lib.store.grid.sources import Source

Flags = npt.NDArray[np.bool_]

# What changes whenever a certificate does: by a batch, by its undoing, by hand.
_STATE = (
    "SELECT (SELECT count(*) FROM ops.certificate), (SELECT count(*) FROM ops.batch),"
    " (SELECT count(*) FROM ops.batch_undo),"
    " (SELECT coalesce(sum(version), 0) FROM ops.certificate_link)"
)
_HELD = (
    "SELECT c.folio, c.search, c.seats, coalesce(a.place, -1) AS account"
    " FROM held_certificate AS c LEFT JOIN account AS a ON a.account_no = c.account_no"
    " ORDER BY c.folio"
)


class Shelf:
    """The certificates as they are now; read again when any has changed."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._state: list[tuple[int, ...]] = []
        self._boxes = pa.table({})

    def boxes(self) -> pa.Table:
        state = self._store.remembered(_STATE)
        with self._lock:
            if state != self._state:
                with self._store.cursor() as cursor:
                    self._boxes = cursor.execute(_HELD).to_arrow_table()
                self._state = state
            return self._boxes


def find(source: Source, terms: Sequence[Term], store: Store, reading: Reading) -> Found:
    """Certificates by their own text and by what their account is found by."""
    customers = Customers(store.kept(Index), reading)
    return _Search(source, store.kept(Shelf).boxes(), customers, reading).find(terms)


class _Search:
    def __init__(
        self, source: Source, boxes: pa.Table, customers: Customers, reading: Reading
    ) -> None:
        self._source = source
        self._boxes = boxes
        self._customers = customers
        self._reading = reading
        self._account = boxes["account"].to_numpy()

    def find(self, terms: Sequence[Term]) -> Found:
        exact = self._every(terms)
        if exact.sum() > ENOUGH:
            return self._found(exact, np.zeros_like(exact), [])
        near, taken = np.zeros_like(exact), []
        for at, term in enumerate(terms):
            for typed, word in likely(self._reading, term):
                there = self._every([*terms[:at], Term(((word,),)), *terms[at + 1 :]])
                if there.any():
                    near |= there
                    taken.append((typed, word))
        return self._found(exact, near & ~exact, taken)

    def _every(self, terms: Sequence[Term]) -> Flags:
        """Where every word of at least one reading of every term is found."""
        found = np.ones(len(self._account), np.bool_)
        for term in terms:
            readings = [np.logical_and.reduce([*map(self._word, r)]) for r in term.readings]
            found &= np.logical_or.reduce(readings)
        return found

    def _word(self, word: str) -> Flags:
        own = pc.match_substring(self._boxes["search"], word).to_numpy()
        accounts = self._customers.word(word).accounts
        if not len(accounts):
            return np.asarray(own)
        held = np.zeros(max(int(accounts[-1]), int(self._account.max(initial=0))) + 2, np.bool_)
        held[accounts] = True  # the last one, which -1 means too, is nobody's
        return np.asarray(own | held[self._account])

    def _found(self, exact: Flags, near: Flags, taken: list[tuple[str, str]]) -> Found:
        first, after = (self._boxes["folio"].filter(pa.array(f)) for f in (exact, near))
        folios = np.array([*first.to_pylist(), *after.to_pylist()], np.object_)
        seats = self._boxes["seats"].to_numpy()
        return Found(
            condition=Later(lambda: _one_of(folios.tolist())),
            rows=None if self._source.fixed else folios,
            seats=int(seats[exact].sum() + seats[near].sum()),
            near=tuple(taken) if near.any() else (),
            last=sql("NOT ({})", _one_of(first.to_pylist()))
            if exact.any() and near.any()
            else None,
        )


def _one_of(folios: list[str]) -> Sql:
    if not folios:
        return Sql("false")
    return sql("t.folio IN (SELECT unnest(CAST({} AS VARCHAR[])))", bound(tuple(folios)))
