"""The mail worker: one thread that takes what is queued, sends it and records what happened.

A claim is committed before the first byte leaves; the outcome and its row in the log are one
transaction. What was claimed when the process died may have gone: it becomes uncertain, and only
the archive (archive.py) or a person sends it again.
"""

import logging
import threading
from collections.abc import Callable
from email.message import EmailMessage
from typing import Protocol

from lib.mail.answers import Answer, Verdict
from lib.mail.message import compose
from lib.mail.transport import MAX_IDLE_S, Transport
from lib.model import clock
from lib.model.errors import AppError, Reason
from lib.model.outbox import Claim, MailProblem
from lib.services import archive, gate, letters, outcomes, returns
from lib.services.desk import Desk
from lib.services.gate import Gate
from lib.services.pace import Pace
from lib.store import aftermath, outbox
from lib.store.database import Transaction

_LOG = logging.getLogger("mesa.mail")


class Sender(Protocol):
    """What lib/mail/transport.py does."""

    def send(
        self,
        message: EmailMessage,
        recipient: str,
        *,
        return_path: str = "",
        unarchived: Callable[[], None] = ...,
    ) -> Answer: ...

    def check(self) -> Answer: ...

    def close(self) -> None: ...

    def close_if_idle(self) -> None: ...


class Worker:
    """Start it once in a process; what is queued while it is stopped stays queued."""

    def __init__(
        self, desk: Desk, transport: Sender | None = None, pace: Pace | None = None
    ) -> None:
        self._desk = desk
        self._transport = transport or Transport(desk.settings.mail)
        self._pace = pace or Pace()
        self._gate = Gate(self._pace)
        self._return_path = returns.path(desk)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name="mail", daemon=True)

    def start(self) -> None:
        """Say what became of the mails in hand when the last process died, and begin.

        Raises AppError(STORAGE_FAILED).
        """
        self._desk.store.write(self._recover)
        self._thread.start()

    def stop(self) -> None:
        """Finish the mail in hand and end; a second call does nothing."""
        self._stopping.set()
        self._desk.mail_waiting.set()
        if self._thread.is_alive():
            self._thread.join()

    def _recover(self, transaction: Transaction) -> None:
        for claim in outbox.in_hand(transaction):
            outcomes.lost(self._desk, transaction, claim)
        gate.knock(transaction)

    # ---- the loop --------------------------------------------------------------------------

    def _work(self) -> None:
        while not self._stopping.is_set():
            try:
                self._turn()
            except Exception as error:
                # Storage, or a fault of ours: nothing here ends the thread. No text, no data.
                _LOG.error("mail worker: %s", _named(error))
                self._stopping.wait(self._pace.fault_s)
        self._transport.close()

    def _turn(self) -> None:
        # Cleared before looking: what is queued from here on sets it again.
        self._desk.mail_waiting.clear()
        if self._stopping.is_set():
            return
        claim = self._desk.store.write(self._claim)
        while claim is not None:
            claim = self._record(claim, self._attempt(claim))
        if self._gate.knocking:
            self._knock()
        else:
            self._rest()

    def _claim(self, transaction: Transaction) -> Claim | None:
        if not self._gate.is_open(transaction):
            return None
        return outbox.claim(
            transaction,
            archived=archive.configured(self._desk),
            template=lambda waiting: letters.template_of(transaction, waiting),
        )

    def _rest(self) -> None:
        """Until something is queued or due. Not for longer than a connection may idle, nor than a
        clock set forward may mislead."""
        dues = [d for d in (outbox.next_due(self._desk.store), self._gate.shut_until) if d]
        wait_s = (min(dues) - clock.now()).total_seconds() if dues else MAX_IDLE_S
        self._desk.mail_waiting.wait(min(max(wait_s, 0.0), MAX_IDLE_S))
        self._transport.close_if_idle()

    def _knock(self) -> None:
        """Nothing waits to be tried, so the server itself is: the pause ends when it can."""
        answer = self._transport.check()
        sign = self._gate.sign(answer)
        self._desk.store.write(lambda t: self._gate.heed(t, answer, sign))

    # ---- one mail --------------------------------------------------------------------------

    def _attempt(self, claim: Claim) -> Answer:
        """One attempt to send; whatever fails is an answer."""
        try:
            message = compose(letters.written(self._desk, claim))
        except AppError as error:
            return _UNSENDABLE.get(error.reason, Answer(Verdict.REFUSED, MailProblem.INTERNAL))
        except Exception as error:
            _LOG.error("mail %s not composed: %s", claim.id, _named(error))
            return Answer(Verdict.REFUSED, MailProblem.INTERNAL)
        try:
            return self._sent(claim, message)
        except AppError as error:  # before the body: nothing went
            return _UNSENDABLE.get(error.reason, Answer(Verdict.REFUSED, MailProblem.INTERNAL))
        except Exception as error:
            _LOG.error("mail %s not sent: %s", claim.id, _named(error))
            return Answer(Verdict.UNCERTAIN, MailProblem.INTERNAL)

    def _sent(self, claim: Claim, message: EmailMessage) -> Answer:
        def unarchived() -> None:
            # Durable before the body leaves: its absence in the archive must not say it didn't.
            self._desk.store.write(lambda t: aftermath.not_archived(t, claim.id))

        return_path = self._return_path.of(claim.id)
        return self._transport.send(
            message, claim.recipient, return_path=return_path, unarchived=unarchived
        )

    # ---- what became of it -----------------------------------------------------------------

    def _record(self, claim: Claim, answer: Answer) -> Claim | None:
        """Write it down, and take the next mail in the same transaction: a queue leaves with one
        commit a mail. If the process ends first, this one is uncertain.
        """
        sign = self._gate.sign(answer)

        def settle(transaction: Transaction) -> None:
            outcomes.settle(self._desk, self._pace, transaction, claim, answer)
            self._gate.heed(transaction, answer, sign)

        def settle_and_claim(transaction: Transaction) -> Claim | None:
            settle(transaction)
            return None if self._stopping.is_set() else self._claim(transaction)

        try:
            return self._desk.store.write(settle_and_claim)
        except Exception as error:  # the next one's fault, perhaps: this one is written down alone
            _LOG.error("mail %s not recorded: %s", claim.id, _named(error))
            self._persist(claim, settle)
            return None

    def _persist(self, claim: Claim, settle: Callable[[Transaction], None]) -> None:
        """However long storage takes."""
        while True:
            try:
                self._desk.store.write(settle)
                return
            except AppError as error:
                _LOG.error("mail %s not recorded: %s", claim.id, _named(error))
                if self._stopping.wait(self._pace.fault_s):
                    return


_UNSENDABLE = {
    Reason.NO_CODE: Answer(Verdict.REFUSED, MailProblem.NO_CODE),
    Reason.BAD_ADDRESS: Answer(Verdict.REFUSED, MailProblem.ADDRESS_REFUSED),
    Reason.CDA_KEY_MISSING: Answer(Verdict.MISCONFIGURED, MailProblem.NO_CDA_KEY, holds_all=True),
    # It may be one damaged row: it waits alone.
    Reason.CDA_KEY_WRONG: Answer(Verdict.MISCONFIGURED, MailProblem.NO_CDA_KEY),
    Reason.STORAGE_FAILED: Answer(Verdict.DEFERRED, MailProblem.INTERNAL),
    Reason.DISK_FULL: Answer(Verdict.DEFERRED, MailProblem.INTERNAL),
}


def _named(error: Exception) -> str:
    """Its type and, for a refusal, the reason: never its text, which may hold data."""
    reason = f" {error.reason}" if isinstance(error, AppError) else ""
    return type(error).__name__ + reason
