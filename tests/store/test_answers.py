"""Kept answers: never older than what they were read from, never too many."""

from contextlib import suppress

import pytest

from lib.model.action import Action, Entry
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.services.desk import Desk
from lib.store.answers import Answers
from lib.store.database import Transaction
from tests import small_ref


def test_an_answer_is_read_once() -> None:
    kept, asked = Answers[list[tuple[int]]](9, 9, len), []

    def read() -> list[tuple[int]]:
        asked.append(1)
        return [(len(asked),)]

    assert kept.get("a", read) == kept.get("a", read) == [(1,)]
    assert kept.get("b", read) == [(2,)]


@pytest.mark.parametrize(("most", "most_rows"), [(9, 4), (2, 9)])
def test_the_least_recently_used_go_first(most: int, most_rows: int) -> None:
    kept = Answers[list[tuple[int, ...]]](most, most_rows, len)
    for key in ("a", "b", "a", "c"):
        kept.get(key, lambda: [(0,), (0,)])
    assert kept.get("a", list) == [(0,), (0,)]
    assert kept.get("b", list) == []


@pytest.mark.slow
def test_a_long_list_is_known_by_its_values(desk: Desk) -> None:
    """Told apart, though only their hash is kept."""
    question = "SELECT sum(n) FROM (SELECT unnest(?) AS n)"
    some, others = tuple(range(10_000_000, 10_002_000)), tuple(range(10_000_001, 10_002_001))
    for wanted in (some, others, some):
        assert desk.store.remembered(question, [wanted]) == [(sum(wanted),)]


THROTTLES, CORRECTIONS = "SELECT count(*) FROM ops.throttle", "SELECT count(*) FROM ops.correction"
THROTTLE = "INSERT INTO ops.throttle VALUES (?, 1, TIMESTAMP '2026-01-01', NULL)"
CORRECT = (
    "INSERT INTO ops.correction (account_no, name, search, version, corrected_at, corrected_by)"
    " VALUES ('00000001', 'Ana', '', 1, TIMESTAMP '2026-01-01', 'agente')"
)


@pytest.mark.slow
def test_a_commit_forgets_what_was_read_of_its_tables(desk: Desk) -> None:
    both = f"{THROTTLES}, ops.correction"
    assert [desk.store.remembered(each) for each in (THROTTLES, both)] == [[(0,)], [(0,)]]
    desk.store.write(lambda t: t.run(THROTTLE, ["a"]))
    assert desk.store.remembered(THROTTLES) == [(1,)]
    desk.store.write(lambda t: t.run(CORRECT))
    assert desk.store.remembered(both) == [(1,)]


def test_a_view_forgets_with_the_table_that_it_lays_over(desk: Desk) -> None:
    name = "SELECT name FROM customer WHERE account_no = '00000001'"
    assert desk.store.remembered(name) != [("Ana",)]
    desk.store.write(lambda t: t.run(CORRECT))
    assert desk.store.remembered(name) == [("Ana",)]


@pytest.mark.parametrize("log", ["ops.audit", "log_row"])
def test_a_row_of_the_log_forgets_what_was_read_of_it(desk: Desk, agent: Actor, log: str) -> None:
    rows = f"SELECT count(*) FROM {log}"
    [(before,)] = desk.store.remembered(rows)
    desk.store.write(lambda t: t.log(agent, Entry(Action.SIGNED_OUT)))
    assert desk.store.remembered(rows) == [(before + 1,)]


def test_other_tables_commits_and_questions_forget_nothing(desk: Desk) -> None:
    """Most commits are of others: sessions, mails, the log."""
    kept = desk.store.remembered(CORRECTIONS)
    desk.store.write(lambda t: t.run(THROTTLE, ["b"]))
    desk.store.write(lambda t: t.rows(CORRECTIONS))
    assert desk.store.remembered(CORRECTIONS) is kept


def test_a_transaction_remembers_until_it_writes(desk: Desk) -> None:
    def work(transaction: Transaction) -> list[object]:
        before = transaction.remembered(THROTTLES)
        assert transaction.remembered(THROTTLES) is before
        transaction.run(THROTTLE, ["c"])
        return [before, transaction.remembered(THROTTLES)]

    assert desk.store.write(work) == [[(0,)], [(1,)]]
    assert desk.store.remembered(THROTTLES) == [(1,)]


def test_what_was_rolled_back_is_not_remembered(desk: Desk) -> None:
    def work(transaction: Transaction) -> None:
        transaction.run(THROTTLE, ["d"])
        assert transaction.remembered(THROTTLES) == [(1,)]
        raise AppError(Reason.STALE_DIALOG)

    with pytest.raises(AppError):
        desk.store.write(work)
    assert desk.store.remembered(THROTTLES) == [(0,)]


def test_a_switch_forgets_what_was_read_of_the_ref(desk: Desk) -> None:
    question = "SELECT count(*) FROM system WHERE product = ?"
    assert desk.store.remembered(question, ["SAE"]) == [(2,)]
    small_ref.SYSTEMS.append(("S9", "subscription", "00000001", "SAE", "9.0", 1, None, None))
    try:
        small_ref.publish(desk.store, desk.vault())
    finally:
        small_ref.SYSTEMS.pop()
    assert desk.store.remembered(question, ["SAE"]) == [(3,)]


def test_a_fault_while_remembering_ends_the_transaction(desk: Desk) -> None:
    """Whoever takes it for a refusal and goes on stores nothing."""

    def work(transaction: Transaction) -> None:
        transaction.run(THROTTLE, ["e"])
        with suppress(AppError):
            transaction.remembered("SELECT * FROM no_such_table")

    with pytest.raises(AppError) as fault:
        desk.store.write(work)
    assert fault.value.reason is Reason.STORAGE_FAILED
    assert desk.store.rows(THROTTLES) == [(0,)]
