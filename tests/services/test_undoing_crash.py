"""`kill -9` in the middle of an import or an undo: all is there or nothing, and no file is left."""

import io
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lib import settings
from lib.model.action import Action
from lib.model.actor import SYSTEM, Actor
from lib.services.desk import Desk, open_desk
from lib.services.imports import committing, originals, previewing
from lib.services.loads import incoming, undoing
from lib.store.records import batches
from tests.services.log_rows import logged

ROOT = Path(__file__).resolve().parent.parent.parent
HEADING = "Folio;No. Serie;Sistema;Versión;Usuarios;Fecha Compra;Titular;RFC;No. Cuenta\n"
FILE = (HEADING + "F1;001;SAE;9.0;1;31/01/2020;Ana Ruiz;;\nF2;002;SAE;9.0;1;;Beto;;\n").encode()
BEFORE = (HEADING + "F1;001;SAE;9.0;1;31/01/2020;Ana;;\n").encode()
# All is written but the row in the log when it stops; it is killed there.
_STOPPED = """
import io, sys
from lib import settings
from lib.model.actor import SYSTEM
from lib.services.desk import open_desk
from lib.services.imports import committing, previewing
from lib.services.loads import undoing
from lib.store.database import Transaction
def stop(*_):
    print("here", flush=True)
    sys.stdin.read()
Transaction.log = stop
desk = open_desk(settings.read())
act, what = sys.argv[1:]
if act == "import":
    with open(what, "rb") as file:
        committing.commit(desk, SYSTEM, previewing.preview(desk, SYSTEM, "marzo.csv", file))
else:
    undoing.undo(desk, SYSTEM, what, "error")
"""


def bring(desk: Desk, actor: Actor, content: bytes) -> str:
    batch_id = batches.new_id()
    seen = previewing.preview(desk, actor, "marzo.csv", io.BytesIO(content))
    committing.commit(desk, actor, seen, batch_id)
    return batch_id


def killed_in(data: Path, act: str, what: str) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", _STOPPED, act, what],
        env={"MESA_DATA": str(data), "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT,
    )  # fmt: skip
    try:
        assert child.stdout is not None
        assert child.stdout.readline() == b"here\n"
    finally:
        child.kill()
        child.communicate()


def holders(desk: Desk) -> list[tuple[str, str]]:
    return desk.store.rows("SELECT folio, holder FROM held_certificate ORDER BY folio")


@pytest.mark.slow
def test_killed_in_the_middle_of_an_import(tmp_path: Path, small_data: Path) -> None:
    data = shutil.copytree(small_data, tmp_path / "data")
    (tmp_path / "marzo.csv").write_bytes(FILE)
    killed_in(data, "import", str(tmp_path / "marzo.csv"))
    assert list((data / "batches").iterdir())  # laid before the commit that never was
    desk = open_desk(settings.read({"MESA_DATA": str(data)}))
    incoming.sweep(desk)
    originals.sweep(desk)
    assert holders(desk) == []
    assert logged(desk, Action.CERTIFICATES_IMPORTED) == []
    assert list((data / "batches").iterdir()) == []
    bring(desk, SYSTEM, FILE)
    assert holders(desk) == [("F1", "Ana Ruiz"), ("F2", "Beto")]
    desk.close()


@pytest.mark.slow
def test_killed_in_the_middle_of_an_undo(tmp_path: Path, small_data: Path) -> None:
    data = shutil.copytree(small_data, tmp_path / "data")
    desk = open_desk(settings.read({"MESA_DATA": str(data)}))
    bring(desk, SYSTEM, BEFORE)
    batch_id = bring(desk, SYSTEM, FILE)
    desk.close()
    killed_in(data, "undo", batch_id)
    desk = open_desk(settings.read({"MESA_DATA": str(data)}))
    assert holders(desk) == [("F1", "Ana Ruiz"), ("F2", "Beto")]
    assert logged(desk, Action.BATCH_UNDONE) == []
    undoing.undo(desk, SYSTEM, batch_id, "error")
    assert holders(desk) == [("F1", "Ana")]
    assert len(logged(desk, Action.BATCH_UNDONE)) == 1
    desk.close()
