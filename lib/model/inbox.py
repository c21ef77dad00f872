"""The watched folder (MESA_INBOX): what waits in it, and what became of packs that came by it."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from lib.model.errors import AppError
from lib.model.load import Stage


@dataclass(frozen=True)
class Waiting:
    """A pack that isn't taken yet. `name` is its sub-folder's, "" = it lies in the folder itself.

    `found` are its files as they are called there, `missing` those of the five that aren't there,
    `arriving` what is still being written. `marked`: a marker says that no more will come.
    """

    name: str
    found: tuple[str, ...]
    missing: tuple[str, ...] = ()
    arriving: tuple[str, ...] = ()
    marked: bool = False

    @property
    def whole(self) -> bool:
        return bool(self.found) and not self.arriving and (self.marked or not self.missing)


@dataclass(frozen=True)
class Came:
    """A pack that came by the folder and was dealt with, at `at` (UTC). `id` is its batch's when it
    was `loaded`; else `why` says in Spanish why not. `name` is its sub-folder's, or the watched
    folder's own. `again`: when the same files were loaded before (UTC)."""

    id: str
    name: str
    sha256: str
    at: dt.datetime
    loaded: bool
    why: str = ""
    again: dt.datetime | None = None


@dataclass(frozen=True)
class Now:
    """What the watch saw last. `loading`: where the load of `in_hand` is. `trouble`: why it can't
    go on; it tries again by itself. `strangers` lie in the folder and belong to no pack."""

    waiting: tuple[Waiting, ...] = ()
    in_hand: str | None = None
    loading: tuple[Stage, float] | None = None
    trouble: AppError | None = None
    strangers: tuple[str, ...] = ()


@dataclass
class Lookout:
    """Where the watch leaves what it sees for the pages."""

    now: Now = Now()

    def say(self, **changes: Any) -> None:
        """The same, but for these of its fields. For the watch alone."""
        self.now = replace(self.now, **changes)
