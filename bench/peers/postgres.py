"""A PostgreSQL of the bench's own: a cluster in a folder, heard only on a socket beside it."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SETTINGS = {  # as a small server of its own would be given
    "shared_buffers": "1GB",
    "work_mem": "64MB",
    "maintenance_work_mem": "512MB",
    "random_page_cost": "1.1",
    "listen_addresses": "''",
    "fsync": "off",  # only the filling is quicker for it
}


class NotInstalled(RuntimeError):  # noqa: N818 — says what is the matter
    """This machine has no PostgreSQL server."""


@contextmanager
def running(folder: Path) -> Iterator[Path]:
    """The folder of its socket, while it runs. Raises NotInstalled."""
    data, socket = folder / "data", folder
    folder.mkdir(parents=True, exist_ok=True)
    if not (data / "PG_VERSION").exists():
        _give_away(folder)
        _as_owner([_program("initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8"])
    options = " ".join(f"-c {name}={value}" for name, value in _SETTINGS.items())
    control = [_program("pg_ctl"), "-D", data, "-w", "-l", folder / "log"]
    _as_owner([*control, "-o", f"{options} -k {socket}", "start"])
    try:
        yield socket
    finally:
        _as_owner([*control, "-m", "fast", "stop"])


def _program(name: str) -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    on_path = shutil.which(name)
    if not found and not on_path:
        raise NotInstalled(name)
    return found[-1] if found else Path(str(on_path))


def _as_owner(command: list[str | Path]) -> None:
    """PostgreSQL refuses to run as root: then as its own user."""
    subprocess.run(
        command,
        check=True,
        stdout=subprocess.DEVNULL,
        user="postgres" if os.geteuid() == 0 else None,
        cwd="/",
    )


def _give_away(folder: Path) -> None:
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
