"""The thread that reads the mail account: doubted mails looked up in the archive, bounces taken in.

Apart from the worker, so that a slow account never slows what leaves.
"""

import datetime as dt
import logging
import threading
from dataclasses import dataclass

from lib.mail import imap
from lib.mail.imap import ImapError
from lib.model.errors import AppError
from lib.model.mail_queue import Way
from lib.model.outbox import MailProblem
from lib.services.desk import Desk
from lib.services.outgoing import archive, returns
from lib.store.mail import aftermath, mail_queue

_PATIENCE_S = 5.0
_LOG = logging.getLogger("mesa.mail")


@dataclass(frozen=True)
class Rounds:
    """Seconds between two looks: at the outbox for doubted mails, at the bounce folder; and after
    the account couldn't be read."""

    doubted_s: float = 5.0
    bounces_s: float = 30.0
    fault_s: float = 60.0


class MailWatch:
    """Start it once in a process; without an account it does nothing."""

    def __init__(self, desk: Desk, rounds: Rounds | None = None) -> None:
        self._desk = desk
        self._rounds = rounds or Rounds()
        self._looks_up = archive.configured(desk)
        self._reads_bounces = bool(desk.settings.imap.host and desk.settings.imap.bounce_folder)
        self._return_path = returns.path(desk)
        self._since_bounces_s = float("inf")
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name="mail watch", daemon=True)

    def start(self) -> None:
        if self._looks_up or self._reads_bounces:
            self._thread.start()

    def stop(self) -> None:
        """End; a look in hand isn't waited for long, for nothing is lost with it."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(_PATIENCE_S)

    def _work(self) -> None:
        wait_s = 0.0
        while not self._stopping.wait(wait_s):
            self._since_bounces_s += wait_s
            wait_s = self._rounds.doubted_s if self._round() else self._rounds.fault_s

    def _round(self) -> bool:
        """One look; whether the account could be read, where it had to be."""
        try:
            doubted = aftermath.uncertain(self._desk.store) if self._looks_up else []
            due = self._reads_bounces and self._since_bounces_s >= self._rounds.bounces_s
            if doubted or due:
                self._look(doubted, due)
        except ImapError as error:
            return self._out_of_order(error.problem)
        except Exception as error:
            # Storage, or a fault of ours: nothing here ends the thread. No text, no data.
            _LOG.error("mail watch: %s", type(error).__name__)
            return False
        return True

    def _look(self, doubted: list[aftermath.Gone], due: bool) -> None:
        with imap.opened(self._desk.settings.imap) as mailbox:
            if doubted:
                archive.look_up(self._desk, mailbox, doubted)
            if due:
                returns.read_new(self._desk, mailbox, self._return_path)
                self._since_bounces_s = 0.0
        if mail_queue.pause(self._desk.store, Way.IMAP):
            self._desk.store.write(lambda t: mail_queue.flow(t, Way.IMAP))

    def _out_of_order(self, problem: MailProblem) -> bool:
        """Say so where administrators look; what is doubted stays so."""
        _LOG.warning("mail account: %s", problem.value)
        fault = dt.timedelta(seconds=self._rounds.fault_s)
        try:
            self._desk.store.write(lambda t: mail_queue.stop(t, problem, t.now + fault, Way.IMAP))
        except AppError as error:
            _LOG.error("mail watch: %s", error)
        return False
