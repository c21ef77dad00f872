"""`python -m lib verify`: recompute the audit log's chain and say the first row that fails."""

import argparse
from typing import Any

from lib import settings
from lib.services.desk import open_desk
from lib.store import audit


def add_to(commands: "argparse._SubParsersAction[Any]") -> None:
    parser = commands.add_parser("verify", help="comprueba la cadena de la bitácora")
    parser.set_defaults(run=run)


def run(_: argparse.Namespace) -> int:
    """Exit status 1 on any finding."""
    desk = open_desk(settings.read())
    try:
        with desk.store.cursor() as cursor:
            finding = audit.verify(audit.stored_rows(cursor))
            head = audit.read_head(cursor)
    finally:
        desk.close()
    if finding:
        print(f"La bitácora falla en el renglón {finding.seq}: {finding.problem}.")
        return 1
    print(f"La bitácora está completa: {head.seq} renglones, cabeza {head.hash[:16]}…")
    return 0
