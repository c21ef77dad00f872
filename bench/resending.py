"""Our own resends, timed without a browser: asking for many, then the worker that sends them."""

import shutil
import time
import uuid
from dataclasses import replace
from pathlib import Path

from bench.figures import Figures
from bench.mail_server import Server
from bench.prepared import AGENT, copied
from lib import settings
from lib.model.actor import Actor
from lib.model.policy import Rule
from lib.model.roles import Role
from lib.services.desk import open_desk
from lib.services.outgoing.delivery import Worker
from lib.services.resends import resending

_MEANWHILE, _MEANWHILE_S = 100, 0.1  # resends asked for while others leave, so many s apart
_LOOK_S = 0.1  # between two looks at the queue: each takes from what is measured
# Those that nothing stops: an address that somebody corrected lately waits for a manager.
_MAILABLE = (
    "SELECT s.serial FROM system s JOIN account a ON a.account_no = s.account_no"
    " WHERE a.email LIKE '_%@_%._%' AND a.account_no NOT IN (SELECT account_no FROM ops.correction)"
    " ORDER BY hash(s.serial)"
)
_LEFT = "SELECT count(*) FROM ops.outbox WHERE state IN ('queued', 'sending', 'uncertain')"
_SENT = "SELECT count(*) FROM ops.outbox WHERE state = 'accepted'"
# Notices that the desk's making has left queued: a worker would have sent them long ago.
_CLEARED = "UPDATE ops.outbox SET state = 'accepted', next_attempt_at = NULL WHERE state = 'queued'"


_DOMAINS = "SELECT DISTINCT split_part(email, '@', -1) FROM account WHERE email LIKE '_%@_%._%'"
_EVERYTHING = tuple(Rule)  # an agent who presses "Reenviar de todos modos"


class Ours:
    def __init__(self, data: Path) -> None:
        self._folder = copied(data)
        self._environment = {"MESA_DATA": str(self._folder)}
        self._desk = open_desk(settings.read(self._environment))
        self._agent = Actor(AGENT, "Agustina Agente", Role.AGENT)
        store = self._desk.store
        self.systems = int(store.rows("SELECT count(*) FROM system")[0][0])
        self.domains = [row[0] for row in store.rows(_DOMAINS)]
        self._serials = iter([row[0] for row in store.rows(_MAILABLE)])
        self._queued = 0
        store.write(lambda t: t.run(_CLEARED))
        self._before = self._count(_SENT)

    def close(self) -> None:
        self._desk.close()
        shutil.rmtree(self._folder)

    def queue(self, mails: int) -> Figures:
        """How long each of so many resends took to be acknowledged, one after the other."""
        figures = Figures()
        for _ in range(mails):
            figures.add(self._ask())
        return figures

    def send(self, server: Server) -> tuple[float, Figures]:
        """Mails a second until all that is queued was accepted; and how long resends took that
        were asked for while the first of them left, before that was timed."""
        found = settings.read(self._environment | server.environment())
        worker = Worker(replace(self._desk, settings=found))
        worker.start()
        try:
            meanwhile = self._ask_meanwhile(self._queued // 2)
            left, began = self._count(_LEFT), time.perf_counter()
            while self._count(_LEFT):
                time.sleep(_LOOK_S)
            seconds = time.perf_counter() - began
            assert self._count(_SENT) - self._before == self._queued
            return left / seconds, meanwhile
        finally:
            worker.stop()

    def _ask_meanwhile(self, least: int) -> Figures:
        """Until enough were asked for, or fewer than `least` mails wait."""
        figures = Figures()
        while len(figures.ms) < _MEANWHILE and self._count(_LEFT) > least:
            time.sleep(_MEANWHILE_S)
            figures.add(self._ask())
        return figures

    def _ask(self) -> float:
        """ms"""
        serial, key = next(self._serials), uuid.uuid4().hex
        began = time.perf_counter()
        resending.resend(self._desk, self._agent, serial, "other", "", key, _EVERYTHING)
        self._queued += 1
        return (time.perf_counter() - began) * 1000

    def _count(self, question: str) -> int:
        return int(self._desk.store.rows(question)[0][0])
