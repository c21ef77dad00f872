"""What happened to a row that doesn't stand where the chain says: the name of it, and of the row.

A row's hash covers its number and the hash before it, so one that was moved still fits the place
it came from. That, and what the anchors know, tells the ways apart.
"""

from collections.abc import Callable
from typing import Any

from lib.model.proof import Finding, Problem
from lib.store.log.audit import GENESIS, HASHED, Head, row_hash
from lib.store.log.sweep import INSTANT
from lib.store.reading import Reader

_FAR = 1_000  # rows deleted before one that was given their number
_COLUMNS = (*HASHED, "hash")
_SELECT = ", ".join(INSTANT if column == "logged_at" else column for column in _COLUMNS)
_Row = dict[str, Any]


class Diagnosis:
    """`known` gives the hash that an anchor vouches for at a row's number, None when none does;
    `newest` is the last number that they know."""

    def __init__(self, reader: Reader, known: Callable[[int], str | None], newest: int) -> None:
        self._reader = reader
        self._known = known
        self._newest = newest

    def of(self, before: Head, seq: int) -> Finding | None:
        """Of the row stored as `seq` after the good row `before`; None when it stands after all."""
        here, row = before.seq + 1, self._rows("seq = ?", seq)[0]
        if seq == here and row["prev"] == before.hash and _fits(row, here):
            return None
        real = self._moved_from(before, here)
        if seq != here:
            absent = Problem.INSERTED if seq < here else Problem.MISSING
            named = seq if absent is Problem.INSERTED and not real else here
            return Finding(named, Problem.REORDERED if real else absent)
        if real:
            genuine = _fits(row, real["seq"]) or self._belongs(row)
            return Finding(here, Problem.REORDERED if genuine else Problem.INSERTED)
        return self._in_its_place(before, row)

    def is_as_written(self, seq: int) -> bool:
        """Whether a row says what its own hash covers; of one that is gone, yes."""
        return all(_fits(row, seq) for row in self._rows("seq = ?", seq))

    def _in_its_place(self, before: Head, row: _Row) -> Finding:
        """Of a row with the right number, none other claiming its place."""
        here, own = before.seq + 1, _fits(row, before.seq + 1)
        if row["prev"] == before.hash:
            unknown = 0 < self._newest < here
            return Finding(here, Problem.INSERTED if unknown else Problem.ALTERED)
        if _fits(row, before.seq) and row["prev"] == self._hash_at(before.seq - 1):
            return Finding(before.seq, Problem.INSERTED)  # this one was moved on to make room
        if not own:
            closed_up = any(_fits(row, here + away) for away in range(1, _FAR))
            return Finding(here, Problem.MISSING if closed_up else Problem.ALTERED)
        known = self._known(before.seq) if before.seq else GENESIS
        rewritten = known != before.hash if known else self._confirmed(row)
        return Finding(before.seq if rewritten else here, Problem.ALTERED)

    def _moved_from(self, before: Head, here: int) -> _Row | None:
        """The row that belongs at `here`, when it stands elsewhere."""
        followers = self._rows("prev = ?", before.hash)
        moved = (row for row in followers if row["seq"] != here and _fits(row, here))
        return next(moved, None)

    def _belongs(self, row: _Row) -> bool:
        """Whether it is a row of this log, in a place that isn't its own."""
        above = self._rows("hash = ?", row["prev"])
        return any(_fits(row, each["seq"] + 1) for each in above) or self._confirmed(row)

    def _confirmed(self, row: _Row) -> bool:
        """Whether another row follows it, or an anchor knows it."""
        return bool(self._rows("prev = ?", row["hash"])) or self._known(row["seq"]) == row["hash"]

    def _hash_at(self, seq: int) -> str:
        rows = self._rows("seq = ?", seq) if seq else []
        return str(rows[0]["hash"]) if rows else GENESIS

    def _rows(self, condition: str, value: object) -> list[_Row]:
        found = self._reader.rows(f"SELECT {_SELECT} FROM log_proof WHERE {condition}", [value])
        return [dict(zip(_COLUMNS, row, strict=True)) for row in found]


def _fits(row: _Row, seq: int) -> bool:
    """Whether it was written under this number."""
    return row_hash(row | {"seq": seq}) == str(row["hash"])
