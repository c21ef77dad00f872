"""Asking the desk from the command line: by this process, or by the running desk when there is
one."""

from typing import Any

from lib.commands.progress import Progress
from lib.services.loads import asked, handover
from lib.settings import Settings
from lib.store.records import batches


def answer(read: Settings, what: dict[str, Any]) -> dict[str, Any]:
    """What asked.answer() says; raises what that and handover.ask() raise."""
    progress = Progress()
    try:
        desk = handover.opened(read)
        if desk is None:
            return handover.ask(read, what, progress)
        try:
            return asked.answer(desk, handover.os_actor(), batches.new_id(), what)
        finally:
            desk.close()
    finally:
        progress.end()


def printable(text: str) -> str:
    """What a file's cells hold must not steer the terminal."""
    return "".join(c if c == "\n" or c.isprintable() else "�" for c in text)
