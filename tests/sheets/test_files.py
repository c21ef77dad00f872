"""What is written, read back by others: Python's csv, and openpyxl for the workbook."""

import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.model import formula
from lib.model.sheet import Column, Row, Sheet
from lib.sheets import csv_file, xlsx_file

SHEET = Sheet(
    "Suscripciones",
    (
        Column("No. Serie"),
        Column("Cliente"),
        Column("Usuarios"),
        Column("Próximo Pago"),
        Column("Fecha"),
        Column("Resultado", {"ok": "Correcto"}),
    ),
)
NIGHT = dt.datetime.fromisoformat("2026-07-02T05:04:03")  # the office is still in the day before
ROWS: list[Row] = [
    ("00012345", "Ángel Núñez, S.A. «Ñandú»", 5, dt.date(2026, 7, 1), NIGHT, "ok"),
    ("123E45", '=HYPERLINK("http://x")', 1200, None, None, "otro"),
    ("+525512345678", "dos\nrenglones", 1, dt.date(1899, 1, 2), None, None),
]
RISKY = ["=1", "+1", "-1", "@a", "\ta", "\ra", "\na", "\0a"]
RISKY += ["＝1", "＋1", "－1", "＠a", "  =1", "\xa0=1"]


def as_csv(rows: list[Row], sheet: Sheet = SHEET) -> bytes:
    out = io.BytesIO()
    csv_file.write(sheet, [rows[:1], rows[1:]], out)
    return out.getvalue()


def cells(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def as_xlsx(rows: list[Row], **how: int) -> openpyxl.Workbook:
    out = io.BytesIO()
    xlsx_file.write(SHEET, [rows[:1], rows[1:]] if rows else [], out, **how)
    return openpyxl.load_workbook(out)


def test_a_csv_is_what_excel_in_mexico_opens_with_its_accents() -> None:
    content = as_csv(ROWS)
    assert content.startswith(b"\xef\xbb\xbfNo. Serie,Cliente,Usuarios,")
    assert content.count(b"\r\n") == len(ROWS) + 1
    assert cells(content)[1] == [
        "00012345", "Ángel Núñez, S.A. «Ñandú»", "5", "01/07/2026", "01/07/2026 23:04:03",
        "Correcto",
    ]  # fmt: skip


def test_what_a_spreadsheet_would_run_is_disarmed_in_a_csv() -> None:
    said = cells(as_csv(ROWS))
    assert said[2][1] == '\'=HYPERLINK("http://x")'
    assert said[3][0] == "'+525512345678"
    assert said[2][3:] == ["", "", "otro"]
    assert said[3][3] == "02/01/1899"


@pytest.mark.parametrize("text", RISKY)
def test_each_way_to_begin_a_formula_is_disarmed(text: str) -> None:
    assert formula.escape(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "a=1", "O'Higgins", "'Ndrangheta", "00012345", "a@b.mx"])
def test_nothing_else_is_touched(text: str) -> None:
    assert formula.escape(text) == formula.unescape(text) == text


@given(st.text() | st.builds(str.__add__, st.text("' =+-@\t\r\n＝", min_size=1), st.text()))
def test_reading_back_gives_what_was_written(text: str) -> None:
    escaped = formula.escape(text)
    assert formula.unescape(escaped) == text
    assert escaped.lstrip()[:1] not in set("=+-@＝＋－＠") or not escaped.strip()


def test_a_workbook_holds_text_numbers_and_dates_as_such() -> None:
    page = as_xlsx(ROWS)["Suscripciones"]
    values = list(page.iter_rows(values_only=True))
    assert values[0] == tuple(column.heading for column in SHEET.columns)
    assert values[1] == (
        "00012345", "Ángel Núñez, S.A. «Ñandú»", 5, dt.datetime.fromisoformat("2026-07-01"),
        dt.datetime.fromisoformat("2026-07-01T23:04:03"), "Correcto",
    )  # fmt: skip
    assert values[3] == ("+525512345678", "dos\nrenglones", 1, "02/01/1899", None, None)
    assert page["D2"].number_format == "dd/mm/yyyy"
    assert page["E2"].number_format == "dd/mm/yyyy hh:mm:ss"


def test_a_workbook_runs_and_links_nothing() -> None:
    page = as_xlsx([*ROWS, ("http://a.mx", "mailto:a@b.mx", 1, None, None, None)]).active
    assert page is not None
    assert page["B3"].data_type == "s"  # "f" is a formula
    assert page["B3"].value == '=HYPERLINK("http://x")'
    assert page["B3"].number_format == "@"
    assert page["A5"].hyperlink is None


def test_a_workbook_is_ready_to_read() -> None:
    page = as_xlsx(ROWS).active
    assert page is not None
    assert page.freeze_panes == "A2"
    assert page.auto_filter.ref == "A1:F4"
    assert page["A1"].font.b
    assert page.column_dimensions["B"].width > page.column_dimensions["C"].width


def test_what_one_page_can_t_hold_goes_on_the_next() -> None:
    rows: list[Row] = [(f"{n:05}", None, n, None, None, None) for n in range(5)]
    book = as_xlsx(rows, most_rows=3)
    assert book.sheetnames == ["Suscripciones", "Suscripciones (2)", "Suscripciones (3)"]
    serials = [[c.value for c in page["A"]] for page in book.worksheets]
    heading = "No. Serie"
    assert serials == [[heading, "00000", "00001"], [heading, "00002", "00003"], [heading, "00004"]]


def test_a_cell_too_long_for_a_workbook_is_cut_not_lost() -> None:
    page = as_xlsx([("a" * 40_000, None, 1, None, None, None)]).active
    assert page is not None
    assert page["A2"].value == "a" * 32_767


def test_a_workbook_of_nothing_has_its_heading() -> None:
    page = as_xlsx([]).active
    assert page is not None
    assert [cell.value for cell in page["A"]] == ["No. Serie"]


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_full_pages_leave_no_empty_one(count: int) -> None:
    rows: list[Row] = [(f"{n}", None, n, None, None, None) for n in range(count)]
    book = as_xlsx(rows, most_rows=3)
    assert [page.max_row for page in book.worksheets] == {1: [2], 2: [3], 3: [3, 2], 4: [3, 3]}[
        count
    ]


ODD = ["<b>&amp;</b>", "_x0041_", "  dos  ", "a\tb", 'di"jo', "fin\n", "a]]>b", "𝄞 ñandú", "_x41_"]


@pytest.mark.parametrize("text", ODD)
def test_any_text_comes_back_from_a_workbook(text: str) -> None:
    page = as_xlsx([(text, None, 1, None, None, None)]).active
    assert page is not None
    assert unescaped(str(page["A2"].value)) == text


def unescaped(text: str) -> str:
    """As Excel does; openpyxl leaves it to the reader."""
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text)


@pytest.mark.slow
@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8")))
def test_whatever_stands_in_a_cell_the_workbook_opens(text: str) -> None:
    page = as_xlsx([(text, None, 1, None, None, None)]).active
    assert page is not None
    assert unescaped(str(page["A2"].value or "")) == text


def test_a_workbook_needs_no_seeking_and_waits_for_no_last_row() -> None:
    left: list[int] = []
    out = Pipe()

    def batches() -> Iterator[list[Row]]:
        for n in range(30):
            left.append(len(out.content))
            yield [(f"{n}-{i}", f"Ñandú {i * n}", i, None, None, None) for i in range(1000)]

    xlsx_file.write(SHEET, batches(), out)
    assert left[-1] > left[0] == 0
    with zipfile.ZipFile(io.BytesIO(out.content)) as book:
        assert book.testzip() is None
        assert book.read("xl/worksheets/sheet1.xml").count(b"<row ") == 30_001


class Pipe(io.RawIOBase):
    """Takes bytes and tells nothing of where it stands."""

    def __init__(self) -> None:
        self.content = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self.content += piece
        return len(piece)
