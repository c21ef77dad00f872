"""`python -m lib load DIR`: load the vendor's pack, also while the desk is running."""

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

from lib import settings
from lib.commands import load_report
from lib.model.errors import AppError, Reason
from lib.model.load import LoadReport, Stage
from lib.services import handover, loading
from lib.services.desk import Desk, open_desk
from lib.settings import Settings
from lib.ui import messages

_QUIET_S = 5.0  # without a terminal a short load says nothing on the way


def add_to(commands: "argparse._SubParsersAction[Any]") -> None:
    parser = commands.add_parser("load", help="carga un paquete del proveedor (una carpeta)")
    parser.add_argument("folder", type=Path, metavar="DIR", help="la carpeta con los CSV")
    parser.add_argument("--json", action="store_true", help="el informe como JSON en stdout")
    parser.add_argument("--all", action="store_true", help="muestra todas las filas apartadas")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """0 when it loaded, even with rows set aside; 2 when it was refused; 130 on Ctrl-C."""
    try:
        report = _load(settings.read(), options.folder)
    except AppError as error:
        if not options.json:
            raise
        print(json.dumps({"error": error.reason, "message": messages.sentence(error)}))
        return 2
    except KeyboardInterrupt:
        print("\nInterrumpida: la carga no cambió nada.", file=sys.stderr)
        return 130
    if options.json:
        print(json.dumps(report.to_json(), ensure_ascii=False))
    else:
        print(load_report.text(report, whole=options.all))
    return 0


def _load(read: Settings, folder: Path) -> LoadReport:
    """By this process, or by the running desk when there is one."""
    actor, progress = handover.os_actor(), _Progress()
    try:
        desk = _open(read)
        if desk is None:
            return handover.hand_over(read, actor, folder.resolve(), progress)
        try:
            return loading.load(desk, actor, folder.resolve(), progress, apart=False)
        finally:
            desk.close()
    finally:
        progress.end()


def _open(read: Settings) -> Desk | None:
    """None while another process has the desk open."""
    try:
        return open_desk(read)
    except AppError as error:
        if error.reason is Reason.DESK_IN_USE:
            return None
        raise


class _Progress:
    """A line on stderr: rewritten on a terminal, else one each tenth of a long load."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._live = sys.stderr.isatty()
        self._tenth = 0

    def __call__(self, stage: Stage, fraction: float) -> None:
        line = f"{fraction:4.0%}  {messages.STAGE_NAMES[stage]}"
        if self._live:
            print(f"\r{line:<60}", end="", file=sys.stderr, flush=True)
        elif time.monotonic() - self._started > _QUIET_S and int(fraction * 10) > self._tenth:
            self._tenth = int(fraction * 10)
            print(line, file=sys.stderr, flush=True)

    def end(self) -> None:
        if self._live:
            print(f"\r{'':<60}\r", end="", file=sys.stderr, flush=True)
