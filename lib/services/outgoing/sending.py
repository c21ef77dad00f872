"""A few connections, each with a mail at a time: composed and sent beside the mail worker, which
records what came of it. A mail server far away answers each step late; one connection alone would
mostly wait.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from queue import Empty, SimpleQueue
from typing import Protocol

from lib.mail.answers import Answer, Verdict
from lib.mail.message import compose
from lib.mail.transport import Transport
from lib.model.errors import AppError, Reason
from lib.model.outbox import Claim, MailProblem
from lib.services.desk import Desk
from lib.services.outgoing import letters, returns
from lib.store.mail import aftermath

_LOG = logging.getLogger("mesa.mail")


class Sender(Protocol):
    """What lib/mail/transport.py does; used by one thread at a time."""

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


class Senders:
    """As many mails at once as there are connections. Its methods are for the mail worker's thread;
    `desk.mail_waiting` is set when a mail ends."""

    def __init__(self, desk: Desk, connections: Sequence[Sender] = ()) -> None:
        self._desk = desk
        mail = desk.settings.mail
        # The one used last is used next: the others' connections may end.
        self._idle = [*connections] or [Transport(mail) for _ in range(mail.connections)]
        self._most = len(self._idle)
        self._return_path = returns.path(desk)
        self._pool = ThreadPoolExecutor(self._most, thread_name_prefix="mail")
        self._ended: SimpleQueue[tuple[Claim, Answer]] = SimpleQueue()
        self._lock = threading.Lock()
        self.in_hand = 0

    @property
    def free(self) -> int:
        """How many mails more may be started."""
        return self._most - self.in_hand

    def start(self, claim: Claim) -> None:
        """Send this one, while one is free."""
        connection = self._take()
        self.in_hand += 1
        try:
            self._pool.submit(self._work, connection, claim)
        except RuntimeError:  # the system gives no more threads: nothing went
            _LOG.error("mail %s: no thread to send it", claim.id)
            self._put_back(connection)
            self._end(claim, Answer(Verdict.DEFERRED, MailProblem.INTERNAL))

    def ended(self) -> list[tuple[Claim, Answer]]:
        """What has come of mails since this was last asked."""
        found = []
        while True:
            try:
                found.append(self._ended.get_nowait())
            except Empty:
                self.in_hand -= len(found)
                return found

    def check(self) -> Answer:
        """Whether a mail could leave, while one is free."""
        connection = self._take()
        try:
            return connection.check()
        finally:
            self._put_back(connection)

    def close_idle(self) -> None:
        """Hang up where nothing was said for long."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:  # each says goodbye, which may take a while
            connection.close_if_idle()
        with self._lock:
            self._idle = [*idle, *self._idle]

    def close(self) -> None:
        """Hang up everywhere; nothing is in hand any more."""
        self._pool.shutdown()
        for connection in self._idle:
            connection.close()

    def _take(self) -> Sender:
        with self._lock:
            return self._idle.pop()

    def _put_back(self, connection: Sender) -> None:
        with self._lock:
            self._idle.append(connection)

    # ---- one mail, in a thread of its own ----------------------------------------------------

    def _work(self, connection: Sender, claim: Claim) -> None:
        answer = self._attempt(connection, claim)
        self._put_back(connection)
        self._end(claim, answer)

    def _end(self, claim: Claim, answer: Answer) -> None:
        self._ended.put((claim, answer))
        self._desk.mail_waiting.set()

    def _attempt(self, connection: Sender, claim: Claim) -> Answer:
        """One attempt to send; whatever fails is an answer."""
        try:
            message = compose(letters.written(self._desk, claim))
        except AppError as error:
            return _UNSENDABLE.get(error.reason, Answer(Verdict.REFUSED, MailProblem.INTERNAL))
        except Exception as error:
            _LOG.error("mail %s not composed: %s", claim.id, named(error))
            return Answer(Verdict.REFUSED, MailProblem.INTERNAL)
        try:
            return self._sent(connection, claim, message)
        except AppError as error:  # before the body: nothing went
            return _UNSENDABLE.get(error.reason, Answer(Verdict.REFUSED, MailProblem.INTERNAL))
        except Exception as error:
            _LOG.error("mail %s not sent: %s", claim.id, named(error))
            return Answer(Verdict.UNCERTAIN, MailProblem.INTERNAL)

    def _sent(self, connection: Sender, claim: Claim, message: EmailMessage) -> Answer:
        def unarchived() -> None:
            # Durable before the body leaves: its absence in the archive must not say it didn't.
            self._desk.store.write(lambda t: aftermath.not_archived(t, claim.id))

        return_path = self._return_path.of(claim.id)
        return connection.send(
            message, claim.recipient, return_path=return_path, unarchived=unarchived
        )


_UNSENDABLE = {
    Reason.NO_CODE: Answer(Verdict.REFUSED, MailProblem.NO_CODE),
    Reason.BAD_ADDRESS: Answer(Verdict.REFUSED, MailProblem.ADDRESS_REFUSED),
    Reason.CDA_KEY_MISSING: Answer(Verdict.MISCONFIGURED, MailProblem.NO_CDA_KEY, holds_all=True),
    # It may be one damaged row: it waits alone.
    Reason.CDA_KEY_WRONG: Answer(Verdict.MISCONFIGURED, MailProblem.NO_CDA_KEY),
    Reason.STORAGE_FAILED: Answer(Verdict.DEFERRED, MailProblem.INTERNAL),
    Reason.EXPORT_FAILED: Answer(Verdict.DEFERRED, MailProblem.INTERNAL),  # charts not drawn now
    Reason.DISK_FULL: Answer(Verdict.DEFERRED, MailProblem.INTERNAL),
}


def named(error: Exception) -> str:
    """Its type and, for a refusal, the reason: never its text, which may hold data."""
    reason = f" {error.reason}" if isinstance(error, AppError) else ""
    return type(error).__name__ + reason
