"""Loads and imports, as docs/benchmarks.md shows them."""

from collections.abc import Iterator
from typing import Any

from bench.report_cells import pair, row, rule

_WORSE = 2  # times the p95 alone: the aim


def told(run: dict[str, Any]) -> Iterator[str]:
    yield "## Loads and imports\n"
    yield (
        "Each by itself, in a process that opens the desk for it; nothing skipped that a person's"
        " import does. Visible: the first page was answered; searchable: so was a search for the"
        " last serial. Memory: RSS of the desk and the child that builds, together.\n"
    )
    yield row("", "seconds", "aim", "CPU, s", "memory, MB")
    yield rule(4)
    yield from _load("first", run["alone"]["first load"], 120)
    searchable = run["alone"]["first load"]["searchable_s"]
    yield row("wholly searchable", _seconds(searchable, 300), 300, "", "")
    yield from _load("second, 1 % changed", run["alone"]["second load"], 40)
    more = run["alone"]["some new"]
    new = more["new"] - run["alone"]["second load"]["new"]
    alone = run["alone"]["changes alone"]
    for what, each in (
        (f"1 % changed and {new:,} rows of new accounts besides: visible", more),
        (f"those changes alone, {alone['rows']:,} rows: visible", alone),
    ):
        yield row(what, f"{each['visible_s']:.1f}", "", round(each["cpu_s"]), f"{each['mb']:,}")
    yield from _import(run["alone"]["import"])
    yield ""
    yield from _set_aside(run["alone"]["import"])
    if "others" in run:
        yield from _others(run["others"])
    if "peers" in run:
        yield from _peers(run["peers"])


def _load(name: str, load: dict[str, Any], aim: int) -> Iterator[str]:
    what = (
        f"a pack of {load['rows']:,} rows ({load['file_mb']} MB: {load['accounts']:,} accounts,"
        f" {load['systems']:,} systems), {name}: visible"
    )
    yield row(what, _seconds(load["visible_s"], aim), aim, round(load["cpu_s"]), f"{load['mb']:,}")


def _import(told_: dict[str, Any]) -> Iterator[str]:
    what = f"{told_['rows']:,} certificates ({told_['file_mb']} MB): check + commit"
    seconds = _seconds(told_["check_s"] + told_["commit_s"], 25)
    parts = f"{seconds} ({told_['check_s']} + {told_['commit_s']})"
    memory = f"{told_['mb']:,} (aim: 1,536)"
    yield row(what, parts, 25, round(told_["cpu_s"]), memory)


def _seconds(seconds: float, aim: int) -> str:
    return f"{seconds:.1f}" if seconds <= aim else f"**{seconds:.1f}, missed**"


def _set_aside(told_: dict[str, Any]) -> Iterator[str]:
    yield (
        f"Of the certificates {told_['new']:,} went in, {told_['set_aside']:,} were set aside with"
        f" their reasons, and {told_['warnings']:,} things were warned of.\n"
    )


def _others(run: dict[str, Any]) -> Iterator[str]:
    waits, took = run["waits_ms"], run["took"]
    yield (
        "What three agents wait on a desk at work, each with a session of their own, while somebody"
        " else imports and loads on it (`python -m lib`); ms, answer alone. In brackets, how many"
        " times their p95 with nothing going on; the aim is less than 2. Resend click: a row's"
        " envelope, until its window is drawn.\n"
    )
    yield row("", "alone", *(f"during the {name}" for name in took))
    yield rule(1 + len(took))
    for act, alone in waits["alone"].items():
        yield row(act, pair(alone), *(_worse(alone, waits[name][act]) for name in took))
    yield (
        f"\n- That desk, warm, held {run['resting_mb']:,} MB with nothing going on: with the"
        " import's own that is above the aim for an import alone."
    )
    for name, each in took.items():
        yield (
            f"- The {name} took {each['seconds']:.0f} s then; desk and child {each['mb']:,} MB at"
            " most."
        )
    yield ""


def _worse(alone: dict[str, float], then: dict[str, float]) -> str:
    times = then["p95"] / alone["p95"]
    said = f"{times:.1f}×" if times < _WORSE else f"**{times:.1f}×, missed**"
    return f"{pair(then)} ({said})"


def _peers(peers: dict[str, dict[str, Any]]) -> Iterator[str]:
    ours = next(iter(peers.values()))
    yield (
        f"Side by side, {ours['rows']:,} certificates without a fault; in brackets, how many times"
        " the desk's own seconds. django-import-export as its admin runs it (a dry run, then the"
        " import) and pandas, both into SQLite; pandas checks nothing, and neither keeps the file,"
        " a log or an undo.\n"
    )
    yield row("", "check, s", "commit, s", "both, s")
    yield rule(3)
    whole = ours["check_s"] + ours["commit_s"]
    for name, each in peers.items():
        both = each["check_s"] + each["commit_s"]
        times = "" if each is ours else f" ({both / whole:.1f}×)"
        yield row(name, each["check_s"], each["commit_s"], f"{both:.1f}{times}")
