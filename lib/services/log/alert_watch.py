"""The desk's thread that reads the log as it grows and raises what managers should look at."""

import logging

from lib.services.beside import Beside
from lib.services.desk import Desk
from lib.services.log import alerts

_LOG = logging.getLogger("mesa.alerts")
_LOOK_S = 30.0  # between two looks


class AlertWatch(Beside):
    """How far it read is kept here only: a restart reads the last days again and raises nothing
    twice (ops.alert.key), so that a look that finds nothing writes nothing."""

    def __init__(self, desk: Desk, every_s: float = _LOOK_S) -> None:
        super().__init__("alerts")
        self._desk = desk
        self._every_s = every_s
        self._after: int | None = None

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                if self._after is None:
                    self._after = alerts.begin(self._desk)
                self._after = alerts.attend(self._desk, self._after)
            except Exception as error:
                # Storage, or a log altered in a way nobody thought of: nothing here ends the
                # thread. No text, no data.
                _LOG.error("alerts: %s", type(error).__name__)
            self._stopping.wait(self._every_s)
