"""Each verdict of the desk's verification held against that of the verifier that travels."""

import itertools
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest

from lib.model.action import Action
from lib.model.proof import Checked, Problem, Progress
from lib.store.database import Store
from lib.store.log import proving
from tests.auditor.handed import as_it_is, findings

# What the desk sees and an export doesn't show: details of no row, and how an archive lies on disk.
_UNSEEN = {Problem.DETAIL_INSERTED, Problem.ARCHIVE_MISSING, Problem.ARCHIVE_ALTERED}


@pytest.fixture
def agreement(tmp_path: Path) -> Iterator[None]:
    """While it lasts, whatever is verified is also handed to an auditor."""
    check, numbers = proving.check, itertools.count()

    def compared(store: Store, progress: Progress) -> Checked:
        checked = check(store, progress)
        theirs = findings(as_it_is(store, tmp_path / str(next(numbers))))
        ours = [(each.seq, each.problem.value, each.through) for each in checked.findings]
        if not ours:  # what a desk wrote since it was opened is its own, whatever audit.head says
            theirs = [e for e in theirs if e[1] != "inserted" or e[0] <= store.found.seq]
        if not _UNSEEN & {each.problem for each in checked.findings}:
            assert _first_of_each(store, theirs) == ours
        return checked

    with patch.object(proving, "check", compared):  # some of them undo what monkeypatch did
        yield
    assert next(numbers)


def _first_of_each(store: Store, found: list[tuple[int, str, int]]) -> list[tuple[int, str, int]]:
    """Of each segment, what is found first."""
    begun = store.rows(
        "SELECT seq FROM log_proof WHERE action = ? ORDER BY seq", [Action.SEGMENT_OPENED.value]
    )
    starts = [row[0] for row in begun]
    first = dict[int, tuple[int, str, int]]()
    for each in found:
        first.setdefault(sum(start <= each[0] for start in starts), each)
    return [first[segment] for segment in sorted(first)]
