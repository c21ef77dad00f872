"""Loads and imports that finished: what, when, by whom, with what result, from which file."""

import datetime as dt
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from lib.model.load import Mended, RowNote
from lib.model.reading import ReadAs
from lib.store.database import Transaction
from lib.store.reading import Reader

_COLUMNS = "id, kind, source, finished_at, actor, summary, ref_file"
BY_HAND = "Registro a mano"  # the source of those of one certificate, typed or scanned
NOTED = 5_000  # rows set aside, and warnings, that are kept: as many as one table shows


class Named(NamedTuple):
    """What a list calls a batch by."""

    id: str
    source: str
    finished_at: dt.datetime


@dataclass(frozen=True)
class Batch:
    """`kind` is "pack" or "certificates"; `summary` is the result's counts; UTC."""

    id: str
    kind: str
    source: str
    finished_at: dt.datetime
    actor: str
    summary: Mapping[str, Any]
    ref_file: str = ""


@dataclass(frozen=True)
class Origin:
    """The file that a batch came from ("" = several), what was said of its first rows, how it
    was read: None of a load, and of an import of before that was kept."""

    name: str = ""
    kept: bool = False
    bytes: int = 0
    sha256: str = ""
    set_aside: tuple[RowNote, ...] = ()
    warnings: tuple[RowNote, ...] = ()
    read_as: ReadAs | None = None
    mended: tuple[Mended, ...] = ()


def new_id() -> str:
    return uuid.uuid4().hex


def add(
    transaction: Transaction,
    batch_id: str,
    kind: str,
    source: str,
    actor: str,
    summary: Mapping[str, Any],
    ref_file: str = "",
) -> None:
    transaction.run(
        "INSERT INTO ops.batch (id, kind, source, ref_file, finished_at, actor, summary)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [batch_id, kind, source, ref_file, transaction.now, actor, json.dumps(summary)],
    )


def add_origin(transaction: Transaction, batch_id: str, origin: Origin) -> None:
    notes = {
        "set_aside": _first(origin.set_aside),
        "warnings": _first(origin.warnings),
        "mended": [asdict(cell) for cell in origin.mended],
    }
    transaction.run(
        "INSERT INTO ops.batch_file (batch_id, name, kept, bytes, sha256, notes, reading)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            batch_id,
            origin.name,
            origin.kept,
            origin.bytes,
            origin.sha256,
            json.dumps(notes),
            json.dumps(origin.read_as.to_json()) if origin.read_as else "",
        ],
    )


def newest(reader: Reader, limit: int = 50) -> list[Batch]:
    """Newest first, less those of one certificate: a morning with a scanner would hide the rest."""
    rows = reader.rows(
        f"SELECT {_COLUMNS} FROM ops.batch WHERE source <> ? ORDER BY finished_at DESC, id LIMIT ?",
        [BY_HAND, limit],
    )
    return [_batch(row) for row in rows]


def named(reader: Reader) -> list[Named]:
    """Every one, newest first, less those of one certificate."""
    rows = reader.rows(
        "SELECT id, source, finished_at FROM ops.batch WHERE source <> ?"
        " ORDER BY finished_at DESC, id",
        [BY_HAND],
    )
    return [Named(*row) for row in rows]


def find(reader: Reader, batch_id: str) -> Batch | None:
    row = reader.one(f"SELECT {_COLUMNS} FROM ops.batch WHERE id = ?", [batch_id])
    return _batch(row) if row else None


def of_file(reader: Reader, sha256: str) -> Batch | None:
    """The last batch of a file with these bytes that wasn't undone."""
    row = reader.one(
        f"SELECT {_COLUMNS} FROM ops.batch WHERE source <> ?"
        " AND id IN (SELECT batch_id FROM ops.batch_file WHERE sha256 = ?)"
        " AND id NOT IN (SELECT batch_id FROM ops.batch_undo)"
        " ORDER BY finished_at DESC, id LIMIT 1",
        [BY_HAND, sha256],
    )
    return _batch(row) if row else None


def origin(reader: Reader, batch_id: str) -> Origin:
    """An empty one for batches of before files were kept."""
    row = reader.one(
        "SELECT name, kept, bytes, sha256, notes, reading FROM ops.batch_file WHERE batch_id = ?",
        [batch_id],
    )
    if not row:
        return Origin()
    name, kept, size, sha256, said, reading = row
    notes = json.loads(said)
    read_as = ReadAs.from_json(json.loads(reading)) if reading else None
    rows = _notes(notes["set_aside"]), _notes(notes["warnings"])
    mended = tuple(Mended(**cell) for cell in notes.get("mended", ()))
    return Origin(name, kept, size, sha256, *rows, read_as=read_as, mended=mended)


def standing_loads(reader: Reader, limit: int = 2) -> list[Batch]:
    """The newest loads and changes of key that weren't undone, newest first; what undid one isn't
    among them."""
    rows = reader.rows(
        f"SELECT {_COLUMNS} FROM ops.batch WHERE kind = 'pack'"
        " AND id NOT IN (SELECT batch_id FROM ops.batch_undo)"
        " AND json_extract_string(summary, '$.undone') IS NULL"
        " ORDER BY finished_at DESC, id DESC LIMIT ?",
        [limit],
    )
    return [_batch(row) for row in rows]


def ids(reader: Reader) -> set[str]:
    return {row[0] for row in reader.rows("SELECT id FROM ops.batch")}


def _batch(row: Sequence[Any]) -> Batch:
    batch_id, kind, source, finished_at, actor, summary, ref_file = row
    return Batch(batch_id, kind, source, finished_at, actor, json.loads(summary), ref_file)


def _first(notes: Sequence[RowNote]) -> list[dict[str, Any]]:
    return [asdict(note) for note in notes[:NOTED]]


def _notes(values: Sequence[Mapping[str, Any]]) -> tuple[RowNote, ...]:
    return tuple(RowNote(**value) for value in values)
