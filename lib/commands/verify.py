"""`python -m lib verify`: recompute the audit log and say the first row that fails, and how.

It writes nothing: a log under suspicion stays as it is.
"""

import argparse
import re
from collections.abc import Sequence
from typing import Any

from lib import settings
from lib.commands.progress import Progress
from lib.model.proof import Checked
from lib.services.desk import open_desk
from lib.services.loads.handover import os_actor
from lib.services.log import proof
from lib.store.log.audit import Head
from lib.ui.log import proof_words

_DOING = "Comprobando la bitácora"


def add_to(commands: "argparse._SubParsersAction[Any]") -> None:
    parser = commands.add_parser("verify", help="comprueba la bitácora de principio a fin")
    parser.add_argument(
        "--head",
        nargs=2,
        metavar=("NÚMERO", "HUELLA"),
        action="append",
        default=[],
        help="contra el renglón y la huella que dice un correo diario; puede repetirse",
    )
    parser.set_defaults(run=run, refuse=parser.error)


def run(options: argparse.Namespace) -> int:
    """Exit status 1 on any finding."""
    mailed = [_head(options, *typed) for typed in options.head]
    desk, progress = open_desk(settings.read(), behind_too=True), Progress()
    try:
        checked = proof.check(desk, os_actor(), lambda part: progress.show(_DOING, part), mailed)
    finally:
        progress.end()
        desk.close()
    print(proof_words.verdict(checked), *_held_against(checked, mailed))
    return 1 if checked.finding else 0


def _head(options: argparse.Namespace, number: str, digest: str) -> Head:
    """As it was copied from a mail, which may have broken the line or grouped the digits."""
    seq, said = re.sub(r"[\s.,]", "", number), re.sub(r"\s", "", digest).lower()
    if not (seq.isascii() and seq.isdigit() and 0 < int(seq) < 2**63):
        options.refuse(f"«{number}» no es el número de un renglón")
    if not re.fullmatch(r"[0-9a-f]{64}", said):
        options.refuse("la huella tiene 64 cifras y letras de la a a la f: cópiala del correo")
    return Head(int(seq), said)


def _held_against(checked: Checked, mailed: Sequence[Head]) -> list[str]:
    """What the mails say, where the log itself shows nothing."""
    if checked.findings:
        return []
    gone = {h.seq for h in mailed for first, last in checked.dropped if first <= h.seq <= last}
    held = [f"{head.seq:,}" for head in mailed if head.seq not in gone]
    lost = [f"{seq:,}" for seq in sorted(gone)]
    said = [f"Coincide con el correo del renglón {', '.join(held)}."] if held else []
    return said + ([f"Ya no hay con qué comprobar el del {', '.join(lost)}."] if lost else [])
