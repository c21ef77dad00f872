"""Accounts and systems by what is typed: each word in the account's text or in the serial."""

import numpy as np

from lib.store.grid.fragment import Sql
from lib.store.grid.reading import Reading
from lib.store.grid.search import near, sets
from lib.store.grid.search.index import Index
from lib.store.grid.search.sets import NONE, Ids, Matches
from lib.store.grid.search.terms import Term

# Asked once after each correction: there are hundreds, and the accounts they are of take 40 ms of
# 2 million to find.
_CORRECTED = Sql(
    "SELECT a.place, c.search FROM ops.correction c"
    " JOIN account a ON a.account_no = c.account_no ORDER BY a.place"
)
ENOUGH = 5  # found exactly: with more, nobody mistyped anything


class Customers:
    """One search's look at the index, the desk's corrections laid over it."""

    def __init__(self, index: Index, reading: Reading) -> None:
        self._index = index
        self._reading = reading

    def matches(self, terms: list[Term]) -> Matches:
        """Where every term is found: the rarest first, so that of the others only few texts may
        have to be read."""
        rarest, *others = sorted(terms, key=self._rarity)
        found = self._term(rarest)
        for term in others:
            if self._is_looked_up(term, found):
                found = self._holding(term.readings[0][0], found)
            else:
                found = self._both(found, self._term(term))
        return found

    def near(self, terms: list[Term]) -> tuple[Matches, tuple[tuple[str, str], ...]]:
        """Where every term is found but one, and there a word like it: the rows, and each such
        word with the ones taken for it."""
        found, taken = Matches(NONE, NONE), []
        for at, term in enumerate(terms):
            others = [*terms[:at], *terms[at + 1 :]]
            for typed, word in likely(self._reading, term):
                there = self.matches([*others, Term(((word,),))])
                if len(there.accounts) or len(there.systems):
                    found = _either(found, there)
                    taken.append((typed, word))
        return found, tuple(taken)

    def word(self, word: str) -> Matches:
        """Where one word is found: as the vendor has it, or as the desk corrected it."""
        found = self._index.matches(word)
        return Matches(sets.either(found.accounts, self._corrected(word)), found.systems)

    def _rarity(self, term: Term) -> int:
        """An upper bound of how often it is found in what the vendor gave."""
        return sum(min(map(self._index.rarity, reading)) for reading in term.readings)

    def _is_looked_up(self, term: Term, found: Matches) -> bool:
        """Whether to look for a term in each of what was found rather than everywhere."""
        if len(term.readings) > 1 or len(term.readings[0]) > 1:
            return False
        few = len(found.accounts) + len(found.systems)
        return self._index.is_letter(term.readings[0][0]) or self._index.is_dear(
            self._rarity(term), few
        )

    def _holding(self, word: str, found: Matches) -> Matches:
        """What was found, less where a word is missing."""
        accounts = self._accounts_holding(word, found.accounts)
        rest = self._index.systems_of(sets.less(found.accounts, accounts))
        owners = sets.gathered(self._index.account_of[found.systems])
        owned = self._of(found.systems, self._accounts_holding(word, owners))
        serials = self._index.serials(word, sets.either(rest, found.systems))
        return Matches(accounts, sets.either(owned, serials))

    def _accounts_holding(self, word: str, accounts: Ids) -> Ids:
        corrected = sets.both(accounts, self._corrected(word))
        return sets.either(self._index.holding(word, accounts), corrected)

    def _term(self, term: Term) -> Matches:
        found = Matches(NONE, NONE)
        for reading in term.readings:
            found = _either(found, self._all([self.word(word) for word in reading]))
        return found

    def _corrected(self, word: str) -> Ids:
        """Where the desk's own texts hold it."""
        rows = self._reading.rows(_CORRECTED)
        return np.array([place for place, text in rows if word in text], np.uint32)

    # ---- what is found of several words ------------------------------------------------------

    def _all(self, found: list[Matches]) -> Matches:
        rarest, *others = sorted(found, key=lambda m: len(m.accounts) + len(m.systems))
        for other in others:
            rarest = self._both(rarest, other)
        return rarest

    def _both(self, one: Matches, other: Matches) -> Matches:
        """One word in the serial and the other in the account's text counts too."""
        accounts = sets.both(one.accounts, other.accounts)
        systems = sets.union([
            sets.both(one.systems, other.systems),
            self._of(one.systems, other.accounts),
            self._of(other.systems, one.accounts),
        ])  # fmt: skip
        return Matches(accounts, systems)

    def _of(self, systems: Ids, accounts: Ids) -> Ids:
        """Those of the systems that belong to one of the accounts."""
        if not len(systems) or not len(accounts):
            return NONE
        return systems[sets.among(self._index.account_of[systems], accounts)]


def _either(one: Matches, other: Matches) -> Matches:
    accounts = sets.either(one.accounts, other.accounts)
    return Matches(accounts, sets.either(one.systems, other.systems))


def likely(reading: Reading, term: Term) -> list[tuple[str, str]]:
    """The word of a term with each name's word that it may be a slip of."""
    if len(term.readings) > 1:
        return []
    return [(typed, word) for (typed,) in term.readings for word in near.words(reading, typed)]


def is_more(found: Matches, most: int) -> bool:
    return len(found.accounts) + len(found.systems) > most
