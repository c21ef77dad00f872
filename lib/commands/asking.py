"""Asking the desk from the command line: by this process, or by the running desk when there is
one."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from lib.commands.progress import Progress
from lib.model.errors import AppError
from lib.model.load import Progress as Heard
from lib.model.load import Stage
from lib.services.loads import asked, handover
from lib.settings import Settings
from lib.store.records import batches


def answer(read: Settings, what: dict[str, Any]) -> dict[str, Any]:
    """What asked.answer() says; raises what that and handover.ask() raise, and KeyboardInterrupt
    on Ctrl-C: nothing is done then."""
    progress = Progress()
    try:
        with _called_off(progress) as heard:
            desk = handover.opened(read)
            if desk is None:
                return handover.ask(read, what, heard)
            try:
                return asked.answer(desk, handover.os_actor(), batches.new_id(), what, heard)
            finally:
                desk.close()
    finally:
        progress.end()


@contextmanager
def _called_off(progress: Heard) -> Iterator[Heard]:
    """Ctrl-C is heard where the work tells how far it is, not in between: in the middle of its last
    step nobody could say whether it was done. A second one ends the process as it is, which its
    storage outlives, and nothing is said that may be wrong."""
    pressed: list[int] = []

    def press(number: int, _: object) -> None:
        pressed.append(number)
        signal.signal(number, signal.SIG_DFL)

    def heard(stage: Stage, fraction: float) -> None:
        if pressed and fraction < 1:
            raise KeyboardInterrupt
        progress(stage, fraction)

    before = signal.signal(signal.SIGINT, press)
    try:
        yield heard
    except AppError as error:
        if pressed:  # the child that reads the file hears it too, and ends
            raise KeyboardInterrupt from error
        raise
    finally:
        signal.signal(signal.SIGINT, before)


def printable(text: str) -> str:
    """What a file's cells hold must not steer the terminal."""
    return "".join(c if c == "\n" or c.isprintable() else "�" for c in text)
