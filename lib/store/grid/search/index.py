"""A ref's search tables as one process holds them: where each word stands, exactly.

In memory are only the counts of grams, whose text each slot of places is, and which account each
system is of (95 MB at 5 million systems). The places stay in the file, sorted by gram; those of a
word's grams are read, and what stands side by side is where the word is.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from lib.model.text import fold
from lib.store.answers import Answers
from lib.store.database import Store
from lib.store.grid.search import sets
from lib.store.grid.search.sets import NONE, Ids, Matches
from lib.store.records import grams
from lib.store.records.grams import Bytes, Places

# Cast, the bounds are the column's own type: the engine skips to where they lie.
_SPOTS = (
    "SELECT spot FROM search_place WHERE gram BETWEEN CAST(? AS USMALLINT) AND CAST(? AS USMALLINT)"
)
FEW = 40  # texts that are read one by one (of more, the engine reads the whole table)
DEAR = 300_000  # places: reading so many takes longer
_READ = 2_000  # serials that are read rather than scanned
_MOST_OF = 8  # when more than one account in so many is found, all systems are gone through
_ORNAMENTS = re.compile("[^0-9a-z]")
_GONE = np.uint32(2**32 - 1)  # the text of slots whose text lies elsewhere since
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
        texts = self.accounts + len(self.account_of)
        self._text_of, self._again = _texts_of_slots(store, texts)
        self._parts = _ordered_parts(self.account_of, self.accounts)
        self._matches = Answers[Matches](_KEPT, _KEPT_IDS, _size)

    def warm(self) -> None:
        """Read all places once: their pages stay in memory (585 MB in 0.7 s at 5 million systems).
        Raises AppError(STORAGE_FAILED)."""
        self._store.rows("SELECT sum(spot) FROM search_place")

    def matches(self, word: str) -> Matches:
        """Where a folded word stands within a text. They are shared: never change them."""
        return self._matches.get(word, lambda: self._find(word))

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
        if len(accounts) * _MOST_OF > self.accounts:
            flags = np.zeros(self.accounts, np.bool_)
            flags[accounts] = True
            return np.flatnonzero(flags[self.account_of]).astype(np.uint32)
        parts = [
            sets.ranges(firsts[accounts], firsts[accounts + np.uint32(1)]) for firsts in self._parts
        ]
        return np.concatenate([NONE, *parts])

    def rows(self, found: Matches) -> Ids:
        """The systems that were found, either way."""
        return sets.either(self.systems_of(found.accounts), found.systems)

    # ---- where a word stands ---------------------------------------------------------------

    def _find(self, word: str) -> Matches:
        symbols = _symbols(word)
        texts, sure = (
            self._texts(symbols) if len(symbols) > 1 else (_told_of(self._letter(symbols)), True)
        )
        split = int(np.searchsorted(texts, self.accounts))
        found = Matches(texts[:split], texts[split:] - np.uint32(self.accounts))
        if sure and grams.OTHER not in symbols:
            return found
        return Matches(self.holding(word, found.accounts), self.serials(word, found.systems))

    def _letter(self, symbols: Bytes) -> npt.NDArray[np.bool_]:
        """Which texts hold a symbol at all: accounts, then serials."""
        question = "SELECT texts FROM search_letter WHERE symbol = CAST(? AS UTINYINT)"
        rows = self._store.rows(question, [int(symbols[0])])
        bits = np.frombuffer(rows[0][0] if rows else b"", np.uint8)
        return np.unpackbits(bits).view(np.bool_)

    def _texts(self, symbols: Bytes) -> tuple[Ids, bool]:
        places, sure = self._begins(symbols)
        if len(symbols) < 3:
            return sets.gathered(self._standing(places)), sure
        again = np.searchsorted(places, self._again)
        laid, laid_again = self._standing(places[:again]), self._standing(places[again:])
        return sets.either(sets.once(laid), sets.gathered(laid_again)), sure

    def _standing(self, places: Places) -> Ids:
        """The texts that stand there by now."""
        texts = self._text_of[places >> np.uint32(grams.SLOT.bit_length() - 1)]
        has_again = self._again < len(self._text_of) * grams.SLOT
        return np.asarray(texts[texts != _GONE]) if has_again else texts

    def _begins(self, symbols: Bytes) -> tuple[Places, bool]:
        """The places at which these symbols begin: where all their grams stand side by side, the
        rarest looked at first. False: some may not, the rest is too much to read for so few."""
        rarest, *others = sorted(_cover(len(symbols)), key=lambda at: self._count(symbols[at:]))
        begins = self._before(symbols, rarest)
        for offset in others:
            if self.is_dear(self._count(symbols[offset:]), len(begins)):
                return begins, False
            begins = sets.both(begins, self._before(symbols, offset))
        return begins, True

    def _before(self, symbols: Bytes, offset: int) -> Places:
        """Where the gram at `offset` stands, less that."""
        places = self._places(symbols[offset:])
        return places[np.searchsorted(places, offset) :] - np.uint32(offset)

    def rarity(self, word: str) -> int:
        """How often its rarest gram stands anywhere: more than its matches."""
        symbols = _symbols(word)
        return min(self._count(symbols[at:]) for at in _cover(len(symbols)))

    @staticmethod
    def is_dear(places: int, found: int) -> bool:
        """Whether it is quicker to read the few texts found so far than so many places."""
        return found <= FEW and places > DEAR

    @staticmethod
    def is_letter(word: str) -> bool:
        """Whether it is one symbol, which nearly every text holds: better looked up in each of
        those found so far."""
        symbols = _symbols(word)
        return len(symbols) == 1 and symbols[0] != grams.OTHER

    def _count(self, symbols: Bytes) -> int:
        first, last = grams.span(symbols)
        return int(self._places_of[first : last + 1].sum())

    def _places(self, symbols: Bytes) -> Places:
        """Where a gram stands, or all the grams that begin with fewer symbols; in order if one."""
        first, last = grams.span(symbols)
        if not self._places_of[first : last + 1].any():
            return NONE
        return _column(self._store, _SPOTS, [first, last])

    # ---- reading the texts themselves ---------------------------------------------------------

    def holding(self, word: str, accounts: Ids) -> Ids:
        """Those of some accounts in whose text a word stands."""
        if self.is_letter(word):
            return accounts[self._letter(_symbols(word))[accounts]]
        if len(accounts) <= FEW:
            texts = self._texts_of("SELECT place, search FROM account", accounts)
            return _told(place for place, text in texts if word in text)
        question = "SELECT place FROM account WHERE contains(search, ?)"
        return sets.both(accounts, _column(self._store, question, [word]).astype(np.uint32))

    def serials(self, word: str, systems: Ids) -> Ids:
        """Those of some systems in whose serial a word stands."""
        if self.is_letter(word):
            return systems[self._letter(_symbols(word))[self.accounts :][systems]]
        if len(systems) <= _READ:
            serials = self._texts_of("SELECT place, serial FROM system", systems)
            return _told(place for place, serial in serials if _stands(word, serial))
        question = "SELECT place FROM system WHERE contains(strip_accents(lower(serial)), ?)"
        return sets.both(systems, _column(self._store, question, [word]).astype(np.uint32))

    def _texts_of(self, texts: str, places: Ids) -> list[tuple[int, str]]:
        if not len(places):
            return []
        rows = self._store.rows(f"{texts} WHERE place IN (SELECT unnest(?))", [places.tolist()])
        return [(place, text) for place, text in rows]


def _told_of(flags: npt.NDArray[np.bool_]) -> Ids:
    return np.flatnonzero(flags).astype(np.uint32)


def _size(found: Matches) -> int:
    return len(found.accounts) + len(found.systems)


def _symbols(word: str) -> Bytes:
    return grams.symbols(np.frombuffer(word.encode(), np.uint8))


def _told(places: Iterable[int]) -> Ids:
    return np.array(sorted(places), np.uint32)


def _stands(word: str, serial: str) -> bool:
    """With or without the serial's ornaments."""
    folded = fold(serial)
    return word in folded or word in _ORNAMENTS.sub("", folded)


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


def _texts_of_slots(store: Store, texts: int) -> tuple[Ids, int]:
    """The text of each slot of places, _GONE where it lies elsewhere since; and the first place of
    those that a later load laid."""
    slots = _column(store, "SELECT slots FROM search_text")
    again = store.rows("SELECT text, slots, fresh FROM search_again ORDER BY place")
    if not again:
        return np.repeat(np.arange(texts, dtype=np.uint32), slots), int(slots.sum()) * grams.SLOT
    numbers, taken, fresh = np.array(again, np.uint32).T
    everyone = np.arange(texts, dtype=np.uint32)
    everyone[numbers] = _GONE
    laid = np.repeat(np.delete(everyone, numbers[fresh > 0]), slots)
    last = {number: at for at, number in enumerate(numbers.tolist())}
    numbers[np.setdiff1d(np.arange(len(numbers)), list(last.values()))] = _GONE
    return np.concatenate([laid, np.repeat(numbers, taken)]), len(laid) * grams.SLOT


def _places_of_grams(store: Store) -> npt.NDArray[np.int64]:
    counts = np.zeros(grams.CODES, np.int64)
    for gram, places in store.rows("SELECT gram, places FROM search_gram"):
        counts[gram] += places
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
