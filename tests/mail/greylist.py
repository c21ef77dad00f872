"""A greylisting policy service as Postfix asks it: the first try of each recipient waits."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.mail.server import POLL_S


@contextmanager
def serving(prefix: str) -> Iterator[int]:
    """At work for recipients that begin with `prefix`; its port."""
    seen: set[str] = set()

    class Policy(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            while asked := self._asked():
                recipient = asked.get("recipient", "")
                waits = recipient.startswith(prefix) and recipient not in seen
                seen.add(recipient)
                action = "451 4.7.1 Greylisted, try again" if waits else "DUNNO"
                self.wfile.write(f"action={action}\n\n".encode())

        def _asked(self) -> dict[str, str]:
            """Attributes, one a line, up to an empty line; none at the end."""
            lines = iter(lambda: self.rfile.readline().decode().rstrip("\n"), "")
            return dict(line.split("=", 1) for line in lines)

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Policy)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(POLL_S,))
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
