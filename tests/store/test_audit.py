"""What the log's files outside the database hold."""

import pytest

from lib.model.action import Action, Entry
from lib.model.actor import SYSTEM
from lib.store.database import Store
from lib.store.log.anchors import HeadFile

ROWS = 5


@pytest.fixture
def heads(store: Store) -> HeadFile:
    """Of a log with some rows."""
    for _ in range(ROWS):
        store.write(lambda t: t.log(SYSTEM, Entry(Action.APP_STARTED)))
    return HeadFile(store.data / "audit.head")


def test_the_head_file_holds_each_commit(store: Store, heads: HeadFile) -> None:
    there = store.rows("SELECT seq, hash FROM ops.audit ORDER BY seq")
    assert [(head.seq, head.hash) for head in heads.all()] == there
    assert (heads.last().seq, heads.last().hash) == there[-1]


def test_a_torn_last_line_is_passed_over(store: Store, heads: HeadFile) -> None:
    with (store.data / "audit.head").open("ab") as stream:
        stream.write(b"6 abc")
    assert heads.last().seq == ROWS


def test_half_a_line_never_runs_into_the_next(store: Store, heads: HeadFile) -> None:
    """As a full disk leaves it: "6" and "7 …" would read as row 67."""
    with (store.data / "audit.head").open("ab") as stream:
        stream.write(b"6")
    store.write(lambda t: t.log(SYSTEM, Entry(Action.APP_STARTED)))
    assert heads.last().seq == ROWS + 1
