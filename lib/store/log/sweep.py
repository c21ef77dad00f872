"""Every row of the log checked in the engine, in parallel; only rows that look wrong reach Python.

The engine rebuilds each row's canonical JSON and hashes it. It writes control characters in another
case than Python does, so a row that fails here is hashed again there before it is called wrong; one
that passes had the very same bytes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lib.store.database import Store
from lib.store.log.audit import HASHED, Head
from lib.store.log.segments import Span

_CHUNK = 250_000  # rows: two of the engine's row groups, one a core
INSTANT = "strftime(logged_at, '%Y-%m-%dT%H:%M:%S.%f')"  # as a row's hash takes it


def _part(blob: str) -> str:
    """As audit.digest puts each part: its length in eight bytes, then itself."""
    return f"unhex(printf('%016x', octet_length({blob}))) || {blob}"


def _digest(domain: str, *parts: str) -> str:
    label = _part(f"encode('{domain}')")
    return f"sha256({' || '.join([label, *map(_part, parts)])})"


_PLAIN = ", ".join(
    f"{c} := {INSTANT if c == 'logged_at' else c}" for c in sorted(HASHED) if c != "versions"
)
_BARE = f"to_json(struct_pack({_PLAIN}))::VARCHAR"
# The last of the names in order; a row without versions doesn't say it (audit.row_hash).
_SAID = f"left({_BARE}, -1) || ',\"versions\":' || to_json(versions)::VARCHAR || '}}'"
_FACTS = f"CASE WHEN coalesce(versions, '') = '' THEN {_BARE} ELSE {_SAID} END"
_SWEEP = f"""
SELECT a.seq, coalesce(epoch_us(a.logged_at), 0) AS instant, coalesce(a.prev, '') AS prev,
       coalesce(a.hash, '') AS hash,
       coalesce(a.hash = {_digest("audit", "encode(a.facts)")}, false) AS whole,
       d.seq IS NOT NULL AS detailed,
       coalesce(length(d.salt) = 32 AND d.salt = lower(d.salt) AND a.commitment =
           {_digest("detail", "TRY(unhex(d.salt))", "encode(d.detail)")}, false) AS committed,
       CASE WHEN d.seq IS NULL THEN a.account_no END AS account_no
FROM (SELECT seq, logged_at, prev, hash, commitment, account_no,
             {_FACTS} AS facts
      FROM log_proof WHERE seq > $low AND seq <= $high) a
LEFT JOIN (SELECT * FROM ops.audit_detail WHERE seq > $low AND seq <= $high) d ON d.seq = a.seq
ORDER BY a.seq
"""


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
    for low in range(span.first - 1, span.last, _CHUNK):
        with store.cursor() as cursor:
            bounds = {"low": low, "high": min(low + _CHUNK, span.last)}
            rows = cursor.execute(_SWEEP, bounds).to_arrow_table().combine_chunks()
        chunk = _chunk(rows, before, at)
        yield chunk
        before, at = chunk.last, chunk.last_at


def _chunk(rows: "pa.Table", before: Head, at: int) -> Chunk:
    count = rows.num_rows
    if not count:
        return Chunk(before, rows, [], [], [], before, at)
    hashes, prevs = _texts(rows, "hash"), _texts(rows, "prev")
    linked = np.empty(count, dtype=bool)
    linked[0] = prevs[0].as_py() == before.hash
    linked[1:] = pc.equal(prevs[1:], hashes[:-1]).to_numpy(zero_copy_only=False)
    in_place = _column(rows, "seq") == np.arange(before.seq + 1, before.seq + 1 + count)
    stands = in_place & linked & _column(rows, "whole")
    instants = _column(rows, "instant")
    back = np.diff(instants, prepend=at) < 0
    return Chunk(
        before,
        rows,
        np.flatnonzero(~stands).tolist(),
        np.flatnonzero(~_column(rows, "committed")).tolist(),
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
