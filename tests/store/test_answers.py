"""Kept answers: never older than what they were read from, never too many."""

import pytest

from lib.services.desk import Desk
from lib.store.answers import Answers
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


def test_a_long_list_is_known_by_its_values(desk: Desk) -> None:
    """Told apart, though only their hash is kept."""
    question = "SELECT sum(n) FROM (SELECT unnest(?) AS n)"
    some, others = tuple(range(10_000_000, 10_002_000)), tuple(range(10_000_001, 10_002_001))
    for wanted in (some, others, some):
        assert desk.store.remembered(question, [wanted], reads_ops=False) == [(sum(wanted),)]


def test_a_commit_forgets_what_was_read_of_ops(desk: Desk) -> None:
    question = "SELECT count(*) FROM ops.throttle"
    assert desk.store.remembered(question, reads_ops=True) == [(0,)]
    desk.store.write(lambda t: t.run("INSERT INTO ops.throttle VALUES ('a', 1, ?, NULL)", [t.now]))
    assert desk.store.remembered(question, reads_ops=True) == [(1,)]


def test_what_reads_only_corrections_is_forgotten_only_by_one(desk: Desk) -> None:
    """Most commits are of others: sessions, mails, the log."""
    question = "SELECT count(*) FROM ops.correction"
    both = f"{question}, ops.throttle"
    for asked in (question, both):
        assert desk.store.remembered(asked, reads_ops=True) == [(0,)]
    insert = "INSERT INTO ops.throttle VALUES ('b', 1, ?, NULL)"
    before = desk.store.corrections
    desk.store.write(lambda t: t.run(insert, [t.now]))
    desk.store.write(lambda t: t.rows(question))
    assert desk.store.corrections == before
    correct = (
        "INSERT INTO ops.correction (account_no, name, search, version, corrected_at, corrected_by)"
        " VALUES ('1', 'Ana', '', 1, ?, 'agente')"
    )
    desk.store.write(lambda t: t.run(correct, [t.now]))
    assert desk.store.remembered(question, reads_ops=True) == [(1,)]
    assert desk.store.remembered(both, reads_ops=True) == [(1,)]


def test_a_switch_forgets_what_was_read_of_the_ref(desk: Desk) -> None:
    question = "SELECT count(*) FROM system WHERE product = ?"
    assert desk.store.remembered(question, ["SAE"], reads_ops=False) == [(2,)]
    small_ref.SYSTEMS.append(("S9", "subscription", "00000001", "SAE", "9.0", 1, None, None))
    try:
        small_ref.publish(desk.store, desk.vault())
    finally:
        small_ref.SYSTEMS.pop()
    assert desk.store.remembered(question, ["SAE"], reads_ops=False) == [(3,)]
