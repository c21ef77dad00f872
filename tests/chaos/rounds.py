"""Rounds of a desk that is started, asked for resends and killed, until so many kills were done.

The moment of each death is drawn beforehand: some time after the process began, some time after
the desk answered, or, most often, at a step of a mail's conversation with the server.
"""

import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from random import Random

from tests.browser import desk_server
from tests.browser.desk_server import DeskServer
from tests.chaos import desk
from tests.chaos.post import Post
from tests.waiting import until

_UP_S, _REST_S = 120.0, 300.0  # until a desk answers, and until nothing waits: at the most
_START_S = 3.0  # the longest that a desk to be killed while it starts is given
_CLOCK_S = 1.5  # the same, once it answers
_STEPS = 60  # of the server, likewise: some eight mails
_STEP_S = 5.0  # a step that never comes (nothing is left to send) is not waited for longer


class Moment(Enum):
    START = "while starting"
    CLOCK = "at any time"
    STEP = "within a mail's conversation"


_MOMENTS = [Moment.START] + [Moment.CLOCK] * 2 + [Moment.STEP] * 5


@dataclass
class Asked:
    """What the people at the desk know: the mail's id for each key that was acknowledged."""

    serials: list[str]
    ids: dict[str, str] = field(default_factory=dict)

    @property
    def next(self) -> tuple[str, str] | None:
        """The serial and the key of the first that wasn't acknowledged yet, the same until it is:
        somebody who saw no answer presses again."""
        if len(self.ids) == len(self.serials):
            return None
        serial = self.serials[len(self.ids)]
        return serial, f"key-{serial}"


class Rounds:
    """`run` ends with every mail asked for settled and the desk closed."""

    def __init__(
        self, folder: Path, asked: Asked, post: Post, environment: dict[str, str], chances: Random
    ) -> None:
        self._folder = folder
        self._asked = asked
        self._post = post
        self._environment = environment
        self._chances = chances
        self.lives = 0
        self.kills: list[Moment] = []

    def run(self, kills: int, told: Callable[[str], None]) -> None:
        while len(self.kills) < kills:
            goal = len(self._asked.serials) * (len(self.kills) + 1) // kills
            moment = self._chances.choice(_MOMENTS)
            self._life(moment, goal)
            self.kills.append(moment)
            asked, kept = len(self._asked.ids), self._post.kept
            told(f"kill {len(self.kills)} {moment.value}: {asked} asked for, {kept} kept")
        self._last_life()

    def _life(self, moment: Moment, goal: int) -> None:
        """Until it is killed; asked for resends meanwhile, until `goal` were acknowledged."""
        running = self._started()
        blade = _Blade(running)
        if moment is Moment.START:
            blade.after(self._chances.uniform(0, _START_S))
        until(lambda: blade.fallen or _answers(running, blade), _UP_S)
        if moment is Moment.CLOCK:
            blade.after(self._chances.uniform(0, _CLOCK_S))
        if moment is Moment.STEP:
            self._post.alarm_after(self._chances.randint(1, _STEPS), blade.fall)
            blade.after(_STEP_S)
        self._ask(running, goal)
        blade.wait()
        self._post.alarm_after(0, None)

    def _last_life(self) -> None:
        """Until nothing waits any more."""
        running = self._started()
        try:
            until(lambda: desk_server.answers(running), _UP_S)
            self._ask(running, len(self._asked.serials))
            until(lambda: _at_rest(running), _REST_S)
        finally:
            running.stop()

    def _started(self) -> DeskServer:
        self.lives += 1
        log = self._folder / f"desk-{self.lives}.log"
        return desk.start(self._folder / "data", log, self._environment)

    def _ask(self, running: DeskServer, goal: int) -> None:
        """One after the other, until the desk dies. The last one acknowledged is asked for once
        more: the same answer, no second mail."""
        ids = self._asked.ids
        if ids:
            key, known = list(ids.items())[-1]
            again = desk.resend(running, key.removeprefix("key-"), key)
            assert again in (known, None), f"{key} was two mails"
        while len(ids) < goal and (waits := self._asked.next):
            serial, key = waits
            mail_id = desk.resend(running, serial, key)
            if mail_id is None:
                return
            ids[key] = mail_id


class _Blade:
    """`kill -9` of one process, once."""

    def __init__(self, running: DeskServer) -> None:
        self._process = running.process
        self._running = running
        self._down = threading.Event()

    @property
    def fallen(self) -> bool:
        return self._down.is_set()

    def fall(self) -> None:
        self._down.set()  # first: who finds the desk gone must find out why
        self._process.kill()

    def after(self, seconds: float) -> None:
        timer = threading.Timer(seconds, self.fall)
        timer.daemon = True
        timer.start()

    def wait(self) -> None:
        """Raises AssertionError when the process ended by itself."""
        self._down.wait()
        status = self._process.wait(30)
        assert status == -signal.SIGKILL, self._running.log_text()


def _answers(running: DeskServer, blade: _Blade) -> bool:
    """Raises AssertionError when it ended, and not by the blade."""
    try:
        return desk_server.answers(running)
    except AssertionError:
        if blade.fallen:
            return False
        raise


def _at_rest(running: DeskServer) -> bool:
    return not desk.states(running).keys() & {"queued", "sending", "uncertain"}
