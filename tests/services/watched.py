"""A desk that watches a folder, on a clock that stands still: for tests/services/test_inbox*.py."""

import dataclasses
from pathlib import Path

from lib.model.action import Action
from lib.model.errors import AppError
from lib.model.inbox import Now
from lib.services.desk import Desk
from lib.services.loads.in_hand import Pace
from lib.services.loads.inbox import InboxWatch
from lib.store.pack.files import CERTIFICATES
from lib.store.records import batches
from lib.ui import messages
from tests import packs
from tests.packs import row
from tests.services.log_rows import logged

SETTLE_S = 30.0


class Watched:
    """A desk, its folder and a watch over it whose clock stands still."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self.folder = folder
        self.desk = dataclasses.replace(
            desk, settings=dataclasses.replace(desk.settings, inbox=folder)
        )
        self.time = 0.0
        self.again()

    def again(self) -> None:
        """As after a restart."""
        self.watch = InboxWatch(
            self.desk, messages.sentence, Pace(SETTLE_S), apart=False, now=lambda: self.time
        )

    def look(self, after_s: float = 0.0) -> Now:
        self.time += after_s
        self.watch.look()
        return self.desk.inbox.now

    def settle(self) -> Now:
        """Two looks with enough time between them."""
        self.look()
        return self.look(SETTLE_S)

    def aside(self, place: str) -> list[Path]:
        return sorted((self.folder / place).glob("*"))

    def batches(self) -> list[tuple[str, str]]:
        return [(b.actor, b.source) for b in batches.newest(self.desk.store)]


def small(folder: Path) -> Path:
    """A whole pack of one file: quicker to load, where what it holds doesn't matter."""
    packs.write(folder, {CERTIFICATES: [row(CERTIFICATES)]})
    (folder / "listo").touch()
    return folder


def said(error: AppError | None) -> str:
    return messages.sentence(error) if error else ""


def refused(watched: Watched) -> str:
    """The text beside the only pack that was refused; nothing was loaded."""
    assert watched.batches() == []
    [folder] = watched.aside("rechazados")
    text = (folder / "motivo.txt").read_text("utf-8")
    [logged_row] = logged(watched.desk, Action.PACK_REFUSED)
    assert logged_row["outcome"] == "refused"
    assert logged_row["detail"]["why"] in text
    assert watched.look().trouble is None
    return text
