"""A post office at its worst: it keeps what it accepts, and hangs up when it hurts most.

A real SMTP server (aiosmtpd) that asks to wait, cuts the connection before DATA, before it has
kept a mail or after that but before it says so, and takes its time at every step. What it keeps
goes to the mailbox of each recipient, a little later: as a queue does.
"""

# ruff: noqa: N802 - aiosmtpd finds its hooks by name

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from lib.demo.smtp_sink import FreePort
from tests.waiting import until

# How often, of all mails.
ASKS_TO_WAIT = 0.05
CUTS_BEFORE_DATA = 0.05
CUTS_BEFORE_KEEPING = 0.08  # the body is in; the client can't know that it was thrown away
CUTS_AFTER_KEEPING = 0.08  # nor that it wasn't
_SLOWEST_S = 0.03  # of each pause
_LATEST_S = 0.5  # that a mail which was kept is delivered

Deliver = Callable[[str, bytes], None]


class Post:
    """`kept` counts the mails it took, `under_way` what isn't in a mailbox yet."""

    def __init__(self, chances: Random, deliver: Deliver) -> None:
        self.kept = 0
        self.under_way = 0
        self._chances = chances
        self._deliver = deliver
        self._lock = threading.Lock()
        self._left = 0
        self._alarm: Callable[[], None] | None = None

    def alarm_after(self, steps: int, alarm: Callable[[], None] | None) -> None:
        """Call `alarm` at once, from the server's own thread, when so many steps were taken."""
        with self._lock:
            self._left, self._alarm = steps, alarm

    async def step(self) -> None:
        """One step of the conversation: perhaps the last that the desk lives to see."""
        with self._lock:
            self._left -= 1
            alarm = self._alarm if self._left == 0 else None
        if alarm:
            alarm()
        await asyncio.sleep(self._chances.uniform(0, _SLOWEST_S))

    def happens(self, share: float) -> bool:
        return self._chances.random() < share

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        await self.step()
        # Of the customer alone: whether the archive gets a copy is another test's matter.
        if not envelope.rcpt_tos and self.happens(ASKS_TO_WAIT):
            return "451 4.7.1 Later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        await self.step()
        if self.happens(CUTS_BEFORE_KEEPING):
            server.transport.abort()
            return "421 Never sent"
        # What was read whole is kept though the client hangs up meanwhile, as a real server does.
        keeping = asyncio.ensure_future(self._keep(envelope))
        await asyncio.shield(keeping)
        if self.happens(CUTS_AFTER_KEEPING):
            server.transport.abort()
        await self.step()
        return "250 2.0.0 Kept"

    async def _keep(self, envelope: Envelope) -> None:
        await self.step()
        content = envelope.content
        assert isinstance(content, bytes)
        self.kept += 1
        self.under_way += len(envelope.rcpt_tos)
        loop = asyncio.get_running_loop()
        for recipient in envelope.rcpt_tos:
            late_s = self._chances.uniform(0, _LATEST_S)
            loop.call_later(late_s, self._arrive, recipient, content)

    def _arrive(self, recipient: str, content: bytes) -> None:
        self._deliver(recipient, content)
        self.under_way -= 1


class _Server(SMTP):
    async def smtp_DATA(self, arg: str) -> None:
        post = self.event_handler
        await post.step()
        if post.happens(CUTS_BEFORE_DATA):
            self.transport.abort()
        else:
            await super().smtp_DATA(arg)


class _Controller(FreePort):
    def factory(self) -> SMTP:
        return _Server(self.handler, **self.SMTP_kwargs)


@dataclass(frozen=True)
class Served:
    post: Post
    port: int


@contextmanager
def serving(chances: Random, deliver: Deliver) -> Iterator[Served]:
    """The server at work on loopback. At its end all it kept has been delivered."""
    post = Post(chances, deliver)
    controller: Any = _Controller(post, hostname="127.0.0.1", port=0)
    controller.start()
    try:
        yield Served(post, controller.port)
        until(lambda: post.under_way == 0)
    finally:
        controller.stop()
