"""The search tables say where every three symbols of every text stand, however they are made."""

from collections import defaultdict
from pathlib import Path

import duckdb
import numpy as np
import pytest

from lib.store import ref
from lib.store.pack import engine, index
from lib.store.records import grams

TEXTS = ["ana rios", "", "a", "ñandú 李 _x", "z" * 40, "x" * 29, "x" * 30, "x" * 31, "aa aa a.@9"]
SERIALS = [("S-12 3", "s-12 3 s123"), ("00AB", "00ab"), ("---", "---")]


def made(folder: Path, texts: list[str], serials: list[str]) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(ref.SCHEMA.read_text("utf-8"))
    for table, column, values in (("account", "search", texts), ("system", "serial", serials)):
        connection.execute(f"DROP TABLE {table}")
        connection.execute(
            f"CREATE TABLE {table} AS SELECT unnest(?::VARCHAR[]) AS {column}", [values]
        )
    connection.execute(
        "ALTER TABLE account ADD COLUMN name_folded VARCHAR DEFAULT 'ana x9 de rios'"
    )
    engine.teach_folding(connection)
    told: list[float] = []
    index.write(connection, folder, made="", told=told.append)
    assert told == sorted(told)
    assert not texts or told[-1] == 1
    return connection


def stored(connection: duckdb.DuckDBPyConnection) -> dict[int, list[int]]:
    found = defaultdict(list)
    for gram, spot in connection.execute("SELECT gram, spot FROM search_place").fetchall():
        found[gram].append(spot)
    return dict(found)


def expected(texts: list[str]) -> dict[int, list[int]]:
    """Symbol by symbol, in plain Python."""
    found, place = defaultdict(list), 0
    for text in texts:
        symbols = [*grams.symbols(np.frombuffer(text.encode(), np.uint8)).tolist(), 0, 0]
        for at, (a, b, c) in enumerate(zip(symbols, symbols[1:], symbols[2:], strict=False)):
            if a:
                found[(a * 40 + b) * 40 + c].append(place + at)
        place += -(-len(symbols) // grams.SLOT) * grams.SLOT
    return dict(found)


def test_every_place_of_every_gram(tmp_path: Path) -> None:
    connection = made(tmp_path, TEXTS, [serial for serial, _ in SERIALS])
    texts = [*TEXTS, *(text for _, text in SERIALS)]
    assert stored(connection) == expected(texts)
    counts = connection.execute("SELECT gram, places FROM search_gram").fetchall()
    assert dict(counts) == {gram: len(places) for gram, places in expected(texts).items()}
    slots = [row[0] for row in connection.execute("SELECT slots FROM search_text").fetchall()]
    assert slots == [-(-(len(text.encode()) + 2) // grams.SLOT) for text in texts]
    assert list(tmp_path.iterdir()) == []


def test_many_batches_are_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [f"{i:06d} persona {i % 7} correo{i * 37 % 1000}@example.com" for i in range(2_600)]
    serials = [f"S{i * 7919:08X}" for i in range(2_600)]
    monkeypatch.setattr(index, "_BATCH", 700)
    monkeypatch.setattr(index, "_AT_ONCE", 20_000)
    connection = made(tmp_path, texts, serials)
    assert stored(connection) == expected([*texts, *map(str.lower, serials)])
    spots = "SELECT gram, spot FROM search_place"
    rows = connection.execute(spots).fetchall()
    assert rows == sorted(rows)  # as they lie: one look finds a gram's


def test_which_texts_hold_a_symbol(tmp_path: Path) -> None:
    connection = made(tmp_path, TEXTS, [serial for serial, _ in SERIALS])
    texts = [*TEXTS, *(text for _, text in SERIALS)]
    rows = connection.execute("SELECT symbol, texts FROM search_letter").fetchall()
    for symbol, bits in rows:
        flags = np.unpackbits(np.frombuffer(bits, np.uint8))[: len(texts)]
        held = [symbol in grams.symbols(np.frombuffer(t.encode(), np.uint8)) for t in texts]
        assert flags.tolist() == held
    assert len(rows) == grams.SYMBOLS - 1


def test_the_words_of_names(tmp_path: Path) -> None:
    connection = made(tmp_path, TEXTS, [])
    words = connection.execute("SELECT word, accounts FROM search_name").fetchall()
    assert words == [("ana", len(TEXTS)), ("rios", len(TEXTS))]  # not the shortest, letters alone


def test_nothing_at_all(tmp_path: Path) -> None:
    assert stored(made(tmp_path, [], [])) == {}
