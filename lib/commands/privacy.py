"""`python -m lib privacy …`: one person's data handed to them, or let go, with the desk closed.

For requests of access, rectification, cancellation and opposition (ARCO): docs/privacy.md says what
is answered with what, what stays and why.
"""

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from lib import settings
from lib.commands import asking
from lib.model.errors import AppError, Reason
from lib.services.desk import Desk
from lib.services.loads.handover import os_actor
from lib.services.log import continuing, erasing
from lib.services.privacy import handing_over, leaving
from lib.ui import written
from lib.ui.people import dossier


def add_to(commands: "argparse._SubParsersAction[Any]") -> None:
    parser = commands.add_parser("privacy", help="entrega o borra los datos de una persona (ARCO)")
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACCIÓN")
    export = acts.add_parser("export", help="todo lo que la mesa guarda de ella, en un ZIP")
    _whose(export)
    export.add_argument("file", metavar="ARCHIVO", type=Path)
    export.set_defaults(run=run_export, parser=export)
    erase = acts.add_parser("erase", help="borra lo que no hace falta para demostrar qué se hizo")
    _whose(erase)
    erase.add_argument("--yes", action="store_true", help="sin preguntar")
    erase.set_defaults(run=run_erase)


def _whose(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("who", metavar="CUENTA")
    parser.add_argument("--staff", action="store_true", help="CUENTA es un usuario de la mesa")


# ---- access --------------------------------------------------------------------------------------


def run_export(options: argparse.Namespace) -> int:
    if options.file.exists():
        options.parser.error(f"{options.file} ya existe; elige otro nombre")
    desk = _opened()
    try:
        hand_over = handing_over.of_staff if options.staff else handing_over.of_account
        content = dossier.zipped(options.who, hand_over(desk, os_actor(), options.who))
    finally:
        desk.close()
    _write(options.file, content)
    print(
        f"{options.file}: todo lo que la mesa guarda de {options.who}; ábrelo por LEEME.html. La "
        "bitácora dice que lo reuniste; borra el archivo cuando ya no haga falta."
    )
    return 0


def _write(file: Path, content: bytes) -> None:
    """Under its name only whole, for this user alone. Raises AppError(UNWRITABLE_FILE)."""
    part = file.with_name(file.name + ".part")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
        part.replace(file)
    except OSError as error:
        raise AppError(Reason.UNWRITABLE_FILE, file=str(file), why=error.strerror) from error
    finally:
        part.unlink(missing_ok=True)


# ---- cancellation --------------------------------------------------------------------------------


def run_erase(options: argparse.Namespace) -> int:
    if not options.yes and not _sure(options.who):
        print("No se borró nada.", file=sys.stderr)
        return 1
    desk = _opened()
    try:
        print(_erased_staff(desk, options.who) if options.staff else _erased(desk, options.who))
    finally:
        desk.close()
    return 0


def _sure(who: str) -> bool:
    print(
        asking.printable(f"Se borrará lo que la mesa guarda de {who}; nadie puede deshacerlo."),
        file=sys.stderr,
    )
    print(f"Escribe {asking.printable(who)} para seguir: ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip() == who


def _erased(desk: Desk, account_no: str) -> str:
    erased = erasing.erase(desk, os_actor(), account_no)
    rows = written.count(erased, "renglón", "renglones")
    return (
        f"Se borraron los datos personales de {rows} de la cuenta {account_no.strip()}, y a quién "
        "fueron sus correos; quién hizo qué y cuándo se conserva, y la bitácora sigue "
        "comprobándose. La cuenta misma es del proveedor: vuelve con cada entrega mientras él la "
        "tenga. Los respaldos de antes la guardan hasta que los borres."
    )


def _erased_staff(desk: Desk, username: str) -> str:
    leaving.erase_staff(desk, os_actor(), username)
    return (
        f"Se borraron el correo, las sesiones, los segundos factores y las vistas de {username}. "
        "Su nombre y lo que hizo se conservan: la bitácora demuestra quién respondió de cada envío."
    )


def _opened() -> Desk:
    return continuing.opened_alone(settings.read())
