"""A verification that nobody asked for leaves the machine to others for half of the time."""

from collections.abc import Iterator

import pytest

from lib.services.desk import Desk
from lib.services.log import nightly


class Stopping:
    """An event that is never set, and keeps how long it was waited for."""

    def __init__(self) -> None:
        self.waited: list[float] = []

    def wait(self, seconds: float) -> bool:
        self.waited.append(seconds)
        return False


def test_it_rests_for_as_long_as_it_worked(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    thread, stopping = nightly.Nightly(desk), Stopping()
    monkeypatch.setattr(thread, "_stopping", stopping)
    instants: Iterator[float] = iter([10.0, 10.25, 10.5, 20.0, 20.5])
    monkeypatch.setattr(nightly.time, "monotonic", lambda: next(instants))
    thread._worked_from = nightly.time.monotonic()
    thread._going_on(0.1)  # worked from 10 to 10.25, and rested until 10.5
    thread._going_on(0.2)  # to 20: a stretch that took long
    assert stopping.waited == [0.25, 0.5]
