"""A running page with a grid over tests/store/grid/wide_ref.py's rows."""

import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lib.store.database import Store
from tests.browser.desk_server import ROOT
from tests.ports import free_port
from tests.store.grid import wide_ref
from tests.waiting import until

APP = Path(__file__).parent / "apps" / "grid_app.py"


@contextmanager
def running(data: Path, **environment: str) -> Iterator[str]:
    """Serve the page over `data`, a desk's folder; its address."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(APP), "--server.port", str(port)]
    log = data / "page.log"
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [*command, "--server.address", "localhost"],
            cwd=ROOT,
            env={**os.environ, "MESA_DATA": str(data), **environment},
            stdout=stream,
            stderr=subprocess.STDOUT,
        )
    try:
        address = f"http://localhost:{port}"
        until(lambda: process.poll() is not None or _healthy(address), 60)
        assert process.poll() is None, log.read_text("utf-8")
        yield address
    finally:
        process.terminate()
        process.wait(30)


def _healthy(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/_stcore/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def fill(data: Path, systems: int = 400) -> list[dict[str, object]]:
    """Put random systems in force in `data`; the subscriptions among them."""
    store = Store.open(data)
    customers = wide_ref.accounts(1, 80)
    rows = wide_ref.systems(2, customers, systems)
    wide_ref.publish(store, customers, rows)
    store.close()
    return [row for row in rows if row["kind"] == "subscription"]
