"""The only process-wide objects: the desk and the threads that work beside it.

The app's lifespan starts and stops them (lib/ui/server.py); under AppTest, where there is no
server, the desk opens when first asked for.
"""

import threading
from importlib import import_module, util
from typing import Protocol

from lib import settings
from lib.services.desk import Desk, open_desk

# The mail worker and the clerk that takes over what the command line loaded.
_BESIDE = (("lib.services.delivery", "Worker"), ("lib.services.handover", "Clerk"))


class _Thread(Protocol):
    def start(self) -> None: ...
    def stop(self) -> None: ...


class _Process:
    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.desk: Desk | None = None
        self.threads: list[_Thread] = []


_process = _Process()


def desk() -> Desk:
    """The desk of this process. Raises AppError when it can't be opened."""
    with _process.lock:
        if _process.desk is None:
            _process.desk = open_desk(settings.read())
        return _process.desk


def adopt(desk: Desk | None) -> None:
    """Serve this desk, already open, from now on (tests); None forgets it without closing it."""
    with _process.lock:
        _process.desk = desk


def start() -> Desk:
    """Open the desk and start what works beside it. Raises AppError when it can't be opened."""
    opened = desk()
    for module, name in _BESIDE:
        if util.find_spec(module):
            thread: _Thread = getattr(import_module(module), name)(opened)
            thread.start()
            _process.threads.append(thread)
    return opened


def stop() -> None:
    """Stop the threads, finish the writes in hand, close the desk."""
    while _process.threads:
        _process.threads.pop().stop()
    with _process.lock:
        if _process.desk is not None:
            _process.desk.close()
        _process.desk = None
