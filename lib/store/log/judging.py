"""One segment's rows judged: its chain, its clock, its details."""

from lib.model.action import Action
from lib.model.proof import Finding, Problem, Progress
from lib.store.database import Store
from lib.store.log.diagnosis import Diagnosis
from lib.store.log.segments import Span
from lib.store.log.sweep import Chunk, chunks


class Judge:
    """Goes through the segments in order: of the one judged last, `detail` is the first row whose
    detail fails, `clock` the first whose instant is before the one above, and `ended_at` (in
    microseconds) the instant of its last row."""

    def __init__(self, store: Store, diagnosis: Diagnosis, progress: Progress, top: int) -> None:
        self._store = store
        self._diagnosis = diagnosis
        self._progress = progress
        self._top = top
        self._erased: dict[str, int] = {}
        self.detail: Finding | None = None
        self.clock: Finding | None = None
        self.ended_at = 0

    def chain(self, span: Span) -> Finding | None:
        """The first row that doesn't stand where the chain says."""
        self.forget()
        reached = span.before
        for chunk in chunks(self._store, span, self.ended_at):
            if not chunk.rows.num_rows:
                following = self._next(reached.seq, span)
                if following is None:
                    break
                return self._diagnosis.of(reached, following)
            found = self._of_chunk(chunk)
            if found:
                return found
            reached, self.ended_at = chunk.last, chunk.last_at
            self._progress(0.98 * reached.seq / self._top)
        if reached.seq < span.last:  # what follows is the next segment's
            cut = span.why == Problem.CUT_TAIL
            return Finding(reached.seq + 1, Problem.CUT_TAIL if cut else Problem.MISSING)
        return None

    def forget(self) -> None:
        """What was found beside the chain of the segment before."""
        self.detail = self.clock = None

    def _next(self, seq: int, span: Span) -> int | None:
        """The segment's next row after that one, however far."""
        within = [seq, span.last]
        row = self._store.one("SELECT min(seq) FROM log_proof WHERE seq > ? AND seq <= ?", within)
        return row[0] if row else None

    def _of_chunk(self, chunk: Chunk) -> Finding | None:
        if chunk.back and not self.clock:
            self.clock = Finding(chunk.value("seq", chunk.back[0]), Problem.CLOCK_BACK)
        above = ((chunk.before_place(place), chunk.value("seq", place)) for place in chunk.suspects)
        found = next(filter(None, (self._diagnosis.of(*each) for each in above)), None)
        # A row put in or taken out leaves the details of all after it with other rows: what failed
        # first, only the rest of the chain says.
        if not self.detail:
            details = (self._of_detail(chunk, place) for place in chunk.uncommitted)
            self.detail = next(filter(None, details), None)
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
                "SELECT max(seq) FROM log_proof WHERE account_no = ? AND action = ?"
                " AND outcome = 'ok'",
                [account_no, Action.DETAILS_ERASED.value],
            )
            self._erased[account_no] = (row[0] if row else 0) or 0
        return bool(account_no) and seq < self._erased.get(account_no, 0)
