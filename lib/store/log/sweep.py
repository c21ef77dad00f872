"""Every row of the log beside the one above it: only rows that look wrong are looked into further
(diagnosis.py)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lib.store.database import Store
from lib.store.log import rehash
from lib.store.log.audit import Head
from lib.store.log.rehash import Stretch
from lib.store.log.segments import Span

INSTANT = rehash.INSTANT


@dataclass(frozen=True)
class Chunk:
    """Rows after `before` in order. `suspects` are places of rows that don't stand as they should,
    `uncommitted` of those whose detail isn't what they committed to, or isn't there, `back` of
    those whose clock is before the row's above."""

    before: Head
    rows: "pa.Table"
    suspects: list[int]
    uncommitted: list[int]
    back: list[int]
    last: Head
    last_at: int  # microseconds; the newest row's

    def before_place(self, place: int) -> Head:
        """The row above one of them."""
        if place == 0:
            return self.before
        return Head(self.value("seq", place - 1), self.value("hash", place - 1))

    def value(self, column: str, place: int) -> Any:
        return self.rows[column][place].as_py()


def chunks(store: Store, span: Span, at: int) -> Iterator[Chunk]:
    """All rows of a segment, oldest first, after a row of the instant `at` (in microseconds). A
    chunk may be empty where many are missing."""
    before = span.before
    for stretch in rehash.stretches(store, span.first, span.last):
        chunk = _chunk(stretch, before, at)
        yield chunk
        before, at = chunk.last, chunk.last_at


def _chunk(stretch: Stretch, before: Head, at: int) -> Chunk:
    rows, count = stretch.table, stretch.table.num_rows
    if not count:
        return Chunk(before, rows, [], [], [], before, at)
    hashes, prevs = _texts(rows, "hash"), _texts(rows, "prev")
    linked = np.empty(count, dtype=bool)
    linked[0] = prevs[0].as_py() == before.hash
    linked[1:] = pc.equal(prevs[1:], hashes[:-1]).to_numpy(zero_copy_only=False)
    in_place = _column(rows, "seq") == np.arange(before.seq + 1, before.seq + 1 + count)
    stands = in_place & linked & stretch.whole
    instants = _column(rows, "instant")
    back = np.diff(instants, prepend=at) < 0
    return Chunk(
        before,
        rows,
        np.flatnonzero(~stands).tolist(),
        np.flatnonzero(~stretch.committed).tolist(),
        np.flatnonzero(back).tolist(),
        Head(rows["seq"][-1].as_py(), hashes[-1].as_py()),
        int(instants[-1]),
    )


def _texts(rows: "pa.Table", name: str) -> "pa.Array":
    column = rows[name]
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _column(rows: "pa.Table", name: str) -> "np.ndarray[Any, Any]":
    found: np.ndarray[Any, Any] = rows[name].to_numpy()
    return found
