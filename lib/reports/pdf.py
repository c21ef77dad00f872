"""A report on paper: Letter, as offices here print. Each table stands beside its chart."""

import io
from pathlib import Path

import matplotlib as mpl
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from lib.model.report import Figure, Report, Row, Shape, Table
from lib.reports import charts, words

MOST_ROWS = 12  # of a table on paper; the workbook has them all
_FONT = "DejaVu"  # matplotlib brings it; it has every letter of a name in Spanish, and more
_MARGIN, _WIDTH = 16.0, 215.9 - 2 * 16.0  # millimetres
_CHART, _GAP = 96.0, 5.0
_INCH = 25.4
_DPI = 220
_BOX = 24.0
_LINE = 4.8
_INK, _PALE, _FAINT = (38, 48, 45), (92, 102, 99), (214, 220, 217)
_GREEN = (16, 110, 81)  # dark enough for text on white


def written(report: Report) -> bytes:
    page = _Page(report)
    page.head()
    page.figures()
    for table in report.tables:
        page.section(table)
    page.failing()
    return bytes(page.output())


class _Page(FPDF):
    def __init__(self, report: Report) -> None:
        super().__init__(format="Letter")
        self._report = report
        folder = Path(mpl.get_data_path()) / "fonts" / "ttf"
        self.add_font(_FONT, "", folder / "DejaVuSans.ttf")
        self.add_font(_FONT, "B", folder / "DejaVuSans-Bold.ttf")
        self.set_margin(_MARGIN)
        self.set_auto_page_break(True, margin=_MARGIN + 4)
        self.set_title(report.title)
        self.set_author("Mesa CDA")
        self.set_lang("es-MX")
        self.alias_nb_pages()
        self.add_page()

    def footer(self) -> None:
        """On every page; the library calls it."""
        self.set_y(-_MARGIN)
        self._font(7.5, _PALE)
        self.cell(_WIDTH / 2, 4, f"Mesa CDA · {self._report.title}")
        said = f"Página {self.page_no()} de "
        # How many there are is only known at the end: the library puts it in the mark's place.
        self.set_x(_MARGIN + _WIDTH - self.get_string_width(said + "00"))
        self.cell(0, 4, said + "{nb}")

    def head(self) -> None:
        self._font(19, _GREEN, bold=True)
        self._line(self._report.title, 9)
        self._font(10, _INK)
        self._line(words.compared(self._report), 5.5)
        self._font(8, _PALE)
        self._line(
            f"Contado el {self._report.made_at} con los renglones de la Bitácora."
            " Barra llena: el periodo; contorno: el anterior.",
            5,
        )
        self.ln(3)

    def figures(self) -> None:
        """At a glance, side by side."""
        figures = self._report.figures
        wide, top = (_WIDTH - 3 * (len(figures) - 1)) / max(len(figures), 1), self.get_y()
        for place, figure in enumerate(figures):
            self._figure(figure, _MARGIN + place * (wide + 3), top, wide)
        self.set_xy(_MARGIN, top + _BOX + 4)

    def _figure(self, figure: Figure, left: float, top: float, wide: float) -> None:
        self.set_draw_color(*_FAINT)
        self.rect(left, top, wide, _BOX, round_corners=True, corner_radius=1.5)
        lines = (
            (figure.name, 7.5, _PALE, False, 1.4),
            (words.value(figure, figure.now), 14, _INK, True, 6.6),
            (f"Antes: {words.value(figure, figure.before)}", 7, _PALE, False, 13.2),
            (words.change_of(figure), 7, _PALE, False, 17.2),
        )
        for text, size, colour, bold, down in lines:
            self._font(size, colour, bold=bold)
            self.set_xy(left + 1, top + down)
            self._fitted(text, wide - 2, size, bold=bold)

    def section(self, table: Table) -> None:
        """A chart and its figures beside it, never parted by the end of a page."""
        lying = table.shape is Shape.LYING
        image = charts.png(table, _CHART / _INCH, _DPI, height=1.6, bar=0.205)
        chart_tall = _tall(image, _CHART)
        shown = table.rows[:MOST_ROWS]
        tall = max(chart_tall, _LINE * (len(shown) + 1 + (len(table.rows) > MOST_ROWS)))
        self._room(tall + 13)
        self._title(table.title)
        top = self.get_y()
        self.image(
            io.BytesIO(image), _MARGIN, top, _CHART, alt_text=_alt(table, self._report, lying)
        )
        self._rows(table, shown, top)
        self.set_xy(_MARGIN, top + tall + 5)

    def _rows(self, table: Table, shown: tuple[Row, ...], top: float) -> None:
        left, wide = _MARGIN + _CHART + _GAP, _WIDTH - _CHART - _GAP
        headings = [*table.series, "Cambio"] if table.compared else list(table.series)
        number = 24.0 if len(headings) < 3 else 14.0
        name = wide - number * len(headings)
        self.set_y(top)
        self._cells(left, [table.heading, *headings], name, number, heading=True)
        for row in shown:
            said = [f"{count:,}" for count in row.counts]
            said += [words.change(*row.counts[:2]) or words.NONE] if table.compared else []
            self._cells(left, [row.label, *said], name, number)
        if len(table.rows) > len(shown):
            self._font(7, _PALE)
            self.set_x(left)
            self.cell(wide, _LINE, f"y {len(table.rows) - len(shown):,} más, en Excel")

    def _cells(
        self, left: float, texts: list[str], name: float, number: float, *, heading: bool = False
    ) -> None:
        self.set_x(left)
        self.set_draw_color(*_FAINT)
        for place, text in enumerate(texts):
            wide = number if place else name
            self._font(7 if heading else 7.8, _PALE if heading else _INK)
            self.cell(
                wide, _LINE, self._cut(text, wide), border="B", align="R" if place else "L"
            )  # fmt: skip
        self.ln(_LINE)

    def failing(self) -> None:
        """Addresses that give mail back."""
        report = self._report
        if not report.failing_total:
            return
        shown = report.failing[:MOST_ROWS]
        self._room(_LINE * (len(shown) + 1) + 18)
        self._title("Correos que rebotan")
        for row in (("Correo", "No. Cuenta", "Desde"), *((f.masked, f.account_no, f.since)
                    for f in shown)):  # fmt: skip
            self._font(7.8, _PALE if row[0] == "Correo" else _INK)
            self.set_x(_MARGIN)
            for text, wide in zip(row, (90.0, 50.0, _WIDTH - 140.0), strict=True):
                self.cell(wide, _LINE, self._cut(text, wide), border="B")
            self.ln(_LINE)
        if report.failing_total > len(shown):
            self._font(7, _PALE)
            self._line(f"y {report.failing_total - len(shown):,} más, en Tablero", _LINE)

    # ---- small things ------------------------------------------------------------------------

    def _title(self, text: str) -> None:
        self._font(11, _INK, bold=True)
        self._line(text, 7)

    def _room(self, tall: float) -> None:
        if self.get_y() + tall > self.page_break_trigger:
            self.add_page()

    def _font(self, size: float, colour: tuple[int, int, int], *, bold: bool = False) -> None:
        self.set_font(_FONT, "B" if bold else "", size)
        self.set_text_color(*colour)

    def _line(self, text: str, tall: float) -> None:
        self.cell(_WIDTH, tall, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _fitted(self, text: str, wide: float, size: float, *, bold: bool) -> None:
        """In the middle, smaller where it is long."""
        while self.get_string_width(text) > wide and size > 5:
            size -= 0.5
            self.set_font(_FONT, "B" if bold else "", size)
        self.cell(wide, 6, text, align="C")

    def _cut(self, text: str, wide: float) -> str:
        text = text.replace("\n", " ")
        if self.get_string_width(text) <= wide - 2:
            return text
        while text and self.get_string_width(text + "…") > wide - 2:
            text = text[:-1]
        return text + "…"


def _alt(table: Table, report: Report, lying: bool) -> str:
    """For who hears the page: the first figures; all stand beside it."""
    said = ", ".join(f"{row.label}: {row.counts[0]:,}" for row in table.rows[:MOST_ROWS])
    return f"Gráfica. {table.title}. {said if lying else words.span(*report.days)}"


def _tall(image: bytes, wide: float) -> float:
    """How tall a PNG is, so wide: its size stands in its first bytes."""
    across, down = (int.from_bytes(image[at : at + 4], "big") for at in (16, 20))
    return wide * down / across
