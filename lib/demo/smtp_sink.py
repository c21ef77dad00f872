"""The demonstration's mail server: takes every mail, on loopback only, and keeps it as a file."""

# ruff: noqa: N802 - aiosmtpd finds its hooks by name

import asyncio
import os
import time
import uuid
from pathlib import Path
from types import TracebackType
from typing import Any

from aiosmtpd.controller import Controller

from lib.services import demonstration


class Sink:
    """Keeps each mail as `folder`/TIME-ID.eml, whole or not at all: names sort by arrival."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._controller = FreePort(
            _Keeper(folder), hostname="127.0.0.1", port=0, ident=demonstration.MAIL_SERVER
        )

    @property
    def port(self) -> int:
        """The port it listens on once started."""
        return int(self._controller.port)

    def start(self) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._controller.start()

    def stop(self) -> None:
        """Finish; a second call does nothing."""
        if self._controller.server:
            self._controller.stop()

    def __enter__(self) -> "Sink":
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


class FreePort(Controller):
    """Listens where the system says: nothing else can take the port in between."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


class _Keeper:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        try:
            self._keep(envelope.content)
        except OSError:
            return "452 4.3.1 No space to keep it"
        return "250 2.0.0 Kept"

    def _keep(self, content: bytes) -> None:
        name = f"{time.time_ns():020d}-{uuid.uuid4().hex[:8]}"
        part = self._folder / f".{name}.part"
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(self._folder / f"{name}.eml")
