"""A report as a workbook: a page for each table, real numbers and days, Excel's own charts. Text is
text, whatever it begins with."""

import datetime as dt
import io
import re
from typing import Any

import xlsxwriter

from lib.model.report import Figure, Report, Shape, Table, Unit
from lib.reports import charts, words

_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
_LONGEST_NAME = 31
_DAY_S = 86_400
_SUMMARY = "Resumen"


def written(report: Report) -> bytes:
    out = io.BytesIO()
    safe = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, safe) as book:
        book.set_properties({"title": report.title, "author": "Mesa CDA"})
        looks = _Looks(book)
        _summary(book, looks, report)
        for table in report.tables:
            _page(book, looks, table)
        if report.failing:
            _failing(book, looks, report)
    return out.getvalue()


class _Looks:
    def __init__(self, book: Any) -> None:
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.heading = book.add_format({"bold": True, "bottom": 1})
        self.text = book.add_format({"num_format": "@"})
        self.day = book.add_format({"num_format": "dd/mm/yyyy", "align": "left"})
        self.count = book.add_format({"num_format": "#,##0"})
        self.percent = book.add_format({"num_format": "+0%;-0%;0%"})
        self.time = book.add_format({"num_format": "[h]:mm:ss"})


def _summary(book: Any, looks: _Looks, report: Report) -> None:
    page = book.add_worksheet(_SUMMARY)
    page.write_string(0, 0, report.title, looks.title)
    page.write_string(1, 0, words.compared(report))
    page.write_string(2, 0, f"Contado el {report.made_at} con los renglones de la Bitácora.")
    _headings(page, looks, 4, ["", "Periodo", "Anterior", "Cambio"])
    for at, figure in enumerate(report.figures, 5):
        page.write_string(at, 0, figure.name, looks.text)
        look = looks.time if figure.unit is Unit.SECONDS else looks.count
        for column, number in enumerate((figure.now, figure.before), 1):
            if number is not None:
                page.write_number(at, column, _number(figure, number), look)
        _change(page, looks, at, (figure.now or 0, figure.before or 0))
    page.set_column(0, 0, 34)
    page.set_column(1, 3, 12)


def _number(figure: Figure, number: float) -> float:
    """Excel's times are parts of a day."""
    return number / _DAY_S if figure.unit is Unit.SECONDS else number


def _page(book: Any, looks: _Looks, table: Table) -> None:
    name = _name(table.title)
    page = book.add_worksheet(name)
    headings = [table.heading, *table.series, *(["Cambio"] if table.compared else [])]
    _headings(page, looks, 0, headings)
    for at, row in enumerate(table.rows, 1):
        if row.day:
            page.write_datetime(at, 0, dt.datetime.fromisoformat(row.day), looks.day)
        else:
            page.write_string(at, 0, row.label, looks.text)
        for column, count in enumerate(row.counts, 1):
            page.write_number(at, column, count, looks.count)
        if table.compared:
            _change(page, looks, at, row.counts[:2])
    page.set_column(0, 0, 34)
    page.set_column(1, len(headings) - 1, 14)
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, len(table.rows), len(headings) - 1)
    page.insert_chart(1, len(headings) + 1, _chart(book, name, table))


def _chart(book: Any, name: str, table: Table) -> Any:
    """As on Tablero: what was before is an outline, or the two series in their colours."""
    lying = table.shape is Shape.LYING
    chart = book.add_chart({"type": "bar" if lying else "column"})
    last = len(table.rows)
    outline = {"fill": {"none": True}, "border": {"color": charts.GREY}}
    full: dict[str, Any] = {"fill": {"color": charts.GREEN}}
    plain = [{"fill": {"color": each}} for each in (charts.BLUE, charts.VERMILION)]
    drawn = [full, outline] if table.compared or len(table.series) == 1 else plain
    for column, look in enumerate(drawn[: len(table.series)], 1):
        chart.add_series(
            {
                "name": [name, 0, column],
                "categories": [name, 1, 0, last, 0],
                "values": [name, 1, column, last, column],
                **look,
            }
        )
    chart.set_title({"name": table.title, "name_font": {"size": 12}})
    chart.set_legend({"position": "bottom"} if len(table.series) > 1 else {"none": True})
    if lying:
        chart.set_y_axis({"reverse": True})
    chart.set_size({"width": 640, "height": 360})
    return chart


def _failing(book: Any, looks: _Looks, report: Report) -> None:
    page = book.add_worksheet("Correos que rebotan")
    _headings(page, looks, 0, ["Correo", "No. Cuenta", "Desde"])
    for at, each in enumerate(report.failing, 1):
        for column, text in enumerate((each.masked, each.account_no, each.since)):
            page.write_string(at, column, text, looks.text)
    page.set_column(0, 2, 28)
    page.freeze_panes(1, 0)


def _headings(page: Any, looks: _Looks, at: int, headings: list[str]) -> None:
    for column, text in enumerate(headings):
        page.write_string(at, column, text, looks.heading)


def _change(page: Any, looks: _Looks, at: int, pair: tuple[float, ...]) -> None:
    now, before = pair
    if before:
        page.write_number(at, 3, (now - before) / before, looks.percent)


def _name(title: str) -> str:
    return _NOT_IN_NAMES.sub(" ", title)[:_LONGEST_NAME]
