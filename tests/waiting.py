"""The one way tests wait: for a state, with a deadline."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(state: Callable[[], T], seconds: float = 20.0, what: str = "the expected state") -> T:
    """Poll `state` until it is true, and return it; fail after `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        value = state()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} didn't come in {seconds} s; last: {value!r}")
        time.sleep(0.02)
