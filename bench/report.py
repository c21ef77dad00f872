"""`python -m bench.report`: the last figures of every bench, as docs/benchmarks.md shows them."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bench import report_imports
from bench.report_cells import pair as _pair
from bench.report_cells import row as _row
from bench.report_cells import rule as _rule

HERE = Path(__file__).parent
TARGET = HERE.parent / "docs" / "benchmarks.md"

_HEAD = """# Benchmarks

How fast the desk is, and other tools on the same rows. Written by `python -m bench.report` from
what `make bench` measured: `bench/latest.json` (the desk), `bench/search.json` (search alone, on
one core), `bench/resend.json` (mail), `bench/log.json` (the audit log), `bench/imports.json`
(loads and imports), `bench/peers.json` (other people's grids). Ratios hold on another machine;
absolute times don't.

Times are from a person's event to the painted rows, in a real Chromium on the same two cores as the
server, p50 / p95 in ms. Where a peer could be judged in two ways the kinder one is taken: the first
frame that shows something of its answer. "–": it doesn't do that.
"""
# An act, as the desk's bench and the peers' call it.
_ACTS = ("sort", "page", "page, first", "page, middle", "page, last", "search", "drag to group",
         "expand", "filter by a choice")  # fmt: skip
_PERIODS = ("hoy", "7d", "30d", "mes")


def main() -> None:
    names = ("latest", "search", "peers", "resend", "log", "imports")
    desks, search, peers, resend, log, brought = (_read(name) for name in names)
    parts = [_HEAD, *_desk(desks), *_peers(desks, peers), *_search(search), *_resend(resend)]
    parts += [*_log(log), "", *report_imports.told(brought), f"\n{_where(brought)}\n"]
    TARGET.write_text("\n".join(parts).rstrip() + "\n", "utf-8")
    print(f"Written to {TARGET}")


def _read(name: str) -> Any:
    return json.loads((HERE / f"{name}.json").read_text("utf-8"))


def _desk(runs: list[dict[str, Any]]) -> Iterable[str]:
    yield "## The desk\n"
    names = list(dict.fromkeys(name for run in runs for name in run["event_to_paint_ms"]))
    yield _row("", *(f"{run['systems']:,} systems" for run in runs))
    yield _rule(len(runs))
    for name in names:
        yield _row(name, *(_pair(run["event_to_paint_ms"].get(name)) for run in runs))
    yield ""
    load = runs[0]["load"]
    yield f"Load of {load['rows']:,} rows: {load['rows_per_s']:,} rows/s, search index included.\n"
    for run in runs:
        yield f"{run['systems']:,} systems: {_where(run)}"
    yield ""


def _peers(runs: list[dict[str, Any]], told: dict[str, Any]) -> Iterable[str]:
    peers = told["peers"]
    million = min(runs, key=lambda run: abs(run["systems"] - 1_000_000))
    times = [million["event_to_paint_ms"], *(peer["event_to_paint_ms"] for peer in peers.values())]
    yield "## Beside other people's grids\n"
    yield "In brackets, how many times the desk's own p50.\n"
    counts = [million["systems"], *(peer["rows"] for peer in peers.values())]
    names = ["Mesa CDA", *peers]
    heads = (f"{n}, {count:,}" for n, count in zip(names, counts, strict=True))
    yield _row("", *heads)
    yield _rule(len(names))
    for act in _ACTS:
        ours, *theirs = [each.get(act) for each in times]
        if any(theirs) and ours:
            yield _row(act, _pair(ours), *(_beside(ours, their) for their in theirs))
    first = [peer.get("first_rows_s") for peer in peers.values()]
    yield _row("first rows, s", "", *(f"{s}" if s else "" for s in first))
    yield f"\n{_where(told)}\n"


def _search(told: dict[str, Any]) -> Iterable[str]:
    yield "## Search alone, on one core\n"
    yield (
        f"{told['systems']:,} systems; the first 50 rows and the count of all, for"
        f" {told['terms']} terms: names, parts of serials, phones, e-mails, random infixes.\n"
    )
    yield _row("", "p50 / p95", "index, MB", "made in, s")
    yield _rule(3)
    index = told.get("load", {})
    own = {"mb": index.get("mb", ""), "filled_in_s": index.get("seconds", "")}
    yield _row("Mesa CDA", _pair(told["ms"]["search"]), own["mb"], own["filled_in_s"])
    for name, peer in told.get("peers", {}).items():
        beside = _beside(told["ms"]["search"], peer["search_ms"])
        yield _row(name, beside, peer["mb"], peer["filled_in_s"])
    yield ""
    for name, figures in told["ms"].items():
        if name != "search":
            yield f"- {name}: {_pair(figures)} ms"
    yield f"- mistyped names found: {told['mistyped_found']}"
    if "mismatches" in told:
        yield f"- terms whose rows differ from reading every text: {told['mismatches']}"
    edits = told["edit_ms"]
    for act, name in (("an edit", "write"), ("the first search after an edit", "search_after")):
        yield f"- {act}: {_pair({p: edits[f'{name}_{p}'] for p in ('p50', 'p95')})} ms"
    yield f"\n{_where(told)}\n"


def _resend(told: dict[str, Any]) -> Iterable[str]:
    yield "## Resends\n"
    yield (
        f"A desk of {told['systems']:,} systems; {told['mails']:,} mails through {told['server']},"
        " on loopback. Acknowledged: asked for, in one durable transaction. The desk's worker"
        " writes a claim before each mail, its outcome and a row of the log after it; yagmail"
        " writes nothing; django-post_office, with its defaults (5 threads, SQLite), writes what"
        " it sent once for each hundred.\n"
    )
    yield _row("", "mails/s", "acknowledged, ms")
    yield _rule(2)
    yield _row("Mesa CDA", round(told["mails_per_s"]), _pair(told["acknowledged_ms"]))
    for name, peer in told["peers"].items():
        yield _row(name, round(peer["mails_per_s"]), _pair(peer.get("queued_ms")))
    meanwhile = _pair(told["acknowledged_while_sending_ms"])
    yield f"\nAcknowledged while a queue of mails leaves: {meanwhile} ms.\n"
    yield f"{_where(told)}\n"


def _log(told: dict[str, Any]) -> Iterable[str]:
    yield "## The audit log\n"
    yield (
        f"{told['rows']:,} rows, two years and four months of a desk of 160 people. Each time is"
        " the services' own, without a browser, and follows a commit to the log and the outbox: no"
        " answer of before is kept. Tablero is of the log's last day, both periods of it.\n"
    )
    yield _row("", "p50 / p95, ms", "aim, p95")
    yield _rule(2)
    aims = {"first page": 300, "filter by person": 300} | dict.fromkeys(_PERIODS, "1,000")
    for name, figures in {**told["lists_ms"], **told["told_ms"]}.items():
        yield _row(f"Bitácora, {name}", _pair(figures), aims.get(name, ""))
    for name, figures in told["boards_ms"].items():
        yield _row(f"Tablero, {name}", _pair(figures), aims.get(name, ""))
    yield ""
    yield from _proof(told)
    yield f"\n{_where(told)}\n"


def _proof(told: dict[str, Any]) -> Iterable[str]:
    verified, plain = told["verify"], told["plain"]
    per_row = [each["seconds"] / each["rows"] for each in (plain, verified)]
    yield (
        f"- Verified: {verified['rows']:,} rows in {verified['seconds']:.1f} s (aim: 30 s). A plain"
        f" loop in Python over {plain['rows']:,} of the same rows, each read, hashed and compared:"
        f" {plain['seconds']:.1f} s, {per_row[0] / per_row[1]:.1f} times as long a row."
    )
    without, with_row = told["append_ms"]["without"], told["append_ms"]["with"]
    cost = with_row["p50"] - without["p50"]
    yield (
        f"- A row of the log costs its transaction {cost:.1f} ms (aim: 3 ms): {_tenths(with_row)}"
        f" with it, {_tenths(without)} without."
    )
    for way, told_then in told["meanwhile"].items():
        waited = ", ".join(f"{name} {_pair(each)}" for name, each in told_then["ms"].items())
        yield (
            f"- While one {way} runs, others wait, ms: {waited}; it then takes"
            f" {told_then['seconds']:.0f} s."
        )


def _tenths(figures: dict[str, float]) -> str:
    return f"{figures['p50']:.1f} / {figures['p95']:.1f}"


def _where(run: dict[str, Any]) -> str:
    m = run["machine"]
    return (
        f"{run['date'][:10]}, {m['processor']}, {m['cores']} core(s), {m['memory_gb']} GB,"
        f" load average {m['load_average']} at the start; DuckDB {m['duckdb']},"
        f" Streamlit {m['streamlit']}, Python {m['python']}."
    )


def _beside(ours: dict[str, float], theirs: dict[str, float] | None) -> str:
    return f"{_pair(theirs)} ({theirs['p50'] / ours['p50']:.1f}×)" if theirs else "–"


if __name__ == "__main__":
    main()
