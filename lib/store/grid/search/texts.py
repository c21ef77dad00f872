"""Lists that are searched by reading them: the log."""

from collections.abc import Sequence

from lib.model.text import fold
from lib.store.grid.columns import Column
from lib.store.grid.fragment import Sql, all_of, any_of, bound, one_of, sql
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
    columns = [column for name in source.spoken if (column := source.column(name))]
    read = sql("contains({}, {})", Sql(source.search), bound(word))
    return any_of([read, *(said for column in columns if (said := _said(column, word)))])


def _said(column: Column, word: str) -> Sql | None:
    """What a code is called on screen is searched, too: a person by name, a reason by its words."""
    codes = [code for code, name in column.labels.items() if word in fold(name)]
    return one_of(Sql(column.sql), codes) if codes else None
