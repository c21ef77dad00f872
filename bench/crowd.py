"""Agents at work at the same time, each with a session of their own: the load, and what it waits.

They speak to the desk as a browser does (Streamlit's WebSocket) from a process apart, but draw
nothing: in an office each agent's browser has a machine of its own. What one of them sees on the
glass is measured by bench/acts.py in a real Chromium meanwhile.
"""

import json
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

from bench.engine import TERMS
from bench.figures import Figures
from lib.model.view import View

PAGE = "Suscripciones"
THINKS = (1.0, 5.0)  # seconds between an answer and the next act
_SORTS = ("serial", "next_payment_on", "account_name", "activated_on", "seats", "account_no")
_GROUPS = ("product", "version", "period", "status", "next_payment_on:month")
_PRODUCTS = ("SAE", "COI", "NOI", "CAJA", "BANCO", "PROD", "FACTURE", "ADM")


@contextmanager
def at_work(url: str, cookies: list[str], waits: Figures) -> Iterator[None]:
    """One agent for each cookie, at work until the block ends; then what they waited, in ms."""
    command = [sys.executable, "-m", "bench.crowd", url]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdin
        assert process.stdout
        try:
            process.stdin.write(json.dumps(cookies) + "\n")
            process.stdin.flush()
            if process.stdout.readline() != "ready\n":
                raise RuntimeError("the crowd couldn't sign in")
            yield
        finally:
            process.stdin.close()
            said = process.stdout.read()
    if process.returncode:
        raise RuntimeError("an agent of the crowd stopped before the others")
    waits.ms += json.loads(said)


def main() -> None:
    url, cookies = sys.argv[1], json.loads(sys.stdin.readline())
    stop, waits, there = threading.Event(), Figures(), threading.Barrier(len(cookies) + 1)
    agents = [_Agent(url, cookie, random.Random(i)) for i, cookie in enumerate(cookies)]
    threads = [threading.Thread(target=agent.work, args=(there, stop, waits)) for agent in agents]
    for thread in threads:
        thread.start()
    there.wait(120)
    print("ready", flush=True)
    sys.stdin.read()  # until whoever started this has seen enough
    stop.set()
    for thread in threads:
        thread.join()
    print(json.dumps(waits.ms))
    sys.exit(sum(agent.failed for agent in agents))


@dataclass(frozen=True)
class Grid:
    """Where the page has its grid, as the server calls it."""

    id: str
    fragment: str
    page: str
    opened: str


class _Agent:
    def __init__(self, url: str, cookie: str, some: random.Random) -> None:
        self._address = url
        self._cookie = cookie
        self._random = some
        self.failed = True

    def work(self, there: threading.Barrier, stop: threading.Event, waits: Figures) -> None:
        with connected(self._address, self._cookie) as socket:
            grid = open_page(socket)
            there.wait(120)
            for view in _walk(self._random):
                if stop.wait(self._random.uniform(*THINKS)):
                    self.failed = False
                    return
                began = time.perf_counter()
                ask(socket, grid, view)
                waits.add((time.perf_counter() - began) * 1000)


def connected(url: str, cookie: str) -> ClientConnection:
    """A browser's line to the desk, with the cookie of who signed in there."""
    return connect(
        url.replace("http", "ws", 1) + "/_stcore/stream",
        subprotocols=["streamlit"],  # type: ignore[list-item]
        additional_headers={"Cookie": f"__Host-mesa={cookie}"},
        origin=url,  # type: ignore[arg-type]
        max_size=None,
        open_timeout=60,
    )


def ask(socket: ClientConnection, grid: Grid, view: View) -> list[str]:
    """Send the view and hear its answer out: the ids of its rows."""
    message = BackMsg()
    said = {"view": {**view.to_json(), "opened": grid.opened}}
    state = message.rerun_script.widget_states.widgets.add()
    state.id, state.json_value = grid.id, json.dumps(said)
    message.rerun_script.fragment_id = grid.fragment
    message.rerun_script.page_script_hash = grid.page
    socket.send(message.SerializeToString())
    answers = [drawn(heard) for heard in hear(socket) if is_grid(heard)]
    if [answer["view"]["seq"] for answer in answers] != [view.seq]:
        raise RuntimeError(f"asked for {view.seq}, answered {len(answers)} times")
    return [row["id"] for row in answers[0]["rows"] if "id" in row]


def open_page(socket: ClientConnection) -> Grid:
    message = BackMsg()
    message.rerun_script.page_name = PAGE
    socket.send(message.SerializeToString())
    heard = list(hear(socket))
    page = next(m.new_session for m in heard if m.WhichOneof("type") == "new_session")
    grid = next(m for m in heard if is_grid(m))
    found = grid.delta.new_element.bidi_component
    return Grid(found.id, grid.delta.fragment_id, page.page_script_hash, drawn(grid)["opened"])


def hear(socket: ClientConnection) -> Iterator[ForwardMsg]:
    """What one run of the script sends."""
    kind = ""
    while kind != "script_finished":
        message = ForwardMsg()
        message.ParseFromString(socket.recv(timeout=60, decode=False))
        kind = message.WhichOneof("type") or ""
        yield message


def is_grid(message: ForwardMsg) -> bool:
    if message.WhichOneof("type") != "delta":
        return False
    return message.delta.new_element.bidi_component.component_name == "mesa_grid"


def drawn(message: ForwardMsg) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(message.delta.new_element.bidi_component.json)
    return told


def _walk(some: random.Random) -> Iterator[View]:
    """What one agent does, one thing after another; no two do the same."""
    view, seq = View(), 0
    while True:
        seq += 1
        view = replace(some.choice(_ACTS)(view, some), seq=seq)
        yield view


def _search(view: View, some: random.Random) -> View:
    digits = f"{some.randrange(10**4):04d}"
    return View(q=some.choice([some.choice(TERMS), digits, f"{some.choice(TERMS)} {digits[:2]}"]))


def _sort(view: View, some: random.Random) -> View:
    return replace(view, sort=((some.choice(_SORTS), some.random() < 0.5),), offset=0)


def _page(view: View, some: random.Random) -> View:
    """The next, the last (the desk brings it within), or one in the middle."""
    far = some.choice(
        [view.offset + 50, view.offset + 50, 10**9, some.randrange(400_000) // 50 * 50]
    )
    return replace(view, offset=far)


def _choose(view: View, some: random.Random) -> View:
    filters = {"product": some.choice(_PRODUCTS), "seats": f">={some.randrange(1, 6)}"}
    return View(filters=filters, sort=view.sort)


def _group(view: View, some: random.Random) -> View:
    return replace(view, group=(some.choice(_GROUPS),), expanded=(), offset=0)


def _expand(view: View, some: random.Random) -> View:
    return View(filters=view.filters, group=("product",), expanded=((some.choice(_PRODUCTS),),))


_ACTS = (_search, _search, _sort, _page, _page, _choose, _group, _expand)


if __name__ == "__main__":
    main()
