"""The search tables that a load writes, for refs written by hand."""

from pathlib import Path

import duckdb

from lib.store.pack import engine, index


def write(ref: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Fill them from the accounts and systems that are there."""
    engine.teach_folding(ref)
    index.write(ref, folder, made="")
