"""Files in flight: for the desk's own user only, and swept at a start."""

import os
import stat

from lib.services.desk import Desk
from lib.services.loads import incoming


def test_what_a_crash_left_is_swept(desk: Desk) -> None:
    folder = incoming.new_folder(desk)
    (folder / "cda.csv").write_text("secreto", "utf-8")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    incoming.sweep(desk)
    assert not folder.exists()


def test_what_was_forgotten_for_a_day_goes(desk: Desk) -> None:
    forgotten, fresh = incoming.new_folder(desk), incoming.new_folder(desk)
    os.utime(forgotten, (0, 0))
    incoming.new_folder(desk)
    assert (forgotten.exists(), fresh.exists()) == (False, True)


def test_what_goes_meanwhile_stops_nobody(desk: Desk) -> None:
    gone = incoming.new_folder(desk).parent / "ida"
    gone.symlink_to(gone.parent / "nada")  # as a folder that was there when they were listed
    assert incoming.new_folder(desk).is_dir()


def test_nothing_to_sweep_is_no_error(desk: Desk) -> None:
    incoming.sweep(desk)
