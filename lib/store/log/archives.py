"""Closed segments put into Parquet files beside the database, and let go.

A file is written under a scratch name, read back and compared with the rows before it has its
own; then its row in ops.segment makes it the segment's home, and only then do the rows leave
ops.audit, a few at a time. Killed anywhere between, the rows are there, and the next does the rest.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import astuple
from datetime import datetime
from pathlib import Path

from lib.model.action import Action
from lib.model.disk import why_not
from lib.model.errors import AppError, Reason
from lib.store.database import Store, Transaction
from lib.store.log import log_row, segments
from lib.store.log.log_row import Archived
from lib.store.log.segments import Span
from lib.store.opening import quoted
from lib.store.ref import publish_file

_FEW = 2_000  # rows that leave in one transaction: others wait for it, some 10 ms
# Small, so that a search for one row or the newest reads little.
SHAPE = "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20480"


def closed(store: Store) -> list[Span]:
    """The segments that may be archived, oldest first."""
    row = store.one("SELECT coalesce(max(seq), 0) FROM ops.audit")
    return [span for span in segments.spans(store, row[0] if row else 0)[:-1] if not span.archived]


def ended_before(store: Store, spans: list[Span], at: datetime) -> Iterator[Span]:
    """Of these the oldest, up to the first whose last row is of later."""
    for span in spans:
        row = store.one(
            "SELECT arg_max(logged_at, seq) <= ? FROM ops.audit WHERE seq BETWEEN ? AND ?",
            [at, span.first, span.last],
        )
        if not row or not row[0]:
            return
        yield span


def write(store: Store, span: Span) -> Archived:
    """A segment's rows in a file of their own. Raises AppError: ARCHIVE_FAILED when what was
    written isn't what was there, UNWRITABLE_FILE, STORAGE_FAILED, DISK_FULL."""
    try:
        return _written(store, span)
    except OSError as error:
        file = str(store.data / "log")
        raise AppError(Reason.UNWRITABLE_FILE, file=file, why=f"{why_not(error)}.") from error


def _written(store: Store, span: Span) -> Archived:
    folder = store.data / "log"
    folder.mkdir(mode=0o700, exist_ok=True)
    within = f"seq BETWEEN {span.first} AND {span.last}"
    scratch = folder / f"{segments.named(span.first, span.last)}.part"
    with store.cursor() as cursor:
        rows = f"SELECT * FROM ops.audit WHERE {within}"
        shape = ", ".join(filter(None, (SHAPE, store.cipher.of_archive)))
        cursor.execute(f"COPY ({rows} ORDER BY seq) TO {quoted(scratch)} ({shape})")
        scratch.chmod(0o600)
        there = f"SELECT * FROM {log_row.read(scratch, store.cipher)}"
        unlike = f"({rows} EXCEPT {there}) UNION ALL ({there} EXCEPT {rows})"
        differs = cursor.execute(f"SELECT count(*) FROM ({unlike})").fetchall()[0][0]
        facts = cursor.execute(
            "SELECT count(*), arg_min(logged_at, seq), arg_max(logged_at, seq), arg_max(hash, seq)"
            f" FROM ({there})"
        ).fetchall()[0]
        count, begun_at, ended_at, head = facts
    if differs or not count:
        raise AppError(Reason.ARCHIVE_FAILED, first=span.first, last=span.last)
    with scratch.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    at = (begun_at, ended_at)
    made = Archived(span.first, span.last, head, count, *at, digest, None)
    publish_file(scratch, log_row.file(store.data, made))
    return made


def record(transaction: Transaction, made: Archived) -> None:
    """From here on its file is where the segment is read."""
    transaction.run(
        "INSERT INTO ops.segment"
        " (first, last, head, rows, begun_at, ended_at, sha256, archived_at, dropped_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL)",
        [*astuple(made)[:7], transaction.now],
    )


def keys_within(transaction: Transaction, last: int) -> list[str]:
    """The signing keys that only rows up to this one know: said again after them, what they signed
    can be checked without these rows."""
    rows = transaction.rows(
        "SELECT subject FROM ops.audit WHERE action = ? GROUP BY subject HAVING max(seq) <= ?"
        " ORDER BY max(seq)",
        [Action.LOG_KEY_MADE.value, last],
    )
    return [row[0] for row in rows]


def drop(transaction: Transaction, first: int) -> None:
    """Its rows are nobody's any more."""
    mark = "UPDATE ops.segment SET dropped_at = ? WHERE first = ?"
    transaction.run(mark, [transaction.now, first])


# ---- what is left to do once that is committed ---------------------------------------------------


def left(store: Store) -> list[tuple[str, int, int]]:
    """The tables that still hold rows of segments that left them, with the first and the last row
    of each: of whole archives the log's, of dropped ones the details too."""
    lost = store.lay_log()
    with store.cursor() as cursor:
        archived = log_row.archived(cursor)
    found = list[tuple[str, int, int]]()
    for each in archived:
        if each.first not in lost:
            found.append(("audit", each.first, each.last))
        if each.dropped_at:
            found.append(("audit_detail", each.first, each.last))
    return [each for each in found if _low(store, *each) is not None]


def thin(transaction: Transaction, table: str, first: int, last: int) -> int:
    """Take a few of these rows out; how many."""
    low = _low(transaction, table, first, last)
    if low is None:
        return 0
    few = [low, min(low + _FEW - 1, last)]
    if table == "audit":
        return transaction.changed("DELETE FROM ops.audit WHERE seq BETWEEN ? AND ?", few)
    return transaction.changed("DELETE FROM ops.audit_detail WHERE seq BETWEEN ? AND ?", few)


def _low(reader: Store | Transaction, table: str, first: int, last: int) -> int | None:
    row = reader.one(f"SELECT min(seq) FROM ops.{table} WHERE seq BETWEEN ? AND ?", [first, last])
    return row[0] if row else None


def sweep(store: Store) -> None:
    """Files of dropped segments, and what was never finished. Raises OSError."""
    with store.cursor() as cursor:
        archived = log_row.archived(cursor)
    for each in archived:
        if each.dropped_at:
            log_row.file(store.data, each).unlink(missing_ok=True)
    for file in _scratch(store.data):
        file.unlink(missing_ok=True)


def _scratch(data: Path) -> Iterator[Path]:
    return (data / "log").glob("*.part")
