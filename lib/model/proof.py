"""What a verification of the log may find."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

Progress = Callable[[float], None]  # how far, 0 to 1


class Problem(StrEnum):
    """How a row fails."""

    ALTERED = "altered"
    MISSING = "missing"
    INSERTED = "inserted"
    REORDERED = "reordered"
    CUT_TAIL = "cut_tail"
    CLOCK_BACK = "clock_back"
    DETAIL_ALTERED = "detail_altered"
    DETAIL_MISSING = "detail_missing"  # and no erasure on record says why
    DETAIL_INSERTED = "detail_inserted"  # of a row that there isn't
    WRONG_KEY = "wrong_key"  # signed with a key that the log doesn't know
    BAD_SIGNATURE = "bad_signature"
    CHECKPOINT_MISSING = "checkpoint_missing"
    HEADS_MISSING = "heads_missing"  # the file that says how far the log goes
    ARCHIVE_MISSING = "archive_missing"  # the file that a segment's rows were put in
    ARCHIVE_ALTERED = "archive_altered"  # and its rows don't say which of them


# What stays true of the newest row however many come after it: a new segment wouldn't leave it
# behind.
STANDING = frozenset({Problem.WRONG_KEY, Problem.HEADS_MISSING})


@dataclass(frozen=True)
class Finding:
    """The first row that fails. When everything after it was written anew, what lies outside the
    database only bounds it: it is one of `seq` to `through`."""

    seq: int
    problem: Problem
    through: int = 0


@dataclass(frozen=True)
class Checked:
    """A verification that ended at `at` (UTC) over `rows` rows. `findings`: of each segment that
    fails, the first row that does, oldest first. `unchecked`: fingerprints of lost keys whose
    signatures nobody can check any more. `dropped`: the first and the last row of each segment that
    an administrator let go, so that nobody can check it. `segment` began the one in use."""

    at: datetime
    rows: int
    findings: tuple[Finding, ...] = ()
    unchecked: tuple[str, ...] = ()
    dropped: tuple[tuple[int, int], ...] = ()
    segment: int = 1

    @property
    def finding(self) -> Finding | None:
        """The first."""
        return self.findings[0] if self.findings else None
