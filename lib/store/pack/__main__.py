"""The child of lib/store/pack/apart.py: one job from stdin, progress and result on stdout."""

import json
import os
import sys
from pathlib import Path
from typing import Any

from lib.model.errors import AppError, Reason
from lib.model.load import Stage
from lib.model.reading import Reading
from lib.store import keys, ref
from lib.store.cipher import Cipher
from lib.store.pack.build import build
from lib.store.pack.files import FILES, PackFile


def main() -> int:
    os.nice(19)  # whoever is on the phone comes first, and this may take minutes of both cores
    job = json.load(sys.stdin)
    try:
        _say({"built": _run(job)})
    except AppError as error:
        _say({"error": error.reason, "facts": {k: str(v) for k, v in error.facts.items()}})
    except Exception as error:
        _say({"error": Reason.LOAD_FAILED, "facts": {"why": type(error).__name__}})
    return 0


def _run(job: dict[str, Any]) -> dict[str, Any]:
    base = Path(job["base"]) if job["base"] else None
    cipher = Cipher(job["data_key"])
    sealed_by = ref.sealed_by(base, cipher) if base else ""
    vault = keys.open_vault(Path(job["data"]), job["key"], sealed_by, may_create=False)
    readings = {of: Reading.from_json(job["readings"][of.name]) for of in _read(job)}
    pack, target = Path(job["pack"]), Path(job["target"])
    how = {"noted": job["noted"], "cipher": cipher}
    return build(pack, base, vault, target, _tell, readings, **how).to_json()


def _read(job: dict[str, Any]) -> list[PackFile]:
    """The files that somebody looked at."""
    return [of for of in FILES if of.name in job["readings"]]


def _tell(stage: Stage, fraction: float) -> None:
    _say({"stage": stage, "fraction": fraction})


def _say(what: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
