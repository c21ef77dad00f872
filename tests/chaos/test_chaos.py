"""`make chaos` in short: a few kills in each run of the suite."""

import pytest

from tests.chaos.run import run
from tests.mail import real_servers

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(real_servers.missing()), reason=real_servers.missing()),
]


def test_nothing_is_lost_nor_doubled_by_kills() -> None:
    told: list[str] = []
    chaos = run(resends=24, kills=3, seed=4, told=told.append)
    assert chaos.reckoning.wrong == []
    assert (chaos.reckoning.lost, chaos.reckoning.doubled) == ([], [])
    assert (chaos.asked, len(chaos.kills)) == (24, 3)
