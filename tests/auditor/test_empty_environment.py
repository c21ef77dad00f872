"""The verifier where an auditor has it: a fresh folder, Python, `cryptography`, nothing of ours."""

import json
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from lib import settings as desk_settings
from lib.model.audit_export import Asked
from lib.services.desk import Desk, open_desk
from tests.auditor.handed import as_it_is, exported
from tests.tampering import chained, proved_log, rewrite, write_rows

WRITTEN = 8
SIGNED = WRITTEN + 2  # the key's row before, the checkpoint's after
HANDED = SIGNED + 3  # two more rows, and the one that says that it was handed over
NEEDED = ("cryptography", "cffi", "_cffi_backend", "typing_extensions", "pycparser")


@dataclass(frozen=True)
class Empty:
    """An environment with nothing but what LEEME.txt has an auditor install."""

    python: Path

    def verify(self, folder: Path, *arguments: str) -> tuple[int, str]:
        done = subprocess.run(
            [str(self.python), "-I", "verificar.py", *arguments],
            cwd=folder,
            env={"PATH": "/nowhere"},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.stderr == ""
        return done.returncode, done.stdout


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Empty:
    folder = tmp_path_factory.mktemp("empty")
    subprocess.run(
        [sys.executable, "-m", "venv", "--without-pip", "--symlinks", str(folder)], check=True
    )
    site = next(folder.glob("lib/python*/site-packages"))
    for each in Path(sysconfig.get_path("platlib")).iterdir():
        if each.name.split(".")[0] in NEEDED:
            copy = shutil.copytree if each.is_dir() else shutil.copy
            copy(each, site / each.name)
    return Empty(folder / "bin" / "python")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """With a proved log, and two rows after what is signed."""
    data = tmp_path_factory.mktemp("handed") / "data"
    desk = open_desk(desk_settings.read({"MESA_DATA": str(data)}))
    assert proved_log(desk, WRITTEN) == SIGNED
    write_rows(desk, 2)
    yield desk
    desk.close()


@pytest.fixture(scope="module")
def good(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return exported(desk, tmp_path_factory.mktemp("good") / "bitacora", Asked(detailed=True))


@pytest.fixture
def copy(good: Path, tmp_path: Path) -> Path:
    """What was handed over, to do anything to."""
    return shutil.copytree(good, tmp_path / "bitacora")


def test_nothing_of_ours_is_there(empty: Empty) -> None:
    asked = "import importlib.util as u; print([u.find_spec(n) for n in ('lib', 'duckdb', 'pip')])"
    done = subprocess.run(
        [str(empty.python), "-I", "-c", asked], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[None, None, None]\n"


@pytest.mark.slow
def test_a_whole_log(empty: Empty, copy: Path) -> None:
    status, said = empty.verify(copy)
    assert said == (
        f"La bitácora está completa: {HANDED} renglones, del 1 al {HANDED}.\n"
        f"  · Hay firmas buenas hasta el renglón {HANDED}.\n"
    )
    assert status == 0


@pytest.mark.slow
def test_for_programs(empty: Empty, copy: Path) -> None:
    status, said = empty.verify(copy, "--json")
    found = json.loads(said)
    assert (status, found["whole"], found["rows"], found["findings"]) == (0, True, HANDED, [])


@pytest.mark.slow
def test_a_head_that_somebody_was_mailed(empty: Empty, copy: Path) -> None:
    line = (copy / "heads.txt").read_text("ascii").splitlines()[4]
    assert empty.verify(copy, "--cabeza", *line.split())[0] == 0
    status, said = empty.verify(copy, "--cabeza", line.split()[0], "0" * 64)
    assert (status, "fue alterado" in said) == (1, True)
    status, said = empty.verify(copy, "--cabeza", "1,000", "0" * 64)
    assert (status, f"le cortaron el final desde el renglón {HANDED + 1}" in said) == (1, True)


# ---- what happens to the files on the way ----------------------------------------------------


def edit(folder: Path, change: Callable[[list[dict[str, Any]]], None]) -> None:
    """The rows of bitacora.jsonl, by somebody who also knows how to mend the manifest."""
    file = folder / "bitacora.jsonl"
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    change(rows)
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


def swap(rows: list[dict[str, Any]]) -> None:
    rows[3]["seq"], rows[5]["seq"] = 6, 4
    rows[3], rows[5] = rows[5], rows[3]


def push(rows: list[dict[str, Any]]) -> None:
    for row in rows[4:]:
        row["seq"] += 1
    rows.insert(4, rows[3] | {"seq": 5, "prev": rows[3]["hash"], "hash": "f" * 64})


def empty_out(rows: list[dict[str, Any]]) -> None:
    rows[4]["detail"] = None
    rows[4]["salt"] = None


def let_go(rows: list[dict[str, Any]]) -> None:
    """By a row of somebody's own, what would have it go round and round."""
    rows[2].update(action="segment_dropped", subject="6-5", outcome="ok")
    rows[3].update(action="segment_dropped", subject="all", outcome="ok")
    rows[6].update(action="segment_opened")
    del rows[5]


EDITS: dict[str, tuple[Callable[[list[dict[str, Any]]], None], str]] = {
    "altered": (lambda rows: rows[4].update(actor="otra"), "el renglón 5 fue alterado"),
    "missing": (lambda rows: rows.pop(4), "falta el renglón 5"),
    "inserted": (
        push,
        "el renglón 5 no es de la bitácora",
    ),
    "reordered": (swap, "el renglón 4 no está en su lugar"),
    "cut": (lambda rows: rows.__delitem__(slice(6, None)), "cortaron el final desde el renglón 7"),
    "detail altered": (
        lambda rows: rows[4].update(detail="{}"),
        "los datos personales del renglón 5 fueron alterados",
    ),
    "detail missing": (empty_out, "faltan los datos personales del renglón 5 y no consta"),
    "let go": (let_go, "el renglón 3 fue alterado"),
    "a name of no column": (lambda rows: rows[4].update(more="x"), "el renglón 5 fue alterado"),
}


@pytest.mark.parametrize("how", EDITS)
def test_rows_edited(empty: Empty, copy: Path, how: str) -> None:
    change, said_of_it = EDITS[how]
    edit(copy, change)
    status, said = empty.verify(copy)
    assert status == 1
    assert said.startswith("LA BITÁCORA NO ESTÁ COMPLETA (se revisaron ")
    assert said_of_it in said
    assert "el archivo bitacora.jsonl no es como salió de la mesa" in said


def test_a_spreadsheet_that_says_something_else(empty: Empty, copy: Path) -> None:
    file = copy / "bitacora.csv"
    file.write_bytes(file.read_bytes().replace(b"Persona 4", b"Persona 5"))
    status, said = empty.verify(copy)
    assert (status, "bitacora.csv no dice en el renglón 6 lo mismo" in said) == (1, True)


@pytest.mark.parametrize(
    ("file", "before", "after", "said_of_it"),
    [
        ("checkpoints.jsonl", b'"rows":10', b'"rows":11', "la firma del punto de control del"),
        ("checkpoints.jsonl", b'"key":"', b'"key":"f', "es una llave que la bitácora no conoce"),
        ("heads.txt", b"\n5 ", b"\n5 0", "fue alterado"),
        ("manifest.json", b'"last": 13', b'"last": 14', "cortaron el final desde el renglón 14"),
        ("manifest.json", b"{", b"", "LO ENTREGADO NO SE PUEDE LEER"),
    ],
)
def test_other_files_edited(
    empty: Empty, copy: Path, file: str, before: bytes, after: bytes, said_of_it: str
) -> None:
    content = (copy / file).read_bytes()
    assert before in content
    (copy / file).write_bytes(content.replace(before, after, 1))
    status, said = empty.verify(copy)
    assert (status, said_of_it in said) == (1, True), said


def test_a_file_left_out(empty: Empty, copy: Path) -> None:
    (copy / "heads.txt").unlink()
    status, said = empty.verify(copy)
    assert (status, "falta el archivo heads.txt" in said) == (1, True)


def test_a_folder_of_something_else(empty: Empty, copy: Path) -> None:
    (copy / "manifest.json").unlink()
    done = subprocess.run(
        [str(empty.python), "-I", "verificar.py"], cwd=copy, capture_output=True, check=False
    )
    assert done.returncode == 2


# ---- what was done at the desk ---------------------------------------------------------------


@pytest.mark.slow
def test_a_log_written_anew_by_who_has_no_key(empty: Empty, desk: Desk, tmp_path: Path) -> None:
    """With its heads, and handed over as if nothing was."""
    data = shutil.copytree(desk.store.data, tmp_path / "data")
    again = open_desk(desk_settings.read({"MESA_DATA": str(data)}))

    def change(all_rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        all_rows[4]["actor"] = "otra"
        return chained(all_rows)

    rewrite(again.store, change)
    heads = again.store.rows("SELECT seq, hash FROM ops.audit ORDER BY seq")
    (data / "audit.head").write_text("".join(f"{seq} {hashed}\n" for seq, hashed in heads))
    folder = as_it_is(again.store, tmp_path / "bitacora")
    again.close()
    status, said = empty.verify(folder)
    assert (status, f"un renglón entre el 1 y el {SIGNED} fue alterado" in said) == (1, True)
