"""The child of lib/store/pack/apart.py: one job from stdin, progress and result on stdout."""

import json
import os
import sys
from pathlib import Path
from typing import Any

from lib.model.errors import AppError, Reason
from lib.model.load import Stage
from lib.store import keys, ref
from lib.store.pack.build import build


def main() -> int:
    os.nice(10)  # whoever is on the phone comes first
    job = json.load(sys.stdin)
    try:
        _say({"built": _run(job)})
    except AppError as error:
        _say({"error": error.reason, "facts": {k: str(v) for k, v in error.facts.items()}})
    except Exception as error:
        _say({"error": Reason.LOAD_FAILED, "facts": {"why": type(error).__name__}})
    return 0


def _run(job: dict[str, str]) -> dict[str, Any]:
    base = Path(job["base"]) if job["base"] else None
    sealed_by = ref.sealed_by(base) if base else ""
    vault = keys.open_vault(Path(job["data"]), job["key"], sealed_by, may_create=False)
    return build(Path(job["pack"]), base, vault, Path(job["target"]), _tell).to_json()


def _tell(stage: Stage, fraction: float) -> None:
    _say({"stage": stage, "fraction": fraction})


def _say(what: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
