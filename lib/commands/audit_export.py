"""`python -m lib audit-export ARCHIVO`: the log as a ZIP for an auditor, of a stopped desk.

Also of a log that was altered or that ends too early: then nothing is written to it, not even that
it was handed over.
"""

import argparse
import datetime as dt
import os
from pathlib import Path
from typing import Any

from lib import settings
from lib.model import clock, period
from lib.model.audit_export import Asked
from lib.model.errors import AppError, Reason
from lib.model.period import Period
from lib.services.desk import Desk, open_desk
from lib.services.loads.handover import os_actor
from lib.services.log import auditing
from lib.services.log.packing import Packing
from lib.ui import written
from lib.ui.log.audit_words import WORDS

_End = int | dt.date


def add_to(commands: "argparse._SubParsersAction[Any]") -> None:
    parser = commands.add_parser("audit-export", help="la bitácora en un ZIP, para un auditor")
    parser.add_argument("file", metavar="ARCHIVO", type=Path)
    parser.add_argument("--from", dest="begin", type=_end, metavar="RENGLÓN|DD/MM/AAAA")
    parser.add_argument("--to", dest="end", type=_end, metavar="RENGLÓN|DD/MM/AAAA")
    parser.add_argument(
        "--without-details", action="store_true", help="sin datos personales: sólo su compromiso"
    )
    parser.set_defaults(run=run, parser=parser)


def run(options: argparse.Namespace) -> int:
    if options.file.exists():
        options.parser.error(f"{options.file} ya existe; elige otro nombre")
    asked = _asked(options)
    desk = open_desk(settings.read(), behind_too=True)
    try:
        rows, logged = _write(desk, asked, options.file)
    finally:
        desk.close()
    said = "quedó en la bitácora" if logged else "no quedó en la bitácora: la base está en duda"
    print(f"{options.file}: {written.count(rows, 'renglón', 'renglones')}; {said}.")
    return 0


def _write(desk: Desk, asked: Asked, file: Path) -> tuple[int, bool]:
    """How many rows went into it, and whether the log says so. Raises AppError(EXPORT_FAILED) when
    the file can't be written; half of one is never left under its name."""
    making = auditing.written(desk, os_actor(), asked, WORDS)
    part = file.with_name(file.name + ".part")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.writelines(making)
        part.replace(file)
    except OSError as error:
        raise AppError(Reason.EXPORT_FAILED) from error
    finally:
        making.close()
        part.unlink(missing_ok=True)
    logged = not isinstance(making, Packing)
    packing = making if isinstance(making, Packing) else making.making
    return packing.rows, logged


def _asked(options: argparse.Namespace) -> Asked:
    begin, end = options.begin, options.end
    detailed = not options.without_details
    if isinstance(begin, dt.date) or isinstance(end, dt.date):
        if isinstance(begin, int) or isinstance(end, int):
            options.parser.error("--from y --to llevan dos renglones o dos días")
        today = clock.today()
        first, last = begin or period.EARLIEST, min(end or today, today)
        return Asked(detailed, days=Period(max(first, period.EARLIEST), last))
    return Asked(detailed, first=begin or 0, last=end or 0)


def _end(text: str) -> _End:
    """Raises ValueError, which argparse says."""
    if text.isdecimal():
        return int(text)
    return dt.datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007 — a day without a time
