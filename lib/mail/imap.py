"""The account whose folders tell what became of mails: looked at, never changed.

imapclient drives the protocol; TLS is verified and everything has a time-out. What fails comes out
as one error with a MailProblem.
"""

import email
import imaplib
import logging
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import LoginError

from lib.mail.tls import verifying
from lib.model.bounce import Place
from lib.model.outbox import MailProblem
from lib.settings import ImapSettings

# It logs each answer, mails and all, at DEBUG.
logging.getLogger("imapclient").setLevel(logging.WARNING)

MOST_BYTES = 300_000  # of one report: what says why comes first, the mail given back last
_MESSAGE_ID = b"BODY[HEADER.FIELDS (MESSAGE-ID)]"
_WHOLE = f"BODY.PEEK[]<0.{MOST_BYTES}>".encode()


class ImapError(Exception):
    """The account can't be read now; `problem` says why. Its text is the problem's name alone."""

    def __init__(self, problem: MailProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


class Mailbox:
    """One account while it is open (`opened`)."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def has(self, folder: str, message_id: str) -> bool:
        """Whether a mail with exactly this Message-ID lies in the folder now."""
        with _named():
            self._client.select_folder(folder, readonly=True)
            # The server looks for a part of the header: the whole is compared here.
            uids = self._client.search(["HEADER", "Message-ID", message_id])
            found = self._client.fetch(uids, [_MESSAGE_ID.replace(b"BODY[", b"BODY.PEEK[")])
        return any(_id(parts.get(_MESSAGE_ID, b"")) == message_id for parts in found.values())

    def after(self, folder: str, place: Place, most: int) -> Iterator[tuple[Place, bytes]]:
        """Mails that came after `place`, oldest first, each with the place where it lies."""
        with _named():
            said = self._client.select_folder(folder, readonly=True)
            validity = int(said[b"UIDVALIDITY"])
            last = place.last_uid if validity == place.uidvalidity else 0
            # "n:*" is never empty: the newest comes even when it is older than n.
            uids = sorted(uid for uid in self._client.search(f"UID {last + 1}:*") if uid > last)
        for uid in uids[:most]:
            with _named():
                parts = self._client.fetch([uid], [_WHOLE]).get(uid, {})
            yield Place(validity, uid), bytes(parts.get(b"BODY[]<0>", b""))


@contextmanager
def opened(settings: ImapSettings) -> Iterator[Mailbox]:
    """The account, logged in. Raises ImapError."""
    client = _connected(settings)
    try:
        with _named():
            if settings.security == "starttls":
                if not client.has_capability("STARTTLS"):
                    raise ImapError(MailProblem.NO_TLS)
                client.starttls(verifying(settings.ca_file))
            if settings.user:
                client.login(settings.user, settings.password)
        yield Mailbox(client)
    finally:
        _hang_up(client)


def _connected(settings: ImapSettings) -> IMAPClient:
    with _named():
        direct = settings.security == "tls"
        return IMAPClient(
            settings.host,
            settings.port,
            ssl=direct,
            ssl_context=verifying(settings.ca_file) if direct else None,
            timeout=SocketTimeout(settings.timeout_s, settings.timeout_s),
        )


def _hang_up(client: IMAPClient) -> None:
    try:
        client.logout()
    except (OSError, imaplib.IMAP4.error):
        try:
            client.shutdown()
        except (OSError, imaplib.IMAP4.error):
            return


def _id(header: bytes) -> str:
    return str(email.message_from_bytes(header).get("Message-ID", "")).strip()


# The narrower error first: LoginError and abort are IMAP4.errors, a bad certificate an OSError.
_PROBLEMS: tuple[tuple[type[Exception], MailProblem], ...] = (
    (ssl.SSLCertVerificationError, MailProblem.BAD_CERTIFICATE),
    (ssl.SSLError, MailProblem.TLS_FAILED),
    (TimeoutError, MailProblem.TIMED_OUT),
    (LoginError, MailProblem.BAD_LOGIN),
    (imaplib.IMAP4.abort, MailProblem.CONNECTION_LOST),
    (imaplib.IMAP4.error, MailProblem.BAD_SERVER_SETTING),
    (OSError, MailProblem.UNREACHABLE),
)


@contextmanager
def _named() -> Iterator[None]:
    try:
        yield
    except (OSError, imaplib.IMAP4.error, UnicodeError, KeyError, ValueError) as error:
        problem = next(
            (problem for kind, problem in _PROBLEMS if isinstance(error, kind)),
            MailProblem.BAD_SERVER_SETTING,
        )
        raise ImapError(problem) from None  # its text may quote a mail, or the login
