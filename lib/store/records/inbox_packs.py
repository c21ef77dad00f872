"""Packs that came by the watched folder: which were loaded, which were refused and why."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from lib.model.inbox import Came
from lib.store.database import Transaction
from lib.store.reading import Reader

_COLUMNS = "id, name, sha256, finished_at, loaded, why"
# When the same files were loaded before, if they were.
_AGAIN = (
    "(SELECT max(b.finished_at) FROM ops.inbox_pack b"
    " WHERE b.sha256 = p.sha256 AND b.loaded AND b.finished_at < p.finished_at)"
)
_ASKED = (
    f"SELECT {', '.join('p.' + c for c in _COLUMNS.split(', '))}, {_AGAIN} FROM ops.inbox_pack p"
)


def add(
    transaction: Transaction, pack_id: str, name: str, sha256: str, *, loaded: bool, why: str = ""
) -> None:
    transaction.run(
        f"INSERT INTO ops.inbox_pack ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)",
        [pack_id, name, sha256, transaction.now, loaded, why],
    )


def find(reader: Reader, pack_id: str) -> Came | None:
    return _came(reader.one(f"{_ASKED} WHERE p.id = ?", [pack_id]))


def last(reader: Reader) -> Came | None:
    """The newest that was dealt with."""
    return _came(reader.one(f"{_ASKED} ORDER BY p.finished_at DESC, p.id LIMIT 1"))


def loaded_before(reader: Reader, sha256: str) -> dt.datetime | None:
    """When (UTC) a pack of the very same files was loaded last."""
    row = reader.one(
        "SELECT max(finished_at) FROM ops.inbox_pack WHERE sha256 = ? AND loaded", [sha256]
    )
    return row[0] if row else None


def _came(row: Sequence[Any] | None) -> Came | None:
    return Came(*row) if row else None
