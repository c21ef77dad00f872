"""`python -m lib verify`: recompute the audit log and say the first row that fails, and how.

It writes nothing: a log under suspicion stays as it is.
"""

import argparse
from typing import Any

from lib import settings
from lib.commands.progress import Progress
from lib.services.desk import open_desk
from lib.services.loads.handover import os_actor
from lib.services.log import proof
from lib.ui.log import proof_words

_DOING = "Comprobando la bitácora"


def add_to(commands: "argparse._SubParsersAction[Any]") -> None:
    parser = commands.add_parser("verify", help="comprueba la bitácora de principio a fin")
    parser.set_defaults(run=run)


def run(_: argparse.Namespace) -> int:
    """Exit status 1 on any finding."""
    desk, progress = open_desk(settings.read(), behind_too=True), Progress()
    try:
        checked = proof.check(desk, os_actor(), lambda part: progress.show(_DOING, part))
    finally:
        progress.end()
        desk.close()
    print(proof_words.verdict(checked))
    return 1 if checked.finding else 0
