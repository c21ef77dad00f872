"""`python -m bench.search`: search alone on one core, beside SQLite's FTS5 and PostgreSQL's
pg_trgm.

Needs a bench desk (`python -m bench --accounts N`); PostgreSQL's server programs for one of the
peers. Everybody answers the same question over the same texts: how many rows hold every word, and
the first 50 of them. Writes bench/search.json. Ends by itself.
"""

import argparse
import datetime as dt
import json
import os
from pathlib import Path
from typing import Any

from bench import machine
from bench.figures import Figures
from bench.prepared import DATA
from bench.search_peers import PEERS
from bench.search_terms import Terms, drawn
from bench.searching import Ours, index_cost

LATEST = Path(__file__).with_name("search.json")


def main() -> None:
    options = _options()
    data = options.data or DATA / f"{options.accounts}"
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    terms = drawn(data, options.terms)
    result = _head() | {"load": index_cost(data)} if not options.quick else _head()
    ours = Ours(data)
    try:
        result |= _ours(ours, terms, check=not options.quick)
    finally:
        ours.close()
    result["peers"] = _peers_before() if options.alone else _peers(data, terms)
    LATEST.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n", "utf-8")
    print(f"\nWritten to {LATEST}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.search", description=__doc__)
    parser.add_argument("--accounts", type=int, default=400_000, help="of the bench desk")
    parser.add_argument("--data", type=Path, help="another desk's folder")
    parser.add_argument("--terms", type=int, default=120, help="random ones, besides the usual")
    parser.add_argument("--alone", action="store_true", help="the peers as they were measured last")
    parser.add_argument("--quick", action="store_true", help="no check against a scan, no index")
    return parser.parse_args()


def _head() -> dict[str, Any]:
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    return {"date": now, "machine": machine.described() | {"cores": 1}}


def _ours(ours: Ours, terms: Terms, *, check: bool) -> dict[str, Any]:
    acts = {
        "search": ours.reopen().searches(terms.typed),
        "search and sort": ours.reopen().sorted_searches(terms.usual),
        "everything (palette)": ours.reopen().everything(terms.typed),
        "mistyped name": ours.reopen().searches(terms.mistyped),
    }
    for name, figures in acts.items():
        _say(name, figures)
    told: dict[str, Any] = {"systems": ours.systems, "terms": len(terms.typed)}
    told["ms"] = {name: figures.to_json() for name, figures in acts.items()}
    told["mistyped_found"] = f"{ours.found(terms.slips)} of {len(terms.slips)}"
    told["first_after_a_load_ms"] = round(ours.first, 1)
    if check:
        told["mismatches"] = ours.mismatches(terms.typed)
        print(f"mismatches with a scan: {told['mismatches']} of {len(terms.typed)}")
    return told | {"edit_ms": ours.edits()}


def _peers(data: Path, terms: Terms) -> dict[str, Any]:
    told = {}
    for name, measure in PEERS.items():
        print(f"{name}…", flush=True)
        result = measure(DATA / "search", data, terms.typed)
        if result:
            _say(name, result.pop("figures"), told.setdefault(name, result))
    return told


def _peers_before() -> dict[str, Any]:
    """As they were measured last."""
    told = json.loads(LATEST.read_text("utf-8")) if LATEST.exists() else {}
    return dict(told.get("peers", {}))


def _say(name: str, figures: Figures, into: dict[str, Any] | None = None) -> None:
    print(f"{name:28}{len(figures.ms):5}{figures.at(0.5):9.1f}{figures.at(0.95):9.1f}", flush=True)
    if into is not None:
        into["search_ms"] = figures.to_json()


if __name__ == "__main__":
    main()
