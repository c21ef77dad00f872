"""`python -m lib log list | archive | drop`: the audit log's segments.

With the desk closed: only one process may hold the database.
"""

import argparse
from collections.abc import Callable
from typing import Any

from lib import settings
from lib.model.actor import Actor
from lib.services.desk import Desk
from lib.services.loads.handover import os_actor
from lib.services.log import archiving, continuing
from lib.ui import written
from lib.ui.log import segment_words


def add_to(commands: "argparse._SubParsersAction[Any]") -> None:
    parser = commands.add_parser("log", help="lista, archiva y da de baja tramos de la bitácora")
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACCIÓN")
    listed = acts.add_parser("list", help="los tramos que hay y dónde está cada uno")
    listed.set_defaults(run=run_list)
    archive = acts.add_parser(
        "archive", help="pasa a archivos Parquet los tramos de hace más de MESA_LOG_MONTHS meses"
    )
    archive.add_argument("--all", action="store_true", help="todos los cerrados, sin esperar")
    archive.set_defaults(run=run_archive)
    drop = acts.add_parser("drop", help="da de baja para siempre el tramo archivado más antiguo")
    drop.add_argument("number", type=int, metavar="TRAMO", help="su número en la lista")
    drop.add_argument("--reason", required=True, metavar="MOTIVO", help="queda en la bitácora")
    drop.set_defaults(run=run_drop)


def run_list(_: argparse.Namespace) -> int:
    return _said(lambda desk, actor: segment_words.table(archiving.every(desk, actor)))


def run_archive(options: argparse.Namespace) -> int:
    def archive(desk: Desk, actor: Actor) -> str:
        months = desk.settings.log_months
        if not months and not options.all:
            return "MESA_LOG_MONTHS es 0: nada se archiva por su edad. Para todo lo cerrado: --all."
        done = archiving.archive(desk, actor, 0 if options.all else months)
        if not done:
            return "No hay tramos que archivar."
        said = written.count(done, "tramo archivado", "tramos archivados")
        return f"{said} en {desk.settings.data / 'log'}; siguen a la vista y se comprueban igual."

    return _said(archive)


def run_drop(options: argparse.Namespace) -> int:
    def drop(desk: Desk, actor: Actor) -> str:
        gone = archiving.drop(desk, actor, options.number, options.reason)
        rows = written.count(gone.rows, "renglón", "renglones")
        return (
            f"El tramo {options.number} se dio de baja: {rows}, del {gone.first:,} al "
            f"{gone.last:,}. La bitácora dice quién y por qué, y lo demás sigue comprobándose."
        )

    return _said(drop)


def _said(work: Callable[[Desk, Actor], str]) -> int:
    desk = continuing.opened_alone(settings.read())
    try:
        print(work(desk, os_actor()))
    finally:
        desk.close()
    return 0
