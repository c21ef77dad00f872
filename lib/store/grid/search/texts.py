"""The lists that are searched by reading them: certificates and the log, a few hundred thousand."""

from collections.abc import Callable, Sequence

from lib.store.grid.fragment import Sql, all_of, any_of, bound, sql
from lib.store.grid.reading import Reading
from lib.store.grid.search import near
from lib.store.grid.search.customers import ENOUGH, Customers
from lib.store.grid.search.found import Found, lying_at
from lib.store.grid.search.index import Index
from lib.store.grid.search.terms import Term
from lib.store.grid.sources import Source


def find(source: Source, terms: Sequence[Term]) -> Found:
    return Found(_every(terms, lambda word: _holds(source, word)))


def find_by_account(source: Source, terms: Sequence[Term], index: Index, reading: Reading) -> Found:
    """Rows are also found by what their account is found by."""
    search = _ByAccount(source, index, reading)
    exact = _every(terms, search.word)
    if search.count(exact) > ENOUGH:
        return Found(exact)
    ways, taken = [], []
    for at, term in enumerate(terms):
        for typed, word in search.likely(term):
            way = _every([*terms[:at], Term(((word,),)), *terms[at + 1 :]], search.word)
            if search.count(way):
                ways.append(way)
                taken.append((typed, word))
    if not search.count(all_of([any_of(ways), sql("NOT ({})", exact)])) if ways else True:
        return Found(exact)
    last = sql("NOT ({})", exact) if search.count(exact) else None
    return Found(any_of([exact, *ways]), near=tuple(taken), last=last)


class _ByAccount:
    def __init__(self, source: Source, index: Index, reading: Reading) -> None:
        self._source = source
        self._index = index
        self._reading = reading
        self._customers = Customers(index, reading)

    def word(self, word: str) -> Sql:
        accounts = self._customers.word(word).accounts
        if not len(accounts):
            return _holds(self._source, word)
        there = lying_at(accounts, self._index.accounts, "a.place")
        numbers = sql("SELECT a.account_no FROM account AS a WHERE {}", there)
        return any_of([_holds(self._source, word), sql("t.account_no IN ({})", numbers)])

    def likely(self, term: Term) -> list[tuple[str, str]]:
        if len(term.readings) > 1:
            return []
        return [(w, like) for (w,) in term.readings for like in near.words(self._reading, w)]

    def count(self, condition: Sql) -> int:
        conditions = all_of([*self._source.conditions(), condition])
        question = sql("SELECT count(*) FROM {} AS t WHERE {}", Sql(self._source.table), conditions)
        return int(self._reading.rows(question)[0][0])


def _every(terms: Sequence[Term], word: Callable[[str], Sql]) -> Sql:
    """Every word of at least one reading of every term."""
    return all_of(any_of(all_of(map(word, r)) for r in term.readings) for term in terms)


def _holds(source: Source, word: str) -> Sql:
    return sql("contains({}, {})", Sql(source.search), bound(word))
