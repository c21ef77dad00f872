"""What time alone does to what waits for a manager: a thread beside the mail worker."""

import logging
import threading

from lib.model.errors import AppError
from lib.services import approvals
from lib.services.desk import Desk

_LOG = logging.getLogger("mesa.approvals")
_LOOK_S = 30.0  # between two looks


class Expiry:
    """The desk's thread that gives up what nobody answered, and announces what couldn't be yet."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="approvals", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End after the look in hand; a thread never started ends at once."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                approvals.attend(self._desk)
            except AppError as error:
                _LOG.error("not looked after: %s", error.reason)
            self._stopping.wait(_LOOK_S)
