"""A row passes by the bytes it was written with, and by no others, whatever its texts hold."""

import pytest

from lib.model.action import Action, Entry
from lib.model.actor import SYSTEM
from lib.store.database import Store
from lib.store.log import rehash
from tests.tampering import rows

ESCAPED = ['"', "\\", 'a"b\\"c', "\n", "\x1f", "\x7f", "\u2028", "Ñandú 👍", '","subject":"x']


def log(store: Store, ticket: str, subject: str = "") -> None:
    entry = Entry(Action.APP_STARTED, ticket=ticket, subject=subject, detail={"said": ticket})
    store.write(lambda t: t.log(SYSTEM, entry))


def whole(store: Store) -> list[bool]:
    stretches = list(rehash.stretches(store, 1, len(rows(store))))
    assert all(stretch.committed.all() for stretch in stretches)
    return [bool(each) for stretch in stretches for each in stretch.whole]


def alter(store: Store, column: str, to: str | None) -> None:
    store.rows(f"ALTER TABLE ops.audit ALTER {column} DROP NOT NULL")
    store.rows(f"UPDATE ops.audit SET {column} = ? WHERE seq = 1", [to])


@pytest.mark.parametrize("text", [text for text in ESCAPED if text not in ("\n", "\x1f")])
def test_what_json_escapes(store: Store, text: str) -> None:
    log(store, text)
    assert whole(store) == [True]


def test_a_control_character_is_left_to_python(store: Store) -> None:
    """The engine writes it in capitals; the diagnosis hashes such a row again."""
    log(store, "\x1f")
    assert whole(store) == [False]


def test_the_escaped_text_is_not_the_text(store: Store) -> None:
    """Put together unescaped, both give the same bytes."""
    log(store, 'x","subject":"y')
    assert whole(store) == [True]
    alter(store, "ticket", 'x\\",\\"subject\\":\\"y')
    assert whole(store) == [False]


def test_a_quote_that_moves_a_border(store: Store) -> None:
    """The next value's name within this one: as if it were two."""
    log(store, "T-1", subject="S")
    alter(store, "subject", 'S","ticket":"T-1')
    assert whole(store) == [False]


@pytest.mark.parametrize("column", ["ticket", "subject", "hash"])
@pytest.mark.parametrize("text", ["", "\\"])
def test_nothing_is_not_an_empty_text(store: Store, column: str, text: str) -> None:
    log(store, text)
    alter(store, column, None)
    assert whole(store) == [False]


def test_rows_put_in_late_are_read_in_their_place(store: Store) -> None:
    for ticket in ("a", "b", "c"):
        log(store, ticket)
    first = rows(store)[0]
    store.rows("DELETE FROM ops.audit WHERE seq = 1")
    marks = ", ".join("?" * len(first))
    names, values = ", ".join(first), list(first.values())
    store.rows(f"INSERT INTO ops.audit ({names}) VALUES ({marks})", values)
    (stretch,) = rehash.stretches(store, 1, 3)
    assert stretch.table["seq"].to_pylist() == [1, 2, 3]
    assert stretch.whole.all()
    assert stretch.committed.all()


def test_each_row_has_its_own_detail(store: Store) -> None:
    for ticket in ("a", "b", "c"):
        log(store, ticket)
    store.rows("DELETE FROM ops.audit_detail WHERE seq = 2")
    (stretch,) = rehash.stretches(store, 1, 3)
    assert stretch.table["detailed"].to_pylist() == [True, False, True]
    assert stretch.committed.tolist() == [True, False, True]


def test_an_empty_log_has_an_empty_stretch(store: Store) -> None:
    assert [each.table.num_rows for each in rehash.stretches(store, 1, 5)] == [0]
    assert not list(rehash.stretches(store, 1, 0))
