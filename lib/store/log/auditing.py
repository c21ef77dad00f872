"""The log's rows as they leave for an auditor: of one moment, in pieces, made by the engine.

A line of JSON or of CSV is put together in SQL, and a batch's bytes are taken from the engine as
they lie: Python touches no row, so that ten million leave without holding memory or other people's
threads. What the lines mean: lib/auditor/LEEME.txt; who checks them: verificar.py beside it.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb

from lib.model.action import Action
from lib.store.database import Store
from lib.store.log import checkpoints
from lib.store.log.anchors import HeadFile
from lib.store.log.audit import HASHED, canonical
from lib.store.log.sweep import INSTANT
from lib.store.reading import Reader

COLUMNS = (*HASHED, "hash")
DETAIL = ("salt", "detail")
_CHUNK = 20_000  # rows asked for at once: some 20 MB of text
_LINES = 4_000  # of audit.head handed on at once
# What a verification must know of rows from outside the period.
_TELLING = (Action.LOG_KEY_MADE, Action.DETAILS_ERASED, Action.SEGMENT_DROPPED)
# As lib/model/formula.py: RE2's \s knows fewer spaces than Python's.
_SPACE = r"[\s\v\x1c-\x1f\x{85}\p{Z}]"
RISKY = rf"^''*(?:[\t\r\n\x00]|{_SPACE}*[=+\-@＝＋－＠])"
_FROM = (
    " FROM (SELECT * FROM log_proof WHERE seq > $low AND seq <= $high) a"
    " LEFT JOIN (SELECT * FROM ops.audit_detail WHERE seq > $low AND seq <= $high) d"
    " ON d.seq = a.seq"
)


@dataclass(frozen=True)
class Part:
    """Rows `first` to `last` of the log: how many there are, and when the ends were logged (UTC,
    ISO 8601)."""

    first: int
    last: int
    rows: int
    first_at: str
    last_at: str
    head: str  # the last row's hash


def ends(reader: Reader) -> tuple[int, int]:
    """The lowest and the highest number; 1 and 0 of an empty log. Those of a log that somebody
    altered may be any."""
    row = reader.one("SELECT coalesce(min(seq), 1), coalesce(max(seq), 0) FROM log_proof")
    return (int(row[0]), int(row[1])) if row else (1, 0)


def within(reader: Reader, begin: dt.datetime, end: dt.datetime) -> tuple[int, int] | None:
    """The numbers of the first and the last row logged from `begin` to before `end` (UTC)."""
    row = reader.one(
        "SELECT min(seq), max(seq) FROM log_proof WHERE logged_at >= ? AND logged_at < ?",
        [begin, end],
    )
    return (row[0], row[1]) if row and row[0] is not None else None


def count(reader: Reader, first: int, last: int) -> int:
    """How many rows there are from one number to another."""
    row = reader.one("SELECT count(*) FROM log_proof WHERE seq BETWEEN ? AND ?", [first, last])
    return int(row[0]) if row else 0


def schema(reader: Reader) -> int:
    """The number of the newest step that made the database what it is."""
    row = reader.one("SELECT max(version) FROM ops.schema_version")
    return int(row[0]) if row else 0


class Anchors:
    """What lies outside the rows and vouches for them. Make it before it is settled which is the
    last to leave: what it has seen by then counts however far it goes, or a cut tail wouldn't show;
    what is added later only up to that row."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._file = store.data / "audit.head"
        self._size = self._file.stat().st_size if self._file.is_file() else 0
        self._seen = {*checkpoints.noted(store.data), *checkpoints.stored(store)}

    def heads(self, low: int, high: int, later: int) -> Iterator[bytes]:
        """The lines of audit.head from one number to another; added ones up to `later`."""
        if not self._file.is_file():
            return
        at, lines = 0, list[bytes]()
        with self._file.open("rb") as stream:
            for line in stream:
                at += len(line)
                number = line.partition(b" ")[0]
                most = high if at <= self._size else min(high, later)
                if line.endswith(b"\n") and number.isdigit() and low <= int(number) <= most:
                    lines.append(line)
                if len(lines) == _LINES:
                    yield b"".join(lines)
                    lines.clear()
        yield b"".join(lines)

    def checkpoints(self, low: int, high: int, later: int) -> Iterator[bytes]:
        """A line for each; added ones up to `later`. `stored`: whether the table has one of that
        row; `noted`: whether the file has this one."""
        noted = set(checkpoints.noted(self._store.data))
        stored = set(checkpoints.stored(self._store))
        covered = {each.seq for each in stored}
        for each in sorted(self._seen | noted | stored, key=lambda each: each.seq):
            if low <= each.seq <= high and (each in self._seen or each.seq <= later):
                where = {"stored": each.seq in covered, "noted": each in noted}
                yield canonical({**asdict(each), **where}) + b"\n"


def behind(store: Store) -> bool:
    """Whether the log ends before what is known of it outside."""
    return HeadFile(store.data / "audit.head").last().seq > ends(store)[1]


def public_keys(data: Path) -> Iterator[tuple[str, bytes]]:
    """The name and the content of each file of a public key that ever signed."""
    for file in sorted((data / "keys").glob("log-*.pub")):
        yield file.name, file.read_bytes()


@contextmanager
def snapshot(store: Store) -> Iterator["Snapshot"]:
    """The log as it is now, whatever is logged or erased while it is read. Raises
    AppError(STORAGE_FAILED)."""
    with store.cursor() as cursor:
        cursor.execute("BEGIN TRANSACTION")
        yield Snapshot(cursor)


class Snapshot:
    def __init__(self, cursor: duckdb.DuckDBPyConnection) -> None:
        self._cursor = cursor

    def part(self, first: int, last: int) -> Part:
        rows = self._cursor.execute(
            f"SELECT count(*), min_by({INSTANT}, seq), max_by({INSTANT}, seq), max_by(hash, seq)"
            " FROM log_proof WHERE seq BETWEEN ? AND ?",
            [first, last],
        ).fetchall()
        found, *ends = rows[0]
        return Part(first, last, found, *(str(each or "") for each in ends))

    def json_lines(self, first: int, last: int, *, detailed: bool) -> Iterator[bytes]:
        """Each row as an object of its columns; with salt and detail, exactly as text, where they
        weren't erased."""
        line = _object((*COLUMNS, *DETAIL) if detailed else COLUMNS)
        yield from self._lines(line, first, last, {})

    def csv_lines(
        self, first: int, last: int, columns: Sequence[str], words: Mapping[str, Mapping[str, str]]
    ) -> Iterator[bytes]:
        """Each row for people: the columns in this order, codes in `words`, formulas disarmed."""
        asked: dict[str, list[str]] = {}
        cells = []
        for column in columns:
            cell = _value(column)
            if column in words:
                asked[f"k_{column}"] = list(words[column])
                asked[f"w_{column}"] = list(words[column].values())
                cell = f"coalesce(map($k_{column}, $w_{column})[{cell}], {cell})"
            cell = f"coalesce({cell}, '')"
            disarmed = f"CASE WHEN regexp_matches({cell}, '{RISKY}') THEN '''' ELSE '' END"
            cells.append(f"'\"' || {disarmed} || replace({cell}, '\"', '\"\"') || '\"'")
        yield from self._lines(" || ',' || ".join(cells) + " || chr(13)", first, last, asked)

    def context(self, first: int, last: int) -> Iterator[bytes]:
        """Rows from outside that a verification of these needs: keys that were made, and what was
        taken out since."""
        acts = ", ".join(f"'{act}'" for act in _TELLING)
        rows = self._cursor.execute(
            f"SELECT {_object(COLUMNS)} FROM log_proof a WHERE action IN ({acts})"
            " AND seq NOT BETWEEN ? AND ? ORDER BY seq",
            [first, last],
        ).fetchall()
        yield from (f"{row[0]}\n".encode() for row in rows)

    def _lines(
        self, line: str, first: int, last: int, params: Mapping[str, Any]
    ) -> Iterator[bytes]:
        """The text of each row and a line feed, many rows' at a time."""
        question = f"SELECT {line} || chr(10) AS line {_FROM} ORDER BY a.seq"
        low = first - 1
        while low < last:
            low = self._skipped(low, last)
            high = min(low + _CHUNK, last)
            answer = self._cursor.execute(question, {"low": low, "high": high, **params})
            for batch in answer.to_arrow_reader(_CHUNK):
                yield _bytes(batch.column(0))
            low = high

    def _skipped(self, low: int, last: int) -> int:
        """Past a gap: an altered number may be as far off as any."""
        row = self._cursor.execute(
            "SELECT min(seq) FROM log_proof WHERE seq > ? AND seq <= ?", [low, last]
        ).fetchone()
        return int(row[0]) - 1 if row and row[0] is not None else last


def _value(column: str) -> str:
    if column in DETAIL:
        return f"d.{column}"
    return "a.seq::VARCHAR" if column == "seq" else _column(column)


def _column(column: str) -> str:
    if column == "versions":  # an archive of before there was such a column hasn't it
        return "coalesce(a.versions, '')"
    return INSTANT.replace("logged_at", "a.logged_at") if column == "logged_at" else f"a.{column}"


def _object(columns: Sequence[str]) -> str:
    """SQL for a row as a JSON object, on one line."""
    pairs = (f"{c} := {f'd.{c}' if c in DETAIL else _column(c)}" for c in columns)
    return f"to_json(struct_pack({', '.join(pairs)}))::VARCHAR"


def _bytes(texts: Any) -> bytes:
    """Of texts that lie one after the other (Arrow's string array, 32-bit offsets): all of it."""
    if not len(texts):
        return b""
    _, offsets, data = texts.buffers()
    ends = memoryview(offsets).cast("i")
    begin, end = ends[texts.offset], ends[texts.offset + len(texts)]
    return bytes(memoryview(data)[begin:end])
