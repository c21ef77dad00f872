"""A ref's search tables as one process holds them: where each word stands, exactly.

In memory are only the counts of grams, whose text each slot of places is, and which account each
system is of (95 MB at 5 million systems). The places stay in the file, sorted by gram; those of a
word's grams are read, and what stands side by side is where the word is.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from lib.store import grams
from lib.store.database import Store
from lib.store.grams import Bytes, Places
from lib.store.grid.search import sets
from lib.store.grid.search.sets import NONE, Ids, Matches

_FEW = 128  # texts that are read one by one
_KEPT = 64  # words whose matches are kept: people type on, turn pages, sort
_KEPT_IDS = 20_000_000  # of them all


class Index:
    """Immutable but for the words it keeps; safe from several threads."""

    def __init__(self, store: Store) -> None:
        """Read what is held in memory, of the ref in force."""
        self._store = store
        self._places_of = _places_of_grams(store)
        self.account_of = _column(store, "SELECT account_rank FROM system").astype(np.uint32)
        self.seats = _column(store, "SELECT CAST(seats AS USMALLINT) FROM system")
        self.accounts = int(store.rows("SELECT count(*) FROM account")[0][0])
        self._kinds = [row[0] for row in store.rows("SELECT DISTINCT kind FROM system ORDER BY 1")]
        place = "CAST(list_position(?, kind) - 1 AS UTINYINT)"
        self._kind_of = _column(store, f"SELECT {place} FROM system", [self._kinds])
        slots = _column(store, "SELECT slots FROM search_text")
        self._text_of = np.repeat(np.arange(len(slots), dtype=np.uint32), slots)
        self._parts = _ordered_parts(self.account_of, self.accounts)
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Matches] = OrderedDict()
        self._kept_ids = 0

    def matches(self, word: str) -> Matches:
        """Where a folded word stands within a text. They are shared: never change them."""
        with self._lock:
            if word in self._kept:
                self._kept.move_to_end(word)
                return self._kept[word]
        found = self._find(word)
        with self._lock:
            self._keep(word, found)
        return found

    def has(self, column: str, value: object, systems: Ids) -> npt.NDArray[np.bool_]:
        """Which systems have a value, in one of the columns that a list may be narrowed to."""
        if column == "kind":
            kind = self._kinds.index(value) if value in self._kinds else len(self._kinds)
            return np.asarray(self._kind_of[systems] == kind)
        return self.is_account(column, value, self.account_of[systems])

    def is_account(self, column: str, value: object, accounts: Ids) -> npt.NDArray[np.bool_]:
        """Which of some accounts has a number."""
        assert column == "account_no"
        rows = self._store.rows("SELECT place FROM account WHERE account_no = ?", [value])
        return np.asarray(accounts == (rows[0][0] if rows else self.accounts))

    def systems_of(self, accounts: Ids) -> Ids:
        """All systems of some accounts."""
        return sets.union(
            sets.ranges(firsts[accounts], firsts[accounts + np.uint32(1)]) for firsts in self._parts
        )

    def rows(self, found: Matches) -> Ids:
        """The systems that were found, either way."""
        return sets.either(self.systems_of(found.accounts), found.systems)

    def _keep(self, word: str, found: Matches) -> None:
        if word in self._kept:
            return
        self._kept[word] = found
        self._kept_ids += _size(found)
        while len(self._kept) > _KEPT or self._kept_ids > _KEPT_IDS:
            self._kept_ids -= _size(self._kept.popitem(last=False)[1])

    # ---- where a word stands ---------------------------------------------------------------

    def _find(self, word: str) -> Matches:
        symbols = grams.symbols(np.frombuffer(word.encode(), np.uint8))
        texts = self._letter(int(symbols[0])) if len(symbols) == 1 else self._texts(symbols)
        split = int(np.searchsorted(texts, self.accounts))
        found = Matches(texts[:split], texts[split:] - np.uint32(self.accounts))
        return self._read(word, found) if grams.OTHER in symbols else found

    def _letter(self, symbol: int) -> Ids:
        """The texts that hold a symbol at all."""
        rows = self._store.rows("SELECT texts FROM search_letter WHERE symbol = ?", [symbol])
        bits = np.frombuffer(rows[0][0] if rows else b"", np.uint8)
        return np.flatnonzero(np.unpackbits(bits)).astype(np.uint32)

    def _texts(self, symbols: Bytes) -> Ids:
        texts = self._text_of[self._begins(symbols) >> np.uint32(grams.SLOT.bit_length() - 1)]
        return sets.once(texts if len(symbols) > 2 else np.sort(texts, kind="stable"))

    def _begins(self, symbols: Bytes) -> Places:
        """The places at which these symbols begin: where all their grams stand side by side, the
        rarest looked at first."""
        begins: Places | None = None
        for offset in sorted(_cover(len(symbols)), key=lambda at: self._count(symbols[at:])):
            places = self._places(symbols[offset:])
            before = places[np.searchsorted(places, offset) :] - np.uint32(offset)
            begins = before if begins is None else sets.both(begins, before)
            if not len(begins):
                break
        return NONE if begins is None else begins

    def _count(self, symbols: Bytes) -> int:
        first, last = grams.span(symbols)
        return int(self._places_of[first : last + 1].sum())

    def _places(self, symbols: Bytes) -> Places:
        """Where a gram stands, or all the grams that begin with fewer symbols; in order if one."""
        first, last = grams.span(symbols)
        if not self._places_of[first : last + 1].any():
            return NONE
        question = "SELECT spot FROM search_place WHERE gram BETWEEN ? AND ?"
        return _column(self._store, question, [first, last])

    # ---- symbols that all look the same to the grams -----------------------------------------

    def _read(self, word: str, found: Matches) -> Matches:
        """Less the texts that hold some other symbol where the word has one."""
        accounts = self._holding("account", "search", word, found.accounts)
        folded_serial = "strip_accents(lower(serial))"
        return Matches(accounts, self._holding("system", folded_serial, word, found.systems))

    def _holding(self, table: str, text: str, word: str, some: Ids) -> Ids:
        if not len(some):
            return some
        question = f"SELECT place FROM {table} WHERE contains({text}, ?)"
        if len(some) > _FEW:
            return sets.both(some, _column(self._store, question, [word]).astype(np.uint32))
        marks = ", ".join("?" * len(some))
        rows = self._store.rows(f"{question} AND place IN ({marks})", [word, *some.tolist()])
        return np.sort(np.array([row[0] for row in rows], np.uint32))


def _size(found: Matches) -> int:
    return len(found.accounts) + len(found.systems)


def _cover(length: int) -> list[int]:
    """Where the grams begin that together hold a word of so many symbols."""
    if length <= 3:
        return [0]
    return [*range(0, length - 3, 3), length - 3]


def _column(
    store: Store, question: str, params: list[object] | None = None
) -> npt.NDArray[np.uint32]:
    with store.cursor() as cursor:
        columns = cursor.execute(question, params or []).fetchnumpy()
    (values,) = columns.values()
    return values


def _places_of_grams(store: Store) -> npt.NDArray[np.int64]:
    counts = np.zeros(grams.CODES, np.int64)
    for gram, places in store.rows("SELECT gram, places FROM search_gram"):
        counts[gram] = places
    return counts


def _ordered_parts(account_of: Ids, accounts: int) -> list[Ids]:
    """For each stretch of systems that lie in the order of their accounts (a kind): where those of
    every account begin, and where the last one's end."""
    cuts = np.flatnonzero(account_of[1:] < account_of[:-1]) + 1
    return [
        (first + np.searchsorted(account_of[first:end], np.arange(accounts + 1))).astype(np.uint32)
        for first, end in _stretches([0, *cuts.tolist(), len(account_of)])
    ]


def _stretches(cuts: list[int]) -> Iterator[tuple[int, int]]:
    return pairwise(cuts)
