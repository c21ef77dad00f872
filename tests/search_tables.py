"""The search tables that a load writes, for refs written by hand."""

from pathlib import Path

import duckdb

from lib.store.pack import engine, index


def write(ref: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Fill them from the accounts and systems that are there."""
    engine.teach_folding(ref)
    index.write(ref, folder, made="")


def lay_again(ref: duckdb.DuckDBPyConnection) -> None:
    """One account's text once more, as a load leaves it that changed the account."""
    index.lay_again(
        ref, "SELECT CAST(0 AS UINTEGER), search, false FROM account WHERE rowid = 0", ""
    )
