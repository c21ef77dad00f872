"""What a terminal says of many rows: their kinds, the first of them, how many more there are."""

from pathlib import Path

import pytest

from lib.commands import note_lines
from lib.model.load import Problem, RowNote
from lib.services.desk import Desk
from lib.services.loads import asked, handover
from lib.store.records import batches

HEADING = "Folio;No. Serie;Sistema;Versión;Usuarios;Fecha Compra;Titular;RFC;No. Cuenta\n"


def test_of_many_notes_the_first_will_do() -> None:
    notes = [RowNote("", line, "Sistema", "sistema desconocido", "NOY") for line in range(2, 52)]
    found = [
        Problem("Sistema", "sistema desconocido", bad=True, rows=900_000),
        Problem("Folio", "falta Folio", bad=True, rows=3),
    ]
    lines = note_lines.listed(notes, found, whole=False)
    assert lines[:3] == [
        "900,000 × Sistema: sistema desconocido",
        "3 × Folio: falta Folio",
        "línea 2, Sistema: sistema desconocido: «NOY»",
    ]
    assert lines[-1] == "… y 899,983 más (--all las muestra todas)"
    assert len(lines) == 2 + note_lines.SHOWN + 1


@pytest.mark.parametrize(("whole", "said"), [(False, 2), (True, 3)])
def test_no_more_are_asked_of_the_desk_than_are_said(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: bool, said: int
) -> None:
    monkeypatch.setattr(batches, "NOTED", 2)
    file = tmp_path / "marzo.csv"
    file.write_text(HEADING + "".join(f"F{n};S{n};NOY;9.0;1;;Ana;;\n" for n in range(3)), "utf-8")
    what = {"ask": asked.IMPORT, "file": str(file), "dry_run": True, "rows": False, "whole": whole}
    report = asked.answer(desk, handover.os_actor(), "b1", what)
    assert len(report["set_aside"]) == said
    assert [kind["rows"] for kind in report["problems"]] == [3]
