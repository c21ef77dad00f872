"""`python -m lib key`: print a new CDA key for MESA_CDA_KEY."""

import argparse
from typing import Any

from lib.store import vault


def add_to(commands: "argparse._SubParsersAction[Any]") -> None:
    parser = commands.add_parser("key", help="imprime una llave nueva para MESA_CDA_KEY")
    parser.set_defaults(run=run)


def run(_: argparse.Namespace) -> int:
    print(vault.new_key())
    return 0
