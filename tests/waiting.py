"""Waiting for a state: the only place in the tests that lets time pass."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(condition: Callable[[], T], deadline_s: float = 30.0) -> T:
    """The condition's value once it is true. Fails when the deadline passes first."""
    give_up = time.monotonic() + deadline_s
    while not (value := condition()):
        assert time.monotonic() < give_up, "the state waited for never came"
        threading.Event().wait(0.02)
    return value
