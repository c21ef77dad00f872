"""What time alone does to what waits for a manager: a thread beside the mail worker."""

import logging

from lib.model.errors import AppError
from lib.services.beside import Beside
from lib.services.desk import Desk
from lib.services.resends import approvals

_LOG = logging.getLogger("mesa.approvals")
_LOOK_S = 30.0  # between two looks


class Expiry(Beside):
    """The desk's thread that gives up what nobody answered, and announces what couldn't be yet."""

    def __init__(self, desk: Desk) -> None:
        super().__init__("approvals")
        self._desk = desk

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                approvals.attend(self._desk)
            except AppError as error:
                _LOG.error("not looked after: %s", error.reason)
            self._stopping.wait(_LOOK_S)
