"""One load or one import, in a process of its own: `python -m bench.importing WHAT DESK FILE`.

WHAT is "load" (FILE is a pack's folder) or "import". The answer, on stdout, is JSON: seconds.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from lib import settings
from lib.model.actor import SYSTEM
from lib.model.load import Stage
from lib.model.view import View
from lib.services.desk import Desk, open_desk
from lib.services.imports import committing, previewing
from lib.services.loads import loading
from lib.store.grid import engine
from lib.store.grid.sources import SUBSCRIPTIONS, SYSTEMS

T = TypeVar("T")


def main() -> None:
    what, data, file = sys.argv[1:]
    desk = open_desk(settings.read({"MESA_DATA": data}))
    try:
        told = {"load": load, "import": import_}[what](desk, Path(file))
    finally:
        desk.close()
    print(json.dumps(told))


def load(desk: Desk, pack: Path) -> dict[str, Any]:
    """Visible: its first page was answered. Searchable: so was a search for the last serial."""
    began = time.perf_counter()
    report = loading.load(desk, SYSTEM, pack, _quietly)
    window = engine.window(desk.store, SUBSCRIPTIONS, View())
    visible = time.perf_counter() - began
    last = desk.store.rows("SELECT serial FROM system ORDER BY serial DESC LIMIT 1")[0][0]
    assert window.rows
    assert engine.window(desk.store, SYSTEMS, View(q=last)).rows
    totals = report.totals
    return {
        "rows": totals.rows,
        "new": totals.new,
        "changed": totals.changed,
        "set_aside": totals.set_aside,
        "warnings": totals.warnings,
        "accounts": desk.store.rows("SELECT count(*) FROM account")[0][0],
        "systems": desk.store.rows("SELECT count(*) FROM system")[0][0],
        "visible_s": round(visible, 1),
        "searchable_s": round(time.perf_counter() - began, 1),
    }


def import_(desk: Desk, file: Path) -> dict[str, Any]:
    with file.open("rb") as content:
        seen, checked = _timed(lambda: previewing.preview(desk, SYSTEM, file.name, content))
    merge, committed = _timed(lambda: committing.commit(desk, SYSTEM, seen))
    return {
        "rows": seen.counts.rows,
        "new": merge.new,
        "set_aside": seen.counts.set_aside,
        "warnings": seen.counts.warnings,
        "check_s": round(checked, 1),
        "commit_s": round(committed, 1),
    }


def _timed(act: Callable[[], T]) -> tuple[T, float]:
    began = time.perf_counter()
    return act(), time.perf_counter() - began


def _quietly(_stage: Stage, _fraction: float) -> None:
    """Nobody watches."""


if __name__ == "__main__":
    main()
