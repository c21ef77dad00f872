"""What an SMTP server's answers and silences mean for a mail."""

import re
import smtplib
import ssl
from dataclasses import dataclass
from enum import StrEnum

from lib.model.outbox import MailProblem

_ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")  # RFC 3463


class Verdict(StrEnum):
    ACCEPTED = "accepted"
    DEFERRED = "deferred"  # nothing went; try again later
    REFUSED = "refused"  # nothing went and nothing will
    UNCERTAIN = "uncertain"  # the body went, the answer never came
    MISCONFIGURED = "misconfigured"  # nothing will go until somebody corrects a setting


@dataclass(frozen=True)
class Answer:
    """What became of one attempt. `text` is the server's, never any of the mail's own words.

    `holds_all`: no other mail would fare better now, so none need try.
    """

    verdict: Verdict
    problem: MailProblem | None = None
    code: int | None = None
    text: str = ""
    holds_all: bool = False


def judged(code: int, text: str, final: MailProblem) -> Answer:
    if code == 530 or (code >= 500 and final is MailProblem.SENDER_REFUSED):
        problem = MailProblem.BAD_LOGIN if code == 530 else final
        return Answer(Verdict.MISCONFIGURED, problem, code, text)
    if code >= 500:
        return Answer(Verdict.REFUSED, final, code, text)
    down = code == 421  # RFC 5321 3.8: it closes the connection, whatever was asked
    return Answer(Verdict.DEFERRED, MailProblem.SERVER_BUSY, code, text, holds_all=down)


# What broke a connection before its first mail, the narrower error first.
_CONNECTING: tuple[tuple[type[Exception], Verdict, MailProblem], ...] = (
    (ssl.SSLCertVerificationError, Verdict.MISCONFIGURED, MailProblem.BAD_CERTIFICATE),
    (ssl.SSLEOFError, Verdict.DEFERRED, MailProblem.CONNECTION_LOST),
    (ssl.SSLZeroReturnError, Verdict.DEFERRED, MailProblem.CONNECTION_LOST),
    (ssl.SSLError, Verdict.MISCONFIGURED, MailProblem.TLS_FAILED),
    # No way to log in that both know.
    (smtplib.SMTPException, Verdict.MISCONFIGURED, MailProblem.BAD_LOGIN),
)


def connect_problem(error: Exception) -> Answer:
    """Why there is no connection: for a while, or until a setting changes."""
    if isinstance(error, smtplib.SMTPResponseException):
        return _greeting_problem(error)
    if isinstance(error, smtplib.SMTPNotSupportedError) and "STARTTLS" in str(error):
        return Answer(Verdict.MISCONFIGURED, MailProblem.NO_TLS)
    if not isinstance(error, smtplib.SMTPServerDisconnected):
        for kind, verdict, problem in _CONNECTING:
            if isinstance(error, kind):
                return Answer(verdict, problem, holds_all=verdict is Verdict.DEFERRED)
    if isinstance(error, OSError):
        return Answer(Verdict.DEFERRED, lost(error), holds_all=True)
    # A host that is no name, a password that can't be written.
    return Answer(Verdict.MISCONFIGURED, MailProblem.BAD_SERVER_SETTING)


def _greeting_problem(error: smtplib.SMTPResponseException) -> Answer:
    if error.smtp_code < 500:
        busy = MailProblem.SERVER_BUSY
        return Answer(Verdict.DEFERRED, busy, error.smtp_code, holds_all=True)
    login = isinstance(error, smtplib.SMTPAuthenticationError)
    problem = MailProblem.BAD_LOGIN if login else MailProblem.BAD_SERVER_SETTING
    return Answer(Verdict.MISCONFIGURED, problem, error.smtp_code)


def lost(error: BaseException) -> MailProblem:
    """smtplib hides what broke the connection in the error's context."""
    cause = error.__context__ if isinstance(error, smtplib.SMTPServerDisconnected) else error
    if isinstance(cause, TimeoutError):
        return MailProblem.TIMED_OUT
    if isinstance(error, smtplib.SMTPException | ConnectionResetError | BrokenPipeError):
        return MailProblem.CONNECTION_LOST
    return MailProblem.UNREACHABLE


def words(text: bytes) -> str:
    """A server's answer as one printable line."""
    decoded = text.decode("utf-8", errors="replace")
    return "".join(c if c.isprintable() else " " for c in decoded)[:200]


def status(text: bytes) -> str:
    """Only the enhanced status code of an answer, or ""."""
    return "".join(_ENHANCED.findall(words(text))[:1])
