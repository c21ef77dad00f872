"""A log of several segments, some of them archived."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lib import settings
from lib.model.actor import SYSTEM
from lib.model.proof import Checked
from lib.model.segment import MONTH
from lib.services.desk import Desk, open_desk
from lib.services.log import archiving, proof
from lib.store.database import Store
from lib.store.log import proving
from tests.desks import forget
from tests.tampering import proved_log, write_rows

# The first rows of the second and the third segment, and the newest of them all.
SECOND, THIRD, NEWEST = 8, 13, 17


def begin(desk: Desk) -> None:
    """A segment, as a month begins one."""
    by = proof.signer(desk)
    signed = desk.store.write(lambda t: proof.begin_segment(t, MONTH, by))
    assert signed
    proof.note(desk, signed)


def of_three(desk: Desk) -> None:
    """Rows 1 to 7, 8 to 12, 13 to 17."""
    assert proved_log(desk, 5) == SECOND - 1
    for _ in range(2):
        begin(desk)
        write_rows(desk, 4)


def made(data: Path, *, archived: bool) -> Path:
    """The closed folder of a desk with such a log, the closed ones perhaps archived."""
    desk = open_desk(settings.read({"MESA_DATA": str(data)}))
    of_three(desk)
    if archived:
        assert archiving.archive(desk, SYSTEM) == 2
    desk.close()
    return data


@contextmanager
def opened(whole: Path) -> Iterator[Desk]:
    """A copy of it, to do anything to."""
    with tempfile.TemporaryDirectory(dir=whole.parent) as folder:
        data = shutil.copytree(whole, Path(folder) / "data")
        desk = open_desk(settings.read({"MESA_DATA": str(data)}))
        yield desk
        forget(desk.store)


def check(store: Store) -> Checked:
    return proving.check(store, lambda _: None)
