"""A real SMTP server that misbehaves when told to, and one that only recites."""

# ruff: noqa: N802 - aiosmtpd finds its hooks by name

import asyncio
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from lib.demo.smtp_sink import FreePort
from tests.mail.letters import read

PASSWORD = "una-clave-de-prueba"
POLL_S = 0.02  # until it notices that it is to end: half a second otherwise, in every test


class Behaviour:
    """What the server does: change it while it runs. Keeps what it was given."""

    def __init__(self) -> None:
        self.answers: dict[str, str] = {}  # by step: MAIL, RCPT, DATA, END
        self.drop = ""  # the step at which the connection is cut (END: the mail was kept)
        self.stall = ""  # the step at which it doesn't answer while this says so
        self.refused: dict[str, str] = {}  # answers to RCPT, by address
        self.received: list[tuple[str, list[str], bytes]] = []
        self.connections = 0

    @property
    def mails(self) -> list[EmailMessage]:
        return [read(content) for _, _, content in self.received]

    async def step(self, server: SMTP, name: str) -> str:
        """The answer this step is to give, "" for the usual one."""
        if self.drop == name:
            server.transport.abort()
        while self.stall == name:
            await asyncio.sleep(0.02)
        return self.answers.get(name, "")

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, name: str, lines: list[str]
    ) -> list[str]:
        session.host_name = name
        self.connections += 1
        return lines

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if answer := await self.step(server, "MAIL"):
            return answer
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if answer := await self.step(server, "RCPT") or self.refused.get(address, ""):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        refused = self.answers.get("END", "")
        if not refused:
            content = envelope.content
            assert isinstance(content, bytes)
            self.received.append((envelope.mail_from or "", list(envelope.rcpt_tos), content))
        return await self.step(server, "END") or "250 2.0.0 OK"


class _Server(SMTP):
    async def smtp_DATA(self, arg: str) -> None:
        behaviour = self.event_handler
        if answer := await behaviour.step(self, "DATA"):
            await self.push(answer)
        elif behaviour.drop != "DATA":
            await super().smtp_DATA(arg)


class _Controller(FreePort):
    def factory(self) -> SMTP:
        return _Server(self.handler, **self.SMTP_kwargs)


def _log_in(server: SMTP, session: Session, envelope: Envelope, kind: str, data: Any) -> AuthResult:
    right = isinstance(data, LoginPassword) and data.password == PASSWORD.encode()
    return AuthResult(success=right, handled=False)


def login_needed(context: Any) -> dict[str, Any]:
    """Options of a submission server: STARTTLS, then a user and a password."""
    return {
        "tls_context": context,
        "require_starttls": True,
        "authenticator": _log_in,
        "auth_required": True,
    }


@contextmanager
def serving(port: int = 0, **options: Any) -> Iterator[tuple[Behaviour, int]]:
    """The server at work on loopback, and its port."""
    behaviour = Behaviour()
    controller = _Controller(behaviour, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield behaviour, controller.port
    finally:
        controller.stop()


@contextmanager
def reciting(lines: dict[str, str]) -> Iterator[int]:
    """A server that answers each command with a line of its own: by its verb, "" the greeting.

    An empty line hangs up. Its port.
    """

    class Reciter(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            verb = ""
            while line := lines.get(verb, "250 OK"):
                self.wfile.write(line.encode() + b"\r\n")
                command = self.rfile.readline()
                if verb == "DATA" and line.startswith("354"):
                    while command not in (b".\r\n", b""):
                        command = self.rfile.readline()
                if not command:
                    return
                verb = command.split()[0].decode().upper()

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Reciter)
    thread = threading.Thread(target=server.serve_forever, args=(POLL_S,))
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
