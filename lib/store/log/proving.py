"""The whole log checked: its chain, its details, and what vouches for them from outside."""

from collections.abc import Iterator, Sequence
from itertools import chain, islice

from lib.model import clock
from lib.model.action import Action
from lib.model.proof import Checked, Finding, Problem, Progress
from lib.store.database import Store
from lib.store.log import checkpoints, signing
from lib.store.log.anchors import HeadFile
from lib.store.log.audit import Head
from lib.store.log.checkpoints import Checkpoint
from lib.store.log.diagnosis import Diagnosis
from lib.store.log.sweep import Chunk, chunks

_MANY = 50_000  # anchors looked up at once


def check(store: Store, progress: Progress) -> Checked:
    """Recompute everything up to the row that is the newest now; it reads, and writes nothing.

    Of several findings the first row's counts. What a machine may do without anybody's doing counts
    only when there is no other: a file of heads that is gone, a clock that went back.
    """
    return _Check(store, progress).run()


def put_while_closed(store: Store, vouched: int | None = None) -> Finding | None:
    """Rows that the store found past the last one anybody vouches for (`vouched`, else the file of
    heads). A desk killed at the worst moment leaves one commit's, which have one instant; any after
    those were put there while no desk was open."""
    if vouched is None:
        vouched = HeadFile(store.data / "audit.head").last().seq
    if not 0 < vouched < store.found.seq:
        return None
    row = store.one(
        "SELECT min(seq) FROM log_row WHERE seq > ? AND seq <= ? AND logged_at <>"
        " (SELECT logged_at FROM log_row WHERE seq = ?)",
        [vouched, store.found.seq, vouched + 1],
    )
    return Finding(row[0], Problem.INSERTED) if row and row[0] is not None else None


class _Check:
    def __init__(self, store: Store, progress: Progress) -> None:
        self._store = store
        self._progress = progress
        self._heads = HeadFile(store.data / "audit.head")
        # Before the rows: what an anchor vouches for is committed by then.
        self._head = self._heads.last()
        self._noted = list(checkpoints.noted(store.data))
        self._stored = checkpoints.stored(store)
        row = store.one("SELECT coalesce(max(seq), 0), coalesce(min(seq), 1) FROM log_row")
        self._top, self._bottom = row or (0, 1)
        self._unchecked: set[str] = set()
        self._clock: Finding | None = None
        self._detail: Finding | None = None
        self._erased: dict[str, int] = {}
        self._forged = self._signatures()
        self._newest = max([self._head.seq, *(each.seq for each in self._signed)])
        self._diagnosis = Diagnosis(store, self._known, self._newest)

    def run(self) -> Checked:
        found = [self._chain() or self._anchors() or self._orphan(), self._detail, self._forged]
        first = min((each for each in found if each), key=lambda each: each.seq, default=None)
        first = first or self._headless() or self._clock
        rows = self._store.one("SELECT count(*) FROM log_row WHERE seq <= ?", [self._top])
        self._progress(1.0)
        unchecked = tuple(sorted(self._unchecked))
        return Checked(clock.now(), rows[0] if rows else 0, first, unchecked)

    # ---- the chain -------------------------------------------------------------------------------

    def _chain(self) -> Finding | None:
        if self._bottom < 1:
            return self._diagnosis.of(Head(), self._bottom)
        for chunk in chunks(self._store, self._top):
            found = self._of_chunk(chunk)
            if found:
                return found
            self._progress(0.98 * chunk.last.seq / self._top)
        return None

    def _of_chunk(self, chunk: Chunk) -> Finding | None:
        if not chunk.rows.num_rows:
            after = self._store.one("SELECT min(seq) FROM log_row WHERE seq > ?", [chunk.last.seq])
            return self._diagnosis.of(chunk.last, after[0] if after else self._top)
        if chunk.back and not self._clock:
            self._clock = Finding(chunk.value("seq", chunk.back[0]), Problem.CLOCK_BACK)
        above = ((chunk.before_place(place), chunk.value("seq", place)) for place in chunk.suspects)
        found = next(filter(None, (self._diagnosis.of(*each) for each in above)), None)
        # A row put in or taken out leaves the details of all after it with other rows: what failed
        # first, only the rest of the chain says.
        if not self._detail:
            details = (self._of_detail(chunk, place) for place in chunk.uncommitted)
            self._detail = next(filter(None, details), None)
        return found

    def _of_detail(self, chunk: Chunk, place: int) -> Finding | None:
        seq = chunk.value("seq", place)
        if chunk.value("detailed", place):
            return Finding(seq, Problem.DETAIL_ALTERED)
        erased = self._is_erased(chunk.value("account_no", place), seq)
        return None if erased else Finding(seq, Problem.DETAIL_MISSING)

    def _is_erased(self, account_no: str, seq: int) -> bool:
        """Whether the log says of a later moment that this account's details were erased."""
        if account_no and self._erased.get(account_no, 0) < seq:
            row = self._store.one(
                "SELECT max(seq) FROM log_row WHERE account_no = ? AND action = ?"
                " AND outcome = 'ok'",
                [account_no, Action.DETAILS_ERASED.value],
            )
            self._erased[account_no] = (row[0] if row else 0) or 0
        return bool(account_no) and seq < self._erased.get(account_no, 0)

    def _orphan(self) -> Finding | None:
        """A detail of a row that isn't there, past the newest: it would keep the next from being
        written."""
        row = self._store.one(
            "SELECT min(d.seq) FROM ops.audit_detail d WHERE d.seq < 1 OR d.seq >"
            " (SELECT coalesce(max(seq), 0) FROM log_row)"
        )
        return Finding(row[0], Problem.DETAIL_INSERTED) if row and row[0] is not None else None

    # ---- what vouches for it ---------------------------------------------------------------------

    def _signatures(self) -> Finding | None:
        """The first checkpoint that can't be believed; `_signed` are those that can."""
        on_record = checkpoints.keys_on_record(self._store)
        problems: list[Finding] = []
        self._signed: list[Head] = []
        held = signing.held_fingerprint(self._store.data)
        if held and on_record and held not in on_record:
            problems.append(Finding(self._top, Problem.WRONG_KEY))
        stored = {each.seq for each in self._stored}
        for each in sorted({*self._noted, *self._stored}, key=lambda each: each.seq):
            problem = self._of_checkpoint(each, on_record)
            if problem is None and each.key not in self._unchecked:
                self._signed.append(Head(each.seq, each.hash))
            if problem is None and each.seq not in stored:
                problem = Problem.CHECKPOINT_MISSING
            if problem:
                problems.append(Finding(each.seq, problem))
        return min(problems, key=lambda each: each.seq, default=None)

    def _of_checkpoint(self, each: Checkpoint, on_record: frozenset[str]) -> Problem | None:
        if each.key not in on_record:
            return Problem.WRONG_KEY
        key = signing.public_key(self._store.data, each.key)
        if key is None:
            self._unchecked.add(each.key)
            return None
        fits = signing.is_signed(key, each.message, each.signature)
        return None if fits else Problem.BAD_SIGNATURE

    def _anchors(self) -> Finding | None:
        """A chain that is whole, held against what was known of it: is it the same, and all?"""
        if not self._unlike([self._head, *self._signed]):
            return put_while_closed(self._store, self._newest)
        walks = [self._walk(self._heads.all()), self._walk(iter(self._signed))]
        unlike = min(first for _, first in walks if first)
        if unlike > self._top:
            return Finding(self._top + 1, Problem.CUT_TAIL)
        agreed = max((last for last, _ in walks if last < unlike), default=0)
        shorter, longer = self._top < self._newest, self._top > self._newest
        kind = Problem.MISSING if shorter else Problem.INSERTED if longer else Problem.ALTERED
        return Finding(agreed + 1, kind, unlike)

    def _walk(self, anchors: Iterator[Head]) -> tuple[int, int]:
        """The last number at which the log is as they say, and the first at which it isn't; 0 for
        none."""
        agreed = 0
        while some := list(islice(anchors, _MANY)):
            unlike = self._unlike(some)
            like = (each.seq for each in some if not unlike or each.seq < unlike)
            agreed = max(agreed, *like, 0)
            if unlike:
                return agreed, unlike
        return agreed, 0

    def _unlike(self, anchors: Sequence[Head]) -> int:
        """The lowest number at which the log hasn't the hash that it should; 0: none."""
        asked = [each for each in anchors if each.seq]
        there = dict(
            self._store.rows(
                "SELECT seq, hash FROM log_row WHERE seq IN (SELECT unnest(?::BIGINT[]))",
                [[each.seq for each in asked]],
            )
        )
        return min((e.seq for e in asked if there.get(e.seq) != e.hash), default=0)

    def _headless(self) -> Finding | None:
        """No head outside, though there are rows: only checkpoints could tell of a cut tail."""
        gone = self._top and not self._head.seq
        return Finding(self._top, Problem.HEADS_MISSING) if gone else None

    def _known(self, seq: int) -> str | None:
        anchors = chain(self._signed, self._heads.all())
        return next((each.hash for each in anchors if each.seq == seq), None)
