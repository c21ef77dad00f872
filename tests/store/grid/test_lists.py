"""Lists for filters, rows behind what is ticked, all rows behind a view: against plain Python."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lib.model import clock
from lib.model.selection import Selection
from lib.model.text import fold
from lib.model.view import Layout, View
from lib.store.grid import engine, facet, selected
from lib.store.grid.plan import plan
from lib.store.grid.sources import SUBSCRIPTIONS
from tests.store.grid import brute
from tests.store.grid.conftest import Wide
from tests.store.grid.some_views import SORTABLE, paths, views

SOME = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
LISTED = [c.id for c in SUBSCRIPTIONS.columns if c.groupable]


@pytest.fixture(autouse=True)
def _on_a_known_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: brute.TODAY)


@pytest.mark.slow
@SOME
@given(data=st.data())
def test_a_filters_list_equals_brute_force(wide: Wide, data: st.DataObject) -> None:
    view = data.draw(views(wide.subscriptions))
    column = data.draw(st.sampled_from(LISTED))
    typed = data.draw(st.sampled_from(["", "a", "ZÚÑ", "10", "/2024", "<b>", "%"]))
    listed = engine.facet(wide.store, SUBSCRIPTIONS, view, column, typed)
    counted = brute.counted(wide.subscriptions, view, column)
    wanted = {v: n for v, n in counted.items() if fold(typed) in fold(written(v))}
    assert dict(listed.values) == wanted
    assert not listed.more
    counts = [n for _, n in listed.values]
    assert counts == sorted(counts, reverse=True)


def written(value: Any) -> str:
    """A value as people read it."""
    text = "" if value is None else str(value)
    parts = text.split("-")
    return "/".join(reversed(parts)) if len(parts) == 3 and text[0] == "2" else text


def test_a_long_list_says_that_there_are_others(
    wide: Wide, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facet, "MOST", 2)
    listed = engine.facet(wide.store, SUBSCRIPTIONS, View(), "product")
    assert (len(listed.values), listed.more) == (2, True)


def test_a_label_is_found_by_what_is_typed(wide: Wide) -> None:
    labelled = SUBSCRIPTIONS.labelled({"product": {"SAE": "Administración", "COI": "Contabilidad"}})
    listed = engine.facet(wide.store, labelled, View(), "product", "ADMINISTRACION")
    assert [code for code, _ in listed.values] == ["SAE"]
    assert engine.facet(wide.store, labelled, View(), "product", "nada") == facet.Facet()


@pytest.mark.parametrize("column", ["serial", "nada", "t.seats; --", ""])
def test_no_list_of_what_is_unknown_or_unique(wide: Wide, column: str) -> None:
    assert engine.facet(wide.store, SUBSCRIPTIONS, View(), column) == facet.Facet()


@st.composite
def selections(draw: st.DrawFn, rows: list[dict[str, Any]], view: View) -> Selection:
    some = st.lists(st.sampled_from(rows), max_size=5)
    inside = [path for row in draw(some) for path in paths(row, view.group)]
    return Selection(
        ids=tuple(dict.fromkeys(row["serial"] for row in draw(some))),
        paths=tuple(draw(st.lists(st.sampled_from(inside), unique=True))) if inside else (),
    )


@pytest.mark.slow
@SOME
@given(data=st.data())
def test_what_is_ticked_equals_brute_force(wide: Wide, data: st.DataObject) -> None:
    view = data.draw(views(wide.subscriptions))
    selection = data.draw(selections(wide.subscriptions, view))
    most = data.draw(st.sampled_from([1, 5, 1000]))
    found = engine.selected(wide.store, SUBSCRIPTIONS, view, selection, most)
    whole = brute.ticked(wide.subscriptions, view, selection)
    assert [row["id"] for row in found.rows] == whole[:most]
    assert (found.total, found.gone) == (len(whole), 0)
    by_serial = {row["serial"]: row for row in wide.subscriptions}
    for row in found.rows:
        assert row["account_no"] == by_serial[row["id"]]["account_no"]
        assert {c: row[c] for c in SORTABLE} == {c: by_serial[row["id"]][c] for c in SORTABLE}


def test_what_is_ticked_and_gone_is_counted(wide: Wide) -> None:
    """Neither a row that vanished nor one of another list comes out."""
    own = wide.subscriptions[0]["serial"]
    licence = next(row["serial"] for row in wide.systems if row["kind"] == "licence")
    selection = Selection(ids=(own, licence, "no hay tal"), paths=((True,), ("x", "y", "z")))
    found = engine.selected(wide.store, SUBSCRIPTIONS, View(group=("product",)), selection, 10)
    assert ([row["id"] for row in found.rows], found.total, found.gone) == ([own], 1, 2)


def test_nothing_ticked_is_nothing(wide: Wide) -> None:
    found = engine.selected(wide.store, SUBSCRIPTIONS, View(), Selection(), 10)
    assert (found.rows, found.total, found.gone) == ((), 0, 0)


@pytest.mark.slow
@SOME
@given(data=st.data())
def test_all_rows_equal_brute_force(wide: Wide, data: st.DataObject) -> None:
    view = data.draw(views(wide.subscriptions))
    ticked = data.draw(st.none() | selections(wide.subscriptions, view))
    batches = list(engine.stream(wide.store, SUBSCRIPTIONS, view, ticked, batch=64))
    if ticked is None:
        serials = brute.in_order(wide.subscriptions, view)
    else:
        serials = brute.ticked(wide.subscriptions, view, ticked)
    by_serial = {row["serial"]: row for row in wide.subscriptions}
    shown = view.layout.columns or SORTABLE
    assert [row for batch in batches for row in batch] == [
        tuple(by_serial[serial][column] for column in shown) for serial in serials
    ]
    assert all(0 < len(batch) <= 64 for batch in batches)


@pytest.mark.parametrize(
    "filters", [{}, {"product": "SAE|NOI|COI|CAJA|BANCO|PROD"}, {"seats": ">=10"}]
)
def test_a_plain_list_is_streamed_without_a_sort(wide: Wide, filters: dict[str, str]) -> None:
    """It would hold every row; and the desk's corrections are over them all the same."""
    view = View(filters=filters, layout=Layout(columns=("serial", "account_name")))
    assert selected._lies_in_order(plan(wide.store, SUBSCRIPTIONS, view))
    batches = list(engine.stream(wide.store, SUBSCRIPTIONS, view, batch=64))
    by_serial = {row["serial"]: row for row in wide.subscriptions}
    serials = brute.in_order(wide.subscriptions, view)
    assert [row for batch in batches for row in batch] == [
        (serial, by_serial[serial]["account_name"]) for serial in serials
    ]


def test_unknown_columns_are_not_streamed(wide: Wide) -> None:
    layout = Layout(columns=("nada", "serial", "t.search"))
    (batch,) = engine.stream(wide.store, SUBSCRIPTIONS, View(layout=layout))
    assert {len(row) for row in batch} == {1}


def test_a_stream_let_go_in_the_middle_lets_the_store_go(wide: Wide) -> None:
    rows = engine.stream(wide.store, SUBSCRIPTIONS, View(), batch=1)
    assert len(next(rows)) == 1
    rows.close()  # type: ignore[attr-defined]
    assert wide.store.rows("SELECT 1") == [(1,)]
