"""`python -m bench.log`: a log of ten million rows proved, appended to, searched and counted, into
bench/log.json.

The first run makes its desk under bench/data (minutes, 4 GB); later ones reuse it unless --fresh.
Ends by itself.
"""

import argparse
import datetime as dt
import json
from pathlib import Path
from typing import Any

from bench import log_desk, machine
from bench.figures import Figures
from bench.log_acts import Acts

LATEST = Path(__file__).with_name("log.json")
_VERIFIED_S = 30
_APPENDED_MS = 3
_LIST_MS, _BOARD_MS = 300, 1_000
_AIMED = {"first page": _LIST_MS, "filter by person": _LIST_MS}
_PRESETS = ("hoy", "7d", "30d", "mes")


def main() -> None:
    options = _options()
    data, made = log_desk.desk(options.accounts, options.rows, fresh=options.fresh)
    result = {
        "date": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "machine": machine.described(),
        "made": made,
    }
    acts = Acts(data, dt.date.fromisoformat(made["last_day"]))
    try:
        result |= {"rows": acts.rows, **_read(acts, options.repeat), **_appended(acts)}
        result |= _proved(acts, min(options.plain or acts.rows, acts.rows))
        ways = {"asked for": False, "at night": True}
        result["meanwhile"] = {name: _meanwhile(acts, name, rests) for name, rests in ways.items()}
    finally:
        acts.close()
    LATEST.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n", "utf-8")
    print(f"\nWritten to {LATEST}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.log", description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000, help="of the log")
    parser.add_argument("--accounts", type=int, default=400_000, help="of the desk it is of")
    parser.add_argument("--repeat", type=int, default=40, help="times that each list is asked for")
    parser.add_argument("--plain", type=int, default=0, help="rows of the plain loop; 0: all")
    parser.add_argument("--fresh", action="store_true", help="make the desk again")
    return parser.parse_args()


def _read(acts: Acts, repeat: int) -> dict[str, Any]:
    told: dict[str, Any] = {}
    lists = acts.lists(repeat)
    boards = acts.boards(max(5, repeat // 4))
    for name, some in (("lists", lists), ("told", acts.told(repeat)), ("boards", boards)):
        told[f"{name}_ms"] = {act: figures.to_json() for act, figures in some.items()}
        for act, figures in some.items():
            most = _BOARD_MS if act in _PRESETS else _AIMED.get(act)
            print(f"{act}, ms {_pair(figures)} {_met(figures.at(0.95), most)}", flush=True)
    return told


def _appended(acts: Acts) -> dict[str, Any]:
    with_row, without = acts.append(300)
    cost = with_row.at(0.5) - without.at(0.5)
    print(f"a transaction, ms {_pair(without)}; with its row of the log {_pair(with_row)}:")
    print(f"  a row costs {cost:.1f} {_met(cost, _APPENDED_MS)}", flush=True)
    return {"append_ms": {"without": without.to_json(), "with": with_row.to_json()}}


def _proved(acts: Acts, plain_rows: int) -> dict[str, Any]:
    seconds, checked = acts.verify()
    assert checked.finding is None, checked.finding
    print(f"verified {checked.rows:,} rows, s {seconds:.1f} {_met(seconds, _VERIFIED_S)}")
    plain_s = acts.plain_loop(plain_rows)
    times = plain_s / plain_rows / (seconds / checked.rows)
    print(f"a plain loop over {plain_rows:,}, s {plain_s:.1f}: {times:.1f} times as long a row")
    return {
        "verify": {"rows": checked.rows, "seconds": round(seconds, 1)},
        "plain": {"rows": plain_rows, "seconds": round(plain_s, 1)},
    }


def _meanwhile(acts: Acts, name: str, rests: bool) -> dict[str, Any]:
    told, seconds = acts.meanwhile(rests=rests)
    for act, figures in told.items():
        print(f"{act} while it is verified, {name}, ms {_pair(figures)}")
    print(f"  which then takes {seconds:.1f} s", flush=True)
    ms = {act: figures.to_json() for act, figures in told.items()}
    return {"ms": ms, "seconds": round(seconds, 1)}


def _pair(figures: Figures) -> str:
    return f"p50 {figures.at(0.5):.1f} p95 {figures.at(0.95):.1f}"


def _met(found: float, most: float | None) -> str:
    return "" if most is None else "(aim met)" if found <= most else f"(aim {most:,} MISSED)"


if __name__ == "__main__":
    main()
