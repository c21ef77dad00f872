"""A workbook's cells as the sheet shows them where the value alone would lie: zeros that a format
writes, errors of formulas, days since 1904."""

import datetime as dt
import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from lib.model.actor import Actor
from lib.model.reading import FileKind
from lib.services.desk import Desk
from lib.services.imports import previewing
from lib.sheets import unpacking
from lib.sheets.number_format import displayed
from lib.sheets.shown import shown

DAY = dt.datetime(2020, 2, 1)  # noqa: DTZ001 — a sheet's day has no zone


def unpacked(folder: Path, content: bytes) -> list[str]:
    book, out = folder / "libro", folder / "out.csv"
    book.write_bytes(content)
    unpacking.unpack(book, out, [["folio"]], None)
    return out.read_text("utf-8").splitlines()


def written(**options: object) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, **options})
    sheet = book.add_worksheet("Hoja & 1")
    padded, day = (book.add_format({"num_format": f}) for f in ("00000000", "dd/mm/yyyy"))
    sheet.write_row(1, 1, ["Folio", "Serie", "Compra"])
    sheet.write_number(2, 1, 12345, padded)
    sheet.write_formula(2, 2, "=NA()", None, "#N/A")
    sheet.write_datetime(2, 3, DAY, day)
    sheet.write_boolean(4, 1, True)
    sheet.write_number(4, 2, 43862)
    sheet.write_formula(4, 4, "=1/0", None, "#DIV/0!")
    book.close()
    return out.getvalue()


@pytest.mark.parametrize("epoch_1904", [False, True])
def test_zeros_errors_and_days_come_as_the_sheet_shows_them(
    tmp_path: Path, epoch_1904: bool
) -> None:
    assert unpacked(tmp_path, written(date_1904=epoch_1904)) == [
        "",
        "Folio,Serie,Compra,",
        "00012345,#N/A,2020-02-01,",
        "",
        "VERDADERO,43862,,#DIV/0!",
    ]


def test_cells_written_with_a_prefix_or_without_their_place_are_found_too(tmp_path: Path) -> None:
    """As other programs write them: <x:c>, attributes in another order, no r="B3"; the strict
    format's names."""
    path = tmp_path / "libro.xlsx"
    rows = (
        b'<x:row r="2"><x:c t="n"><x:v>1</x:v></x:c></x:row><x:row r="3"/>'
        b"<x:row><x:c/><x:c s='1' t='n'><x:v>7</x:v></x:c>"
        b"<x:c t='e' s='1' r='D4'><x:f>NA()</x:f><x:v>#N/A</x:v></x:c></x:row>"
    )
    with zipfile.ZipFile(io.BytesIO(written())) as book, zipfile.ZipFile(path, "w") as other:
        for name in book.namelist():
            sheet = b"<x:worksheet><x:sheetData>" + rows + b"</x:sheetData></x:worksheet>"
            part = sheet if name.endswith("sheet1.xml") else book.read(name)
            other.writestr(name, part.replace(b"schemas.openxmlformats.org/officeD", b"purl.org/d"))
    with zipfile.ZipFile(path) as other:
        assert [*shown(other, FileKind.XLSX, "Hoja & 1")] == [(3, 1, "00000007"), (3, 3, "#N/A")]


def test_an_opendocument_sheet_shows_them_the_same(tmp_path: Path) -> None:
    names = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
        for short in ("office", "table", "text")
    )
    cells = (
        '<table:table-cell/><table:table-cell office:value-type="string" office:string-value=""'
        ' calcext:value-type="error"><text:p>#N/A</text:p></table:table-cell>'
        '<table:table-cell table:number-columns-repeated="2" office:value-type="float"'
        ' office:value="12345"><text:p>00012345</text:p></table:table-cell>'
        '<table:table-cell office:value-type="float" office:value="9"><office:annotation>'
        "<text:p>009</text:p></office:annotation><text:p>9</text:p></table:table-cell>"
        '<table:table-cell office:value-type="boolean" office:boolean-value="true"/>'
    )
    content = (
        f'<office:document-content {names} xmlns:calcext="urn:x"><office:body><office:spreadsheet>'
        '<table:table table:name="H"><table:table-row><table:table-cell/></table:table-row>'
        f'<table:table-row table:number-rows-repeated="2">{cells}</table:table-row>'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    row = "#N/A,00012345,00012345,9,VERDADERO"
    assert unpacked(tmp_path, out.getvalue()) == ["", row, row]


@pytest.mark.parametrize(
    ("number", "code", "seen"),
    [
        ("12345", "00000000", "00012345"),
        ("1.2345E4", "0000-0000", "0001-2345"),
        ("12", r'[Red]"F-"0000;[Blue]-0', "F-0012"),
        ("12", r"\M\X0000", "MX0012"),
        ("1234567", "0000", "1234567"),
        ("5512345678", "(00) 0000-0000", "(55) 1234-5678"),
        ("12", "#,##0.00", ""),  # decimals and thousands: the number is itself
        ("43862", "dd/mm/yyyy", ""),
        ("12", "[<=99]00;000", ""),
        ("12.5", "0000", ""),
        ("1234567890123456", "0" * 18, ""),  # Excel has lost its last digit
        ("-5", "0000", ""),
    ],
)  # fmt: skip
def test_a_whole_number_is_read_as_its_format_shows_it(number: str, code: str, seen: str) -> None:
    assert displayed(number, code) == seen


HEADING = "Folio;No. Serie;Sistema;Versión;Usuarios;Fecha Compra;Titular;RFC;No. Cuenta\n"


ERRORS = [
    "#N/A", "#N/D", "#REF!", "#¡REF!", "#¡DIV/0!", "#¿NOMBRE?", "#VALUE!", "Err:502", "########",
]  # fmt: skip


def test_a_formula_that_failed_sets_its_row_aside_with_the_value(
    desk: Desk, manager: Actor
) -> None:
    rows = [["F0", "0S0", "SAE", "9.0", "1", "", "#1 en ventas", "", ""]]
    for error in ERRORS:
        for at in (1, 3, 6):
            row = [f"F{len(rows)}", "0S1", "SAE", "9.0", "1", "", "Ana", "", ""]
            rows.append([*row[:at], error, *row[at + 1 :]])
    text = HEADING + "\n".join(map(";".join, rows))
    seen = previewing.preview(desk, manager, "marzo.csv", io.BytesIO(text.encode()))
    notes = previewing.notes(desk, manager, seen, bad=True)
    assert {note.reason for note in notes} == {"la hoja de cálculo da un error en la celda"}
    assert [note.value for note in notes] == [error for error in ERRORS for _ in range(3)]
    assert seen.counts.good == 1


def test_signs_of_windows_that_an_export_lost_are_said(desk: Desk, manager: Actor) -> None:
    rows = "F1;0S1;SAE;9.0;1;;Cos d\x92Or;;\nF2;0S2;SAE;9.0;1;;¿Quién? – Ana’s;;\n"
    seen = previewing.preview(desk, manager, "marzo.csv", io.BytesIO(f"{HEADING}{rows}".encode()))
    said = [n for n in previewing.notes(desk, manager, seen, bad=False) if "Windows" in n.reason]
    assert [(note.line, note.field) for note in said] == [(2, "Titular")]


@pytest.mark.parametrize(
    ("other", "warned"), [("0S2", 1), ("123456789012345678", 0)]
)  # fmt: skip
def test_numbers_that_a_spreadsheet_rounded_are_said(
    desk: Desk, manager: Actor, other: str, warned: int
) -> None:
    """Unless another of the column has kept its last digits."""
    rows = f"F1;123456789012345000;SAE;9.0;1;;Ana;;\nF2;{other};SAE;9.0;1;;Ana;;\n"
    seen = previewing.preview(desk, manager, "marzo.csv", io.BytesIO(f"{HEADING}{rows}".encode()))
    said = [n for n in previewing.notes(desk, manager, seen, bad=False) if "15 cifras" in n.reason]
    assert [(n.line, n.value) for n in said] == [(2, "123456789012345000")][:warned]
    assert seen.counts.good == 2
