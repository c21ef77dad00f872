"""`python -m lib load DIR`: load the vendor's pack, also while the desk is running."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from lib import settings
from lib.commands import load_report
from lib.commands.progress import Progress
from lib.model.errors import AppError
from lib.model.load import LoadReport
from lib.services.loads import handover, loading
from lib.settings import Settings
from lib.ui import messages


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
    actor, progress = handover.os_actor(), Progress()
    try:
        desk = handover.opened(read)
        if desk is None:
            return handover.hand_over(read, actor, folder.resolve(), progress)
        try:
            return loading.load(desk, actor, folder.resolve(), progress, apart=False)
        finally:
            desk.close()
    finally:
        progress.end()
