"""The audit chain: whatever is altered, the first row that fails is named."""

from typing import Any

import pytest

from lib.model.action import Action, Entry
from lib.model.actor import SYSTEM
from lib.store import audit
from lib.store.database import Store

ROWS = 5


@pytest.fixture
def rows(store: Store) -> list[dict[str, Any]]:
    for n in range(ROWS):
        entry = Entry(
            Action.CONTACT_CHANGED, account_no=f"{n:08}", detail={"old": {"name": "Ñ"}, "new": {}}
        )
        store.write(lambda t, entry=entry: t.log(SYSTEM, entry))
    with store.cursor() as cursor:
        return list(audit.stored_rows(cursor))


def finding(rows: list[dict[str, Any]]) -> tuple[int, str] | None:
    found = audit.verify(rows)
    return (found.seq, found.problem) if found else None


def test_an_untouched_log_verifies(rows: list[dict[str, Any]]) -> None:
    assert len(rows) == ROWS
    assert finding(rows) is None


@pytest.mark.parametrize(
    "column", [c for c in audit.HASHED if c not in {"seq", "prev", "logged_at"}]
)
def test_an_altered_value_is_found(rows: list[dict[str, Any]], column: str) -> None:
    rows[2][column] += "x"
    assert finding(rows) == (3, "altered")


def test_a_row_rewritten_with_its_own_hash_breaks_the_next(rows: list[dict[str, Any]]) -> None:
    rows[2]["actor"] = "otra"
    rows[2]["hash"] = audit.row_hash(rows[2])
    assert finding(rows) == (4, "broken_link")


def test_a_missing_row_is_found(rows: list[dict[str, Any]]) -> None:
    del rows[2]
    assert finding(rows) == (4, "missing")


def test_altered_detail_is_found(rows: list[dict[str, Any]]) -> None:
    rows[1]["detail"] = rows[1]["detail"].replace("Ñ", "N")
    assert finding(rows) == (2, "detail_altered")


def test_the_head_file_holds_the_last_commit(store: Store, rows: list[dict[str, Any]]) -> None:
    last = audit.HeadFile(store.data / "audit.head").last()
    assert (last.seq, last.hash) == (ROWS, rows[-1]["hash"])


def test_a_torn_last_line_is_passed_over(store: Store, rows: list[dict[str, Any]]) -> None:
    with (store.data / "audit.head").open("ab") as stream:
        stream.write(b"6 abc")
    assert audit.HeadFile(store.data / "audit.head").last().seq == ROWS


def test_half_a_line_never_runs_into_the_next(store: Store, rows: list[dict[str, Any]]) -> None:
    """As a full disk leaves it: "6" and "7 …" would read as row 67."""
    with (store.data / "audit.head").open("ab") as stream:
        stream.write(b"6")
    store.write(lambda t: t.log(SYSTEM, Entry(Action.APP_STARTED)))
    assert audit.HeadFile(store.data / "audit.head").last().seq == ROWS + 1
