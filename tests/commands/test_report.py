"""`python -m lib report`: a week on screen, in a file, or queued for the managers."""

import io
from pathlib import Path

import openpyxl
import pytest
from pypdf import PdfReader

from lib.__main__ import main
from lib.model import clock
from lib.model.action import Action
from lib.model.actor import SYSTEM
from lib.model.roles import Role
from lib.services.desk import Desk, open_desk
from lib.services.doors import access
from tests.services.board_rows import COI, SAE, TODAY, ask, at
from tests.services.log_rows import logged


@pytest.fixture
def data(desk: Desk, cheap_passwords: None, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The closed folder of a desk with three resends in the week of November 9; it is the 22nd."""
    monkeypatch.setattr(clock, "now", lambda: at(8))
    access.add_staff(
        desk, SYSTEM, "gerente", "Gerardo", "gerente@example.com", Role.MANAGER, "frase probada"
    )
    for when, serial in ((at(9), SAE), (at(11), COI), (at(15), COI)):
        ask(desk, when, serial)
    desk.close()
    monkeypatch.setattr(clock, "now", lambda: at(22))
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    monkeypatch.setenv("MESA_DATA", str(desk.settings.data))
    return desk.settings.data


def test_the_last_week_that_ended_in_figures(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == (
        "Resumen semanal: 09/11/2026 a 15/11/2026, comparado con 02/11/2026 a 08/11/2026"
    )
    assert lines[1] == "Reenvíos: 3 (antes: 0; —)"


@pytest.mark.slow
def test_as_a_file(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paper, book = tmp_path / "semana.pdf", tmp_path / "semana.xlsx"
    assert main(["report", "--week", "2026-w46", "--pdf", str(paper)]) == 0
    assert main(["report", "--week", "2026-W46", "--xlsx", str(book)]) == 0
    assert "09/11/2026 a 15/11/2026" in PdfReader(paper).pages[0].extract_text()
    page = openpyxl.load_workbook(io.BytesIO(book.read_bytes()))["Por sistema"]
    assert [row[:2] for row in page.values][1:] == [("COI", 2), ("SAE", 1)]
    assert main(["report", "--pdf", str(tmp_path / "no" / "hay.pdf")]) == 2
    assert "No pude escribir" in capsys.readouterr().err


@pytest.mark.slow
def test_queued_for_the_managers_once(
    data: Path, desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", "--send"]) == 0
    assert "quedó en cola para los gerentes" in capsys.readouterr().out
    assert main(["report", "--send"]) == 1
    assert "ya se había enviado" in capsys.readouterr().out
    again = open_desk(desk.settings)
    [row] = logged(again, Action.REPORT_MAILED)
    assert (row["subject"], row["actor"][:4]) == ("week/2026-W46", "cli:")
    assert again.store.rows("SELECT recipient, kind FROM ops.outbox") == [
        ("gerente@example.com", "weekly_report")
    ]
    again.close()


@pytest.mark.parametrize(
    "week", ["2026-W47", "2026-W60", "46", "2026-11-09", "9999-W52", "0001-W01"]
)
def test_a_week_that_isn_t_over_or_is_none(
    data: Path, capsys: pytest.CaptureFixture[str], week: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["report", "--week", week])
    assert ended.value.code == 2
    assert "una semana que ya terminó" in capsys.readouterr().err
