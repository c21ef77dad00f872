"""Rows in an archive are as good as rows in the database: read, tampered with, found out."""

from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lib.model.action import Action
from lib.model.proof import Finding, Problem
from lib.store.log import segments
from tests.segmented import NEWEST, SECOND, THIRD, check, made, opened
from tests.tampering import COLUMNS, write_rows

_TEXTS = sorted(set(COLUMNS) - {"seq", "logged_at"})
_ALWAYS = [column for column in _TEXTS if column != "versions"]  # an older archive hasn't that one
_WROTE = 3  # rows that archiving both added: one says the key again
some = settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("archives") / "data", archived=True)


def rewritten(file: Path, select: str) -> None:
    """The file with the rows that a question makes of its own (`t`)."""
    scratch = file.with_suffix(".anew")
    with duckdb.connect() as engine:
        rows = select.replace("FROM t", f"FROM read_parquet('{file}')")
        engine.execute(f"COPY ({rows}) TO '{scratch}' (FORMAT parquet)")
    scratch.replace(file)


def files(data: Path) -> list[Path]:
    first, second = sorted((data / "log").glob("*.parquet"))
    return [first, second]


@pytest.mark.slow
def test_the_log_reads_as_before(whole: Path) -> None:
    with opened(whole) as desk:
        seqs = [row[0] for row in desk.store.rows("SELECT seq FROM log_row ORDER BY seq")]
        assert seqs[:NEWEST] == list(range(1, NEWEST + 1))
        assert desk.store.rows("SELECT min(seq) FROM ops.audit") == [(THIRD,)]
        checked = check(desk.store)
        assert (checked.findings, checked.rows) == ((), len(seqs))


@pytest.mark.slow
@some
@given(
    seq=st.integers(1, THIRD - 1),
    column=st.sampled_from(_TEXTS),
    value=st.text('af09 Z"é', max_size=40),
)
@example(seq=SECOND, column="prev", value="0")  # says nothing of the segment before
def test_any_text_of_any_row_altered(whole: Path, seq: int, column: str, value: str) -> None:
    with opened(whole) as desk:
        file = files(desk.store.data)[seq >= SECOND]
        now = desk.store.rows(f"SELECT {column} FROM log_row WHERE seq = ?", [seq])[0][0]
        other = (value if value != now else value + "x").replace("'", "''")
        anew = f"CASE WHEN seq = {seq} THEN '{other}' ELSE {column} END AS {column}"
        rewritten(file, f"SELECT * REPLACE ({anew}) FROM t ORDER BY seq")
        assert check(desk.store).findings == (Finding(seq, Problem.ALTERED),)


@pytest.mark.slow
@some
@given(seq=st.integers(1, THIRD - 1), column=st.sampled_from(["seq", *_ALWAYS]))
def test_nothing_where_a_value_belongs(whole: Path, seq: int, column: str) -> None:
    with opened(whole) as desk:
        file = files(desk.store.data)[seq >= SECOND]
        anew = f"CASE WHEN seq <> {seq} THEN {column} END AS {column}"
        rewritten(file, f"SELECT * REPLACE ({anew}) FROM t")
        problem = Problem.MISSING if column == "seq" else Problem.ALTERED
        assert check(desk.store).findings == (Finding(seq, problem),)


@pytest.mark.slow
@some
@given(seq=st.integers(1, THIRD - 1), how=st.sampled_from(["gone", "twice", "instant"]))
def test_rows_gone_twice_or_at_another_time(whole: Path, seq: int, how: str) -> None:
    select, problem = {
        "gone": (f"SELECT * FROM t WHERE seq <> {seq}", Problem.MISSING),
        "twice": (f"SELECT * FROM t UNION ALL SELECT * FROM t WHERE seq = {seq}", Problem.INSERTED),
        "instant": (
            f"SELECT * REPLACE (logged_at + INTERVAL (seq = {seq}) HOUR AS logged_at) FROM t",
            Problem.ALTERED,
        ),
    }[how]
    with opened(whole) as desk:
        rewritten(files(desk.store.data)[seq >= SECOND], select)
        (finding,) = check(desk.store).findings
        assert (finding.seq, finding.problem) == (seq, problem)


@pytest.mark.slow
@some
@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
@example(place=61 / 4502, bit=2)  # a number that the file's own statistics rule out
def test_any_byte_altered(whole: Path, place: float, bit: int) -> None:
    """The desk opens, its log can be read and grows, and the verification names the archive or the
    row of it."""
    with opened(whole) as desk:
        file = files(desk.store.data)[0]
        content = bytearray(file.read_bytes())
        content[int(place * len(content))] ^= 1 << bit
        file.write_bytes(content)
        desk.store.lay_log()
        there = desk.store.rows("SELECT min(seq), count(*) FROM log_row")
        assert there == [(SECOND, NEWEST + _WROTE - SECOND + 1)]
        write_rows(desk, 1)
        (finding,) = check(desk.store).findings
        assert 1 <= finding.seq < SECOND


@pytest.mark.slow
def test_a_file_cut_short(whole: Path) -> None:
    with opened(whole) as desk:
        file = files(desk.store.data)[1]
        file.write_bytes(file.read_bytes()[:-20])
        lost = Finding(SECOND, Problem.ARCHIVE_ALTERED, THIRD - 1)
        assert check(desk.store).findings == (lost,)


@pytest.mark.slow
def test_a_file_lost_and_found(whole: Path) -> None:
    with opened(whole) as desk:
        file = files(desk.store.data)[0]
        kept = file.read_bytes()
        file.unlink()
        lost = Finding(1, Problem.ARCHIVE_MISSING, SECOND - 1)
        assert check(desk.store).findings == (lost,)  # and the keys it knew are known elsewhere
        assert desk.store.rows("SELECT min(seq) FROM log_row") == [(SECOND,)]
        file.write_bytes(kept)
        assert check(desk.store).findings == ()
        assert desk.store.rows("SELECT min(seq) FROM log_row") == [(1,)]


def test_an_archive_written_anew_with_its_digest(whole: Path) -> None:
    """Whoever can write the database, too: the chain gives them away."""
    with opened(whole) as desk:
        file = files(desk.store.data)[0]
        rewritten(file, "SELECT * REPLACE ('otra' AS actor) FROM t ORDER BY seq")
        digest = "SELECT sha256(content) FROM read_blob(?)"
        with duckdb.connect() as engine:
            sha256 = engine.execute(digest, [str(file)]).fetchall()[0][0]
        desk.store.rows("UPDATE ops.segment SET sha256 = ? WHERE first = 1", [sha256])
        desk.store.lay_log()
        assert desk.store.rows("SELECT DISTINCT actor FROM log_row WHERE seq < 8") == [("otra",)]
        assert check(desk.store).findings == (Finding(1, Problem.ALTERED),)


def test_a_row_put_back_where_its_segment_left(whole: Path) -> None:
    """It is in no view, so nobody reads it as the log's."""
    with opened(whole) as desk:
        put = "INSERT INTO ops.audit SELECT * REPLACE (4 AS seq) FROM ops.audit WHERE seq = 14"
        desk.store.rows(put)
        assert desk.store.rows("SELECT count(*) FROM log_row WHERE seq = 4") == [(1,)]
        assert check(desk.store).findings == (Finding(4, Problem.INSERTED),)


def test_a_segment_dropped_off_the_record(whole: Path) -> None:
    with opened(whole) as desk:
        desk.store.rows("UPDATE ops.segment SET dropped_at = now()::TIMESTAMP WHERE first = 1")
        checked = check(desk.store)
        assert checked.dropped == ()
        assert checked.findings == (Finding(1, Problem.MISSING),)


def test_its_details_stay_and_are_checked(whole: Path) -> None:
    with opened(whole) as desk:
        desk.store.rows("UPDATE ops.audit_detail SET detail = '{}' WHERE seq = 9")
        assert check(desk.store).findings == (Finding(9, Problem.DETAIL_ALTERED),)


def test_what_it_says_of_them_is_on_the_record(whole: Path) -> None:
    with opened(whole) as desk:
        archived = segments.on_record(desk.store, Action.SEGMENT_ARCHIVED)
        assert archived == {"1-7", "8-12"}
