"""What the log's people are called: their full names, where staff has them; the desk by its own."""

from lib.model.actor import SYSTEM
from lib.services.log.entries import LogEntry

DESK = "La mesa"  # who did what nobody asked for


def called(entry: LogEntry) -> str:
    if entry.actor == SYSTEM.username:
        return DESK
    return entry.name or entry.actor


def in_full(entry: LogEntry) -> str:
    """With the username."""
    known = called(entry)
    told_apart = known in (DESK, entry.actor) or known.endswith(f"({entry.actor})")
    return known if told_apart else f"{known} ({entry.actor})"
