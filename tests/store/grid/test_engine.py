"""The engine against plain Python: every page of every view is the same."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lib.model import clock
from lib.model.view import View
from lib.store.grid import engine, groups, paging, placed, tree
from lib.store.grid.sources import LICENCES, SUBSCRIPTIONS, SYSTEMS
from tests.store.grid import brute, wide_ref
from tests.store.grid.conftest import Wide
from tests.store.grid.some_views import views

MANY = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def shape(row: tree.Group | tree.Record) -> tuple[Any, ...]:
    if isinstance(row, tree.Group):
        return ("group", row.level, row.path, row.count, row.seats, row.open)
    return ("row", row.level, row.id)


@pytest.mark.slow
@MANY
@given(data=st.data())
@pytest.mark.parametrize(("small", "block"), [(2_000, 500), (3, 5), (3, 1)])
def test_every_page_equals_brute_force(
    wide: Wide, monkeypatch: pytest.MonkeyPatch, small: int, block: int, data: st.DataObject
) -> None:
    sizes = {"BLOCK": block, "DEEP": 2 * block, "FULL": 40 * block, "BITS": 2 + block // 5}
    for name, size in sizes.items():
        monkeypatch.setattr(paging, name, size)
    monkeypatch.setattr(placed, "BUCKETS", 4 + small % 8)
    monkeypatch.setattr(placed, "STRETCHES", 1 + small // 2)
    monkeypatch.setattr(groups, "BLOCK", small)
    monkeypatch.setattr(engine, "SOME", small // 2)
    monkeypatch.setattr(clock, "today", lambda: brute.TODAY)
    view = data.draw(views(wide.subscriptions))
    whole = brute.flattened(wide.subscriptions, view)
    pages = -(-len(whole) // view.limit) or 1
    for number in {0, pages - 1, data.draw(st.integers(0, pages - 1)), pages // 2}:
        at = number * view.limit
        window = engine.window(wide.store, SUBSCRIPTIONS, View(**{**vars(view), "offset": at}))
        assert [shape(row) for row in window.rows] == whole[at : at + view.limit]
        assert window.total == len(whole)
        found = brute.selected(wide.subscriptions, view)
        assert (window.records, window.seats) == (len(found), brute.seats(found))
        assert window.left_out == ()


@pytest.mark.slow
def test_cells_are_what_the_person_should_read(wide: Wide) -> None:
    window = engine.window(wide.store, SUBSCRIPTIONS, View(limit=200))
    rows = {row["serial"]: row for row in wide.subscriptions}
    for record in window.rows:
        assert isinstance(record, tree.Record)
        row = rows[record.id]
        assert record.cells == tuple(row[column.id] for column in SUBSCRIPTIONS.columns)
        assert record.account_no == row["account_no"]


def test_each_source_shows_its_kind(wide: Wide) -> None:
    licences = engine.window(wide.store, LICENCES, View()).records
    subscriptions = engine.window(wide.store, SUBSCRIPTIONS, View()).records
    assert licences + subscriptions == len(wide.systems)
    assert engine.window(wide.store, SYSTEMS, View()).records == len(wide.systems)
    assert subscriptions == len(wide.subscriptions)


def test_an_account_has_only_its_own(wide: Wide) -> None:
    number = wide.systems[0]["account_no"]
    own = [row["serial"] for row in wide.systems if row["account_no"] == number]
    narrowed = SYSTEMS.narrowed("account_no", number)
    window = engine.window(wide.store, narrowed, View(filters={"account_no": "0"}))
    assert [row.id for row in window.rows if isinstance(row, tree.Record)] == own
    other = next(row["serial"] for row in wide.systems if row["account_no"] != number)
    assert engine.record(wide.store, narrowed, other) is None
    assert engine.record(wide.store, narrowed, own[0]) is not None
    with pytest.raises(KeyError):
        SYSTEMS.narrowed("1=1 OR account_no", number)


def test_an_offset_beyond_the_end_is_the_last_page(wide: Wide) -> None:
    window = engine.window(wide.store, SUBSCRIPTIONS, View(offset=10**9, limit=50))
    count = len(wide.subscriptions)
    assert window.view.offset == (count - 1) // 50 * 50
    assert len(window.rows) == count - window.view.offset


def test_nothing_found_is_an_empty_page(wide: Wide) -> None:
    for group in [(), ("product",)]:
        window = engine.window(wide.store, SUBSCRIPTIONS, View(q="no hay tal", group=group))
        assert (window.rows, window.total, window.records) == ((), 0, 0)


def test_unusable_filters_are_named_and_put_aside(wide: Wide) -> None:
    bad = {"seats": ">=", "activated_on": "30/02/2024", "next_payment_on": "mañana"}
    window = engine.window(wide.store, SUBSCRIPTIONS, View(filters=bad))
    assert [left.name for left in window.left_out] == list(bad)
    assert window.records == len(wide.subscriptions)


def test_what_the_source_does_not_know_is_left_out(wide: Wide) -> None:
    view = View(
        filters={"code": "x", "1=1": "y"},
        sort=(("code", True), ("serial", False)),
        group=("serial", "email"),
        expanded=(("SAE",), (5,), ("2024-02-31",)),
    )
    window = engine.window(wide.store, SUBSCRIPTIONS, view)
    assert window.view == View(sort=(("serial", False),))
    assert window.records == len(wide.subscriptions)


def test_overdue_payments_are_marked(wide: Wide, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lib.model.clock.today", lambda: dt.date(2025, 1, 1))
    window = engine.window(wide.store, SUBSCRIPTIONS, View(limit=200))
    due = {row["serial"]: row["next_payment_on"] for row in wide.systems}
    for record in window.rows:
        assert isinstance(record, tree.Record)
        late = due[record.id] is not None and due[record.id] < dt.date(2025, 1, 1)
        assert record.tones == ({"next_payment_on": "overdue"} if late else {})


def test_choices_are_what_the_source_holds(wide: Wide) -> None:
    choices = engine.window(wide.store, SUBSCRIPTIONS, View(q="nada")).choices
    assert choices == {
        "product": ("COI", "NOI", "SAE"),
        "period": ("Anual", "Mensual"),
        "status": ("Activa", "Vencida"),
    }


def test_a_record_by_its_serial(wide: Wide) -> None:
    row = wide.subscriptions[7]
    found = engine.record(wide.store, SUBSCRIPTIONS, row["serial"])
    assert found == {column.id: row[column.id] for column in SUBSCRIPTIONS.columns}
    assert engine.record(wide.store, SUBSCRIPTIONS, "' OR 1=1 --") is None


def test_what_a_commit_changes_is_seen_at_once(wide: Wide) -> None:
    account = next(a for a in wide.accounts if a.corrected_email is None)
    before = engine.window(wide.store, SYSTEMS, View(q="recien@corregido.mx"))
    assert before.records == 0
    own = sum(row["account_no"] == account.account_no for row in wide.systems)
    changed = wide_ref.Account(
        account.account_no, account.name, "", "", "Nombre Recién Puesto", "recien@corregido.mx"
    )
    wide_ref.correct(wide.store, changed)
    try:
        after = engine.window(wide.store, SYSTEMS, View(q="recien@corregido.mx"))
        assert after.records == own
        by_name = View(filters={"account_name": "recien puesto"}, sort=(("account_name", True),))
        assert engine.window(wide.store, SYSTEMS, by_name).records == own
        name = [c.id for c in SYSTEMS.columns].index("account_name")
        assert {r.cells[name] for r in after.rows if isinstance(r, tree.Record)} <= {
            "Nombre Recién Puesto"
        }
    finally:
        wide.store.write(
            lambda t: t.run("DELETE FROM ops.correction WHERE account_no = ?", [account.account_no])
        )
