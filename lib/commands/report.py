"""`python -m lib report`: a week's figures on screen, as a file, or queued for the managers."""

import argparse
import datetime as dt
import re
from pathlib import Path
from typing import Any

from lib import settings
from lib.model import clock
from lib.model.disk import why_not
from lib.model.errors import AppError, Reason
from lib.model.period import EARLIEST, Period
from lib.model.report import Paper, Report
from lib.reports import apart, words
from lib.services.loads.handover import os_actor
from lib.services.log import continuing, mailings, reporting

_WEEK = re.compile(r"(\d{4})-W(\d{2})")


def add_to(commands: "argparse._SubParsersAction[Any]") -> None:
    parser = commands.add_parser("report", help="el resumen de una semana, de lunes a domingo")
    parser.add_argument(
        "--week", metavar="AAAA-Wnn", type=_week, help="como 2026-W47; si no, la última que terminó"
    )
    ways = parser.add_mutually_exclusive_group()
    ways.add_argument("--pdf", metavar="ARCHIVO", type=Path)
    ways.add_argument("--xlsx", metavar="ARCHIVO", type=Path)
    ways.add_argument("--send", action="store_true", help="por correo a los gerentes")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Exit status 1 when there was nobody to send it to, or it had been sent."""
    week = options.week or reporting.week_before(clock.today())
    desk, actor = continuing.opened_alone(settings.read()), os_actor()
    try:
        report = reporting.made(desk, actor, week, reporting.WEEKLY)
        sent = options.send and mailings.send_report(desk, actor, report, mailings.week_key(week))
    finally:
        desk.close()
    if options.send:
        print(_QUEUED if sent else _NOT_QUEUED)
        return 0 if sent else 1
    for paper, file in ((Paper.PDF, options.pdf), (Paper.XLSX, options.xlsx)):
        if file:
            _write(file, apart.file(report, paper))
            print(f"{file}: {words.compared(report)}")
            return 0
    _show(report)
    return 0


_QUEUED = "El resumen quedó en cola para los gerentes; sale cuando la mesa esté abierta."
_NOT_QUEUED = (
    "No se envió: el de esa semana ya se había enviado, o ningún gerente ni administrador tiene "
    "correo."
)


def _week(text: str) -> Period:
    """Raises argparse.ArgumentTypeError for what is no week that is over."""
    found = _WEEK.fullmatch(text.strip().upper())
    try:
        monday = dt.date.fromisocalendar(int(found[1]), int(found[2]), 1) if found else None
    except ValueError:
        monday = None
    over = clock.today() - dt.timedelta(days=7)
    if monday is None or not EARLIEST <= monday <= over:
        raise argparse.ArgumentTypeError("una semana que ya terminó, como 2026-W47")
    return Period(monday, monday + dt.timedelta(days=6))


def _write(file: Path, content: bytes) -> None:
    try:
        file.write_bytes(content)
    except OSError as error:
        raise AppError(Reason.UNWRITABLE_FILE, file=str(file), why=f"{why_not(error)}.") from error


def _show(report: Report) -> None:
    print(f"{report.title}: {words.compared(report)}")
    for figure in report.figures:
        now, before = words.value(figure, figure.now), words.value(figure, figure.before)
        print(f"{figure.name}: {now} (antes: {before}; {words.change_of(figure)})")
