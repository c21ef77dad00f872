"""Accounts and systems by what is typed: each word in the account's text or in the serial."""

from collections.abc import Callable

import numpy as np

from lib.store.grid.fragment import bound, sql
from lib.store.grid.reading import Reading
from lib.store.grid.search import near, sets
from lib.store.grid.search.index import Index
from lib.store.grid.search.sets import NONE, Ids, Matches
from lib.store.grid.search.terms import Term

ENOUGH = 5  # found exactly: with more, nobody mistyped anything

_Look = Callable[[str], Matches]


class Customers:
    """One search's look at the index, the desk's corrections laid over it."""

    def __init__(self, index: Index, reading: Reading) -> None:
        self._index = index
        self._reading = reading

    def matches(self, terms: list[Term]) -> Matches:
        """Where every term is found."""
        return self._all([self._term(term) for term in terms])

    def near(self, terms: list[Term]) -> tuple[Matches, tuple[tuple[str, str], ...]]:
        """Where every term is found but one, and there a word like it: the rows, and each such
        word with the ones taken for it."""
        exact = [self._term(term) for term in terms]
        found, taken = Matches(NONE, NONE), []
        for at, term in enumerate(terms):
            others = self._all([*exact[:at], *exact[at + 1 :]]) if len(terms) > 1 else None
            for typed, word in self._likely(term):
                like = self.word(word)
                there = self._both(others, like) if others else like
                if len(there.accounts) or len(there.systems):
                    found = _either(found, there)
                    taken.append((typed, word))
        return found, tuple(taken)

    def word(self, word: str) -> Matches:
        """Where one word is found: as the vendor has it, or as the desk corrected it."""
        found = self._index.matches(word)
        return Matches(sets.either(found.accounts, self._corrected(word)), found.systems)

    def _likely(self, term: Term) -> list[tuple[str, str]]:
        if len(term.readings) > 1:
            return []
        return [
            (typed, word) for (typed,) in term.readings for word in near.words(self._reading, typed)
        ]

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


def is_more(found: Matches, most: int) -> bool:
    return len(found.accounts) + len(found.systems) > most
