"""The desk's side of a load: the lock, what a crash left, the differences, old files."""

import datetime as dt
import fcntl
import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from lib.model.account import EDITABLE
from lib.model.errors import AppError, Reason
from lib.model.load import Difference
from lib.store.database import Transaction
from lib.store.pack.build import WORK_PREFIX
from lib.store.reading import Reader

_KEPT = 3  # ref files kept, the one in force among them, so that a load can be undone


@contextmanager
def alone(data: Path) -> Iterator[None]:
    """One load at a time, in this process or any other: the lock ends with its process.

    Raises AppError(LOAD_IN_PROGRESS).
    """
    descriptor = os.open(data / "load.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AppError(Reason.LOAD_IN_PROGRESS) from error
        yield
    finally:
        os.close(descriptor)


def sweep(folder: Path) -> None:
    """Remove the work of builds that were killed; call it under alone()."""
    for left in folder.glob(f"{WORK_PREFIX}*"):
        shutil.rmtree(left, ignore_errors=True)


def prune(reader: Reader, folder: Path, waiting: Collection[str]) -> None:
    """Remove ref files but the newest ones in use and those that wait to be published."""
    rows = reader.rows(
        "SELECT ref_file FROM ops.batch WHERE kind = 'pack' GROUP BY ref_file"
        " ORDER BY max(finished_at) DESC LIMIT ?",
        [_KEPT],
    )
    kept = {row[0] for row in rows} | set(waiting)
    for file in folder.glob("*.duckdb"):
        if file.name not in kept:
            file.unlink(missing_ok=True)


def forget(folder: Path, file: str) -> None:
    """Remove a ref file that won't be published."""
    (folder / file).unlink(missing_ok=True)


def follow_the_last(transaction: Transaction) -> None:
    """Move the transaction's instant past the last load's: the newest is the one in force, even
    when the clock has gone back since."""
    row = transaction.one("SELECT max(finished_at) FROM ops.batch WHERE kind = 'pack'")
    if row and row[0]:
        transaction.now = max(transaction.now, row[0] + dt.timedelta(microseconds=1))


def is_recorded(reader: Reader, batch_id: str) -> bool:
    return reader.one("SELECT 1 FROM ops.batch WHERE id = ?", [batch_id]) is not None


def key_fingerprint(reader: Reader, meta: str = "meta") -> str:
    """Which key sealed the CDAs of the ref in force, or of an attached one by its own `meta`
    table; "" before the first load.
    """
    row = reader.one(f"SELECT key_fingerprint FROM {meta}")
    return str(row[0]) if row else ""


def differences(reader: Reader, vendor: str, named: str) -> list[Difference]:
    """Where the desk's corrections differ from the accounts `vendor`, of those that the relation
    `named` holds; in the order of account and field."""
    each = " UNION ALL ".join(
        f"SELECT c.account_no, {place} AS place, '{field}' AS field, c.{field}, a.{field}"
        f" FROM ops.correction c JOIN {named} n ON n.account_no = c.account_no"
        f" JOIN {vendor} a ON a.account_no = c.account_no WHERE c.{field} <> a.{field}"
        for place, field in enumerate(EDITABLE)
    )
    rows = reader.rows(f"SELECT * EXCLUDE (place) FROM ({each}) ORDER BY account_no, place")
    return [Difference(*row) for row in rows]
