"""The store: strict transactions, one process, nothing acknowledged is lost."""

import stat
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import duckdb
import pytest

from lib.model.action import Action, Entry
from lib.model.actor import SYSTEM
from lib.model.errors import AppError, Reason
from lib.services.desk import Desk
from lib.store import writing
from lib.store.database import Store, Transaction
from lib.store.log import audit, proving
from lib.store.log.anchors import HeadFile
from lib.store.vault import Vault
from tests import small_ref


def start(transaction: Transaction) -> int:
    return transaction.log(SYSTEM, Entry(Action.APP_STARTED))


def test_a_write_is_there_after_reopening(tmp_path: Path) -> None:
    first = Store.open(tmp_path)
    assert first.write(start) == 1
    first.close()
    second = Store.open(tmp_path)
    assert second.rows("SELECT action FROM ops.audit") == [("app_started",)]
    assert second.write(start) == 2
    second.close()


def test_what_is_written_after_reopening_can_be_checkpointed(tmp_path: Path) -> None:
    """Opening leaves no transaction of its own behind: the log beside the file would only grow."""
    Store.open(tmp_path).close()
    again = Store.open(tmp_path)
    again.write(lambda t: t.run("UPDATE ops.schema_version SET applied_at = ?", [t.now]))
    again.rows("CHECKPOINT ops")
    again.close()


def test_what_raises_stores_nothing(store: Store) -> None:
    def half(transaction: Transaction) -> None:
        start(transaction)
        raise ValueError("halfway")

    with pytest.raises(ValueError, match="halfway"):
        store.write(half)
    assert store.rows("SELECT * FROM ops.audit") == []
    assert store.write(start) == 1


def test_a_swallowed_engine_error_stores_nothing(store: Store) -> None:
    def careless(transaction: Transaction) -> None:
        start(transaction)
        try:
            transaction.run("INSERT INTO ops.audit (seq) VALUES (1)")
        except Exception:
            return

    with pytest.raises(AppError) as refusal:
        store.write(careless)
    assert refusal.value.reason is Reason.STORAGE_FAILED
    assert store.rows("SELECT * FROM ops.audit") == []


def test_a_long_one_that_is_interrupted_is_whole_or_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C while the writer ends it: what it does must not go on without what began it."""
    at_work, interrupted = threading.Event(), threading.Event()
    wait = writing.wait

    def ctrl_c_once(ending: list[Any]) -> None:
        if not interrupted.is_set():
            at_work.wait(10)
            interrupted.set()
            raise KeyboardInterrupt
        wait(ending)

    def end(transaction: Transaction) -> int:
        at_work.set()
        interrupted.wait(10)
        return start(transaction)

    monkeypatch.setattr(writing, "wait", ctrl_c_once)
    begun = "INSERT INTO ops.throttle VALUES ('k', 1, now()::TIMESTAMP, NULL)"
    assert store.write_after(lambda t: t.run(begun), end, "ops.throttle") == 1
    assert store.rows("SELECT key FROM ops.throttle") == [("k",)]
    assert store.rows("SELECT action FROM ops.audit") == [("app_started",)]


def test_a_long_one_that_is_refused_is_out_of_the_way_of_the_next(store: Store) -> None:
    store.write(lambda t: t.run("INSERT INTO ops.throttle VALUES ('k', 0, ?, NULL)", [t.now]))

    def refuse(transaction: Transaction) -> None:
        transaction.run("UPDATE ops.throttle SET failures = 5")
        # Waits in the queue behind this one: what this changed must be undone before it runs.
        threads.append(threading.Thread(target=store.write, args=(more,)))
        threads[0].start()
        raise AppError(Reason.STALE_PREVIEW)

    def more(transaction: Transaction) -> None:
        transaction.run("UPDATE ops.throttle SET failures = failures + 1")

    threads: list[threading.Thread] = []
    with pytest.raises(AppError):
        store.write_after(lambda _: None, refuse, "ops.throttle")
    threads[0].join()
    assert store.rows("SELECT failures FROM ops.throttle") == [(1,)]


def test_many_writers_one_chain(store: Store) -> None:
    threads = [threading.Thread(target=lambda: store.write(start)) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.cursor() as cursor:
        rows = list(audit.stored_rows(cursor))
    assert [row["seq"] for row in rows] == list(range(1, 41))
    assert proving.check(store, lambda _: None).finding is None


@pytest.mark.slow
def test_a_second_process_is_refused(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    code = (
        "import sys; from pathlib import Path; from lib.store.database import Store\n"
        "from lib.model.errors import AppError\n"
        "try: Store.open(Path(sys.argv[1]))\n"
        "except AppError as e: print(e.reason.value)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "desk_in_use"
    store.close()


def test_a_corrupt_file_is_refused_and_kept(tmp_path: Path) -> None:
    file = tmp_path / "ops.duckdb"
    file.write_bytes(b"not a database" * 1000)
    with pytest.raises(AppError) as refusal:
        Store.open(tmp_path)
    assert refusal.value.reason is Reason.DATABASE_CORRUPT
    assert file.read_bytes() == b"not a database" * 1000


def test_only_its_owner_may_read_the_database(store: Store) -> None:
    mode = (store.data / "ops.duckdb").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600
    assert stat.S_IMODE(store.data.stat().st_mode) & 0o077 == 0


def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    store.write(lambda t: t.run("INSERT INTO ops.schema_version VALUES (9999, ?)", [t.now]))
    store.close()
    with pytest.raises(AppError) as refusal:
        Store.open(tmp_path)
    assert refusal.value.reason is Reason.DATABASE_NEWER


@pytest.mark.slow
@pytest.mark.parametrize(("step", "reason"), [(-1, Reason.REF_OLDER), (1, Reason.DATABASE_NEWER)])
def test_a_ref_of_another_format_is_refused(tmp_path: Path, step: int, reason: Reason) -> None:
    store = Store.open(tmp_path)
    small_ref.publish(store, Vault(bytes(64)))
    file = store.ref_path
    store.close()
    assert file
    with duckdb.connect(str(file)) as ref:
        ref.execute("UPDATE meta SET format = format + ?", [step])
    before = file.read_bytes()
    with pytest.raises(AppError) as refusal:
        Store.open(tmp_path)
    assert refusal.value.reason is reason
    assert file.read_bytes() == before


def test_a_database_that_lost_its_tail_is_refused(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    store.write(start)
    store.close()
    kept = (tmp_path / "ops.duckdb").read_bytes()
    store = Store.open(tmp_path)
    store.write(start)
    store.close()
    (tmp_path / "ops.duckdb").write_bytes(kept)
    with pytest.raises(AppError) as refusal:
        Store.open(tmp_path)
    assert refusal.value.reason is Reason.DATABASE_BEHIND


def test_a_deleted_database_is_refused_while_its_head_remains(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    store.write(start)
    store.close()
    (tmp_path / "ops.duckdb").unlink()
    with pytest.raises(AppError) as refusal:
        Store.open(tmp_path)
    assert refusal.value.reason is Reason.DATABASE_BEHIND


def test_what_is_committed_is_no_failure_though_its_head_is_not_noted(store: Store) -> None:
    heads = store.data / "audit.head"
    heads.mkdir()
    assert store.write(start) == 1
    heads.rmdir()
    assert store.write(start) == 2
    assert HeadFile(heads).last().seq == 2


def test_a_closed_store_refuses_to_write(store: Store) -> None:
    store.close()
    with pytest.raises(AppError) as refusal:
        store.write(start)
    assert refusal.value.reason is Reason.STORAGE_FAILED


def test_the_engine_reads_nothing_outside_its_folder(store: Store) -> None:
    with pytest.raises(AppError):
        store.rows("SELECT * FROM read_text('/etc/passwd')")
    with pytest.raises(AppError):
        store.rows("SET enable_external_access = true")


@pytest.mark.slow
def test_switching_ref_under_readers_loses_no_answer(desk: Desk) -> None:
    from tests import small_ref

    stop, wrong = threading.Event(), []

    def reader() -> None:
        while not stop.is_set():
            try:
                if desk.store.rows("SELECT count(*) FROM system") != [(6,)]:
                    wrong.append("rows")
            except AppError as error:
                wrong.append(str(error.__cause__))

    threads = [threading.Thread(target=reader) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(5):
        small_ref.publish(desk.store, desk.vault())
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []
