"""How long the mail worker waits, and for what."""

import random
from collections.abc import Callable
from dataclasses import dataclass

_WAITS_S = (15, 60, 300, 900, 3600)  # after the first, second… attempt; the last one repeats
_PROBES_S = (2, 5, 15, 30, 60)  # a server that is down is knocked at, with one mail


def backoff(attempts: int) -> float:
    """Seconds to a mail's next attempt, with jitter so that a queue doesn't come back at once."""
    return _jittered(_WAITS_S, attempts)


def probing(failures: int) -> float:
    """Seconds until a server that was down `failures` times in a row is tried again."""
    return _jittered(_PROBES_S, failures)


def _jittered(waits_s: tuple[int, ...], count: int) -> float:
    return waits_s[min(count, len(waits_s)) - 1] * random.uniform(0.8, 1.2)  # noqa: S311


@dataclass(frozen=True)
class Pace:
    """How long the worker waits, in seconds. `correction_s`: until somebody may have corrected a
    setting; `fault_s`: after an error of storage or of our own.
    """

    backoff: Callable[[int], float] = backoff
    probing: Callable[[int], float] = probing
    correction_s: float = 300.0
    fault_s: float = 2.0
