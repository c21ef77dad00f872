"""The whole log checked: each segment's chain and details, and what vouches for them from outside.

A segment is judged by itself: its first row's link up is taken as it is, for whether it links is
the business of the segment above. So a finding never hides what happens after it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from lib.model import clock
from lib.model.action import Action
from lib.model.proof import Checked, Finding, Problem, Progress
from lib.store.database import Store
from lib.store.log import log_row, segments
from lib.store.log.anchors import HeadFile
from lib.store.log.audit import Head
from lib.store.log.diagnosis import Diagnosis
from lib.store.log.judging import Judge
from lib.store.log.segments import Span
from lib.store.log.vouching import Vouchers


def check(store: Store, progress: Progress, mailed: Sequence[Head] = ()) -> Checked:
    """Recompute everything up to the row that is the newest now, and hold it against heads that
    were `mailed`; it reads, and writes nothing.

    Of several findings in a segment the first row's counts. What a machine may do without anybody's
    doing counts only when there is no other: a file of heads that is gone, a clock that went back.
    """
    return _Check(store, progress, mailed).run()


def seen_at_start(store: Store) -> Finding | None:
    """What a process has to say of the log that it found before it logs anything itself: its first
    row would vouch for rows that were put there, and begin the file of heads anew."""
    if store.found.seq and not HeadFile(store.data / "audit.head").last().seq:
        return Finding(store.found.seq, Problem.HEADS_MISSING)
    return put_while_closed(store)


def put_while_closed(store: Store, vouched: int | None = None) -> Finding | None:
    """Rows that the store found past the last one anybody vouches for (`vouched`, else the file of
    heads). A desk killed at the worst moment leaves one commit's, which have one instant; any after
    those were put there while no desk was open."""
    if vouched is None:
        vouched = HeadFile(store.data / "audit.head").last().seq
    if not 0 < vouched < store.found.seq:
        return None
    row = store.one(
        "SELECT min(seq) FROM ops.audit WHERE seq > ? AND seq <= ? AND logged_at <>"
        " (SELECT logged_at FROM ops.audit WHERE seq = ?)",
        [vouched, store.found.seq, vouched + 1],
    )
    return Finding(row[0], Problem.INSERTED) if row and row[0] is not None else None


class _Check:
    def __init__(self, store: Store, progress: Progress, mailed: Sequence[Head]) -> None:
        self._store = store
        self._progress = progress
        self._unread = store.lay_log()
        # Before the rows: what an anchor vouches for is committed by then.
        self._vouchers = Vouchers(store, mailed)
        row = store.one("SELECT coalesce(max(seq), 0), coalesce(min(seq), 1) FROM log_proof")
        self._top, self._bottom = row or (0, 1)
        self._diagnosis = Diagnosis(store, self._vouchers.known, self._vouchers.newest)
        self._judge = Judge(store, self._diagnosis, progress, self._top)
        self._spans = segments.spans(store, self._top, "log_proof")
        self._spans = [self._linked(span) for span in self._spans] or [Span(1, 0, Head())]
        self._last = self._spans[-1]

    def run(self) -> Checked:
        recorded = segments.on_record(self._store, Action.SEGMENT_DROPPED)
        dropped = [span for span in self._spans if _is_dropped(span, recorded)]
        kept = [span for span in self._spans if span not in dropped]
        rows = self._store.one("SELECT count(*) FROM log_proof WHERE seq <= ?", [self._top])
        findings = self._findings(kept)
        self._progress(1.0)
        return Checked(
            clock.now(),
            rows[0] if rows else 0,
            findings,
            tuple(sorted(self._vouchers.unchecked)),
            tuple((span.first, span.last) for span in dropped),
            self._last.first,
        )

    def _findings(self, spans: Sequence[Span]) -> tuple[Finding, ...]:
        failed = dict[int, Finding | None]()
        beside = dict[int, list[Finding | None]]()
        machines = dict[int, Finding | None]()
        for span in spans:
            failed[span.first] = self._rows_of(span)
            beside[span.first] = [self._judge.detail, *self._others(span)]
            machines[span.first] = self._judge.clock or self._headless(span)
        if any(failed.values()):  # who wrote one anew may have written others, too
            failed |= self._deeper([span for span in spans if not failed[span.first]])
        found = list[Finding]()
        for first in failed:
            every = [each for each in [failed[first], *beside[first]] if each]
            earliest = min(every, key=lambda each: each.seq, default=machines[first])
            found += [earliest] if earliest else []
        return tuple(found)

    def _linked(self, span: Span) -> Span:
        """What the row that follows a segment says of it counts only when that row stands as it was
        written; else what the archive noted does."""
        if not span.after or self._diagnosis.is_as_written(span.last + 1):
            return span
        return replace(span, after=span.archived.head if span.archived else "")

    # ---- a segment's rows ------------------------------------------------------------------------

    def _rows_of(self, span: Span) -> Finding | None:
        if span.archived and span.first in self._unread:
            return self._of_lost(span, span.archived)
        return self._below(span) or self._judge.chain(span) or self._anchors(span)

    def _of_lost(self, span: Span, archived: log_row.Archived) -> Finding:
        """Its file isn't what was written: of what can be read of it, the row that fails."""
        self._judge.forget()
        if not log_row.file(self._store.data, archived).exists():
            return Finding(span.first, Problem.ARCHIVE_MISSING, span.last)
        some = "SELECT 1 FROM log_proof WHERE seq BETWEEN ? AND ? LIMIT 1"
        legible = self._store.one(some, [span.first, span.last])
        named = (self._judge.chain(span) or self._anchors(span)) if legible else None
        return named or Finding(span.first, Problem.ARCHIVE_ALTERED, span.last)

    def _below(self, span: Span) -> Finding | None:
        """A row numbered below the first."""
        if span.first == 1 and self._bottom < 1:
            return self._diagnosis.of(Head(), self._bottom)
        return None

    def _anchors(self, span: Span) -> Finding | None:
        """A chain that is whole, held against what was known of it: is it the same, and all?"""
        if self._vouchers.unlike(self._vouchers.near(span, last=span is self._last)):
            return self._deeper([span])[span.first]
        # Without the file of heads nobody knows what the desk itself wrote last (`_headless`).
        headed = span is self._last and self._vouchers.head.seq
        return put_while_closed(self._store, self._vouchers.newest) if headed else None

    def _deeper(self, spans: Sequence[Span]) -> dict[int, Finding | None]:
        """By every anchor there is."""
        return {span.first: self._unlike(span.first, *self._away[span.first]) for span in spans}

    @cached_property
    def _away(self) -> dict[int, tuple[int, int]]:
        return self._vouchers.deviations(self._spans)

    def _unlike(self, first: int, agreed: int, unlike: int) -> Finding | None:
        if not unlike:
            return None
        if unlike > self._top:
            return Finding(self._top + 1, Problem.CUT_TAIL)
        newest = self._vouchers.newest
        shorter, longer = self._top < newest, self._top > newest
        kind = Problem.MISSING if shorter else Problem.INSERTED if longer else Problem.ALTERED
        return Finding(max(agreed + 1, first), kind, unlike)

    # ---- what lies beside them -------------------------------------------------------------------

    def _others(self, span: Span) -> Iterator[Finding | None]:
        yield from (each for each in self._vouchers.forged if self._is_in(span, each.seq))
        yield self._leftover(span)
        aside = self._store.rows("SELECT after + 1 FROM ops.detail_aside ORDER BY after")
        yield from (
            Finding(seq, Problem.DETAIL_INSERTED) for (seq,) in aside if self._is_in(span, seq)
        )
        if span is self._last:
            yield self._orphan()

    def _is_in(self, span: Span, seq: int) -> bool:
        """What is said of rows past the newest is the last segment's."""
        return span.first <= seq and (seq <= span.last or span is self._last)

    def _leftover(self, span: Span) -> Finding | None:
        """A row still in ops.audit that its segment's archive doesn't have: nobody else sees it."""
        if not span.archived or span.first in self._unread:
            return None
        row = self._store.one(
            "SELECT min(seq) FROM ops.audit a WHERE seq BETWEEN ? AND ? AND NOT EXISTS"
            " (SELECT 1 FROM log_proof p WHERE p.seq = a.seq AND p.hash = a.hash)",
            [span.first, span.last],
        )
        return Finding(row[0], Problem.INSERTED) if row and row[0] is not None else None

    def _orphan(self) -> Finding | None:
        """A detail of a row that isn't there, past the newest: it would keep the next from being
        written."""
        row = self._store.one(
            "SELECT min(d.seq) FROM ops.audit_detail d WHERE (d.seq < 1 OR d.seq > ?)"
            # What a desk at work has logged meanwhile has its row.
            " AND NOT EXISTS (SELECT 1 FROM ops.audit a WHERE a.seq = d.seq AND a.seq > 0)",
            [self._top],
        )
        return Finding(row[0], Problem.DETAIL_INSERTED) if row and row[0] is not None else None

    def _headless(self, span: Span) -> Finding | None:
        """No head outside, though there are rows: only checkpoints could tell of a cut tail."""
        gone = span is self._last and self._top and not self._vouchers.head.seq
        return Finding(self._top, Problem.HEADS_MISSING) if gone else None


def _is_dropped(span: Span, recorded: frozenset[str]) -> bool:
    """Whether an administrator let it go, and the log says so."""
    marked = span.archived and span.archived.dropped_at
    return bool(marked) and segments.named(span.first, span.last) in recorded
