"""What a browser says is ticked."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.model.selection import MAX_IDS, Selection

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=10,
)


def test_it_reads_what_it_writes() -> None:
    ticked = Selection(ids=("S1", "S2"), paths=(("SAE", None), ("COI", 2)))
    assert Selection.parse(ticked.to_json()) == ticked


@pytest.mark.parametrize(
    ("raw", "understood"),
    [
        (None, Selection()),
        ({"ids": "S1", "paths": 3}, Selection()),
        ({"ids": ["S1", 7, "", None, "S1", "a\x00b"]}, Selection(ids=("S1", "ab"))),
        ({"paths": [[], ["SAE"], [True], [1.5], ["SAE"]]}, Selection(paths=(("SAE",),))),
    ],
)
def test_what_is_not_understood_is_dropped(raw: Any, understood: Selection) -> None:
    assert Selection.parse(raw) == understood
    assert bool(understood) == bool(understood.ids or understood.paths)


def test_it_is_capped() -> None:
    many = [str(i) for i in range(MAX_IDS + 5)]
    assert Selection.parse({"ids": many}).ids == tuple(many[:MAX_IDS])


@given(ANYTHING, ANYTHING)
def test_nothing_raises(ids: Any, paths: Any) -> None:
    Selection.parse({"ids": ids, "paths": paths})
    Selection.parse(ids)
