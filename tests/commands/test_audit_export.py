"""`python -m lib audit-export`: a file that verifies, of a whole log and of one that is not."""

import stat
import zipfile
from pathlib import Path

import pytest

from lib.__main__ import main
from lib.model.action import Action
from lib.services.desk import Desk, open_desk
from lib.services.loads.handover import os_actor
from tests.auditor.handed import findings
from tests.services.log_rows import logged
from tests.tampering import proved_log


@pytest.fixture
def data(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The closed folder of a desk with a proved log of 10 rows, which the command takes."""
    proved_log(desk, 8)
    desk.close()
    monkeypatch.setenv("MESA_DATA", str(desk.settings.data))
    return desk.settings.data


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "auditor.zip"


def unpacked(file: Path) -> Path:
    folder = file.with_suffix("")
    with zipfile.ZipFile(file) as archive:
        archive.extractall(folder)
    return folder


@pytest.mark.slow
def test_a_whole_log(
    data: Path, desk: Desk, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["audit-export", str(file)]) == 0
    assert capsys.readouterr().out == f"{file}: 11 renglones; quedó en la bitácora.\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert findings(unpacked(file)) == []
    again = open_desk(desk.settings)
    (row,) = logged(again, Action.AUDIT_EXPORTED)
    assert (row["actor"], row["subject"]) == (os_actor().username, "1-11")
    again.close()


@pytest.mark.slow
def test_some_rows_without_details(data: Path, file: Path) -> None:
    assert main(["audit-export", str(file), "--from", "3", "--to", "5", "--without-details"]) == 0
    folder = unpacked(file)
    assert (folder / "bitacora.jsonl").read_text("utf-8").count('"seq":') == 3
    assert "Persona" not in (folder / "bitacora.jsonl").read_text("utf-8")
    assert findings(folder) == []


@pytest.mark.slow
def test_some_days(data: Path, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit-export", str(file), "--to", "31/12/2020"]) == 2
    assert "No hay ningún registro" in capsys.readouterr().err
    assert not file.exists()
    assert main(["audit-export", str(file), "--from", "01/01/2020"]) == 0
    assert findings(unpacked(file)) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sql", "found", "noted"),
    [
        ("DELETE FROM ops.audit WHERE seq > 4", (5, "cut_tail", 0), "no quedó"),
        ("UPDATE ops.audit SET ticket = 'x' WHERE seq = 4", (4, "altered", 0), "quedó"),
    ],
)
def test_a_log_that_somebody_altered(
    data: Path,
    desk: Desk,
    file: Path,
    capsys: pytest.CaptureFixture[str],
    sql: str,
    found: tuple[int, str, int],
    noted: str,
) -> None:
    """Of one that ends too early not even the export is logged: it would hide what is missing."""
    again = open_desk(desk.settings, behind_too=True)
    again.store.rows(sql)
    again.close()
    assert main(["audit-export", str(file)]) == 0
    assert f"; {noted} en la bitácora" in capsys.readouterr().out
    assert found in findings(unpacked(file))


def test_a_file_that_is_there_stays(
    data: Path, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text("lo de ayer")
    with pytest.raises(SystemExit, match="2"):
        main(["audit-export", str(file)])
    assert "ya existe" in capsys.readouterr().err
    assert file.read_text() == "lo de ayer"


@pytest.mark.slow
def test_a_folder_that_cannot_be_written_to(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["audit-export", str(tmp_path / "nowhere" / "auditor.zip")]) == 2
    assert "no se pudo preparar" in capsys.readouterr().err
