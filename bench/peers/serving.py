"""The peers' servers, each over the same rows, started and stopped by the bench."""

import os
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.ports import free_port
from tests.waiting import until

HERE = Path(__file__).parent


@contextmanager
def streamlit(python: Path, script: str, rows: Path) -> Iterator[str]:
    """The address of a Streamlit page of ours that shows `rows` in somebody else's grid."""
    port = free_port()
    command = [python, "-m", "streamlit", "run", HERE / script, "--server.port", str(port)]
    quiet = ["--server.headless", "true", "--browser.gatherUsageStats", "false"]
    with _process([*command, *quiet], {"BENCH_ROWS": str(rows)}, rows.parent / f"{script}.log"):
        url = f"http://localhost:{port}"
        until(lambda: _answers(f"{url}/_stcore/health"), 60)
        yield url


@contextmanager
def django(python: Path, rows: Path, database: Mapping[str, str]) -> Iterator[str]:
    """The address of Django's admin over a database that holds `rows`, filled when it doesn't."""
    port = free_port()
    environment = {
        "BENCH_ROWS": str(rows),
        "DJANGO_SETTINGS_MODULE": "django_admin.settings",
        "PYTHONPATH": str(HERE),
        **database,
    }
    filling = [python, "-m", "django_admin.fill"]
    subprocess.run(filling, check=True, env={**os.environ, **environment}, cwd=HERE)
    serve = [python, "-m", "waitress", f"--listen=localhost:{port}", "--threads=4"]
    log = rows.parent / f"django-{database['BENCH_DB']}.log"
    with _process([*serve, "django_admin.wsgi:application"], environment, log):
        url = f"http://localhost:{port}"
        until(lambda: _answers(f"{url}/admin/login/"), 60)
        yield url


@contextmanager
def _process(
    command: list[str | Path], environment: Mapping[str, str], log: Path
) -> Iterator[None]:
    with log.open("wb") as stream:
        process = subprocess.Popen(
            command, env={**os.environ, **environment}, stdout=stream, stderr=stream, cwd=HERE
        )
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
