"""A view survives whatever a browser or a URL brings."""

import base64
import json
import random
import string
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.model import view as view_module
from lib.model.view import Layout, View

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
NAMES = st.sampled_from(["product", "version", "seats", "no existe", "1; DROP TABLE staff"])
RAW = st.fixed_dictionaries(
    {},
    optional={
        "q": st.text() | ANYTHING,
        "filters": st.dictionaries(NAMES, st.text(), max_size=4) | ANYTHING,
        "sort": st.lists(st.tuples(NAMES, st.booleans())) | ANYTHING,
        "group": st.lists(NAMES) | ANYTHING,
        "expanded": st.lists(st.lists(st.text() | st.integers() | st.none())) | ANYTHING,
        "unfolded": st.booleans() | ANYTHING,
        "collapsed": st.lists(st.lists(st.text() | st.integers() | st.none())) | ANYTHING,
        "layout": st.fixed_dictionaries(
            {},
            optional={
                "columns": st.lists(NAMES) | ANYTHING,
                "widths": st.dictionaries(NAMES, st.floats() | st.integers() | ANYTHING),
                "frozen": st.integers() | ANYTHING,
                "dense": st.booleans() | ANYTHING,
            },
        )
        | ANYTHING,
        "offset": st.integers() | ANYTHING,
        "limit": st.integers() | ANYTHING,
        "seq": st.integers() | ANYTHING,
    },
)
FULL = View(
    q="zúñiga 442",
    filters={"seats": ">=5", "account_name": "niño"},
    sort=(("version", True), ("serial", False)),
    group=("product", "activated_on"),
    expanded=(("SAE",), ("SAE", "2024-02-29"), ("COI", None), (7,)),
    unfolded=True,
    collapsed=(("NOI",),),
    layout=Layout(("serial", "product"), {"serial": 9.5}, frozen=1, dense=True),
    offset=150,
    limit=25,
    seq=12,
)


@given(RAW | ANYTHING)
def test_nothing_raises_and_what_is_read_reads_the_same(raw: Any) -> None:
    view = View.parse(raw)
    assert View.parse(view.to_json()) == view
    assert View.parse(json.loads(json.dumps(view.to_json()))) == view


@given(RAW)
def test_a_view_travels_in_a_url(raw: Any) -> None:
    view = View.parse(raw)
    assert View.from_query(view.to_query()) == View.parse({**view.to_json(), "seq": 0})


@pytest.mark.parametrize("text", ["A", "no-es-una-vista", "A" * 8_001, None, 7])
def test_what_was_damaged_on_its_way_is_told_from_what_says_nothing(text: object) -> None:
    assert View.from_query(text) is None
    assert View.from_query(View(q="x").to_query()[:-4]) is None
    assert View.from_query("") == View()


def test_a_url_says_everything_but_the_request() -> None:
    text = FULL.to_query()
    assert View.from_query(text) == View(**{**vars(FULL), "seq": 0})
    assert len(text) < 380
    assert set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def test_a_view_too_long_for_a_url_goes_without_its_opened_groups() -> None:
    some = random.Random(3)
    names = ["".join(some.choices(string.ascii_letters, k=60)) for _ in range(200)]
    view = View(q="ana", group=("account_name",), expanded=tuple((name,) for name in names))
    assert View.from_query(view.to_query()) == View(q="ana", group=("account_name",))


def test_the_default_view_needs_no_url() -> None:
    assert View(seq=9).to_query() == ""
    assert View.from_query("") == View()


@given(st.text() | st.binary() | st.none() | st.integers())
def test_no_url_raises(text: Any) -> None:
    assert isinstance(View.from_query(text), View | None)


def packed(text: str) -> str:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return base64.urlsafe_b64encode(packer.compress(text.encode()) + packer.flush()).decode()


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000 + "]" * 100_000,
        '{"q":"' + "a" * 10_000_000 + '"}',
        '{"q":"' + "a" * 10_000_000,
        "NaN",
        "",
        "{}{}",
    ],
)
def test_a_url_that_unfolds_without_end(text: str) -> None:
    assert View.from_query(packed(text)) is None


def test_a_url_cut_short_or_altered() -> None:
    text = FULL.to_query()
    for at in range(len(text)):
        View.from_query(text[:at])
        View.from_query(text[:at] + "A" + text[at + 1 :])


def test_sizes_are_capped() -> None:
    view = View.parse(
        {
            "q": "a" * 10_000,
            "filters": {str(i): "x" for i in range(1000)},
            "sort": [[str(i), True] for i in range(1000)],
            "group": [str(i) for i in range(1000)],
            "expanded": [[i] for i in range(10_000)],
            "offset": 10**30,
            "limit": 10**30,
            "seq": 10**30,
        }
    )
    assert len(view.q) == view_module.MAX_TEXT
    assert len(view.filters) == len(view.sort) == len(view.group) == view_module.MAX_COLUMNS
    assert len(view.expanded) == view_module.MAX_EXPANDED
    assert view.expanded[-1] == (9_999,)  # opened last, so it stays open
    assert (view.offset, view.limit) == (view_module.MAX_OFFSET, view_module.MAX_LIMIT)
    assert view.seq == view_module.MAX_SEQ


def test_wrong_types_are_dropped_one_by_one() -> None:
    view = View.parse(
        {
            "q": 5,
            "filters": {"seats": ">1", "version": 7, "period": "  "},
            "sort": ["seats", ["version"], ["serial", "sí"], [None, True], 3],
            "group": ["product", None, "product", 4],
            "expanded": [["SAE"], "COI", [True], [1.5], [], [None]],
            "offset": True,
            "limit": "50",
        }
    )
    assert view == View(
        filters={"seats": ">1"},
        sort=(("version", False), ("serial", False)),
        group=("product",),
        expanded=(("SAE",), (None,)),
    )


def test_text_that_storage_cannot_take_is_cleaned() -> None:
    view = View.parse({"q": "a\ud800b\x00c", "expanded": [["\udfff"]]})
    assert view.q == "abc"
    assert view.expanded == (("",),)


def test_a_layout_takes_only_what_a_column_can_be() -> None:
    widths = {"serial": 10**9, "product": 0, "version": True, "seats": "9", "rfc": float("nan")}
    raw = {"columns": ["serial", 7, "serial"], "widths": widths, "frozen": -3, "dense": 1}
    layout = Layout.parse(raw)
    assert layout.columns == ("serial",)
    assert layout.widths == {"serial": view_module.MOST_WIDTH, "product": view_module.LEAST_WIDTH}
    assert (layout.frozen, layout.dense) == (0, False)
