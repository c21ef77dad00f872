"""How much anybody may send, how many files, and how slowly.

Streamlit keeps uploads in memory until their tab is gone, as many as come.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import anyio
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.types import Message, Receive

from lib.ui import tabs

MOST_FILES = 50  # that one tab holds: Importar's and Cargar's
MOST_HELD = 1 << 30  # bytes, in all tabs
PIECE_S = 30.0  # without a byte, and the rest isn't waited for
SLOWEST = 32 << 10  # bytes a second, of the whole: else one each half minute would keep it open
_AROUND = 1 << 20  # bytes of a form beside its file, as Streamlit reckons
_OTHERS = 64 << 10  # bytes that any other request may bring: none needs one
_LARGE = "El archivo pesa más de {} MB; divídelo en varios."
_MANY = "Esta pestaña ya tiene {} archivos; recarga la página para empezar de nuevo."
_FULL = "La mesa tiene demasiados archivos en espera; inténtalo en unos minutos."


class Bodies:
    """Those that are coming in. `most`: bytes of one file."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._coming = 0

    def refused(self, sent: Headers, tab: str) -> Response | None:
        """Before a byte of it is read. `tab`: what it is uploaded to; "" for no upload."""
        if "transfer-encoding" in sent:
            return Response(status_code=411)  # how much it is has to be said first
        size = length(sent)
        if size > (self._most + _AROUND if tab else _OTHERS):
            return PlainTextResponse(_LARGE.format(self._most >> 20), 413)
        if not tab:
            return None
        files, held = tabs.uploaded(tab)
        if files >= MOST_FILES:
            return PlainTextResponse(_MANY.format(MOST_FILES), 429)
        if held + self._coming + size > MOST_HELD:
            return PlainTextResponse(_FULL, 503)
        return None

    @contextmanager
    def receiving(self, sent: Headers, receive: Receive) -> Iterator["Arriving"]:
        """Its room is set aside while it comes."""
        size = length(sent)
        self._coming += size
        try:
            yield Arriving(size, receive)
        finally:
            self._coming -= size


class Arriving:
    """One body, as it is received: to who sends too slowly it reads as a browser that left."""

    def __init__(self, size: int, receive: Receive) -> None:
        self._receive = receive
        self._whole = size == 0
        self._until = anyio.current_time() + PIECE_S + size / SLOWEST
        self.gave_up = False

    async def receive(self) -> Message:
        if self._whole:
            return await self._receive()
        with anyio.move_on_at(min(self._until, anyio.current_time() + PIECE_S)):
            message = await self._receive()
            self._whole = not message.get("more_body", False)
            return message
        self.gave_up = True
        return {"type": "http.disconnect"}


def length(sent: Headers) -> int:
    """Bytes, as said; the server has refused what is no number."""
    return int(sent.get("content-length", "0"))
