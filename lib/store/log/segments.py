"""Where the log's segments begin and end, and what is known of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from lib.model.action import Action, Outcome
from lib.model.segment import Segment, State
from lib.store.database import Store
from lib.store.log import log_row
from lib.store.log.audit import GENESIS, Head
from lib.store.log.log_row import Archived
from lib.store.reading import Reader


@dataclass(frozen=True)
class Span:
    """A segment as it is judged. `before` is the row above it as its own first row says; `after`
    the hash of its last row as the next one's first row says, "" of the one in use, whose `last` is
    the log's newest row. `why`: the reason in the row that begins the next."""

    first: int
    last: int
    before: Head
    after: str = ""
    why: str = ""
    archived: Archived | None = None


def spans(store: Store, top: int, source: str = "log_row") -> list[Span]:
    """The log up to row `top`, cut where its own rows and its archives say; oldest first."""
    begun = store.rows(
        f"SELECT seq, prev, reason FROM {source} WHERE action = ? AND seq > 1 AND seq <= ?"
        " ORDER BY seq",
        [Action.SEGMENT_OPENED.value, top],
    )
    with store.cursor() as cursor:
        archives = {each.first: each for each in log_row.archived(cursor)}
    starts = dict.fromkeys([1, *archives], ("", "")) | {row[0]: (row[1], row[2]) for row in begun}
    heads = {each.last + 1: each.head for each in archives.values()}
    cut = [*sorted(starts), top + 1]
    found = list[Span]()
    for first, following in pairwise(cut):
        above = (starts[first][0] or heads.get(first, GENESIS)) if first > 1 else GENESIS
        after, why = starts.get(following, ("", ""))
        after = after or heads.get(following, "")
        span = Span(first, following - 1, Head(first - 1, above), after, why, archives.get(first))
        found += [span] if first <= top else []
    return found


def is_begun_before(reader: Reader, at: datetime) -> bool:
    """Whether the segment in use was begun before that; of an instant that was altered, whatever
    it says."""
    row = reader.one(
        "SELECT logged_at < ? FROM ops.audit WHERE seq = (SELECT coalesce("
        "max(seq) FILTER (WHERE action = ?), min(seq)) FROM ops.audit)",
        [at, Action.SEGMENT_OPENED.value],
    )
    return bool(row and row[0])


def on_record(reader: Reader, action: Action) -> frozenset[str]:
    """The segments ("1-4711") of which the log says that this was done."""
    rows = reader.rows(
        "SELECT subject FROM log_row WHERE action = ? AND outcome = ?",
        [action.value, Outcome.OK.value],
    )
    return frozenset(row[0] for row in rows)


def named(first: int, last: int) -> str:
    """A segment as the log's rows about it name it."""
    return f"{first}-{last}"


def every(store: Store) -> list[Segment]:
    """All of them, oldest first, as they are listed."""
    row = store.one("SELECT coalesce(max(seq), 0) FROM ops.audit")
    checkpoints = [each[0] for each in store.rows("SELECT seq FROM ops.checkpoint")]
    cut = spans(store, row[0] if row else 0)
    return [_listed(store, span, checkpoints, last=span is cut[-1]) for span in cut]


def _listed(store: Store, span: Span, checkpoints: Sequence[int], *, last: bool) -> Segment:
    # One is signed with the row that begins the next, or a desk's stop.
    signed = any(seq > span.last or (last and seq == span.last) for seq in checkpoints)
    found = span.archived
    if found:
        state = State.UNREADABLE if found.first in store.log_lost else State.ARCHIVED
        state = State.DROPPED if found.dropped_at else state
        at = (found.begun_at, found.ended_at)
        named = (found.name, found.head)
        return Segment(found.first, found.last, found.rows, *at, state, signed, *named)
    row = store.one(
        "SELECT count(*), arg_min(logged_at, seq), arg_max(logged_at, seq) FROM log_row"
        " WHERE seq BETWEEN ? AND ?",
        [span.first, span.last],
    )
    count, begun_at, ended_at = row or (0, None, None)
    state = State.IN_USE if last else State.CLOSED
    return Segment(span.first, span.last, count, begun_at, ended_at, state, signed)
