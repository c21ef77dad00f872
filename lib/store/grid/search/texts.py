"""Lists that are searched by reading them: the log."""

from collections.abc import Sequence

from lib.store.grid.fragment import Sql, all_of, any_of, bound, sql
from lib.store.grid.search.found import Found
from lib.store.grid.search.terms import Term
from lib.store.grid.sources import Source


def find(source: Source, terms: Sequence[Term]) -> Found:
    """Every word of at least one reading of every term."""
    return Found(
        all_of(
            any_of(all_of(_holds(source, word) for word in reading) for reading in term.readings)
            for term in terms
        )
    )


def _holds(source: Source, word: str) -> Sql:
    return sql("contains({}, {})", Sql(source.search), bound(word))
