"""`python -m bench.peers`: other people's grids on the same rows, into bench/peers.json.

Needs a bench desk (`python -m bench`) for its rows, PostgreSQL's server programs for one of the
peers, and the package index the first time. Ends by itself.
"""

import argparse
import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from bench import machine
from bench.figures import Figures
from bench.peers import acts, environment, postgres, rows, serving
from bench.prepared import DATA
from tests.browser.conftest import FLAGS, chromium

LATEST = Path(__file__).parent.parent / "peers.json"
FEW = 100_000  # rows that streamlit-aggrid is given: it sends them all to the browser


def main() -> None:
    options = _options()
    folder = DATA / "peers"
    folder.mkdir(parents=True, exist_ok=True)
    peers = _Peers(folder, DATA / f"{options.accounts}", options.repeat)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(playwright), args=FLAGS)
        chosen = [name for name in peers.known if not options.only or name in options.only]
        results = {name: _told(name, peers.known[name], browser) for name in chosen}
        browser.close()
    _write(results)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.peers", description=__doc__)
    parser.add_argument("--accounts", type=int, default=400_000, help="of the bench desk")
    parser.add_argument("--repeat", type=int, default=20, help="times that each act is done")
    parser.add_argument("--only", nargs="*", default=[], help="some of the peers, by name")
    return parser.parse_args()


class _Peers:
    def __init__(self, folder: Path, desk: Path, repeat: int) -> None:
        self.repeat = repeat
        self.folder = folder
        self.python = environment.python(folder / "venv")
        self.rows, self.few = folder / "rows.parquet", folder / f"rows-{FEW}.parquet"
        self.count = rows.write(desk, self.rows, 10**9)
        rows.write(desk, self.few, FEW)
        self.known: dict[str, Callable[[Browser], dict[str, Any]]] = {
            "st.dataframe": self.dataframe,
            "streamlit-aggrid": self.aggrid,
            "Django admin, SQLite": self.sqlite,
            "Django admin, PostgreSQL": self.postgres,
        }

    def dataframe(self, browser: Browser) -> dict[str, Any]:
        with serving.streamlit(self.python, "dataframe_app.py", self.rows) as url:
            times, opened = acts.dataframe(browser, url, self.repeat)
        return _result(times, self.count, opened)

    def aggrid(self, browser: Browser) -> dict[str, Any]:
        with serving.streamlit(self.python, "aggrid_app.py", self.few) as url:
            times, opened = acts.aggrid(browser, url, self.repeat)
        return _result(times, FEW, opened)

    def sqlite(self, browser: Browser) -> dict[str, Any]:
        database = {"BENCH_DB": "sqlite", "BENCH_DB_NAME": str(self.folder / "django.sqlite3")}
        with serving.django(self.python, self.rows, database) as url:
            return _result(acts.django(browser, url, self.repeat), self.count)

    def postgres(self, browser: Browser) -> dict[str, Any]:
        with postgres.running(self.folder / "postgres") as socket:
            database = {"BENCH_DB": "postgres", "BENCH_DB_NAME": "", "BENCH_DB_HOST": str(socket)}
            with serving.django(self.python, self.rows, database) as url:
                return _result(acts.django(browser, url, self.repeat), self.count)


def _result(times: dict[str, Figures], count: int, opened: float | None = None) -> dict[str, Any]:
    figures = {name: act.to_json() for name, act in times.items()}
    first = {} if opened is None else {"first_rows_s": round(opened, 1)}
    return {"rows": count, **first, "event_to_paint_ms": figures}


def _told(
    name: str, measure: Callable[[Browser], dict[str, Any]], browser: Browser
) -> dict[str, Any]:
    print(f"{name}…", flush=True)
    try:
        result = measure(browser)
    except postgres.NotInstalled:
        print("  left out: no PostgreSQL server on this machine")
        return {}
    for act, figures in result["event_to_paint_ms"].items():
        print(f"  {act:22}{figures['p50']:8.0f}{figures['p95']:8.0f}")
    return result


def _write(results: dict[str, dict[str, Any]]) -> None:
    before = json.loads(LATEST.read_text("utf-8"))["peers"] if LATEST.exists() else {}
    written = {
        "date": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "machine": machine.described(),
        "peers": {**before, **{name: result for name, result in results.items() if result}},
    }
    LATEST.write_text(json.dumps(written, indent=2, ensure_ascii=False) + "\n", "utf-8")
    print(f"\nWritten to {LATEST}")


if __name__ == "__main__":
    main()
