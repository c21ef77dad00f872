"""`python -m lib serve`: the desk for real use, its settings checked first."""

import argparse
import os
import sys
from typing import Any

from lib import settings
from lib.services import ports
from lib.settings import ROOT


def add_to(commands: "argparse._SubParsersAction[Any]") -> None:
    parser = commands.add_parser("serve", help="abre la mesa (PORT, MESA_DATA, MESA_SMTP_…)")
    parser.set_defaults(run=run)


def run(_: argparse.Namespace) -> int:
    """Becomes the server's own process, so that signals and supervisors reach it directly."""
    checked = settings.read()
    ports.require_free(checked.port)
    os.chdir(ROOT)
    command = [sys.executable, "-m", "streamlit", "run", "Home.py"]
    os.execv(sys.executable, [*command, "--server.port", str(checked.port)])  # noqa: S606
