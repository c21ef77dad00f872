"""The mail worker: one thread that takes what is queued, sends it and records what happened.

A claim is committed before the first byte leaves; the outcome and its row in the log are one
transaction. What was claimed when the process died may have gone: it becomes uncertain, and is
never sent again by itself.
"""

import datetime as dt
import logging
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Protocol

from lib.mail.answers import Answer, Verdict
from lib.mail.message import compose
from lib.mail.transport import MAX_IDLE_S, Transport
from lib.model import clock
from lib.model.action import Action, Entry, Outcome
from lib.model.actor import SYSTEM
from lib.model.errors import AppError, Reason
from lib.model.outbox import CONFIGURATION, Claim, MailProblem, MailState
from lib.services import letters
from lib.services.desk import Desk
from lib.store import outbox
from lib.store.database import Transaction

_LOG = logging.getLogger("mesa.mail")
# A code that doesn't open may be one damaged row: it waits alone.
_HOLDS_ALL = CONFIGURATION - {MailProblem.NO_CDA_KEY}
_WAITS_S = (15, 60, 300, 900, 3600)  # after the first, second… attempt; the last one repeats


class Sender(Protocol):
    """What lib/mail/transport.py does."""

    def send(self, message: EmailMessage, recipient: str) -> Answer: ...

    def close(self) -> None: ...

    def close_if_idle(self) -> None: ...


def backoff(attempts: int) -> float:
    """Seconds until the next attempt, with jitter so that a queue doesn't come back at once."""
    return _WAITS_S[min(attempts, len(_WAITS_S)) - 1] * random.uniform(0.8, 1.2)  # noqa: S311


@dataclass(frozen=True)
class Pace:
    """How long the worker waits, in seconds. `correction_s`: until somebody may have corrected a
    setting; `fault_s`: after an error of storage or of our own.
    """

    backoff: Callable[[int], float] = backoff
    correction_s: float = 300.0
    fault_s: float = 2.0


class Worker:
    """Start it once in a process; what is queued while it is stopped stays queued."""

    def __init__(
        self, desk: Desk, transport: Sender | None = None, pace: Pace | None = None
    ) -> None:
        self._desk = desk
        self._transport = transport or Transport(desk.settings.mail)
        self._pace = pace or Pace()
        self._stopping = threading.Event()
        self._held: tuple[MailProblem, dt.datetime] | None = None
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
        if claim is None:
            self._rest()
        else:
            self._record(claim, self._attempt(claim))

    def _claim(self, transaction: Transaction) -> Claim | None:
        if self._held and transaction.now < self._held[1]:
            outbox.hold(transaction, *self._held)
            return None
        self._held = None
        return outbox.claim(transaction)

    def _rest(self) -> None:
        """Until something is queued or due. Not for longer than a connection may idle, nor than a
        clock set forward may mislead."""
        due = outbox.next_due(self._desk.store)
        wait_s = MAX_IDLE_S if due is None else (due - clock.now()).total_seconds()
        self._desk.mail_waiting.wait(min(max(wait_s, 0.0), MAX_IDLE_S))
        self._transport.close_if_idle()

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
            return self._transport.send(message, claim.recipient)
        except Exception as error:
            _LOG.error("mail %s not sent: %s", claim.id, _named(error))
            return Answer(Verdict.UNCERTAIN, MailProblem.INTERNAL)

    # ---- what became of it -----------------------------------------------------------------

    def _record(self, claim: Claim, answer: Answer) -> None:
        """Write it down, however long storage takes; if the process ends first, it is uncertain."""
        while True:
            try:
                self._desk.store.write(lambda t: self._settle(t, claim, answer))
                return
            except AppError as error:
                _LOG.error("mail %s not recorded: %s", claim.id, _named(error))
                if self._stopping.wait(self._pace.fault_s):
                    return

    def _settle(self, transaction: Transaction, claim: Claim, answer: Answer) -> None:
        match answer.verdict:
            case Verdict.ACCEPTED:
                self._finish(transaction, claim, answer, MailState.ACCEPTED)
            case Verdict.REFUSED:
                self._finish(transaction, claim, answer, MailState.FAILED)
            case Verdict.UNCERTAIN:
                self._finish(transaction, claim, answer, MailState.UNCERTAIN)
            case Verdict.MISCONFIGURED:
                self._put_back(transaction, claim, answer, self._pace.correction_s, counts=False)
            case Verdict.DEFERRED if claim.attempts >= self._desk.settings.mail.max_attempts:
                self._finish(transaction, claim, answer, MailState.FAILED)
            case Verdict.DEFERRED:
                wait_s = self._pace.backoff(claim.attempts)
                self._put_back(transaction, claim, answer, wait_s, counts=True)

    def _finish(
        self, transaction: Transaction, claim: Claim, answer: Answer, state: MailState
    ) -> None:
        pause_s = 0 if state is MailState.FAILED else self._desk.settings.resend_cooldown_s
        free_at = transaction.now + dt.timedelta(seconds=pause_s)
        smtp = (answer.code, answer.text)
        if outbox.settle(transaction, claim, state, answer.problem, smtp, free_at):
            transaction.log(SYSTEM, _entry(claim, answer, *_LOGGED[state]))

    def _put_back(
        self, transaction: Transaction, claim: Claim, answer: Answer, wait_s: float, *, counts: bool
    ) -> None:
        problem = answer.problem or MailProblem.INTERNAL
        until = transaction.now + dt.timedelta(seconds=wait_s)
        smtp = (answer.code, answer.text)
        if not outbox.requeue(transaction, claim, until, problem, smtp, counts=counts):
            return
        transaction.log(SYSTEM, _entry(claim, answer, Action.MAIL_DEFERRED, Outcome.FAILED))
        if problem in _HOLDS_ALL:
            # Nothing else can leave either, and each try at a login counts against the account.
            self._held = (problem, until)
            outbox.hold(transaction, problem, until)

    def _recover(self, transaction: Transaction) -> None:
        for claim in outbox.in_hand(transaction):
            answer = Answer(Verdict.UNCERTAIN, MailProblem.PROCESS_DIED)
            self._finish(transaction, claim, answer, MailState.UNCERTAIN)
        outbox.resume(transaction, CONFIGURATION)


_UNSENDABLE = {
    Reason.NO_CODE: Answer(Verdict.REFUSED, MailProblem.NO_CODE),
    Reason.BAD_ADDRESS: Answer(Verdict.REFUSED, MailProblem.ADDRESS_REFUSED),
    Reason.CDA_KEY_MISSING: Answer(Verdict.MISCONFIGURED, MailProblem.NO_CDA_KEY),
    Reason.CDA_KEY_WRONG: Answer(Verdict.MISCONFIGURED, MailProblem.NO_CDA_KEY),
    Reason.STORAGE_FAILED: Answer(Verdict.DEFERRED, MailProblem.INTERNAL),
}

_LOGGED = {
    MailState.ACCEPTED: (Action.MAIL_ACCEPTED, Outcome.OK),
    MailState.FAILED: (Action.MAIL_FAILED, Outcome.FAILED),
    MailState.UNCERTAIN: (Action.MAIL_UNCERTAIN, Outcome.UNCERTAIN),
}


def _entry(claim: Claim, answer: Answer, action: Action, outcome: Outcome) -> Entry:
    return Entry(
        action,
        outcome,
        account_no=claim.account_no,
        serial=claim.serial,
        reason=answer.problem.value if answer.problem else "",
        subject=claim.id,
        detail={
            "recipient": claim.recipient,
            "attempt": claim.attempts,
            "smtp_code": answer.code,
            "smtp_text": answer.text,
        },
    )


def _named(error: Exception) -> str:
    """Its type and, for a refusal, the reason: never its text, which may hold data."""
    reason = f" {error.reason}" if isinstance(error, AppError) else ""
    return type(error).__name__ + reason
