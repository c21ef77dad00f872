"""`python -m lib verify`: recompute the audit log and say the first row that fails, and how.

It writes nothing: a log under suspicion stays as it is.
"""

import argparse
from typing import Any

from lib import settings
from lib.services import proof
from lib.services.desk import open_desk
from lib.services.handover import os_actor
from lib.ui import proof_words


def add_to(commands: "argparse._SubParsersAction[Any]") -> None:
    parser = commands.add_parser("verify", help="comprueba la bitácora de principio a fin")
    parser.set_defaults(run=run)


def run(_: argparse.Namespace) -> int:
    """Exit status 1 on any finding."""
    desk = open_desk(settings.read(), behind_too=True)
    try:
        checked = proof.check(desk, os_actor(), lambda _: None)
    finally:
        desk.close()
    print(proof_words.verdict(checked))
    return 1 if checked.finding else 0
