"""`python -m bench`: load a million systems, time the engine, then a person's acts in Chromium,
alone and among twenty agents. `--accounts 2000000` makes it five millions.

The first run builds bench/data/ (minutes); later ones reuse it unless --fresh. Ends by itself.
"""

import argparse
import datetime as dt
import json
from pathlib import Path
from typing import Any

from bench import acts, engine, machine, prepared
from bench.figures import Figures, table

LATEST = Path(__file__).with_name("latest.json")


def main() -> None:
    options = _options()
    data, load = prepared.desk(options.accounts, fresh=options.fresh)
    print(
        f"\nLoad: {load['rows']:,} rows in {load['seconds']:.0f} s = {load['rows_per_s']:,} rows/s"
    )
    before = machine.described()  # what else was running
    systems, engine_figures = engine.measure(data, options.repeat)
    print(f"Engine and browser over {systems:,} systems, {options.repeat} of each act\n")
    others = prepared.cookies(data, options.agents - 1)
    browser_figures = acts.measure(data, options.repeat, others)
    print(table(systems, browser_figures, engine_figures))
    _write(systems, before, load, browser_figures, engine_figures)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--accounts", type=int, default=400_000, help="2.5 systems each")
    parser.add_argument("--repeat", type=int, default=20, help="times that each act is done")
    parser.add_argument("--agents", type=int, default=20, help="how many at once; 1: no crowd")
    parser.add_argument("--fresh", action="store_true", help="build and load the data again")
    return parser.parse_args()


def _write(
    systems: int,
    measured_on: dict[str, str | int],
    load: dict[str, Any],
    browser: dict[str, Figures],
    engine_: dict[str, Figures],
) -> None:
    """In the place of the last run over as many systems."""
    result = {
        "date": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "machine": measured_on,
        "systems": systems,
        "load": load,
        "event_to_paint_ms": {name: figures.to_json() for name, figures in browser.items()},
        "engine_ms": {name: figures.to_json() for name, figures in engine_.items()},
    }
    kept = json.loads(LATEST.read_text("utf-8")) if LATEST.exists() else []
    runs = [run for run in kept if isinstance(kept, list) and run["systems"] != systems]
    runs = sorted([*runs, result], key=lambda run: run["systems"])
    LATEST.write_text(json.dumps(runs, indent=2, ensure_ascii=False) + "\n", "utf-8")
    print(f"\nWritten to {LATEST}")


if __name__ == "__main__":
    main()
