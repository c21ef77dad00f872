"""`python -m lib demo`: the demonstration, with made-up customers (what `make run` starts)."""

import argparse
from typing import Any

from lib.demo import run as demonstration


def add_to(commands: "argparse._SubParsersAction[Any]") -> None:
    parser = commands.add_parser("demo", help="abre la mesa de demostración (PORT, MESA_DATA)")
    parser.set_defaults(run=run)


def run(_: argparse.Namespace) -> int:
    """Runs until Ctrl-C."""
    try:
        return demonstration.run()
    except KeyboardInterrupt:
        print("\nInterrumpido antes de terminar de preparar los datos.")
        return 130
