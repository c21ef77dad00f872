"""Files in flight (data/incoming): uploads, and checked rows that wait for a person's word.

They may hold CDAs as the vendor wrote them: whoever makes a folder removes it, and what a crash
left is swept at the next start.
"""

import shutil
import time
import uuid
from contextlib import suppress
from pathlib import Path

from lib.services.desk import Desk

_FORGOTTEN_S = 24 * 3600


def new_folder(desk: Desk) -> Path:
    """A new folder that only the desk's own user can read."""
    _drop_forgotten(desk)
    folder = _place(desk) / uuid.uuid4().hex
    folder.mkdir(mode=0o700, parents=True)
    return folder


def _drop_forgotten(desk: Desk) -> None:
    """A preview whose tab was closed waits for nobody."""
    for folder in _place(desk).glob("*"):
        with suppress(FileNotFoundError):  # another thread has just done with it
            if time.time() - folder.stat().st_mtime > _FORGOTTEN_S:
                shutil.rmtree(folder, ignore_errors=True)


def sweep(desk: Desk) -> None:
    """Remove what a crash left. Only while nobody else uses this desk: at its start."""
    shutil.rmtree(_place(desk), ignore_errors=True)


def _place(desk: Desk) -> Path:
    return desk.settings.data / "incoming"
