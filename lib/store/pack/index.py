"""The search tables of a new ref: every place of every gram, in order without a sort of the whole.

Texts come in batches. A batch's places are put in the order of their grams in memory (16-bit keys:
a radix sort) and spooled to the build's folder. Then, some grams at a time, the batches' runs are
laid one after another: each begins where the last ended, so that is their order.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from lib.store.records import grams
from lib.store.records.grams import Bytes, Numbers, Places

_BATCH = 131_072  # texts: some 150 MB while their places are put in order
_AT_ONCE = 4_000_000  # places handed to the engine
_SPOOLING = 0.6  # the part of it all that this takes, about
_MOST = 2**32  # places that a UINTEGER can tell apart

# What a serial is found by, of the folded one `s`: as it is written and, where that isn't letters
# and digits alone, without the rest.
SERIAL_TEXT = (
    "CASE WHEN regexp_full_match(s, '[0-9a-z]*') THEN s"
    " ELSE concat_ws(' ', s, nullif(regexp_replace(s, '[^0-9a-z]', '', 'g'), '')) END"
)
_TEXTS = (
    "SELECT search FROM {made}account",
    f"SELECT {SERIAL_TEXT} FROM (SELECT folded(serial) AS s FROM {{made}}system)",
)

# Words of names that a misspelt one may stand for: letters alone, and not the shortest.
_NAMES = (
    "INSERT INTO {made}search_name SELECT word, count(*) FROM ("
    " SELECT unnest(string_split(name_folded, ' ')) AS word FROM {made}account"
    ") WHERE length(word) >= 3 AND regexp_full_match(word, '[a-z]+') GROUP BY word ORDER BY word"
)

Runs = npt.NDArray[np.int64]  # batch, gram: how many places
Told = Callable[[float], None]


@dataclass(frozen=True)
class Spool:
    """Places by batch and gram, 4 bytes each in `file`; how many each batch has of each gram."""

    file: Path
    runs: Runs


@dataclass(frozen=True)
class _Again:
    """Numbers of texts that are laid once more or, `fresh`, for the first time."""

    numbers: npt.NDArray[np.uint32]
    fresh: npt.NDArray[np.bool_]

    def moved(self, texts: int) -> npt.NDArray[np.int64]:
        """The numbers by now of so many texts that were there before."""
        everyone = np.arange(texts + int(self.fresh.sum()))
        return np.delete(everyone, self.numbers[self.fresh])


def write(
    connection: duckdb.DuckDBPyConnection,
    work: Path,
    made: str = "made.",
    told: Told = lambda _: None,
) -> None:
    """Fill the search tables of the ref attached as `made`, from its accounts and systems as they
    lie. `work` is a folder for what shouldn't be in memory: 4 bytes a place. `told` hears how much
    is done, 0 to 1."""
    places = spool(connection, work, made, lambda part: told(_SPOOLING * part))
    lay(connection, places, made, lambda part: told(_SPOOLING + (1 - _SPOOLING) * part))


def spool(
    connection: duckdb.DuckDBPyConnection,
    work: Path,
    made: str = "made.",
    told: Told = lambda _: None,
) -> Spool:
    """The first part of `write`, which takes one core and little of the engine: others may use it
    by another line meanwhile. What `told` raises ends it."""
    file = work / "places"
    with file.open("wb") as stream:
        spooled = _Writer(connection, made, told).spool(stream)
        return Spool(file, np.stack([np.zeros(grams.CODES, np.int64), *spooled]))


def lay(
    connection: duckdb.DuckDBPyConnection,
    places: Spool,
    made: str = "made.",
    told: Told = lambda _: None,
) -> None:
    """The rest."""
    _Writer(connection, made, told).write_places(places.file, places.runs)
    places.file.unlink()
    connection.execute(_NAMES.format(made=made))


def lay_again(connection: duckdb.DuckDBPyConnection, texts: str, made: str = "made.") -> None:
    """Lay some texts after all others, and count where they lay before no more. `texts` is SQL for
    their numbers in order (an account's is where it lies), what they say, and whether they are
    fresh: few enough for memory, 1 kB each."""
    rows = connection.execute(texts).to_arrow_table().combine_chunks()
    if len(rows):
        number, said, fresh = (column.chunk(0) for column in rows.columns)
        again = _Again(number.to_numpy(), fresh.to_numpy(zero_copy_only=False))
        _Writer(connection, made, lambda _: None).write_again(again, *_bytes_of(said))


def name_again(connection: duckdb.DuckDBPyConnection, made: str = "made.") -> None:
    """The words of names anew, once accounts were renamed."""
    connection.execute(f"DELETE FROM {made}search_name")
    connection.execute(_NAMES.format(made=made))


class _Writer:
    def __init__(self, connection: duckdb.DuckDBPyConnection, made: str, told: Told) -> None:
        self._connection = connection
        self._made = made
        self._told = told

    def spool(self, stream: BinaryIO) -> Iterator[Runs]:
        """Each batch's places to `stream`, by gram; how many each gram has there."""
        first, slots = 0, []
        texts, letters = self._texts(), _Letters()
        for question in _TEXTS:
            for text, lengths in _batches(self._connection, question.format(made=self._made)):
                codes, spots = _spots(text, lengths, first)
                spots.tofile(stream)
                yield np.bincount(codes, minlength=grams.CODES)
                letters.add(text, lengths)
                slots.append(grams.slots(lengths))
                self._told(sum(map(len, slots)) / texts)
                first += int(slots[-1].sum()) * grams.SLOT
        if slots:
            self._insert("search_text", {"slots": np.concatenate(slots)})
        self._insert("search_letter", letters.table())

    def write_places(self, spool: Path, runs: Runs) -> None:
        """All places by gram, those of one gram in order; and how many each has."""
        begins = (np.cumsum(runs) - runs.ravel()).reshape(runs.shape)  # of each run, in the spool
        totals = runs.sum(axis=0)
        for first, last in _ranges(totals):
            of = np.repeat(np.arange(first, last, dtype=np.uint16), totals[first:last])
            spots = _gathered(spool, begins[:, first:last], runs[:, first:last])
            self._insert("search_place", {"gram": of, "spot": spots})
            self._told(totals[:last].sum() / totals.sum())
        used = np.flatnonzero(totals)
        self._insert("search_gram", {"gram": used.astype(np.uint16), "places": totals[used]})

    def write_again(self, again: _Again, text: Bytes, lengths: Numbers) -> None:
        """Texts after all that lies there by now."""
        moved = again.moved(self._texts() - int(again.fresh.sum()))
        self._renumber(moved)
        self._insert("search_place", self._laid_again(text, lengths))
        rows = {"text": again.numbers, "slots": grams.slots(lengths), "fresh": again.fresh}
        self._insert("search_again", rows)
        self._write_letters(moved, again.numbers, _held(text, lengths))

    def _renumber(self, moved: npt.NDArray[np.int64]) -> None:
        """Texts that earlier loads laid again, by the numbers that they have now."""
        table = f"{self._made}search_again"
        rows = self._connection.execute(f"SELECT * FROM {table} ORDER BY rowid").fetchnumpy()
        if len(rows["text"]):
            self._connection.execute(f"DELETE FROM {table}")
            self._insert("search_again", {**rows, "text": moved[rows["text"]]})

    def _laid_again(self, text: Bytes, lengths: Numbers) -> dict[str, Any]:
        slots = "SELECT CAST(coalesce(sum(slots), 0) AS BIGINT) FROM {made}search_"
        questions = (f"({slots}{table})".format(made=self._made) for table in ("text", "again"))
        (taken,) = self._connection.execute(f"SELECT {' + '.join(questions)}").fetchone() or (0,)
        codes, spots = _spots(text, lengths, taken * grams.SLOT)
        counts = np.bincount(codes, minlength=grams.CODES)
        used = np.flatnonzero(counts)
        self._insert("search_gram", {"gram": used.astype(np.uint16), "places": counts[used]})
        return {"gram": codes, "spot": spots}

    def _write_letters(
        self,
        moved: npt.NDArray[np.int64],
        numbers: npt.NDArray[np.uint32],
        held: npt.NDArray[np.bool_],
    ) -> None:
        table, now = f"{self._made}search_letter", []
        for symbol, bits in self._connection.execute(
            f"SELECT symbol, texts FROM {table} ORDER BY symbol"
        ).fetchall():
            flags = np.zeros(max(moved.max(initial=0), numbers.max(initial=0)) + 1, np.uint8)
            flags[moved] = np.unpackbits(np.frombuffer(bits, np.uint8))[: len(moved)]
            flags[numbers] = held[:, symbol]
            now.append({"symbol": symbol, "texts": np.packbits(flags).tobytes()})
        self._connection.register("rows", pa.Table.from_pylist(now))
        self._connection.execute(
            f"UPDATE {table} AS l SET texts = r.texts FROM rows r WHERE r.symbol = l.symbol"
        )
        self._connection.unregister("rows")

    def _texts(self) -> int:
        made = self._made
        counted = f"SELECT (SELECT count(*) FROM {made}account) + count(*) FROM {made}system"
        return int((self._connection.execute(counted).fetchone() or (0,))[0])

    def _insert(self, table: str, columns: dict[str, Any]) -> None:
        self._connection.register("rows", pa.table(columns))
        self._connection.execute(f"INSERT INTO {self._made}{table} BY NAME SELECT * FROM rows")
        self._connection.unregister("rows")


class _Letters:
    """Which texts hold each symbol: a bit for each text."""

    def __init__(self) -> None:
        self._flags: list[npt.NDArray[np.uint8]] = [np.zeros((0, grams.SYMBOLS), np.uint8)]
        self._left = np.zeros((0, grams.SYMBOLS), np.bool_)

    def add(self, text: Bytes, lengths: Numbers) -> None:
        flags = np.concatenate([self._left, _held(text, lengths)])
        whole = len(flags) // 8 * 8
        self._flags.append(np.packbits(flags[:whole], axis=0))
        self._left = flags[whole:]

    def table(self) -> dict[str, Any]:
        bits = np.concatenate([*self._flags, np.packbits(self._left, axis=0)])
        texts = [column.tobytes() for column in np.ascontiguousarray(bits.T)[1:]]
        return {"symbol": np.arange(1, grams.SYMBOLS, dtype=np.uint8), "texts": texts}


def _batches(
    connection: duckdb.DuckDBPyConnection, question: str
) -> Iterator[tuple[Bytes, Numbers]]:
    """Texts one after another as bytes, and how many bytes each has."""
    for batch in connection.execute(question).to_arrow_reader(_BATCH):
        yield _bytes_of(batch.column(0))


def _bytes_of(column: pa.StringArray) -> tuple[Bytes, Numbers]:
    _, offsets, data = column.buffers()
    ends = np.frombuffer(offsets, np.int32)[column.offset :][: len(column) + 1]
    whole = np.frombuffer(data or b"", np.uint8)
    return whole[ends[0] : ends[-1]], np.diff(ends)


def _spots(text: Bytes, lengths: Numbers, first: int) -> tuple[grams.Codes, Places]:
    """The grams of texts laid from place `first` on, in order, and the place of each."""
    laid = grams.laid_out(text, lengths)
    if first + len(laid) > _MOST:
        raise RuntimeError("more text than the search tables can tell apart")
    places = np.flatnonzero(laid).astype(np.uint32)
    codes = grams.codes(laid)[places]
    order = np.argsort(codes, kind="stable")
    return codes[order], places[order] + np.uint32(first)


def _held(text: Bytes, lengths: Numbers) -> npt.NDArray[np.bool_]:
    """Which symbols each text holds."""
    held = np.zeros(len(lengths) * grams.SYMBOLS, np.bool_)
    of = np.repeat(np.arange(len(lengths)) * grams.SYMBOLS, lengths)
    held[of + grams.symbols(text)] = True
    return held.reshape(-1, grams.SYMBOLS)


def _ranges(totals: Runs) -> Iterator[tuple[int, int]]:
    """Neighbouring grams that together have about _AT_ONCE places."""
    part = np.cumsum(totals) // _AT_ONCE
    cuts = [0, *(np.flatnonzero(np.diff(part)) + 1).tolist(), len(totals)]
    return ((a, b) for a, b in pairwise(cuts) if totals[a:b].any())


def _gathered(spool: Path, begins: Runs, runs: Runs) -> Places:
    """The places of some grams from every batch's run, gram by gram."""
    gathered = np.empty(int(runs.sum()), np.uint32)
    ahead = np.cumsum(runs.sum(axis=0)) - runs.sum(axis=0)
    with spool.open("rb") as stream:
        for begin, counts in zip(begins, runs, strict=True):
            taken = _read(stream, int(begin[0]), int(counts.sum()))
            moved = np.repeat(ahead - (np.cumsum(counts) - counts), counts)
            gathered[np.arange(len(taken)) + moved] = taken
            ahead = ahead + counts
    return gathered


def _read(stream: BinaryIO, first: int, count: int) -> Places:
    stream.seek(first * 4)
    return np.frombuffer(stream.read(count * 4), np.uint32)
