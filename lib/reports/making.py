"""What may be made of a report, in the process that makes it."""

from lib.model.report import Paper, Report
from lib.reports import charts, pdf, workbook
from lib.reports.apart import IMAGES

_INCHES, _DPI = 4.8, 236  # twice as fine as a mail is wide: screens are


def made(report: Report, wanted: str) -> dict[str, bytes]:
    """The images by their tables' keys, or one file under the name of its format."""
    if wanted == IMAGES:
        return {table.key: charts.png(table, _INCHES, _DPI) for table in report.tables}
    write = {Paper.PDF: pdf.written, Paper.XLSX: workbook.written}[Paper(wanted)]
    return {wanted: write(report)}
