"""How many examples a property is tried with, and how many cases of one kind."""

from collections.abc import Iterable
from typing import Any

import pytest
from _pytest.mark import ParameterSet
from hypothesis import settings

QUICK = 20  # of those that say nothing, in `make test-fast`; Hypothesis's own 100 in `make test`


def rounds(examples: int) -> int:
    """`examples` in `make test`, a quarter of them in `make test-fast`."""
    quick = settings.get_current_profile_name() == "quick"
    return max(examples // 4, 3) if quick else examples


def spread(cases: Iterable[Any], quick: int) -> list[ParameterSet]:
    """Cases of one kind, for `parametrize`: all in `make test`, `quick` of them from first to last
    in `make test-fast`."""
    every = [case if isinstance(case, tuple) else (case,) for case in cases]
    step = max(len(every) // quick, 1)
    slow = pytest.mark.slow
    return [pytest.param(*case, marks=slow if n % step else ()) for n, case in enumerate(every)]
