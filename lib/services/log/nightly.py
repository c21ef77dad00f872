"""What the log's proof needs without anybody's asking: a thread beside the mail worker."""

import datetime as dt
import logging
import time

from lib.model import clock
from lib.model.actor import SYSTEM
from lib.model.errors import AppError, Reason
from lib.services.beside import Beside
from lib.services.desk import Desk
from lib.services.log import archiving, proof

_LOG = logging.getLogger("mesa.proof")
_LOOK_S = 60.0  # between two looks; the first is as late, so that a start is quick
_REST_S = 0.5  # at most, between two stretches of the log


class _StoppedError(Exception):
    """The desk closes while a verification is under way."""


class Nightly(Beside):
    """The desk's thread that signs checkpoints as they are due, begins the log's segments with the
    months, and once a night verifies and archives the old ones. It verifies after a start, too:
    what was done while no desk was open is told by day. Stopped, it gives up a verification under
    way: the next start does it."""

    def __init__(self, desk: Desk, look_s: float = _LOOK_S) -> None:
        super().__init__("proof")
        self._desk = desk
        self._look_s = look_s
        self._verified = False
        self._archived_on: dt.date | None = None
        self._worked_from = 0.0

    def _run(self) -> None:
        while not self._stopping.wait(self._look_s):
            try:
                self._look()
            except _StoppedError:
                return
            except AppError as error:
                if error.reason is not Reason.VERIFICATION_RUNNING:
                    _LOG.error("not proved: %s", error.reason)
            except Exception as error:
                # A disk, or a log altered in a way nobody thought of: nothing here ends the thread.
                _LOG.error("not proved: %s", type(error).__name__)

    def _look(self) -> None:
        self._desk.store.look_at_log()
        proof.begin_month(self._desk)
        if proof.checkpoint_due(self._desk):
            proof.sign(self._desk)
        if proof.verification_due(self._desk) or not self._verified:
            self._worked_from = time.monotonic()
            checked = proof.verify(self._desk, SYSTEM, self._going_on)
            self._verified = True
            for finding in checked.findings:
                _LOG.error("row %d of the log: %s", finding.seq, finding.problem)
        self._archive()

    def _archive(self) -> None:
        """Once a day, whoever verified the log today."""
        months, now = self._desk.settings.log_months, clock.at_office(clock.now())
        if months and now.hour >= proof.NIGHT_H and self._archived_on != now.date():
            self._archived_on = now.date()  # one that fails is tried again tomorrow
            archiving.archive(self._desk, SYSTEM, months)

    def _going_on(self, _: float) -> None:
        """Rests for as long as it worked since it last did: nobody waits for this verification, and
        while it works everybody else's pages take three times as long."""
        if self._stopping.wait(min(time.monotonic() - self._worked_from, _REST_S)):
            raise _StoppedError
        self._worked_from = time.monotonic()
