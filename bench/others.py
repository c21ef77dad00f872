"""What others wait while somebody loads or imports: `python -m bench.others URL`, a process apart.

Three agents, each with a session of their own: one opens the list, one searches, one presses a
row's envelope. They speak as a browser does (bench/crowd.py) and draw nothing.
"""

import json
import random
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.sync.client import ClientConnection

from bench import crowd
from bench.crowd import Grid
from bench.engine import TERMS
from bench.figures import Figures
from lib.model.view import View

_THINKS_S = 0.25  # between an answer and the next act
_EVENTS = "$$STREAMLIT_INTERNAL_KEY_{grid}__events"  # what Streamlit calls a component's events

# An act of one agent: what is timed, after what isn't.
Act = Callable[[], float]
Waits = dict[str, dict[str, Figures]]  # by what went on meanwhile, by act, in ms


class People:
    """Those at work: `going_on` is what their waits are noted under from now on ("": nowhere)."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.waits: Waits = {}

    def during(self, going_on: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(f"{going_on}\n")
        self._process.stdin.flush()

    def leave(self) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        told = self._process.stdout.read()
        if self._process.wait():
            raise RuntimeError("somebody stopped before the others")
        for going_on, acts in json.loads(told).items():
            self.waits[going_on] = {name: Figures(ms) for name, ms in acts.items()}


@contextmanager
def at_work(url: str, cookies: list[str]) -> Iterator[People]:
    """Until the block ends; `waits` is filled then. One cookie for each act."""
    pipe = subprocess.PIPE
    command = [sys.executable, "-m", "bench.others", url]
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(json.dumps(cookies) + "\n")
        process.stdin.flush()
        if process.stdout.readline() != "ready\n":
            raise RuntimeError("somebody couldn't sign in")
        people = People(process)
        try:
            yield people
        finally:
            people.leave()


class _Agent:
    """One who does one thing again and again."""

    def __init__(self, url: str, cookie: str, some: random.Random) -> None:
        self._socket: ClientConnection = crowd.connected(url, cookie)
        self._grid: Grid = crowd.open_page(self._socket)
        self._random = some
        self._seq = 0

    def first_page(self) -> float:
        return _ms(lambda: crowd.open_page(self._socket))

    def search(self) -> float:
        digits = f"{self._random.randrange(10**4):04d}"
        typed = self._random.choice([self._random.choice(TERMS), digits])
        view = self._next(View(q=typed))
        return _ms(lambda: crowd.ask(self._socket, self._grid, view))

    def resend_click(self) -> float:
        """On a row of a page that isn't timed, until its window has been drawn."""
        view = self._next(View(offset=self._random.randrange(400_000) // 50 * 50))
        row = self._random.choice(crowd.ask(self._socket, self._grid, view))
        return _ms(lambda: self._press(row))

    def _press(self, row: str) -> None:
        message = BackMsg()
        state = message.rerun_script.widget_states.widgets.add()
        state.id = _EVENTS.format(grid=self._grid.id)
        pressed = {"event": "action", "value": {"action": "resend", "id": row}}
        state.json_trigger_value = json.dumps([pressed])
        message.rerun_script.fragment_id = self._grid.fragment
        message.rerun_script.page_script_hash = self._grid.page
        self._socket.send(message.SerializeToString())
        heard = list(crowd.hear(self._socket))
        if not any(m.delta.add_block.HasField("dialog") for m in heard):
            raise RuntimeError("no window came")

    def _next(self, view: View) -> View:
        self._seq += 1
        return View(q=view.q, offset=view.offset, seq=self._seq)


def _ms(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


class _Room:
    """The agents' threads, and what goes on."""

    def __init__(self) -> None:
        self.going_on = ""
        self.over = threading.Event()
        self.failed = False
        self.waits: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))

    def work(self, name: str, act: Act) -> None:
        while not self.over.wait(_THINKS_S):
            before = self.going_on
            try:
                ms = act()
            except Exception:
                self.failed = True
                raise
            if before == self.going_on:  # else it was partly of each
                self.waits[before][name].append(ms)


def main() -> None:
    url, cookies = sys.argv[1], json.loads(sys.stdin.readline())
    agents = [_Agent(url, cookie, random.Random(i)) for i, cookie in enumerate(cookies)]
    acts = zip(("first page", "search", "resend click"), agents, strict=True)
    room = _Room()
    threads = [threading.Thread(target=room.work, args=(n, _act(n, who))) for n, who in acts]
    for thread in threads:
        thread.start()
    print("ready", flush=True)
    for line in sys.stdin:
        room.going_on = line.strip()
    room.over.set()
    for thread in threads:
        thread.join()
    room.waits.pop("", None)
    print(json.dumps(room.waits))
    sys.exit(room.failed)


def _act(name: str, agent: _Agent) -> Act:
    acts = {
        "first page": agent.first_page,
        "search": agent.search,
        "resend click": agent.resend_click,
    }
    return acts[name]


if __name__ == "__main__":
    main()
