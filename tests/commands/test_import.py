"""`python -m lib import`, `loads` and `undo`, as processes: alone, and beside a running desk."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from lib import settings
from lib.services.desk import open_desk
from lib.services.loads import handover
from lib.settings import ROOT
from tests.commands.test_load import environment, running_desk

pytestmark = pytest.mark.slow  # processes

HEADING = "Folio;No. Serie;Sistema;Versión;Usuarios;Fecha Compra;Titular;RFC;No. Cuenta\n"
MARCH = (
    HEADING + "F1;001;SAE;9.0;1;31/01/2020;Ana;;\n\nF2;1.23E+11;SAE;9.0;1;;Beto;;\n"
    ";;;;;;;;\nF3;003;COI;9.0;1;;Zoé;;\n"
)
APRIL = HEADING + "F1;001;SAE;9.0;1;31/01/2020;Ana Ruiz;;\nF3;003;COI;9.0;1;;Zoé;;\n"


@pytest.fixture
def data(tmp_path: Path, empty_data: Path) -> Path:
    return shutil.copytree(empty_data, tmp_path / "data")


def run(data: Path, *arguments: object) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "lib", *map(str, arguments)],
        cwd=ROOT,
        env=environment(data),
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )


def said(data: Path, *arguments: object) -> Any:
    done = run(data, *arguments, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def written(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.write_text(text, "utf-8")
    return file


def acts(data: Path) -> list[tuple[str, str]]:
    desk = open_desk(settings.read(environment(data)))
    try:
        return desk.store.rows("SELECT action, actor FROM ops.audit ORDER BY seq")
    finally:
        desk.close()


ME = handover.os_actor().username


def test_each_row_has_its_verdict_and_a_dry_run_changes_nothing(data: Path, tmp_path: Path) -> None:
    march = written(tmp_path, "marzo.csv", MARCH)
    report = said(data, "import", march, "--dry-run")
    assert (report["batch"], report["dry_run"]) == ("", True)
    rows = [(row["line"], row["verdict"], row["folio"]) for row in report["rows"]]
    assert rows == [
        (2, "new", "F1"),
        (3, "blank", ""),
        (4, "bad", "F2"),
        (5, "blank", ""),
        (6, "new", "F3"),
    ]
    assert report["rows"][2]["reasons"] == [
        "No. Serie: Excel cambió la serie, recupérala del original: «1.23E+11»"
    ]
    assert report["totals"]["rows"] == len(rows)
    eaten = "Excel cambió la serie, recupérala del original"
    assert report["problems"] == [
        {"field": "No. Serie", "reason": eaten, "bad": True, "rows": 1, "file": ""}
    ]
    assert report["same_as"] is None
    assert acts(data) == []
    assert said(data, "loads") == []


def test_an_import_is_listed_and_undone(data: Path, tmp_path: Path) -> None:
    march = said(data, "import", written(tmp_path, "marzo.csv", MARCH))["batch"]
    april = said(data, "import", written(tmp_path, "abril.csv", APRIL))
    assert [row["verdict"] for row in april["rows"]] == ["changed", "unchanged"]
    assert [batch["source"] for batch in said(data, "loads")] == ["abril.csv", "marzo.csv"]
    same = said(data, "import", tmp_path / "marzo.csv", "--dry-run")["same_as"]
    assert (same["batch"], same["actor"]) == (march, ME)
    done = run(data, "undo", march, "--reason", "de prueba")
    assert "1 certificado salió, 0 volvieron" in done.stdout
    assert "F1: cli:" in done.stdout
    again = run(data, "undo", march, "--reason", "de prueba")
    assert (again.returncode, again.stdout) == (2, "")
    assert "Ya la deshizo" in again.stderr
    imported = ("certificates_imported", ME)
    assert acts(data) == [imported, imported, ("batch_undone", ME)]


def test_nothing_new_becomes_no_batch(data: Path, tmp_path: Path) -> None:
    march = written(tmp_path, "marzo.csv", MARCH)
    done = run(data, "import", march).stdout
    assert "5 filas; 2 nuevas, 0 cambiadas, 0 iguales, 1 apartada, 2 en blanco." in done
    assert "Para deshacerlo" in done
    gone = run(data, "import", tmp_path / "mayo.csv")
    assert gone.returncode == 2
    assert gone.stderr.endswith("mayo.csv: no existe; revisa la ruta y sus permisos.\n")
    assert "No había nada nuevo" in run(data, "import", march).stdout
    assert acts(data) == [("certificates_imported", ME)]


def test_a_running_desk_does_it(data: Path, tmp_path: Path) -> None:
    march = written(tmp_path, "marzo.csv", MARCH)
    with running_desk(data):
        report = said(data, "import", march)
        assert [row["verdict"] for row in report["rows"]].count("new") == 2
        done = said(data, "undo", report["batch"], "--reason", "de prueba")
        assert (done["gone"], done["kept"]) == (2, [])
        assert said(data, "loads")[0]["undone_by"] == ME
    assert acts(data) == [("certificates_imported", ME), ("batch_undone", ME)]
    assert os.listdir(data / "incoming") == []


def test_what_can_t_be_read_is_said(data: Path, tmp_path: Path) -> None:
    for file in (tmp_path / "nada.csv", written(tmp_path, "foto.csv", "\x00\x01")):
        done = run(data, "import", file, "--json")
        assert done.returncode == 2
        assert file.name in json.loads(done.stdout)["message"]
    assert run(data, "undo", "nada", "--reason", "x").returncode == 2


def test_the_error_file_is_written_mended_and_imported(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "errores.csv"
    march = written(tmp_path, "marzo.csv", MARCH)
    assert said(data, "import", march, "--errors", out)["totals"]["set_aside"] == 1
    heading, row, *rest = out.read_text("utf-8-sig").splitlines()
    assert (heading.endswith(",Motivo"), rest) == (True, [])
    assert "Excel cambió la serie" in row
    out.write_text("\n".join([heading, row.replace("1.23E+11", "002")]), "utf-8")
    again = said(data, "import", out, "--errors", tmp_path / "ninguno.xlsx")
    assert (again["totals"]["new"], again["totals"]["set_aside"]) == (1, 0)
    assert not (tmp_path / "ninguno.xlsx").exists()
    same = run(data, "import", march, "--errors", march)  # it may be the only copy
    assert (same.returncode, march.read_text("utf-8")) == (2, MARCH)
    assert "es el archivo que se importa" in same.stderr
    for name in ("errores.pdf", "errores"):
        other = run(data, "import", march, "--errors", tmp_path / name)
        assert (other.returncode, other.stdout, (tmp_path / name).exists()) == (2, "", False)
        assert "se escriben como .csv o .xlsx" in other.stderr
    assert [act for act, _ in acts(data)].count("rows_exported") == 1


def test_columns_are_named_when_nobody_knows_them(data: Path, tmp_path: Path) -> None:
    file = written(tmp_path, "otra.csv", "Uno;Dos\x1b[2J;Tres;Cuatro\nF1;0001;SAE;1\n")
    refused = run(data, "import", file)
    assert refused.returncode == 2
    assert "Folio, No. Serie" in refused.stderr
    assert "Uno, Dos�[2J, Tres, Cuatro" in refused.stderr  # nothing that a terminal would act on
    report = said(data, "import", file, "--column", "Folio=Uno", "--column", "serial=#2")
    assert report["columns"][1] == {
        "column": "serial", "heading": "Dos\x1b[2J", "place": 2, "found": "person", "by": "",
    }  # fmt: skip
    assert report["totals"]["new"] == 1
    again = run(data, "import", file)
    assert "Folio de «Uno»" in again.stdout
    assert run(data, "import", file, "--automatic").returncode == 2


def test_a_folder_a_pipe_and_a_device_are_no_files(data: Path, tmp_path: Path) -> None:
    """One would be waited for, another would never end."""
    os.mkfifo(tmp_path / "tubería.csv")
    for path in (tmp_path, tmp_path / "tubería.csv", Path("/dev/zero")):
        assert "no es un archivo" in run(data, "import", path).stderr
