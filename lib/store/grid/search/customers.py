"""Accounts and systems by what is typed: each word in the account's text or in the serial."""

import numpy as np

from lib.store.grid.fragment import bound, sql
from lib.store.grid.reading import Reading
from lib.store.grid.search import near, sets
from lib.store.grid.search.index import Index
from lib.store.grid.search.sets import NONE, Ids, Matches
from lib.store.grid.search.terms import Term

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
            few = len(found.accounts) + len(found.systems)
            dear = len(term.readings) == 1 and self._index.is_dear(self._rarity(term), few)
            there = self._holding(term.readings[0][0], found) if dear else self._term(term)
            found = there if dear else self._both(found, there)
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
        if not self._reading.has_corrections:
            return NONE
        holding = "SELECT account_no FROM ops.correction WHERE contains(search, {})"
        numbers = tuple(row[0] for row in self._reading.rows(sql(holding, bound(word))))
        if not numbers:
            return NONE
        there = "SELECT place FROM account WHERE account_no IN (SELECT unnest({})) ORDER BY place"
        rows = self._reading.rows(sql(there, bound(numbers)))
        return np.array([row[0] for row in rows], np.uint32)

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
