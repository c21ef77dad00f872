"""`python -m lib log list | archive | drop`: the log's segments from the command line."""

from pathlib import Path

import pytest

from lib.__main__ import main
from lib.services.desk import Desk
from tests.segmented import of_three


@pytest.fixture
def data(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The closed folder of a desk whose log has three segments, which the commands take."""
    of_three(desk)
    desk.close()
    monkeypatch.setenv("MESA_DATA", str(desk.settings.data))
    return desk.settings.data


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["log", *arguments]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out.strip()


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["log", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    return err


@pytest.mark.slow
def test_from_list_to_drop(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    titles, first, *_, last = said(capsys, "list").splitlines()
    assert titles.startswith("Tramo  Renglones")
    assert "1 a 7" in first and "Cerrado" in first  # noqa: PT018
    assert "13 a 17" in last and "En uso" in last  # noqa: PT018
    assert said(capsys, "archive") == "No hay tramos que archivar."
    assert said(capsys, "archive", "--all").startswith("2 tramos archivados en ")
    assert said(capsys, "list").count("Archivado") == 2
    assert (data / "log" / "segment-8-12.parquet").exists()
    assert "tramos anteriores al 2" in refused(capsys, "drop", "2", "--reason", "cinco años")
    gone = said(capsys, "drop", "1", "--reason", "cinco años")
    assert gone.startswith("El tramo 1 se dio de baja: 7 renglones, del 1 al 7.")
    assert "Dado de baja" in said(capsys, "list")
    assert main(["verify"]) == 0
    assert "Dados de baja, sin comprobar: los renglones 1 a 7." in capsys.readouterr().out
    (data / "log" / "segment-8-12.parquet").unlink()
    assert main(["verify"]) == 1
    told = capsys.readouterr().out
    assert "falta el archivo de los renglones 8 a 12 (revisados: " in told
    assert told.endswith("Dados de baja, sin comprobar: los renglones 1 a 7.\n")


def test_nothing_is_archived_by_age_where_the_setting_says_never(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MESA_LOG_MONTHS", "0")
    assert "MESA_LOG_MONTHS es 0" in said(capsys, "archive")
    assert not (data / "log").exists()


@pytest.mark.slow
def test_a_lost_archive_is_named(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, "archive", "--all")
    (data / "log" / "segment-1-7.parquet").unlink()
    assert "Archivo perdido o alterado" in said(capsys, "list")
    assert main(["verify"]) == 1
    assert "falta el archivo de los renglones 1 a 7" in capsys.readouterr().out


@pytest.mark.slow
def test_a_reason_is_asked_for(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, "archive", "--all")
    assert "Escribe por qué" in refused(capsys, "drop", "1", "--reason", " ")
    with pytest.raises(SystemExit):
        main(["log", "drop", "1"])
