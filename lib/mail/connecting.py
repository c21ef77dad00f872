"""A connection to the mail server, by yagmail: configuration, TLS, login; its traps turned off."""

import ipaddress
import socket
import ssl
from collections.abc import Callable
from typing import Any

import yagmail

from lib.mail import answers
from lib.mail.answers import Answer, Verdict
from lib.mail.tls import verifying
from lib.model.outbox import MailProblem
from lib.settings import MailSettings


class HungUpError(Exception):
    """The connection is of no more use; `answer` says why."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.verdict.value)
        self.answer = answer


def opened(settings: MailSettings) -> yagmail.SMTP:
    """Connected, greeted and logged in. Raises HungUpError."""
    client = _configured(settings)
    try:
        client.login()
        # The final dot must not wait for the body's acknowledgement: 40 ms a mail.
        client.smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client.smtp.ehlo_or_helo_if_needed()  # it greets only to ask for TLS or to log in
    except Exception as error:
        client.is_closed = True
        if client.smtp is not None:
            client.smtp.close()
        # `from None`: a login error may carry the password.
        raise HungUpError(answers.connect_problem(error)) from None
    return client


def _configured(s: MailSettings) -> yagmail.SMTP:
    """yagmail with each of its defaults that bites turned off."""
    if s.security == "none" and not _is_loopback(s.host):
        raise HungUpError(Answer(Verdict.MISCONFIGURED, MailProblem.NO_TLS))
    by_security: dict[str, Callable[[], dict[str, Any]]] = {
        "tls": lambda: {"smtp_ssl": True, "context": _trusting(s.ca_file)},
        "starttls": lambda: {
            "smtp_ssl": False,
            "smtp_starttls": {"context": _trusting(s.ca_file)},
        },
        "none": lambda: {"smtp_ssl": False, "smtp_starttls": False},
    }
    client = yagmail.SMTP(
        user=s.user,
        password=s.password,  # "" and not None: for None it asks on the console
        host=s.host,
        port=s.port,
        smtp_skip_login=not s.user,
        soft_email_validation=False,
        timeout=s.timeout_s,
        **by_security[s.security](),
    )
    client.set_logging(None)
    return client


def _trusting(ca_file: str) -> ssl.SSLContext:
    try:
        return verifying(ca_file)
    except OSError:
        raise HungUpError(Answer(Verdict.MISCONFIGURED, MailProblem.BAD_CERTIFICATE)) from None


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
