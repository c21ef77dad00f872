"""A running desk that a test also holds from within: it lets people in, disables them, looks.

with held(folder) as (server, inside):
    cookie = inside(people_inside.cookie, "agente")   # any function of (desk, *arguments) that
                                                      # the desk's process can import
"""

import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from lib.ui import process
from tests.browser import desk_server
from tests.browser.desk_server import DeskServer
from tests.ports import free_port
from tests.waiting import until

Inside = Callable[..., Any]


@contextmanager
def held(
    folder: Path, environment: Mapping[str, str] | None = None
) -> Iterator[tuple[DeskServer, Inside]]:
    """As desk_server.running, with a way to have functions called in the desk's own process."""
    desk_server.seed(folder / "data")
    ours, theirs = socket.socketpair()
    with desk_server.mail_server() as (mail_port, mailbox), theirs:
        port, log = free_port(), folder / "server.log"
        more = {"MESA_SMTP_PORT": str(mail_port), **(environment or {})}
        with log.open("wb") as stream:
            running = subprocess.Popen(
                [sys.executable, "-m", __name__, str(theirs.fileno()), str(port)],
                cwd=desk_server.ROOT,
                env=desk_server.environment_for(folder / "data", more),
                stdout=stream,
                stderr=subprocess.STDOUT,
                pass_fds=[theirs.fileno()],
            )
        url = f"http://localhost:{port}"
        server = DeskServer(url, folder / "data", log, mailbox, running)
        line = Connection(ours.detach())
        try:
            until(lambda: desk_server.answers(server), 60)
            yield server, _through(line)
        finally:
            server.stop()
            line.close()


def _through(line: Connection) -> Inside:
    def call(function: Callable[..., Any], *arguments: Any) -> Any:
        line.send((function, arguments))
        answer = line.recv()
        if isinstance(answer, Exception):
            raise answer
        return answer

    return call


def _serve(line: Connection) -> None:
    while True:
        try:
            function, arguments = line.recv()
        except EOFError:
            return
        try:
            line.send(function(process.desk(), *arguments))
        except Exception as error:
            line.send(RuntimeError(repr(error)))


if __name__ == "__main__":
    from streamlit.web.cli import main

    threading.Thread(target=_serve, args=(Connection(int(sys.argv[1])),), daemon=True).start()
    home = str(desk_server.ROOT / "Home.py")
    sys.argv = ["streamlit", "run", home, "--server.port", sys.argv[2]]
    main()
