"""A view that is old, hand-edited or hostile opens as near as it can, and says what it left out."""

from typing import Any

import pytest

from lib.model.left_out import LeftOut, What
from lib.model.view import Layout, View
from lib.store.grid import engine, whole
from lib.store.grid.sources import SUBSCRIPTIONS
from lib.store.grid.tree import Group
from tests.store.grid.conftest import Wide

DEEP = ("product", "version", "seats", "period", "status", "activated_on:year", "account_no")


def opened(wide: Wide, **view: Any) -> engine.Window:
    return engine.window(wide.store, SUBSCRIPTIONS, View(**view))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("view", "left_out"),
    [
        ({"filters": {"nada": "1"}}, [LeftOut(What.COLUMN, "nada")]),
        ({"filters": {"seats": "mil"}}, [LeftOut(What.FILTER, "seats")]),
        ({"sort": (("t.search; --", True),)}, [LeftOut(What.COLUMN, "t.search; --")]),
        ({"group": ("nada:month",)}, [LeftOut(What.COLUMN, "nada:month")]),
        ({"group": ("serial",)}, [LeftOut(What.GROUP, "serial")]),
        ({"group": ("product:month",)}, [LeftOut(What.GROUP, "product:month")]),
        ({"group": ("activated_on:due",)}, [LeftOut(What.GROUP, "activated_on:due")]),
        ({"group": ("activated_on:",)}, [LeftOut(What.GROUP, "activated_on:")]),
        ({"layout": Layout(columns=("nada", "serial"))}, [LeftOut(What.COLUMN, "nada")]),
        ({"layout": Layout(widths={"nada": 9.0})}, [LeftOut(What.COLUMN, "nada")]),
        ({"group": ("seats",), "expanded": (("dos",),)}, [LeftOut(What.OPENED)]),
        ({"group": ("product",), "collapsed": (("SAE", "x"),)}, [LeftOut(What.OPENED)]),
        ({"group": ("activated_on:month",), "expanded": (("2026-13",),)}, [LeftOut(What.OPENED)]),
        ({"group": ("activated_on:year",), "expanded": (("2026",),)}, [LeftOut(What.OPENED)]),
        ({"group": ("next_payment_on:due",), "expanded": ((None,),)}, [LeftOut(What.OPENED)]),
        ({"group": DEEP}, [LeftOut(What.DEPTH, name) for name in DEEP[5:]]),
        ({"offset": 50 * 1_000_000}, [LeftOut(What.PAGE)]),
        ({"filters": {"x": "1"}, "sort": (("x", False),)}, [LeftOut(What.COLUMN, "x")]),
    ],
)
def test_what_is_left_out_is_said(
    wide: Wide, view: dict[str, Any], left_out: list[LeftOut]
) -> None:
    window = opened(wide, **view)
    assert list(window.left_out) == left_out
    assert window.rows
    assert window.records == len(wide.subscriptions)


def test_a_good_view_leaves_nothing_out(wide: Wide) -> None:
    window = opened(
        wide,
        group=("next_payment_on:year", "next_payment_on:month", "next_payment_on:due"),
        expanded=((2026,), (2026, "2026-07"), (None, None, "none")),
        filters={"seats": "=", "version": "10"},
        layout=Layout(columns=("serial",), widths={"serial": 9.0}, frozen=1),
    )
    assert window.left_out == ()


def test_the_rest_of_the_view_stands(wide: Wide) -> None:
    layout = Layout(columns=("nada", "serial", "seats"), widths={"serial": 9.0, "x": 8.0}, frozen=9)
    group = ("nada", "product", "product:year")
    view = opened(wide, layout=layout, group=group, expanded=(("SAE",), (7, 8))).view
    assert view.layout == Layout(("serial", "seats"), {"serial": 9.0}, frozen=2)
    assert (view.group, view.expanded) == (("product",), (("SAE",),))
    only_unknown = opened(wide, layout=Layout(columns=("nada",), frozen=3)).view
    assert only_unknown.layout == Layout(frozen=3)


def test_too_many_groups_stay_closed(wide: Wide, monkeypatch: pytest.MonkeyPatch) -> None:
    groups = {"group": ("product", "version"), "unfolded": True}
    assert opened(wide, **groups).left_out == ()
    monkeypatch.setattr(whole, "MOST", 5)
    window = opened(wide, **groups, expanded=(("SAE",),))
    assert window.left_out == (LeftOut(What.UNFOLDED),)
    assert not window.view.unfolded
    tops = [row for row in window.rows if isinstance(row, Group) and row.level == 0]
    assert [(top.path, top.open) for top in tops] == [
        (("COI",), False),
        (("NOI",), False),
        (("SAE",), True),
    ]


def test_nothing_found_unfolds_to_nothing(wide: Wide) -> None:
    window = opened(wide, q="no hay tal", group=("product",), unfolded=True)
    assert (window.rows, window.total, window.seats, window.left_out) == ((), 0, 0, ())
    assert window.view.unfolded


def test_a_page_of_many_small_groups_asks_as_little_as_a_page_of_one(
    wide: Wide, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    rows = wide.store.rows
    monkeypatch.setattr(
        wide.store, "rows", lambda sql, params=(): asked.append(sql) or rows(sql, params)
    )
    window = opened(wide, q="0", group=("account_no", "version"), unfolded=True, limit=50)
    groups = sum(isinstance(row, Group) for row in window.rows)
    assert len(asked) < 15 < groups
