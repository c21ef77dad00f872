"""What a terminal says of many rows: their kinds, the first of them, how many more there are."""

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lib.commands import note_lines
from lib.model.actor import Actor
from lib.model.load import Problem, RowNote
from lib.services.desk import Desk
from lib.services.imports import previewing, verdicts
from lib.services.loads import asked, handover
from lib.store.pack import reader
from lib.store.records import batches
from lib.store.records.handovers import Box

HEADING = "Folio;No. Serie;Sistema;Versión;Usuarios;Fecha Compra;Titular;RFC;No. Cuenta\n"


def test_of_many_notes_the_first_will_do() -> None:
    notes = [RowNote("", line, "Sistema", "sistema desconocido", "NOY") for line in range(2, 52)]
    found = [
        Problem("Sistema", "sistema desconocido", bad=True, rows=900_000),
        Problem("Folio", "falta Folio", bad=True, rows=3),
    ]
    lines = list(note_lines.listed(notes, found, whole=False))
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
    assert isinstance(report["set_aside"], list) is not whole  # all of them aren't held in memory
    box = Box(desk.settings.data)
    assert len(list(box.listed(report["set_aside"]))) == said
    assert list(box.listed(report["warnings"])) == []
    assert [kind["rows"] for kind in report["problems"]] == [3]
    assert list(box.folder.iterdir()) == []


def test_verdicts_come_a_block_of_the_file_at_a_time(
    desk: Desk, manager: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten million rows take no more memory than one block; those that are blank in their places."""
    monkeypatch.setattr(reader, "BLOCK", 4_096)
    rows = "".join(f"F{n};S{n};{'NOY' if n % 9 else 'SAE'};9.0;1;;;;\n\n" for n in range(1_000))
    seen = previewing.preview(desk, manager, "marzo.csv", io.BytesIO((HEADING + rows).encode()))
    read: list[int] = []

    def watched(*given: Any) -> Iterator[Any]:
        for batch in reader.read_file(*given):
            read.append(len(batch.lines))
            yield batch

    found = verdicts.of(desk, manager, replace(seen, counts=replace(seen.counts, blank=0)))
    monkeypatch.setattr(verdicts, "read_file", watched)
    first = next(found)
    assert (first.line, first.verdict, first.reasons) == (2, "new", ("Titular: sin titular",))
    assert (len(read), sum(read) < 1_000) == (1, True)
    every = list(verdicts.of(desk, manager, seen))
    assert [row.line for row in every] == list(range(2, 2_002))
    assert {row.verdict for row in every[1::2]} == {"blank"}
    assert [row.verdict for row in every[::2]] == ["bad" if n % 9 else "new" for n in range(1_000)]
    assert every[2].reasons == ("Sistema: sistema desconocido: «NOY». ¿NOI?",)
