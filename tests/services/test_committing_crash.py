"""`kill -9` at several points of a long import: all of it is there or nothing, no file stays."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lib import settings
from lib.model.action import Action
from lib.services.desk import open_desk
from lib.services.imports import originals
from lib.services.loads import incoming
from lib.store.records import batches
from tests.services.log_rows import logged

ROOT = Path(__file__).resolve().parent.parent.parent
HEADING = "Folio;No. Serie;Sistema;Versión;Usuarios;Fecha Compra;Titular;RFC;No. Cuenta\n"
ROWS = 300
# Rows go in a hundred at a time, beside others' writes; it stops at the point named, to be killed.
_STOPPED = """
import sys
from lib import settings
from lib.model.actor import SYSTEM
from lib.services.desk import open_desk
from lib.services.imports import committing, previewing
from lib.store.records import merging
def stop(*_):
    print("here", flush=True)
    sys.stdin.read()
committing.FEW, merging.AT_A_TIME = 0, 100
point, file = sys.argv[1:]
def progress(stage, done):
    if (point == "laying" and 0.5 < done < 0.8) or (point == "stored" and done == 1):
        stop()
if point == "settled":
    committing._record = stop
desk = open_desk(settings.read())
with open(file, "rb") as content:
    seen = previewing.preview(desk, SYSTEM, "marzo.csv", content)
committing.commit(desk, SYSTEM, seen, progress=progress)
"""


@pytest.mark.slow
@pytest.mark.parametrize(("point", "rows"), [("laying", 0), ("settled", 0), ("stored", ROWS)])
def test_killed(tmp_path: Path, small_data: Path, point: str, rows: int) -> None:
    data = shutil.copytree(small_data, tmp_path / "data")
    file = tmp_path / "marzo.csv"
    file.write_text(HEADING + "".join(f"F{n};S{n};SAE;9.0;1;;Ana;;\n" for n in range(ROWS)))
    child = subprocess.Popen(
        [sys.executable, "-c", _STOPPED, point, str(file)],
        env={"MESA_DATA": str(data), "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT,
    )  # fmt: skip
    try:
        assert child.stdout is not None
        assert child.stdout.readline() == b"here\n"
    finally:
        child.kill()
        child.communicate()
    desk = open_desk(settings.read({"MESA_DATA": str(data)}))
    incoming.sweep(desk)
    originals.sweep(desk)
    assert len(desk.store.rows("SELECT * FROM ops.certificate")) == rows
    assert len(logged(desk, Action.CERTIFICATES_IMPORTED)) == (1 if rows else 0)
    kept = {folder.name for folder in (data / "batches").iterdir()}
    assert kept == {b.id for b in batches.newest(desk.store) if b.kind == "certificates"}
    assert len(kept) == (1 if rows else 0)
    assert not (data / "incoming").exists()
    desk.close()
