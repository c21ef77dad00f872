"""The files that batches came from, as they were uploaded: data/batches/<batch>/<name>.

Laid there before the batch is committed, so that a batch never names a file that isn't; one that no
batch names is what a crash left.
"""

import errno
import os
import shutil
from collections.abc import Collection
from pathlib import Path

from lib.model.errors import AppError, Reason

_LONGEST = 120  # bytes of a name: file systems take 255


def lay(data: Path, batch_id: str, name: str, source: Path) -> None:
    """A second name for `source`, that only the desk's own user can read; durable.

    Raises AppError(DISK_FULL | STORAGE_FAILED).
    """
    folder = place(data, batch_id)
    try:
        folder.mkdir(mode=0o700, parents=True)
        source.chmod(0o600)
        os.link(source, folder / name)
        for path in (folder / name, folder, folder.parent, data):
            _sync(path)
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        raise AppError(Reason.DISK_FULL if full else Reason.STORAGE_FAILED) from error


def drop(data: Path, batch_id: str) -> None:
    shutil.rmtree(place(data, batch_id), ignore_errors=True)


def sweep(data: Path, recorded: Collection[str]) -> None:
    """Remove those of no batch. Only while nobody imports: at a start."""
    for folder in (data / "batches").glob("*"):
        if folder.name not in recorded:
            shutil.rmtree(folder, ignore_errors=True)


def find(data: Path, batch_id: str, name: str) -> Path | None:
    path = place(data, batch_id) / name
    return path if path.is_file() else None


def place(data: Path, batch_id: str) -> Path:
    return data / "batches" / batch_id


def safe_name(name: str) -> str:
    """What a person's file is called here: no path, nothing that a terminal would act on."""
    bare = "".join(c for c in name.replace("\\", "/").rpartition("/")[2] if c.isprintable())
    bare = bare.encode()[-_LONGEST:].decode(errors="ignore").strip(" .")
    return bare or "archivo"


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
