"""A long act's progress on stderr."""

import sys
import time

from lib.model.load import Stage
from lib.ui import messages

_QUIET_S = 5.0  # without a terminal a short act says nothing on the way


class Progress:
    """A line on stderr: rewritten on a terminal, else one each tenth of a long act."""

    def __init__(self) -> None:
        self._started: float | None = None  # of what is told, whatever opening the desk took
        self._live = sys.stderr.isatty()
        self._tenth = 0

    def __call__(self, stage: Stage, fraction: float) -> None:
        self.show(messages.STAGE_NAMES[stage], fraction)

    def show(self, doing: str, fraction: float) -> None:
        line = f"{fraction:4.0%}  {doing}"
        if self._started is None:
            self._started = time.monotonic()
        if self._live:
            print(f"\r{line:<60}", end="", file=sys.stderr, flush=True)
        elif time.monotonic() - self._started > _QUIET_S and int(fraction * 10) > self._tenth:
            self._tenth = int(fraction * 10)
            print(line, file=sys.stderr, flush=True)

    def end(self) -> None:
        if self._live:
            print(f"\r{'':<60}\r", end="", file=sys.stderr, flush=True)
