"""A build in a process of its own, so that the desk stays quick for everybody else.

The child (`python -m lib.store.pack`) gets its job on stdin, where no other process can read the
key, and answers a line of JSON at a time.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType
from typing import IO

from lib.model.errors import AppError, Reason
from lib.model.load import Built, Progress, Stage
from lib.model.reading import Reading
from lib.store.pack.files import PackFile

_ROOT = Path(__file__).resolve().parents[3]


def build_apart(
    pack: Path,
    base: Path | None,
    data: Path,
    configured_key: str,
    target: Path,
    progress: Progress,
    readings: Mapping[PackFile, Reading] = MappingProxyType({}),
    *,
    noted: bool = False,
    data_key: str = "",
) -> Built:
    """build() in a child that dies with this call. Raises what build() raises, and
    AppError(LOAD_FAILED) when the child is killed."""
    job = {
        "pack": str(pack.resolve()),
        "base": str(base.resolve()) if base else "",
        "data": str(data.resolve()),
        "key": configured_key,
        "target": str(target.resolve()),
        "readings": {of.name: asdict(reading) for of, reading in readings.items()},
        "noted": noted,
        "data_key": data_key,
    }
    child = _started()
    assert child.stdin
    assert child.stdout
    try:
        with child.stdin:
            child.stdin.write(json.dumps(job))
        return _listen(child.stdout, progress)
    except BrokenPipeError as error:
        raise AppError(Reason.LOAD_FAILED, why="el proceso de carga terminó") from error
    finally:
        child.kill()
        child.wait()
        child.stdout.close()


def _started() -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "lib.store.pack"],
        cwd=_ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
    )


def _listen(lines: IO[str], progress: Progress) -> Built:
    for line in lines:
        said = json.loads(line)
        if "built" in said:
            return Built.from_json(said["built"])
        if "error" in said:
            raise AppError(Reason(said["error"]), **said["facts"])
        progress(Stage(said["stage"]), said["fraction"])
    raise AppError(Reason.LOAD_FAILED, why="el proceso de carga terminó")
