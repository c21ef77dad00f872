"""The same certificates brought in by other means: django-import-export, and pandas.

Kinder to them: of rows without a fault, into SQLite on the same disk, with nobody else at work and
at the priority of any process (the desk's own check steps behind everybody).
"""

import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from bench.peers import environment
from bench.prepared import DATA

_HERE = Path(__file__).parent / "peers"
PEERS = {"django-import-export": "django", "pandas read_csv + to_sql": "pandas"}


def measure(file: Path) -> dict[str, dict[str, float]]:
    """Seconds of each, by peer."""
    (DATA / "peers").mkdir(parents=True, exist_ok=True)
    python = environment.python(DATA / "peers" / "imports", _HERE / "import_requirements.txt")
    return {name: _timed(python, which, file) for name, which in PEERS.items()}


def _timed(python: Path, which: str, file: Path) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="mesa-bench-", dir=DATA) as folder:
        command = [python, _HERE / "imports.py", which, file, folder]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    told: dict[str, float] = json.loads(done.stdout)
    return {name: round(value, 1) for name, value in told.items()}
