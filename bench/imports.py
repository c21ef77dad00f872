"""`python -m bench.imports`: a million certificates, a pack of three million systems and the same
again with 1 % changed, brought in, timed and weighed, into bench/imports.json.

What others wait meanwhile is of three agents on a running desk. The first run writes the files
under bench/data (a minute); each run loads them anew. Needs nothing else running. Ends by itself.
"""

import argparse
import datetime as dt
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from bench import acts, import_files, import_peers, machine, memory, others, prepared
from bench.figures import Figures
from bench.others import People
from lib import settings
from lib.services.desk import open_desk
from tests.browser import desk_server

LATEST = Path(__file__).with_name("imports.json")
_PEERS_ROWS = 100_000
_ALONE_S = 45  # how long the three are watched with nothing going on
_AFTER_S = 10  # and after each act: a desk that has just switched has lost what it remembered
_WORSE = 2  # times their p95 alone: the aim
_AIMS = {"first load": 120, "second load": 40, "import": 25}  # seconds; a load: until visible
_SEARCHABLE_S, _MEMORY_MB = 300, 1536


def main() -> None:
    options = _options()
    files = prepared.DATA / "imports" / f"{options.accounts}-{options.rows}"
    files.mkdir(parents=True, exist_ok=True)
    import_files.write(files, options.accounts, options.rows)
    result = {
        "date": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "machine": machine.described(),
    }
    desk = files / "desk"
    shutil.rmtree(desk, ignore_errors=True)
    parts = {
        "alone": _alone,
        **({} if options.alone else {"others": _among_others}),
        **({} if options.no_peers else {"peers": _beside_peers}),
    }
    try:
        for name, measure in parts.items():
            result[name] = measure(desk, files)
            LATEST.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n", "utf-8")
    finally:
        shutil.rmtree(desk, ignore_errors=True)
    print(f"\nWritten to {LATEST}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.imports", description=__doc__)
    parser.add_argument("--accounts", type=int, default=import_files.ACCOUNTS)
    parser.add_argument("--rows", type=int, default=import_files.CERTIFICATES)
    parser.add_argument("--alone", action="store_true", help="without the others' waits")
    parser.add_argument("--no-peers", action="store_true", help="without other people's tools")
    return parser.parse_args()


def _alone(desk: Path, files: Path) -> dict[str, Any]:
    """The pack into an empty desk; then, each on a desk that has it, the certificates, the pack
    that changed, its changes alone, and the pack with some that are new besides."""
    told = {"first load": _weighed("load", desk, files / "pack")}
    _say("first load", told["first load"])
    opened = open_desk(settings.read({"MESA_DATA": str(desk)}))
    prepared.people(opened, told["first load"]["accounts"])
    opened.close()
    for name, what, file in (
        ("import", "import", files / "certificados.csv"),
        ("second load", "load", files / "again"),
        ("changes alone", "load", files / "changed"),
        ("some new", "load", files / "more"),
    ):
        copy = prepared.copied(desk)
        told[name] = _weighed(what, copy, file)
        shutil.rmtree(copy)
        _say(name, told[name])
    return told


def _weighed(what: str, desk: Path, file: Path) -> dict[str, Any]:
    """As bench/importing.py tells it, with the most memory it took (MB) and its CPU (s)."""
    before = os.times()
    command = [sys.executable, "-m", "bench.importing", what, str(desk), str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        with memory.watched(process.pid) as peak:
            said = process.stdout.read()
    if process.returncode:
        raise RuntimeError(f"{what} of {file.name} failed")
    after = os.times()
    cpu = sum(after[2:4]) - sum(before[2:4])
    told: dict[str, Any] = json.loads(said)
    return {**told, "mb": peak.mb, "cpu_s": round(cpu, 1), "file_mb": _size(file)}


def _size(file: Path) -> int:
    """MB"""
    parts = file.iterdir() if file.is_dir() else [file]
    return round(sum(part.stat().st_size for part in parts) / 1e6)


def _among_others(desk: Path, files: Path) -> dict[str, Any]:
    """The same by the command line while a desk is at work: what three agents on it wait, by what
    goes on."""
    copy = prepared.copied(desk)
    try:
        cookies = prepared.cookies(copy, 3)
        with acts.desk_over(copy) as server, others.at_work(server.url, cookies) as people:
            people.during("alone")
            with memory.watched(server.process.pid) as resting:
                time.sleep(_ALONE_S)
            took = {
                "import": _beside(people, server, "import", files / "certificados.csv"),
                "second load": _beside(people, server, "load", files / "again"),
            }
    finally:
        shutil.rmtree(copy)
    waits = {name: _told(acts_) for name, acts_ in people.waits.items()}
    for name in took:
        _say(f"others, during the {name}", _compared(waits, name))
    return {"waits_ms": waits, "took": took, "resting_mb": resting.mb}


def _beside(
    people: People, server: desk_server.DeskServer, command: str, file: Path
) -> dict[str, Any]:
    """Seconds that `python -m lib` took, and the most memory of the desk and its children (MB)."""
    name = {"load": "second load"}.get(command, command)
    environment = desk_server.environment_for(server.data, {})
    line = [sys.executable, "-m", "lib", command, str(file)]
    people.during(name)
    began = time.perf_counter()
    with memory.watched(server.process.pid) as peak:
        subprocess.run(
            line, check=True, env=environment, cwd=desk_server.ROOT, stdout=subprocess.DEVNULL
        )
    seconds = time.perf_counter() - began
    time.sleep(_AFTER_S)
    people.during("")
    return {"seconds": round(seconds, 1), "mb": peak.mb}


def _told(waits: dict[str, Figures]) -> dict[str, dict[str, float]]:
    return {name: figures.to_json() for name, figures in sorted(waits.items())}


def _compared(waits: dict[str, dict[str, dict[str, float]]], name: str) -> dict[str, str]:
    told = {}
    for act, figures in waits[name].items():
        alone, then = waits["alone"][act]["p95"], figures["p95"]
        met = "met" if then < _WORSE * alone else "MISSED"
        told[act] = f"p95 {alone:.0f} → {then:.0f} ms ({then / alone:.1f}×, {met})"
    return told


def _beside_peers(desk: Path, files: Path) -> dict[str, Any]:
    """A hundred thousand rows without a fault, by us and by others."""
    file = files / "few" / "certificados.csv"
    if not file.exists():
        file.parent.mkdir()
        import_files.write_certificates(file, files / "pack", _PEERS_ROWS, slips=0.0)
    copy = prepared.copied(desk)
    told = {"Mesa CDA": _weighed("import", copy, file), **import_peers.measure(file)}
    shutil.rmtree(copy)
    for name, each in told.items():
        _say(name, each)
    return told


def _say(name: str, told: dict[str, Any]) -> None:
    print(f"{name}: {', '.join(f'{what} {value}' for what, value in told.items())}")
    seconds = told.get("visible_s") or told.get("check_s", 0) + told.get("commit_s", 0)
    if name in _AIMS:
        met = seconds <= _AIMS[name] and (name != "import" or told["mb"] <= _MEMORY_MB)
        met &= told.get("searchable_s", 0) <= _SEARCHABLE_S
        print(f"  {seconds:.1f} s, aim {_AIMS[name]} {'met' if met else 'MISSED'}", flush=True)


if __name__ == "__main__":
    main()
