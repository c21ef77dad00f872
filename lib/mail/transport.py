"""One SMTP transaction, driven step by step so that its outcome is known.

yagmail opened the connection (connecting.py). Its own `send` is never called: it retries by itself,
answers False or {} for failures, and can't say whether the body had gone.
"""

import re
import smtplib
import time
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import yagmail

from lib.mail import address, answers
from lib.mail.answers import Answer, Verdict
from lib.mail.connecting import HungUpError, opened
from lib.model.errors import AppError
from lib.model.outbox import MailProblem
from lib.settings import MailSettings

MAX_MAILS = 50  # on one connection: servers count them
MAX_IDLE_S = 60.0  # well under the five minutes RFC 5321 asks servers to wait
_TAKEN = (250, 251)


class Transport:
    """Sends mail over one connection at a time, reused while it is fresh. Not thread-safe."""

    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings
        self._client: yagmail.SMTP | None = None
        self._mails = 0
        self._used_at = 0.0

    def send(
        self,
        message: EmailMessage,
        recipient: str,
        *,
        return_path: str = "",
        unarchived: Callable[[], None] = lambda: None,
    ) -> Answer:
        """One attempt, at most one copy to the recipient, and one to the archive if there is one.

        `return_path` takes the sender's place in the envelope. `unarchived` is called, before the
        body leaves, when the server won't take the archive's copy; what it raises comes out, and
        nothing was sent. Raises AppError(BAD_ADDRESS), and nothing else.
        """
        to = address.read(recipient)
        try:
            smtp = self._connection()
            if to.needs_utf8 and not smtp.has_extn("smtputf8"):
                return Answer(Verdict.REFUSED, MailProblem.ADDRESS_NOT_ASCII)
            sender = return_path or self._sender()
            refusal = self._from(smtp, sender, utf8=to.needs_utf8) or self._to(smtp, to)
            if refusal is None:
                self._copy(smtp, to, unarchived)
            return refusal or self._data(smtp, message.as_bytes())
        except HungUpError as ended:
            self.close()
            return ended.answer

    def check(self) -> Answer:
        """Whether a mail could leave: all but its recipient and its body is said. Never raises."""
        try:
            smtp = self._connection()
            refusal = self._from(smtp, self._settings.return_path or self._sender(), utf8=False)
            return refusal or Answer(Verdict.ACCEPTED, None, _said(smtp.rset)[0])
        except HungUpError as ended:
            self.close()
            return ended.answer

    def close(self) -> None:
        """Say goodbye and hang up; the next mail connects again."""
        client, self._client = self._client, None
        if client is None:
            return
        client.is_closed = True  # its __del__ would say goodbye once more
        if client.smtp is not None:
            _hang_up(client.smtp)

    def close_if_idle(self) -> None:
        if time.monotonic() - self._used_at >= MAX_IDLE_S:
            self.close()

    # ---- connecting ------------------------------------------------------------------------

    def _connection(self) -> smtplib.SMTP:
        self.close_if_idle()
        if self._mails >= MAX_MAILS or not self._alive():
            self.close()
        if self._client is None:
            self._client, self._mails, self._used_at = opened(self._settings), 0, time.monotonic()
        smtp: smtplib.SMTP = self._client.smtp
        return smtp

    def _alive(self) -> bool:
        try:
            return self._client is not None and self._client.smtp.noop()[0] == 250
        except (OSError, smtplib.SMTPException):
            return False

    # ---- one transaction -------------------------------------------------------------------

    def _from(self, smtp: smtplib.SMTP, sender: str, *, utf8: bool) -> Answer | None:
        """MAIL: None when the server takes the sender."""
        code, text = _said(smtp.mail, sender, ["SMTPUTF8"] if utf8 else [])
        if code == 250:
            return None
        return self._refused(smtp, code, text, MailProblem.SENDER_REFUSED)

    def _to(self, smtp: smtplib.SMTP, to: address.Address) -> Answer | None:
        """RCPT: None when the server takes the recipient."""
        code, text = _said(smtp.rcpt, to.envelope)
        if code in _TAKEN:
            return None
        return self._refused(smtp, code, text, MailProblem.ADDRESS_REFUSED)

    def _copy(
        self, smtp: smtplib.SMTP, to: address.Address, unarchived: Callable[[], None]
    ) -> None:
        """A second RCPT for the archive: no header says so, and the mail goes without it too."""
        archive = self._settings.archive_address
        if not archive or archive.lower() == to.envelope.lower():
            return
        code, text = _said(smtp.rcpt, archive)
        if code == 421:
            raise HungUpError(answers.judged(code, text, MailProblem.MESSAGE_REFUSED))
        if code not in _TAKEN:
            self._without_archive(unarchived)

    def _without_archive(self, unarchived: Callable[[], None]) -> None:
        try:
            unarchived()
        except BaseException:
            self.close()  # it waits for a body that won't come
            raise

    def _sender(self) -> str:
        try:
            sender = address.read(self._settings.sender)
        except AppError:
            sender = None
        if sender is None or sender.needs_utf8:
            raise HungUpError(Answer(Verdict.MISCONFIGURED, MailProblem.SENDER_REFUSED))
        return sender.envelope

    def _data(self, smtp: smtplib.SMTP, body: bytes) -> Answer:
        try:
            smtp.putcmd("data")
            code, text = smtp.getreply()
            if code != 354:
                return self._refused(smtp, code, answers.words(text), MailProblem.MESSAGE_REFUSED)
            smtp.send(_stuffed(body))  # without the final dot the server has no mail
        except (OSError, smtplib.SMTPException) as error:
            raise HungUpError(Answer(Verdict.DEFERRED, answers.lost(error))) from None
        self._used_at, self._mails = time.monotonic(), self._mails + 1
        return self._verdict(smtp)

    def _verdict(self, smtp: smtplib.SMTP) -> Answer:
        try:
            smtp.send(b".\r\n")
            code, text = smtp.getreply()
        except (OSError, smtplib.SMTPException):
            raise HungUpError(Answer(Verdict.UNCERTAIN, MailProblem.ANSWER_LOST)) from None
        # From here on the server has read the mail and could quote it: only its code is kept.
        status = answers.status(text)
        if 200 <= code < 300:
            return Answer(Verdict.ACCEPTED, None, code, status)
        if 400 <= code < 600:
            return self._refused(smtp, code, status, MailProblem.MESSAGE_REFUSED)
        raise HungUpError(Answer(Verdict.UNCERTAIN, MailProblem.ANSWER_LOST, code))

    def _refused(self, smtp: smtplib.SMTP, code: int, text: str, final: MailProblem) -> Answer:
        """The answer to a code that isn't a yes; the connection is left clean, or closed."""
        answer = answers.judged(code, text, final)
        if code == 421 or answer.verdict is Verdict.MISCONFIGURED:
            raise HungUpError(answer)
        try:
            smtp.rset()
        except (OSError, smtplib.SMTPException):
            self.close()
        return answer


def _said(command: Callable[..., tuple[int, bytes]], *values: Any) -> tuple[int, str]:
    """A command's code and the server's words; the connection may be lost over it."""
    try:
        code, text = command(*values)
    except (OSError, smtplib.SMTPException) as error:
        raise HungUpError(Answer(Verdict.DEFERRED, answers.lost(error))) from None
    return code, answers.words(text)


def _stuffed(body: bytes) -> bytes:
    """RFC 5321 4.5.2: a line that starts with a dot gets one more."""
    lines = re.sub(rb"(?m)^\.", b"..", body)
    return lines if lines.endswith(b"\r\n") else lines + b"\r\n"


def _hang_up(smtp: smtplib.SMTP) -> None:
    try:
        smtp.quit()
    except (OSError, smtplib.SMTPException):
        smtp.close()
