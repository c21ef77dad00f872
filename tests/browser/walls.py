"""What a tab of the desk's must never do, watched in every browser test: ask another host for
anything, or try what the Content-Security-Policy forbids.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import BrowserContext

# Chromium asks Google what kind of form one with a password is: no page can keep it from that.
_CHROMIUM_S = "CONNECT content-autofill.googleapis.com:443 "


@contextmanager
def watched(context: BrowserContext, url: str, *besides: str) -> Iterator[None]:
    """`url` is the desk's; `besides` are where a page of its may go. Fails at the end with what
    left, or was forbidden."""
    own = (f"{url}/", url.replace("http", "ws", 1) + "/", "data:", "blob:", "about:", *besides)
    outside: list[str] = []
    forbidden: list[str] = []

    def ask(address: str) -> None:
        if not f"{address}/".startswith(own):
            outside.append(address)

    def say(text: str) -> None:
        if "Content Security Policy" in text or "Permissions-Policy" in text:
            forbidden.append(text)

    context.on("request", lambda request: ask(request.url))
    context.on("page", lambda page: page.on("websocket", lambda line: ask(line.url)))
    context.on("console", lambda message: say(message.text))
    yield
    assert not outside, outside
    assert not forbidden, forbidden


class Outside:
    """A proxy for everything but this machine: whatever reaches it was on its way out, also what
    the browser asks for by itself and tells no test of (an icon, a font, a name looked up)."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._hear, daemon=True)

    def __enter__(self) -> "Outside":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def _hear(self) -> None:
        while True:
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            with line:
                asked = line.recv(4096).partition(b"\r\n")[0].decode("latin-1")
                if not asked.startswith(_CHROMIUM_S):
                    self.asked.append(asked)
                line.sendall(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
