"""Loads and imports that finished: what, when, by whom, with what result."""

import datetime as dt
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lib.store.database import Transaction
from lib.store.reading import Reader


@dataclass(frozen=True)
class Batch:
    """`kind` is "pack" or "certificates"; `summary` is the result's counts; UTC."""

    id: str
    kind: str
    source: str
    finished_at: dt.datetime
    actor: str
    summary: Mapping[str, Any]


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


def newest(reader: Reader, limit: int = 50) -> list[Batch]:
    """Newest first."""
    rows = reader.rows(
        "SELECT id, kind, source, finished_at, actor, summary FROM ops.batch"
        " ORDER BY finished_at DESC, id LIMIT ?",
        [limit],
    )
    return [
        Batch(batch_id, kind, source, finished_at, actor, json.loads(summary))
        for batch_id, kind, source, finished_at, actor, summary in rows
    ]
