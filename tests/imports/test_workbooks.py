"""Workbooks: the sheet that fits, its rows by their own numbers, and hostile ones refused."""

import datetime as dt
import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
import xlsxwriter
from openpyxl import Workbook

from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.load import Stage
from lib.model.reading import Choice, FileKind
from lib.services.desk import Desk
from lib.services.imports import previewing
from lib.services.imports.jobs import CancelledError
from lib.services.imports.previewing import Preview
from lib.settings import ROOT
from lib.sheets import unpacking, workbook

HEADING = (
    "Folio", "No. Serie", "Sistema", "Versión", "Usuarios", "Fecha Compra", "Titular", "RFC",
    "No. Cuenta",
)  # fmt: skip
ROW = ("F1", "00000101", "SAE", "9.0", 1, dt.date(2020, 2, 1), "Ángel\nNúñez", "", "")
NUMBERS = (12, 123456789012, "COI", 10, 2.0, "31/03/2021", "Peña e Hijos", None, "00000001")


def xlsx(**sheets: Sequence[Sequence[object]]) -> io.BytesIO:
    """A workbook as Excel writes it, by sheet."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, dt.date):
                    sheet.write_datetime(at, column, cell, day)
                else:
                    sheet.write(at, column, cell)
    book.close()
    out.seek(0)
    return out


_CELL = (
    '<table:table-cell office:value-type="{kind}"{value}><text:p>{text}</text:p></table:table-cell>'
)
_NAMES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
    for short in ("office", "table", "text")
)


def ods(name: str, rows: Sequence[Sequence[object]]) -> io.BytesIO:
    """The least of a spreadsheet that LibreOffice opens."""
    lines = "".join(
        f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_NAMES}'
        f' office:version="1.2"><office:body><office:spreadsheet><table:table table:name="{name}">'
        f"{lines}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    out.seek(0)
    return out


def _ods_cell(cell: object) -> str:
    if isinstance(cell, dt.date):
        return _CELL.format(
            kind="date", value=f' office:date-value="{cell}"', text=f"{cell:%d/%m/%Y}"
        )
    if isinstance(cell, int | float):
        return _CELL.format(kind="float", value=f' office:value="{cell}"', text=cell)
    return _CELL.format(kind="string", value="", text=cell or "")


def preview(desk: Desk, actor: Actor, content: io.BytesIO, **chosen: str) -> Preview:
    return previewing.preview(desk, actor, "marzo.xlsx", content, Choice(**chosen))


def why(desk: Desk, actor: Actor, content: bytes) -> str:
    with pytest.raises(AppError) as refused:
        preview(desk, actor, io.BytesIO(content))
    assert refused.value.reason is Reason.UNREADABLE_FILE
    assert refused.value.facts["file"] == "marzo.xlsx"
    assert list((desk.settings.data / "incoming").iterdir()) == []
    return str(refused.value.facts["why"])


@pytest.mark.slow
def test_the_sheet_that_fits_is_read_by_its_own_row_numbers(desk: Desk, manager: Actor) -> None:
    bad = ("F3", "0ABC", "XYZ", "1.0", 1, None, "", "", "")
    rows = [("Certificados",), (), HEADING, ROW, (), NUMBERS, bad]
    seen = preview(desk, manager, xlsx(Notas=[("Hola",)], Filas=rows))
    reading = seen.look.reading
    assert (reading.kind, reading.sheet, reading.sheets) == (
        FileKind.XLSX,
        "Filas",
        ("Notas", "Filas"),
    )
    assert (reading.heading_line, reading.titles) == (3, 1)
    aside = previewing.notes(desk, manager, seen, bad=True)
    assert [(n.line, n.field, n.value) for n in aside] == [(7, "Sistema", "XYZ")]
    assert (seen.counts.rows, seen.counts.good, seen.counts.blank) == (4, 2, 1)
    first, second = seen.sample
    assert (second.folio, second.serial, second.holder) == ("F1", "00000101", "Ángel Núñez")
    assert second.purchased_on == dt.date(2020, 2, 1)
    assert (first.folio, first.serial, first.version, first.seats) == (
        "12",
        "123456789012",
        "10",
        2,
    )


@pytest.mark.slow
def test_an_opendocument_sheet_says_the_same(desk: Desk, manager: Actor) -> None:
    row = tuple("Ángel Núñez" if cell == ROW[6] else cell for cell in ROW)
    seen = preview(desk, manager, ods("Hoja1", [HEADING, row, NUMBERS]))
    assert (seen.look.reading.kind, seen.look.reading.sheet) == (FileKind.ODS, "Hoja1")
    assert [c.folio for c in seen.sample] == ["12", "F1"]
    assert seen.sample[1].purchased_on == dt.date(2020, 2, 1)
    assert seen.counts.good == 2


@pytest.mark.slow
def test_another_sheet_is_read_when_asked_for(desk: Desk, manager: Actor) -> None:
    book = xlsx(Enero=[HEADING, ROW], Febrero=[HEADING, NUMBERS])
    assert preview(desk, manager, book).look.reading.sheet == "Enero"
    book.seek(0)
    seen = preview(desk, manager, book, sheet="Febrero")
    assert [c.folio for c in seen.sample] == ["12"]
    book.seek(0)
    with pytest.raises(AppError) as refused:
        preview(desk, manager, book, sheet="Marzo")
    assert "ya no tiene la hoja elegida" in str(refused.value.facts["why"])


@pytest.mark.slow
def test_a_formula_gives_its_saved_value(desk: Desk, manager: Actor) -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEADING)
    sheet.write_row(1, 0, ["F1", "0A", "SAE", "9.0", 1, "", "", "", ""])
    sheet.write_formula(1, 6, '=CONCAT("Ana"," Paz")', None, "Ana Paz")
    book.close()
    out.seek(0)
    assert preview(desk, manager, out).sample[0].holder == "Ana Paz"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (12.0, "12"),
        (12.5, "12.5"),
        (123456789012.0, "123456789012"),
        (1.2345678901234568e19, "1.23456789012346E+19"),
        (dt.datetime(2024, 1, 31), "2024-01-31"),  # noqa: DTZ001
        (dt.datetime(2024, 1, 31, 9, 5), "2024-01-31 09:05:00"),  # noqa: DTZ001
        (True, "VERDADERO"),
        ("00012", "00012"),
        ("dos\r\nrenglones", "dos renglones"),
    ],
)
def test_a_cell_as_somebody_would_type_it(value: object, text: str) -> None:
    assert unpacking.cell_text(value) == text


@pytest.mark.slow
def test_a_printout_keeps_its_rows_and_says_what_else_is_there(desk: Desk, manager: Actor) -> None:
    """A title over merged cells, the heading on each page, totals, a note; macros and links to
    other books are never looked at."""
    book = Workbook()
    sheet = book.active
    assert sheet
    row = ("F2", "0S2", "COI", "9.0", 1, "", "Beto", "", "")
    lines = [("Relación",), HEADING, ROW, HEADING, row, ("Total: 2",), (None,) * 4 + (3, "Suma")]
    for line in [*lines, ("Nota: faltan los de marzo",)]:
        sheet.append([str(cell) if isinstance(cell, dt.date) else cell for cell in line])
    sheet.merge_cells("A1:I1")
    plain, out = io.BytesIO(), io.BytesIO()
    book.save(plain)
    with zipfile.ZipFile(plain) as whole, zipfile.ZipFile(out, "w") as hostile:
        for name in whole.namelist():
            hostile.writestr(name, whole.read(name))
        hostile.writestr("xl/vbaProject.bin", bytes(range(256)))
        hostile.writestr("xl/externalLinks/externalLink1.xml", b"<externalLink")
    out.seek(0)
    seen = preview(desk, manager, out)
    notes = previewing.notes(desk, manager, seen, bad=True)
    said = {(note.line, note.reason) for note in notes if note.line < 8}
    assert said == {
        (4, "encabezado repetido"),
        (6, "fila de totales"),
        (7, "fila de totales"),
    }
    counts = seen.counts
    assert (counts.rows, counts.good, counts.set_aside, counts.blank) == (6, 2, 4, 0)


# ---- hostile -----------------------------------------------------------------------------------


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), data)
    return out.getvalue()


@pytest.mark.slow
def test_what_is_no_workbook_says_what_it_is(desk: Desk, manager: Actor) -> None:
    whole = xlsx(Hoja=[HEADING, ROW]).getvalue()
    assert "está dañado" in why(desk, manager, whole[: len(whole) // 2])
    assert "está dañado" in why(desk, manager, whole.replace(b"PK\x01\x02", b"PK\x07\x07"))
    assert "es un archivo comprimido" in why(desk, manager, zipped(fotos=b"x"))
    assert "está dañado" in why(desk, manager, zipped(xl__workbook_xml=b"<a"))
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    assert "guárdalo como .xlsx" in why(desk, manager, old)
    locked = old + "EncryptedPackage".encode("utf-16-le")
    assert "tiene contraseña" in why(desk, manager, locked)
    assert "no tiene ninguna fila" in why(desk, manager, xlsx(Hoja=[]).getvalue())


def test_a_locked_opendocument_is_said(desk: Desk, manager: Actor) -> None:
    data = zipped(content_xml=b"\x00\x01", **{"META-INF__manifest_xml": b"<m:encryption-data/>"})
    assert "tiene contraseña" in why(desk, manager, data)


def test_a_declared_bomb_is_refused_before_it_is_opened(desk: Desk, manager: Actor) -> None:
    data = bytearray(zipped(xl__workbook_xml=b"x" * 100, bomb=b"0" * 1000))
    at = data.rindex(b"PK\x01\x02")  # the last member's entry in the directory
    data[at + 24 : at + 28] = (3 << 30).to_bytes(4, "little")
    assert "más de 2 GB" in why(desk, manager, bytes(data))


def test_a_bomb_that_lies_about_its_size_is_refused(desk: Desk, manager: Actor) -> None:
    data = bytearray(zipped(xl__workbook_xml=b"x" * (8 << 20)))
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = (1000).to_bytes(4, "little")
    assert "está dañado" in why(desk, manager, bytes(data))


def test_a_sheet_that_asks_for_too_much_memory_ends_alone(desk: Desk, manager: Actor) -> None:
    """One cell in each far corner: calamine would make room for all that lie between."""
    book = Workbook()
    assert book.active
    book.active["A1"], book.active["XFD1048576"] = "Folio", "x"
    out = io.BytesIO()
    book.save(out)
    assert "más memoria o tiempo" in why(desk, manager, out.getvalue())


_LESS = "from lib.sheets import unpacking as u; u._MOST_WRITTEN = 9999"


@pytest.mark.slow
def test_a_sheet_that_writes_too_much_is_refused(tmp_path: Path) -> None:
    """As one of few bytes may, whose rows are repeated."""
    book = tmp_path / "libro.xlsx"
    book.write_bytes(xlsx(H=[HEADING, *[ROW] * 2_000]).getvalue())
    job = {"path": str(book), "out": str(tmp_path / "out.csv"), "headings": [], "sheet": None}
    done = subprocess.run(
        [sys.executable, "-c", f"{_LESS}; u.main()"],
        cwd=ROOT, input=json.dumps(job).encode(), capture_output=True, timeout=60, check=True,
    )  # fmt: skip
    assert json.loads(done.stdout) == {"problem": "huge"}


def test_a_child_that_takes_too_long_is_stopped(
    desk: Desk, manager: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "_SECONDS", 0.001)
    assert "más memoria o tiempo" in why(desk, manager, xlsx(H=[HEADING, ROW]).getvalue())


def test_a_book_for_a_pack_is_still_refused(tmp_path: Path) -> None:
    from lib.store.pack.files import LICENCES
    from lib.store.pack.look import look

    path = tmp_path / "licencias.csv"
    path.write_bytes(xlsx(H=[HEADING]).getvalue())
    with pytest.raises(AppError) as refused:
        look(path, LICENCES)
    assert "guárdalo como CSV" in str(refused.value.facts["why"])


def test_a_zip_of_many_members_is_listed_by_the_child(tmp_path: Path) -> None:
    """What a directory of members costs is paid under the child's limits, not by the desk."""
    path = tmp_path / "libro.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for n in range(2_000):
            archive.writestr(f"{n}", b"")
    assert workbook.is_workbook(path, "libro.xlsx")
    with pytest.raises(AppError) as refused:
        workbook.to_csv(path, "libro.xlsx", tmp_path / "out.csv", HEADING, None)
    assert "es un archivo comprimido" in str(refused.value.facts["why"])


_HANGS = """
import json, os, sys, time
open(json.load(sys.stdin)["out"], "w").write(str(os.getpid()))
time.sleep(600)
"""


def test_one_that_is_not_wanted_any_more_ends_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe = subprocess.PIPE
    hanging = subprocess.Popen([sys.executable, "-c", _HANGS], stdin=pipe, stdout=pipe)
    monkeypatch.setattr(workbook, "_started", lambda: hanging)
    out = tmp_path / "out.csv"

    def told() -> None:
        if out.exists() and out.read_text():
            raise CancelledError

    with pytest.raises(CancelledError):
        workbook.to_csv(tmp_path / "libro.xlsx", "libro.xlsx", out, HEADING, None, told)
    with pytest.raises(ProcessLookupError):
        os.kill(int(out.read_text()), 0)


def test_unpacking_is_told_and_leaves_nothing_when_cancelled(desk: Desk, manager: Actor) -> None:
    def progress(stage: Stage, _: float) -> None:
        if stage is Stage.UNPACKING:
            raise CancelledError

    with pytest.raises(CancelledError):
        previewing.preview(
            desk, manager, "marzo.xlsx", xlsx(Hoja=[HEADING, ROW]), progress=progress
        )
    assert list((desk.settings.data / "incoming").iterdir()) == []
