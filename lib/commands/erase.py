"""`python -m lib erase CUENTA`: take one account's personal details out of the audit log."""

import argparse
from typing import Any

from lib import settings
from lib.services.loads.handover import os_actor
from lib.services.log import continuing, erasing
from lib.ui import written


def add_to(commands: "argparse._SubParsersAction[Any]") -> None:
    parser = commands.add_parser(
        "erase", help="borra de la bitácora los datos personales de una cuenta"
    )
    parser.add_argument("account", metavar="CUENTA")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    desk = continuing.opened_alone(settings.read())
    try:
        erased = erasing.erase(desk, os_actor(), options.account)
    finally:
        desk.close()
    rows = written.count(erased, "renglón", "renglones")
    print(
        f"Se borraron los datos personales de {rows} de la cuenta {options.account.strip()}; "
        "quién hizo qué y cuándo se conserva, y la bitácora sigue comprobándose."
    )
    return 0
