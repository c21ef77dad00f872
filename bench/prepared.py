"""A desk full of made-up customers under bench/data, loaded as a pack would be, and timed."""

import json
import shutil
import time
from pathlib import Path
from typing import Any

from lib import settings
from lib.demo import customers
from lib.model import clock
from lib.model.actor import SYSTEM
from lib.model.load import Stage
from lib.services import access, loading
from lib.services.desk import open_desk
from tests.browser import desk_server

AGENT = "agente"
DATA = Path(__file__).with_name("data")


def desk(accounts: int, *, fresh: bool) -> tuple[Path, dict[str, Any]]:
    """A desk's folder with that many accounts, and how its load went."""
    data = DATA / f"{accounts}"
    report = data / "load.json"
    if fresh or not report.exists():
        shutil.rmtree(data, ignore_errors=True)
        data.mkdir(parents=True)
        report.write_text(json.dumps(_load(data, accounts)), "utf-8")
    return data, json.loads(report.read_text("utf-8"))


def _load(data: Path, accounts: int) -> dict[str, Any]:
    pack = data / "pack"
    pack.mkdir()
    print(f"Writing a pack of {accounts:,} accounts…", flush=True)
    customers.write_pack(pack, accounts, clock.today())
    print("Loading it…", flush=True)
    opened = open_desk(settings.read({"MESA_DATA": str(data)}))
    try:
        began = time.perf_counter()
        loaded = loading.load(opened, SYSTEM, pack, _quietly, apart=False)
        seconds = time.perf_counter() - began
        role, email = desk_server.PEOPLE[AGENT], "agente@example.com"
        password = desk_server.PASSWORD
        access.add_staff(opened, SYSTEM, AGENT, "Agustina Agente", email, role, password)
    finally:
        opened.close()
    shutil.rmtree(pack)
    rows = sum(counts.rows for counts in loaded.files.values())
    return {"rows": rows, "seconds": round(seconds, 1), "rows_per_s": round(rows / seconds)}


def _quietly(_stage: Stage, _fraction: float) -> None:
    """Nobody watches."""
