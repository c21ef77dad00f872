"""Whatever is done to the log, its verification names the first row that fails, and how."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lib import settings as desk_settings
from lib.model import clock
from lib.model.action import Action, Entry
from lib.model.actor import SYSTEM
from lib.model.proof import Finding, Problem
from lib.services.desk import open_desk
from lib.store import migrations
from lib.store.database import Store
from lib.store.log import checkpoints, rehash, signing
from lib.store.log.audit import Head, canonical, digest, row_hash
from tests.examples import rounds
from tests.segmented import opened
from tests.tampering import COLUMNS, chained, proved_log, put, rewrite, rows, verdict, write_rows

WRITTEN = 8
_MIGRATION = Path(migrations.__file__).with_name("0012_versions.sql")
NEWEST = WRITTEN + 2  # the key's row before, the checkpoint's after
ANY = st.integers(1, NEWEST)
some = settings(
    max_examples=rounds(12), suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a desk whose log has some rows and a checkpoint over them all."""
    data = tmp_path_factory.mktemp("whole") / "data"
    desk = open_desk(desk_settings.read({"MESA_DATA": str(data)}))
    assert proved_log(desk, WRITTEN) == NEWEST
    desk.close()
    return data


def found(whole: Path, tamper: Callable[[Store], object]) -> Finding | None:
    with opened(whole) as desk:
        tamper(desk.store)
        return verdict(desk.store)


def test_an_untouched_log_verifies(whole: Path) -> None:
    """One of its rows has what the engine and Python write differently."""
    assert found(whole, lambda _: None) is None


def test_a_log_of_before_versions(store: Store) -> None:
    """Its rows' hashes said nothing of them; the column came later."""
    for _ in range(3):
        store.write(lambda t: t.log(SYSTEM, Entry(Action.APP_STARTED)))
    assert [row["hash"] for row in rows(store)] == [*map(_hash_of_before, rows(store))]
    store.rows("ALTER TABLE ops.audit DROP COLUMN versions")
    store.rows(_MIGRATION.read_text("utf-8"))
    assert verdict(store) is None
    store.write(lambda t: t.log(SYSTEM, Entry(Action.APP_STARTED, versions="policy 1")))
    assert verdict(store) is None
    assert rows(store)[-1]["hash"] != _hash_of_before(rows(store)[-1])


def _hash_of_before(row: dict[str, Any]) -> str:
    facts = {name: value for name, value in row.items() if name not in ("versions", "hash")}
    facts["logged_at"] = row["logged_at"].isoformat(timespec="microseconds")
    return digest("audit", canonical(facts))


# ---- rows ----------------------------------------------------------------------------------------

_TEXTS = sorted(set(COLUMNS) - {"seq", "logged_at"})


@pytest.mark.slow
@some
@given(seq=ANY, column=st.sampled_from(_TEXTS), value=st.text(max_size=40))
def test_any_text_altered(whole: Path, seq: int, column: str, value: str) -> None:
    def tamper(store: Store) -> None:
        value_now = store.rows(f"SELECT {column} FROM ops.audit WHERE seq = ?", [seq])[0][0]
        other = value if value != value_now else value + "x"
        store.rows(f"UPDATE ops.audit SET {column} = ? WHERE seq = ?", [other, seq])

    with opened(whole) as desk:
        try:
            tamper(desk.store)
        except UnicodeEncodeError:
            return
        assert verdict(desk.store) == Finding(seq, Problem.ALTERED)


@pytest.mark.slow
@some
@given(
    seq=ANY,
    at=st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1)),  # noqa: DTZ001
)
def test_any_instant_altered(whole: Path, seq: int, at: datetime) -> None:
    alter = "UPDATE ops.audit SET logged_at = ? WHERE seq = ?"
    assert found(whole, lambda s: s.rows(alter, [at, seq])) == Finding(seq, Problem.ALTERED)


@pytest.mark.parametrize("at", ["infinity", "-infinity", "20000-01-01"])
def test_an_instant_that_python_cannot_hold(whole: Path, at: str) -> None:
    alter = "UPDATE ops.audit SET logged_at = ?::TIMESTAMP WHERE seq = 4"
    assert found(whole, lambda s: s.rows(alter, [at])) == Finding(4, Problem.ALTERED)


@pytest.mark.slow
@some
@given(seq=ANY, to=st.one_of(st.integers(-3, 0), st.integers(NEWEST + 1, 10**15)))
def test_any_number_altered(whole: Path, seq: int, to: int) -> None:
    renumber = "UPDATE ops.audit SET seq = ? WHERE seq = ?"
    finding = found(whole, lambda s: s.rows(renumber, [to, seq]))
    assert finding
    # Below the first it may be any row, out of its place or put there.
    where = {seq} if to > 0 else {1, to}
    assert finding.seq in where
    assert finding.problem in {Problem.REORDERED, Problem.INSERTED}


@pytest.mark.slow
@some
@given(seq=ANY, column=st.sampled_from(_TEXTS[:8]))
def test_a_row_rewritten_with_its_own_hash(whole: Path, seq: int, column: str) -> None:
    if column in {"hash", "prev"}:
        return

    def change(all_rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        row = all_rows[seq - 1]
        row[column] += "x"
        row["hash"] = row_hash(row)
        return all_rows

    finding = found(whole, lambda s: rewrite(s, change))
    assert finding
    assert (finding.seq, finding.problem) == (seq, Problem.ALTERED)


@pytest.mark.slow
@some
@given(seq=ANY)
def test_everything_after_it_written_anew(whole: Path, seq: int) -> None:
    def change(all_rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        all_rows[seq - 1]["actor"] = "otra"
        return chained(all_rows)

    finding = found(whole, lambda s: rewrite(s, change))
    assert finding == Finding(seq, Problem.ALTERED, seq)


@pytest.mark.slow
@some
@given(first=st.integers(1, NEWEST - 1), count=st.integers(1, 3))
def test_rows_deleted(whole: Path, first: int, count: int) -> None:
    last = min(first + count, NEWEST)  # not the newest: that is a cut tail
    gone = "DELETE FROM ops.audit WHERE seq >= ? AND seq < ?"
    assert found(whole, lambda s: s.rows(gone, [first, last])) == Finding(first, Problem.MISSING)


@pytest.mark.slow
@some
@given(first=st.integers(2, NEWEST - 1), anew=st.booleans())
def test_a_row_deleted_and_the_gap_closed(whole: Path, first: int, anew: bool) -> None:
    def change(all_rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        left = all_rows[: first - 1] + all_rows[first:]
        closed = [row | {"seq": n} for n, row in enumerate(left, start=1)]
        return chained(left) if anew else closed

    finding = found(whole, lambda s: rewrite(s, change))
    assert finding
    assert (finding.seq, finding.problem) == (first, Problem.MISSING)


@pytest.mark.slow
@some
@given(at=st.integers(2, NEWEST), how=st.sampled_from(["bare", "linked", "anew"]))
def test_a_row_inserted(whole: Path, at: int, how: str) -> None:
    def change(all_rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        alien = all_rows[0] | {"seq": at, "actor": "intruso", "prev": all_rows[at - 2]["hash"]}
        alien |= {"hash": "f" * 64 if how == "bare" else row_hash(alien)}
        after = [row | {"seq": row["seq"] + 1} for row in all_rows[at - 1 :]]
        made = [*all_rows[: at - 1], alien, *after]
        return chained(made) if how == "anew" else made

    finding = found(whole, lambda s: rewrite(s, change))
    assert finding
    assert (finding.seq, finding.problem) == (at, Problem.INSERTED)


def test_a_row_put_after_the_newest(whole: Path) -> None:
    """Its link is right, its hash is not: nothing outside ever knew it."""

    def tamper(store: Store) -> None:
        newest = rows(store)[-1]
        put(store, newest | {"seq": NEWEST + 1, "prev": newest["hash"], "hash": "f" * 64})

    assert found(whole, tamper) == Finding(NEWEST + 1, Problem.INSERTED)


def found_opened_again(whole: Path, tamper: Callable[[Store], object]) -> Finding | None:
    """As the next process finds it: what this one writes is its own."""
    with opened(whole) as desk:
        tamper(desk.store)
        assert verdict(desk.store) is None
        desk.close()
        again = open_desk(desk.settings)
        try:
            return verdict(again.store)
        finally:
            again.close()


def test_what_one_last_commit_leaves_unanchored_is_no_finding(whole: Path) -> None:
    """As when the desk is killed between its commit and the line outside."""

    def tamper(store: Store) -> None:
        store.write(lambda t: [t.log(SYSTEM, Entry(Action.APP_STARTED)) for _ in range(2)])
        heads = store.data / "audit.head"
        heads.write_bytes(b"".join(heads.read_bytes().splitlines(keepends=True)[:-1]))

    assert found_opened_again(whole, tamper) is None


def test_more_than_one_commit_unanchored_was_put_there(whole: Path) -> None:
    def tamper(store: Store) -> None:
        heads = store.data / "audit.head"
        before = heads.read_bytes()
        for _ in range(2):
            store.write(lambda t: t.log(SYSTEM, Entry(Action.APP_STARTED)))
        heads.write_bytes(before)

    assert found_opened_again(whole, tamper) == Finding(NEWEST + 2, Problem.INSERTED)


@pytest.mark.slow
@some
@given(pair=st.lists(ANY, min_size=2, max_size=2, unique=True))
def test_rows_swapped(whole: Path, pair: list[int]) -> None:
    one, other = sorted(pair)

    def change(all_rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        all_rows[one - 1]["seq"], all_rows[other - 1]["seq"] = other, one
        return all_rows

    assert found(whole, lambda s: rewrite(s, change)) == Finding(one, Problem.REORDERED)


@pytest.mark.slow
@some
@given(left=st.integers(0, NEWEST - 1), files_too=st.booleans())
def test_a_cut_tail(whole: Path, left: int, files_too: bool) -> None:
    def tamper(store: Store) -> None:
        store.rows("DELETE FROM ops.audit WHERE seq > ?", [left])
        if files_too:
            store.rows("DELETE FROM ops.checkpoint")

    assert found(whole, tamper) == Finding(left + 1, Problem.CUT_TAIL)


def test_a_tail_cut_with_the_heads_is_known_to_a_checkpoint(whole: Path) -> None:
    def tamper(store: Store) -> None:
        (store.data / "audit.head").unlink()
        store.rows("DELETE FROM ops.audit WHERE seq > 6")

    assert found(whole, tamper) == Finding(7, Problem.CUT_TAIL)


def test_the_heads_gone(whole: Path) -> None:
    def tamper(store: Store) -> None:
        (store.data / "audit.head").unlink()

    assert found(whole, tamper) == Finding(NEWEST, Problem.HEADS_MISSING)


def test_the_heads_gone_accuses_no_row_past_the_last_checkpoint(whole: Path) -> None:
    def tamper(store: Store) -> None:
        for _ in range(2):
            store.write(lambda transaction: transaction.log(SYSTEM, Entry(Action.APP_STARTED)))
        (store.data / "audit.head").unlink()
        store.found = Head(NEWEST + 2)  # as by another process

    assert found(whole, tamper) == Finding(NEWEST + 2, Problem.HEADS_MISSING)


def test_a_gap_as_wide_as_a_chunk(whole: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rehash, "_STRETCH", 2)
    assert found(whole, lambda _: None) is None
    gone = "DELETE FROM ops.audit WHERE seq BETWEEN 3 AND 7"
    assert found(whole, lambda s: s.rows(gone)) == Finding(3, Problem.MISSING)


# ---- the clock -----------------------------------------------------------------------------------


def test_a_clock_that_went_back(whole: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    yesterday = clock.now() - timedelta(days=1)
    with opened(whole) as desk:
        monkeypatch.setattr(clock, "now", lambda: yesterday)
        write_rows(desk, 2)
        monkeypatch.undo()
        assert verdict(desk.store) == Finding(NEWEST + 1, Problem.CLOCK_BACK)
        desk.store.rows("UPDATE ops.audit SET actor = 'otra' WHERE seq = ?", [NEWEST + 2])
        assert verdict(desk.store) == Finding(NEWEST + 2, Problem.ALTERED)


# ---- details -------------------------------------------------------------------------------------


@pytest.mark.slow
@some
@given(seq=ANY, column=st.sampled_from(["salt", "detail"]), value=st.text('af09 Z"é', max_size=40))
def test_any_detail_altered(whole: Path, seq: int, column: str, value: str) -> None:
    alter = f"UPDATE ops.audit_detail SET {column} = ? WHERE seq = ?"
    finding = found(whole, lambda s: s.rows(alter, [value, seq]))
    assert finding == Finding(seq, Problem.DETAIL_ALTERED)


def test_a_salt_in_capitals_is_another(whole: Path) -> None:
    alter = "UPDATE ops.audit_detail SET salt = 'A' || salt[2:] WHERE seq = 3"
    assert found(whole, lambda s: s.rows(alter)) == Finding(3, Problem.DETAIL_ALTERED)


@pytest.mark.slow
@some
@given(seq=ANY)
def test_a_detail_missing(whole: Path, seq: int) -> None:
    gone = "DELETE FROM ops.audit_detail WHERE seq = ?"
    assert found(whole, lambda s: s.rows(gone, [seq])) == Finding(seq, Problem.DETAIL_MISSING)


def test_a_detail_of_no_row(whole: Path) -> None:
    put_there = "INSERT INTO ops.audit_detail VALUES (99, 'ab', '{}')"
    assert found(whole, lambda s: s.rows(put_there)) == Finding(99, Problem.DETAIL_INSERTED)


# ---- checkpoints and keys ------------------------------------------------------------------------


@pytest.mark.parametrize("change", ["hash = repeat('0', 64)", "rows = 3", "signature = 'zz'"])
def test_a_checkpoint_altered(whole: Path, change: str) -> None:
    finding = found(whole, lambda s: s.rows(f"UPDATE ops.checkpoint SET {change}"))
    assert finding == Finding(NEWEST, Problem.BAD_SIGNATURE)


def test_a_checkpoint_deleted_is_still_in_its_file(whole: Path) -> None:
    finding = found(whole, lambda s: s.rows("DELETE FROM ops.checkpoint"))
    assert finding == Finding(NEWEST, Problem.CHECKPOINT_MISSING)


def test_a_log_written_anew_with_its_heads_and_another_key(whole: Path) -> None:
    """Whoever can write everything but the signing key: the checkpoint in its file gives them
    away."""

    def tamper(store: Store) -> None:
        def change(all_rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
            all_rows[4]["actor"] = "otra"
            return chained(all_rows)

        rewrite(store, change)
        lines = [f"{row['seq']} {row['hash']}\n" for row in rows(store)]
        (store.data / "audit.head").write_text("".join(lines))

    assert found(whole, tamper) == Finding(1, Problem.ALTERED, NEWEST)


def test_a_key_that_the_log_does_not_know(whole: Path) -> None:
    def tamper(store: Store) -> None:
        signing.make(store.data)
        signing.settle(store.data)

    assert found(whole, tamper) == Finding(NEWEST, Problem.WRONG_KEY)


def test_a_file_that_is_no_key(whole: Path) -> None:
    finding = found(whole, lambda s: (s.data / "keys" / "log.pem").write_text("nada"))
    assert finding == Finding(NEWEST, Problem.WRONG_KEY)


def test_a_checkpoint_signed_with_another_key(whole: Path) -> None:
    def tamper(store: Store) -> None:
        other = signing.make(store.data)
        store.rows("DELETE FROM ops.checkpoint")
        (store.data / "audit.checkpoints").unlink()
        store.write(lambda t: checkpoints.add(t, other))

    assert found(whole, tamper) == Finding(NEWEST, Problem.WRONG_KEY)
