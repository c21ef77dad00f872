"""What lies outside the log's own rows and vouches for them: its heads in a file, its checkpoints.

A chain that is whole in itself may be all new; these say from where it isn't the one that was.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

from lib.model.proof import Finding, Problem
from lib.store.database import Store
from lib.store.log import checkpoints, signing
from lib.store.log.anchors import HeadFile
from lib.store.log.audit import Head
from lib.store.log.checkpoints import Checkpoint
from lib.store.log.segments import Span

_MANY = 50_000  # anchors looked up at once


class Vouchers:
    """All of them, read before the log's rows: what an anchor vouches for is committed by then.
    Heads that were `mailed` are believed as checkpoints are: who could write the files can't have
    reached a manager's mailbox.

    `signed` are the checkpoints that can be believed, `forged` what is wrong with the others,
    `unchecked` the keys nobody has any more, `newest` the last number that any of them knows.
    """

    def __init__(self, store: Store, mailed: Sequence[Head] = ()) -> None:
        self._store = store
        self._heads = HeadFile(store.data / "audit.head")
        self.head = self._heads.last()
        self.signed: list[Head] = []
        self.unchecked: set[str] = set()
        self.forged = self._signatures()
        self.signed = sorted([*self.signed, *mailed], key=lambda each: each.seq)
        self.newest = max([self.head.seq, *(each.seq for each in self.signed)])

    def known(self, seq: int) -> str | None:
        """The hash that is vouched for at a row's number; None when none is."""
        anchors = chain(self.signed, self._heads.all())
        return next((each.hash for each in anchors if each.seq == seq), None)

    def unlike(self, anchors: Sequence[Head]) -> set[int]:
        """The numbers at which the log hasn't the hash that it should."""
        there = dict(
            self._store.rows(
                "SELECT seq, hash FROM log_proof WHERE seq IN (SELECT unnest(?::BIGINT[]))",
                [[each.seq for each in anchors]],
            )
        )
        return {each.seq for each in anchors if each.seq and there.get(each.seq) != each.hash}

    def near(self, span: Span, *, last: bool) -> list[Head]:
        """The few of a segment that are always looked at: the newest head, the checkpoints, and how
        the next segment begins."""
        mine = [each for each in [self.head, *self.signed] if _is_of(each.seq, span, last=last)]
        return [*mine, Head(span.last, span.after)] if span.after else mine

    def deviations(self, spans: Sequence[Span]) -> dict[int, tuple[int, int]]:
        """Of each of all segments, by its first row: the last number at which the log is as the
        anchors say, and the first at which it isn't; 0 for none."""
        links = [Head(span.last, span.after) for span in spans if span.after]
        firsts = [span.first for span in spans]
        walks = [self._walk(each, firsts) for each in (self.signed, links, self._heads.all())]
        found = dict[int, tuple[int, int]]()
        for first in firsts:
            said = [walk[first] for walk in walks if first in walk]
            unlike = min((away for _, away in said if away), default=0)
            agreed = max((like for like, _ in said if like < unlike), default=0)
            found[first] = (agreed, unlike)
        return found

    def _walk(self, anchors: Iterable[Head], firsts: list[int]) -> dict[int, tuple[int, int]]:
        """The same by some anchors, of the segments that they say something of."""
        found = dict[int, tuple[int, int]]()
        for some in _batches(anchors):
            wrong = self.unlike(some)
            for each in some:
                first = firsts[max(bisect_right(firsts, each.seq) - 1, 0)]
                agreed, unlike = found.get(first, (0, 0))
                if each.seq in wrong:
                    found[first] = (agreed, min(unlike or each.seq, each.seq))
                elif not unlike or each.seq < unlike:
                    found[first] = (max(agreed, each.seq), unlike)
        return found

    def _signatures(self) -> list[Finding]:
        """What is wrong with the checkpoints and the key in use."""
        on_record = checkpoints.keys_on_record(self._store)
        found: list[Finding] = []
        held = signing.held_fingerprint(self._store.data)
        if held and on_record and held not in on_record:
            newest = self._store.one("SELECT coalesce(max(seq), 0) FROM ops.audit") or (0,)
            found.append(Finding(newest[0], Problem.WRONG_KEY))
        in_table = checkpoints.stored(self._store)
        stored = {each.seq for each in in_table}
        every = {*checkpoints.noted(self._store.data), *in_table}
        for each in sorted(every, key=lambda each: each.seq):
            problem = self._of_checkpoint(each, on_record)
            if problem is None and each.key not in self.unchecked:
                self.signed.append(Head(each.seq, each.hash))
            if problem is None and each.seq not in stored:
                problem = Problem.CHECKPOINT_MISSING
            found += [Finding(each.seq, problem)] if problem else []
        return found

    def _of_checkpoint(self, each: Checkpoint, on_record: frozenset[str]) -> Problem | None:
        if each.key not in on_record:
            return Problem.WRONG_KEY
        key = signing.public_key(self._store.data, each.key)
        if key is None:
            self.unchecked.add(each.key)
            return None
        fits = signing.is_signed(key, each.message, each.signature)
        return None if fits else Problem.BAD_SIGNATURE


def _is_of(seq: int, span: Span, *, last: bool) -> bool:
    """What is vouched for past the log's end belongs to its last segment."""
    return seq > 0 and span.first <= seq and (last or seq <= span.last)


def _batches(anchors: Iterable[Head]) -> Iterator[list[Head]]:
    """In the order they have, so many at a time."""
    rest = iter(anchors)
    while some := [each for each in islice(rest, _MANY) if each.seq]:
        yield some
