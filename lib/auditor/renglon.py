"""One row of the log as it was exported: read strictly, and hashed as the desk did.

Part of verificar.py; standard library only.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HASHED = (
    "seq", "logged_at", "actor", "role", "session", "address", "action", "outcome", "account_no",
    "serial", "reason", "ticket", "subject", "commitment", "prev", "versions",
)  # fmt: skip
_TEXTS = frozenset((*HASHED, "hash")) - {"seq"}
_COLUMNS = len(HASHED) + 3  # with hash, salt and detail

Row = dict[str, Any]
encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def lines(path: Path) -> Iterator[bytes]:
    if path.is_file():
        with path.open("rb") as stream:
            yield from stream


def read(line: bytes) -> Row | None:
    """A row with all that is taken for granted of one; None when the line isn't that. A name given
    twice would be read one way here and another elsewhere; one of no column is covered by no hash.
    """
    try:
        pairs = json.loads(line.decode(), object_pairs_hook=list)
        row = {"versions": "", "salt": None, "detail": None, **dict(pairs)}
    except (ValueError, TypeError, RecursionError):
        return None
    once = len(dict(pairs)) == len(pairs) and len(row) == _COLUMNS
    sound = once and type(row.get("seq")) is int
    return row if sound and all(isinstance(row.get(name), str) for name in _TEXTS) else None


def digest(domain: str, *parts: bytes) -> str:
    """SHA-256 of length-prefixed parts under a label, in hex."""
    sized = (len(part).to_bytes(8, "big") + part for part in (domain.encode(), *parts))
    return hashlib.sha256(b"".join(sized)).hexdigest()


def fits(row: Row, seq: int) -> bool:
    """Whether it was written under this number. `versions` counts where there are any."""
    facts = {name: row[name] for name in HASHED if name != "versions" or row[name]}
    try:
        return bool(digest("audit", encode({**facts, "seq": seq}).encode()) == row["hash"])
    except UnicodeEncodeError:
        return False


def committed(row: Row) -> bool:
    """Whether salt and detail are those that it committed to."""
    salt = row["salt"]
    try:
        made = digest("detail", bytes.fromhex(salt), row["detail"].encode())
    except (TypeError, ValueError, AttributeError):
        return False
    return len(salt) == 32 and salt == salt.lower() and bool(made == row["commitment"])
