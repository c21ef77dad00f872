"""Batches made in another thread come as if made in this one."""

import threading
from collections.abc import Iterator

import pytest

from lib.store.pack.ahead import ahead


def _counting(last: int, then: BaseException | None = None) -> Iterator[int]:
    yield from range(last)
    if then:
        raise then


def test_all_of_them_in_order() -> None:
    with ahead(_counting(50)) as made:
        assert list(made) == list(range(50))


def test_a_fault_comes_in_its_place() -> None:
    seen: list[int] = []
    with pytest.raises(ValueError, match="spoilt"):
        _take(seen, 10, _counting(5, ValueError("spoilt")))
    assert seen == [0, 1, 2, 3, 4]


def test_who_leaves_early_ends_the_making() -> None:
    before, seen = threading.active_count(), list[int]()
    _take(seen, 1, _counting(10**9))
    assert seen == [0]
    assert threading.active_count() == before


def _take(seen: list[int], most: int, items: Iterator[int]) -> None:
    with ahead(items) as made:
        seen.extend(item for item, _ in zip(made, range(most), strict=False))
