"""The demonstration's data: made up, written as a pack, and loaded like any other."""

import shutil
import sys

from lib.demo import customers
from lib.model import clock
from lib.model.actor import SYSTEM
from lib.model.load import Stage
from lib.services.desk import Desk
from lib.services.loads import incoming, loading
from lib.services.log import continuing
from lib.settings import Settings
from lib.ui import messages


def prepare(settings: Settings) -> None:
    """Load made-up customers into a data folder that has had no load yet; else do nothing.

    Raises what opening the desk and loading raise.
    """
    desk = continuing.opened(settings)
    try:
        if not desk.store.ref_file:
            _load(desk, settings.demo_accounts)
    finally:
        desk.close()


def _load(desk: Desk, accounts: int) -> None:
    print(f"Preparando {accounts:,} cuentas de demostración…", flush=True)
    incoming.sweep(desk)  # what an interrupted preparation left
    pack = incoming.new_folder(desk) / "demostración"
    pack.mkdir()
    try:
        customers.write_pack(pack, accounts, clock.today())
        report = loading.load(desk, SYSTEM, pack, _Progress(), apart=False)
    finally:
        shutil.rmtree(pack.parent, ignore_errors=True)
    systems = report.files["suscripciones.csv"].new + report.files["licencias.csv"].new
    print(f"Listas: {report.files['cuentas.csv'].new:,} cuentas, {systems:,} sistemas.", flush=True)


class _Progress:
    """A line each quarter of the way: enough for a terminal and for a log."""

    def __init__(self) -> None:
        self._quarter = 0

    def __call__(self, stage: Stage, fraction: float) -> None:
        if int(fraction * 4) > self._quarter and sys.stdout.isatty():
            self._quarter = int(fraction * 4)
            print(f"  {fraction:4.0%}  {messages.STAGE_NAMES[stage]}", flush=True)
