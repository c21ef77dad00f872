"""The chain of the log's rows: whether each stands where it says, and how it fails when it doesn't.

Part of verificar.py; standard library only. A row's hash covers all its facts, its number and the
hash of the row above it. Each segment of the log (it begins with a row that says so) is judged by
itself, so that what happened to one doesn't hide what happened to another.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from renglon import Row, committed, fits, lines, read

GENESIS = "0" * 64  # above the first row
OPENED = "segment_opened"
_FAR = 1_000  # rows deleted before one that was given their number
# Who vouches for a row: a checkpoint, the link of the segment that follows, a head.
_CHECKPOINT, _LINK, _HEAD = range(3)


class Head(NamedTuple):
    seq: int
    hash: str


class Finding(NamedTuple):
    """A row that fails, and how; one of `seq` to `through` when only what lies outside the rows
    tells. `name` is a file's."""

    seq: int
    problem: str
    through: int = 0
    name: str = ""


@dataclass
class Known:
    """What is known before the rows are read: the numbers of the first and the last that left the
    desk, whether their details did, and what vouches for them."""

    first: int
    last: int
    detailed: bool
    heads: Callable[[], Iterator[Head]]  # oldest first
    newest: int = 0  # the last number that anything vouches for
    headed: bool = True  # whether heads.txt has any: else nobody knows what the desk wrote last
    signed: dict[int, set[str]] = field(default_factory=dict)  # hashes, by their rows' numbers
    erased: dict[str, int] = field(default_factory=dict)  # by account, the last row that says so
    dropped: dict[int, int] = field(default_factory=dict)  # segments let go: first row, last row

    def of(self, seq: int) -> set[str]:
        """The hashes that are vouched for at this number."""
        return self.signed.get(seq, set()) | {each.hash for each in self.heads() if each.seq == seq}

    def all(self) -> Iterator[tuple[int, int, str]]:
        """Number, which it is, and hash. Oldest first."""
        signed = ((n, _CHECKPOINT, each) for n in sorted(self.signed) for each in self.signed[n])
        return heapq.merge(signed, ((each.seq, _HEAD, each.hash) for each in self.heads()))


@dataclass
class _Segment:
    """What fails in one, first of its kind; and by who vouches, how far it is as they say, and from
    where it isn't."""

    first: int
    above_at: str = ""  # the instant of the row above it
    bad: Finding | None = None
    detail: Finding | None = None
    clock: Finding | None = None
    agreed: list[int] = field(default_factory=lambda: [0, 0, 0])
    unlike: list[int] = field(default_factory=lambda: [0, 0, 0])

    def holds(self, which: int, seq: int, agrees: bool) -> None:
        if not agrees:
            self.unlike[which] = self.unlike[which] or seq
        elif not self.unlike[which]:
            self.agreed[which] = seq

    def found(self, last: int, newest: int) -> list[Finding]:
        """At its end; `last` and `newest` are the log's."""
        unlike = min(filter(None, self.unlike), default=0)
        if unlike and not self.bad:
            agreed = max((each for each in self.agreed if each < unlike), default=0)
            kind = "missing" if last < newest else "inserted" if last > newest else "altered"
            self.bad = Finding(max(agreed + 1, self.first), kind, unlike)
        found = [each for each in (self.bad, self.detail) if each]
        return found or ([self.clock] if self.clock else [])


class Chain:
    """The rows of a file, each judged as it is read. Of each segment `found` has the first row that
    fails in the chain and the first whose detail does; a clock that went back if there is neither.
    """

    def __init__(self, log: Path, known: Known) -> None:
        self._log, self._known = log, known
        self.found: list[Finding] = []
        self.count = self.top = 0  # rows, and the last one's number
        self.legible = True  # so far, each of them
        self._anchors = known.all()
        self._anchor = next(self._anchors, None)
        self._above = self._before = Head(0, GENESIS)  # the row above, and the one above that
        self._at = self._late_at = ""
        self._late = self._hole = 0
        self._segment = _Segment(1)

    def rows(self) -> Iterator[Row]:
        """Those that can be read, in the file's order; afterwards `found` is complete."""
        for line in lines(self._log):
            row = read(line)
            self.count += 1
            if row is None:
                self.legible = False
                self._segment.bad = self._segment.bad or Finding(self._before.seq + 1, "altered")
                continue
            if self.count == 1 and self._known.first > 1:
                self._before = Head(self._known.first - 1, row["prev"])
                self._segment = _Segment(self._known.first)
            elif row["action"] == OPENED and row["seq"] > max(1, self._before.seq):
                self._open(row)
            self._segment.bad = self._segment.bad or self._judge(row)
            self._vouch(row["seq"], row["hash"])
            self._segment.detail = self._segment.detail or self._of_detail(row)
            self._tell_time(row)
            self.top = row["seq"]
            self._above, self._before = self._before, Head(row["seq"], row["hash"])
            yield row
        self._tail()

    def _open(self, row: Row) -> None:
        """A segment begins. Its link up is taken as it is: whether it links is the business of the
        one above, and one that was let go on the record is no gap."""
        gone = False
        while self._before.seq + 1 in self._known.dropped and self._before.seq + 1 < row["seq"]:
            gone, self._before = True, Head(self._known.dropped[self._before.seq + 1], "")
            self._hole = self._before.seq
        self._vouch(row["seq"] - 1, row["prev"])
        last = self._before.seq
        if last + 1 < row["seq"]:
            how = "cut_tail" if row["reason"] == "cut_tail" else "missing"  # when it was found
            self._segment.bad = self._segment.bad or Finding(last + 1, how)
        elif not gone and fits(row, row["seq"]):  # one that was altered says nothing of others
            self._segment.holds(_LINK, last, row["prev"] == self._before.hash)
        if self._segment.bad:  # nor is its clock one to go by
            self._at = self._segment.above_at
        self._end()
        self._above, self._before = self._before, Head(row["seq"] - 1, row["prev"])
        self._segment = _Segment(row["seq"], self._at)

    def _end(self) -> None:
        self.found += self._segment.found(self._known.last, self._known.newest)

    def _tail(self) -> None:
        """What is known to have stood after the last row, and what nobody vouches for."""
        if not self._segment.bad and not any(self._segment.unlike):
            if self._anchor or self.top < self._known.last:
                self._segment.bad = Finding(self.top + 1, "cut_tail")
            elif self._late:
                self._segment.bad = Finding(self._late, "inserted")
        self._end()

    def _vouch(self, upto: int, hashed: str) -> None:
        """Heads and checkpoints of this number, and of those that were left out above it."""
        here = {upto: hashed, self._before.seq: self._before.hash}
        while self._anchor and self._anchor[0] <= upto:
            seq, which, wanted = self._anchor
            self._anchor = next(self._anchors, None)
            if seq > self._hole:
                self._segment.holds(which, seq, here.get(seq) == wanted)

    def _tell_time(self, row: Row) -> None:
        """The clock; and past all that is vouched for, where a crash leaves one commit's rows, of
        one instant, the first of another."""
        seq, now = row["seq"], row["logged_at"]
        if now < self._at and not self._segment.clock:
            self._segment.clock = Finding(seq, "clock_back")
        self._at = now
        if self._known.headed and 0 < self._known.newest < seq:
            self._late_at = self._late_at or now
            self._late = self._late or (seq if now != self._late_at else 0)

    def _of_detail(self, row: Row) -> Finding | None:
        if row["salt"] is None and row["detail"] is None:
            account = row["account_no"]
            erased = account and row["seq"] < self._known.erased.get(account, 0)
            lacks = self._known.detailed and not erased and row["seq"] > 0
            return Finding(row["seq"], "detail_missing") if lacks else None
        return None if committed(row) else Finding(row["seq"], "detail_altered")

    def _judge(self, row: Row) -> Finding | None:
        """How it fails, None when it doesn't. One that was moved still fits where it came from:
        that tells the ways apart."""
        before, here, seq = self._before, self._before.seq + 1, row["seq"]
        if seq == here and row["prev"] == before.hash and fits(row, here):
            return None
        near = list(self._near(before.hash, row["prev"], row["hash"]))
        moved = (e for e in near if e["prev"] == before.hash and e["seq"] != here and fits(e, here))
        real = next(moved, None)  # the row that belongs here, and stands elsewhere
        if seq != here:
            absent = "inserted" if seq < here else "missing"
            named = seq if seq < here and not real else here
            return Finding(named, "reordered" if real else absent)
        follows = any(e["prev"] == row["hash"] for e in near) or row["hash"] in self._known.of(seq)
        if real:
            below = any(e["hash"] == row["prev"] and fits(row, e["seq"] + 1) for e in near)
            genuine = fits(row, real["seq"]) or below or follows
            return Finding(here, "reordered" if genuine else "inserted")
        return self._in_its_place(row, follows)

    def _in_its_place(self, row: Row, follows: bool) -> Finding:
        """Of a row with the right number, none other claiming its place."""
        before, here = self._before, row["seq"]
        if row["prev"] == before.hash:
            return Finding(here, "inserted" if 0 < self._known.newest < here else "altered")
        if fits(row, before.seq) and row["prev"] == self._above.hash:
            return Finding(before.seq, "inserted")  # this one was moved on to make room
        if not fits(row, here):
            closed_up = any(fits(row, here + away) for away in range(1, _FAR))
            return Finding(here, "missing" if closed_up else "altered")
        known = self._known.of(before.seq) if before.seq else {GENESIS}
        rewritten = before.hash not in known if known else follows
        return Finding(before.seq if rewritten else here, "altered")

    def _near(self, *hashes: str) -> Iterator[Row]:
        """The rows that name one of these hashes."""
        wanted = [each.encode("utf-8", "replace") for each in hashes]
        found = (read(line) for line in lines(self._log) if any(each in line for each in wanted))
        yield from filter(None, found)
