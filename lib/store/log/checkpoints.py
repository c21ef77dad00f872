"""The log's head, signed: in a table, and as a line of `audit.checkpoints` outside the database.

Whoever can write both still can't sign for a log that they wrote anew.
"""

from collections.abc import Iterator
from dataclasses import astuple, dataclass, replace
from datetime import datetime
from pathlib import Path

from lib.model.action import Action
from lib.store.database import Transaction
from lib.store.log.anchors import append_line, lines
from lib.store.log.audit import GENESIS, Head, canonical
from lib.store.log.signing import Signer
from lib.store.reading import Reader


@dataclass(frozen=True)
class Checkpoint:
    """`rows` is how many the log had; `signed_at` UTC, ISO 8601; `key` a fingerprint."""

    seq: int
    hash: str
    rows: int
    signed_at: str
    key: str
    signature: str

    @property
    def message(self) -> bytes:
        """What is signed."""
        return b"mesa-cda log checkpoint\n" + canonical([*astuple(self)[:5]])


def add(transaction: Transaction, signer: Signer) -> Checkpoint:
    """Sign all that the log holds with what this transaction logged so far."""
    head: Head = transaction.head
    found = transaction.one("SELECT count(*) FROM log_row")
    at = transaction.now
    bare = Checkpoint(
        head.seq, head.hash, found[0] if found else 0, _text(at), signer.fingerprint, ""
    )
    signed = replace(bare, signature=signer.sign(bare.message))
    transaction.run(
        "INSERT INTO ops.checkpoint (seq, hash, rows, signed_at, key, signature)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        [signed.seq, signed.hash, signed.rows, at, signed.key, signed.signature],
    )
    return signed


def note(data: Path, checkpoint: Checkpoint) -> None:
    """Outside the database too. Raises OSError."""
    append_line(_file(data), " ".join(map(str, astuple(checkpoint))))


def stored(reader: Reader) -> list[Checkpoint]:
    """Those in the table, oldest first."""
    rows = reader.rows(
        "SELECT seq, hash, rows, strftime(signed_at, '%Y-%m-%dT%H:%M:%S.%f'), key, signature"
        " FROM ops.checkpoint ORDER BY seq"
    )
    return [Checkpoint(*row) for row in rows]


def noted(data: Path) -> Iterator[Checkpoint]:
    """Those in the file; a line that is none is passed over."""
    for words in lines(_file(data)):
        numbered = len(words) == 6 and words[0].isdigit() and words[2].isdigit()
        if numbered and len(words[1]) == len(GENESIS):
            yield Checkpoint(int(words[0]), words[1], int(words[2]), *words[3:])


def latest(reader: Reader) -> tuple[int, datetime] | None:
    """The number and instant of the newest."""
    rows = reader.remembered("SELECT seq, signed_at FROM ops.checkpoint ORDER BY seq DESC LIMIT 1")
    return (rows[0][0], rows[0][1]) if rows else None


def keys_on_record(reader: Reader) -> frozenset[str]:
    """Fingerprints of the keys that the log says were made."""
    rows = reader.rows("SELECT subject FROM log_row WHERE action = ?", [Action.LOG_KEY_MADE.value])
    return frozenset(row[0] for row in rows)


def _text(at: datetime) -> str:
    return at.isoformat(timespec="microseconds")


def _file(data: Path) -> Path:
    return data / "audit.checkpoints"
