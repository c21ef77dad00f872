"""The log's segments: each is judged by itself, and no finding hides another."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lib.model.action import Action
from lib.model.proof import Finding, Problem
from lib.model.segment import State
from lib.services.log import proof
from lib.store.database import Store
from lib.store.log import segments
from tests.segmented import NEWEST, SECOND, THIRD, check, made, opened
from tests.tampering import chained, rewrite, write_rows

some = settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("segments") / "data", archived=False)


def found(whole: Path, tamper: Callable[[Store], object]) -> tuple[Finding, ...]:
    with opened(whole) as desk:
        tamper(desk.store)
        return check(desk.store).findings


@pytest.mark.slow
def test_an_untouched_log_verifies(whole: Path) -> None:
    with opened(whole) as desk:
        checked = check(desk.store)
        assert (checked.findings, checked.rows, checked.segment) == ((), NEWEST, THIRD)
        said = [(s.first, s.last, s.rows, s.state, s.signed) for s in segments.every(desk.store)]
    assert said == [
        (1, 7, 7, State.CLOSED, True),
        (8, 12, 5, State.CLOSED, True),
        (13, 17, 5, State.IN_USE, False),
    ]


@pytest.mark.slow
@some
@given(seqs=st.lists(st.integers(1, NEWEST), min_size=1, max_size=5, unique=True))
def test_of_each_segment_that_fails_its_first_row_is_named(whole: Path, seqs: list[int]) -> None:
    def tamper(store: Store) -> None:
        for seq in seqs:
            store.rows("UPDATE ops.audit SET actor = 'otra' WHERE seq = ?", [seq])

    firsts: dict[int, int] = {}
    for seq in sorted(seqs):
        firsts.setdefault((seq >= SECOND) + (seq >= THIRD), seq)
    expected = tuple(Finding(seq, Problem.ALTERED) for seq in firsts.values())
    assert found(whole, tamper) == expected


@pytest.mark.slow
@some
@given(first=st.integers(1, NEWEST - 1), count=st.integers(1, 4))
def test_rows_deleted_of_any(whole: Path, first: int, count: int) -> None:
    last = min(first + count, NEWEST)
    gone = "DELETE FROM ops.audit WHERE seq >= ? AND seq < ?"
    findings = found(whole, lambda s: s.rows(gone, [first, last]))
    assert findings[0] == Finding(first, Problem.MISSING)


@pytest.mark.slow
def test_the_end_of_a_closed_segment_written_anew(whole: Path) -> None:
    """Its rows are whole in themselves: how the next segment begins gives them away."""

    def change(all_rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        altered = [row | {"actor": "otra"} if row["seq"] == 6 else row for row in all_rows[:7]]
        return chained(altered) + all_rows[7:]

    assert found(whole, lambda s: rewrite(s, change)) == (Finding(6, Problem.ALTERED, 6),)


@pytest.mark.slow
def test_all_written_anew_without_a_key_to_tell(whole: Path) -> None:
    """Only the file of heads knows better, of every segment."""

    def tamper(store: Store) -> None:
        def change(all_rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
            all_rows[2]["actor"] = "otra"
            return chained(all_rows)

        rewrite(store, change)
        store.rows("DELETE FROM ops.checkpoint")
        for file in [*(store.data / "keys").glob("log*"), store.data / "audit.checkpoints"]:
            file.unlink()

    assert found(whole, tamper) == (
        Finding(3, Problem.ALTERED, 3),
        Finding(8, Problem.ALTERED, 8),
        Finding(13, Problem.ALTERED, 13),
    )


def test_a_detail_and_a_signature_are_their_segment_s(whole: Path) -> None:
    def tamper(store: Store) -> None:
        store.rows("UPDATE ops.audit_detail SET detail = '{}' WHERE seq = 3")
        store.rows("UPDATE ops.checkpoint SET signature = 'zz' WHERE seq = 8")
        store.rows("DELETE FROM ops.audit WHERE seq > 15")

    assert found(whole, tamper) == (
        Finding(3, Problem.DETAIL_ALTERED),
        Finding(8, Problem.BAD_SIGNATURE),
        Finding(16, Problem.CUT_TAIL),
    )


@pytest.mark.slow
def test_details_put_before_their_rows_are_moved_aside(whole: Path) -> None:
    with opened(whole) as desk:
        put = "INSERT INTO ops.audit_detail VALUES (?, 'ab', '{}')"
        desk.store.rows(put, [NEWEST + 1])
        desk.store.rows(put, [NEWEST + 9])
        proof.prepare(desk)
        write_rows(desk, 12)
        assert check(desk.store).findings == (Finding(NEWEST + 1, Problem.DETAIL_INSERTED),)
        kept = desk.store.rows("SELECT seq, salt, detail FROM ops.detail_aside ORDER BY seq")
        assert kept == [(NEWEST + 1, "ab", "{}"), (NEWEST + 9, "ab", "{}")]
        assert segments.every(desk.store)[-1].first == NEWEST + 2
        assert Action.LOG_VERIFIED in [
            row[0] for row in desk.store.rows("SELECT action FROM ops.audit WHERE seq = 18")
        ]
