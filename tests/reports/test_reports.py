"""A report on paper, in a workbook and as images: read back, with names that try to be more."""

import io
import subprocess
import sys
from datetime import datetime

import openpyxl
import pytest
from openpyxl import Workbook
from pypdf import PdfReader

from lib.model.errors import AppError, Reason
from lib.model.report import Paper, Report, parse
from lib.reports import apart
from lib.reports.apart import Making
from tests.reports.samples import FORMULA, MARKUP, REPORT

pytestmark = pytest.mark.slow  # each starts a process that loads what draws
EMPTY = Report("Vacío", *["2026-11-16", "2026-11-22"] * 2, "hoy", REPORT.figures, ())
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def book() -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(apart.file(REPORT, Paper.XLSX)))


@pytest.fixture(scope="module")
def pages() -> list[str]:
    reader = PdfReader(io.BytesIO(apart.file(REPORT, Paper.PDF)))
    return [page.extract_text() for page in reader.pages]


def test_each_table_is_a_page_with_real_numbers_and_days(book: Workbook) -> None:
    assert book.sheetnames == [
        "Resumen", "Reenvíos por día", "Por sistema", "Por agente", "Activaciones por mes",
        "Suscripciones por vencer", "Correos que rebotan",
    ]  # fmt: skip
    days = list(book["Reenvíos por día"].values)
    assert days[0] == ("Día", "Periodo", "Anterior", "Cambio")
    assert days[1] == (datetime(2026, 11, 16), 16, 14, pytest.approx(1 / 7))  # noqa: DTZ001
    assert len(days) == 8
    assert book["Por agente"].max_row == 41, "all of them"
    assert {page.freeze_panes for page in book.worksheets[1:]} == {"A2"}
    assert [len(page._charts) for page in book.worksheets[1:-1]] == [1] * 5


def test_figures_are_numbers_too(book: Workbook) -> None:
    rows = {row[0]: row[1:] for row in book["Resumen"].values if row[0]}
    assert rows["Reenvíos"] == (1133, 777, pytest.approx(356 / 777))
    assert rows["Rebotados"][:2] == (3, 0)
    assert rows["Rebotados"][2] is None, "nothing before: no share of it"
    assert "16/11/2026 a 22/11/2026, comparado con 09/11/2026 a 15/11/2026" in rows


def test_a_formula_is_text(book: Workbook) -> None:
    cells = [row[0] for row in book["Por sistema"].iter_rows(min_row=2)]
    assert [cell.value for cell in cells[:2]] == [FORMULA, MARKUP]
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.hyperlink is None for cell in cells)


def test_the_paper_has_it_all_in_letters_of_its_own(pages: list[str]) -> None:
    text = "\n".join(pages)
    for said in ("Resumen semanal", "Reenvíos por día", "mié 18 nov", "1,133", "+46 %",
                 "1 min 30 s", "Activaciones por mes", "h****z@example.com", "y 28 más",
                 "Ñandú"):  # fmt: skip
        assert said in text, said
    assert MARKUP[:10] in text
    for number, page in enumerate(pages, 1):
        assert f"Página {number} de {len(pages)}" in page
    assert len(pages) <= 3


def test_a_table_is_never_parted_from_its_title(pages: list[str]) -> None:
    for table in REPORT.tables:
        [page] = [page for page in pages if table.title in page]
        assert table.heading in page
        assert table.rows[0].label[:10] in page


def test_each_table_is_an_image_the_same_each_time() -> None:
    first = apart.images(REPORT)
    apart._images.cache_clear()
    second = apart.images(REPORT)
    assert set(first) == {table.key for table in REPORT.tables}
    assert all(png.startswith(PNG) for png in first.values())
    assert first == second


def test_charts_are_drawn_once_for_all_managers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also for one whose mail is tried again: the payload is read anew each time."""
    first = apart.images(parse(REPORT.to_json()))
    monkeypatch.setattr(apart, "_started", None)  # no other process starts
    assert apart.images(parse(REPORT.to_json())) is first


@pytest.mark.parametrize("paper", Paper)
def test_of_nothing_there_is_still_a_file(paper: Paper) -> None:
    assert len(b"".join(Making(EMPTY, paper))) > 1000


def test_a_file_that_is_stopped_isn_t_whole() -> None:
    making = Making(REPORT, Paper.PDF)
    pieces = iter(making)
    making.stop()
    with pytest.raises(AppError) as refused:
        next(pieces)
    assert refused.value.reason is Reason.EXPORT_FAILED
    making.close()


def test_the_desk_itself_never_loads_what_draws() -> None:
    """It would take a second of a start and a hundred megabytes for good."""
    asked = (
        "import sys, lib.ui.server; print([m for m in ('matplotlib', 'fpdf') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("[]")
