"""The places that a load works out (lib/store/pack/sql/write.sql), for refs written by hand."""

from collections.abc import Iterable

import duckdb

from lib.model.text import fold


def places(texts: Iterable[str]) -> dict[str, int]:
    """Each text's place among the distinct ones."""
    return {text: place for place, text in enumerate(sorted(set(texts)))}


def write_name_order(ref: duckdb.DuckDBPyConnection, names: Iterable[str]) -> dict[str, int]:
    """Fill the ref's table of folded names; their places."""
    ranks = places(map(fold, names))
    ref.executemany("INSERT INTO name_order VALUES (?, ?)", list(ranks.items()))
    return ranks
