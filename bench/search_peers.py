"""The same texts in SQLite's FTS5 with trigrams and in PostgreSQL with pg_trgm."""

import os
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench.figures import Figures
from bench.peers import postgres
from lib.store.database import Store
from lib.store.grid.search import terms

_FIRST = 50  # rows, in order, besides the count of all
_TEXTS = (
    "SELECT s.place, lower(s.serial) || ' ' || a.search FROM system s"
    " JOIN account a ON a.place = s.account_rank ORDER BY s.place"
)
_BATCH = 50_000


def sqlite(folder: Path, data: Path, typed: list[str]) -> dict[str, Any]:
    """Words of three symbols or more by the index, shorter ones by looking at what those leave."""
    file = folder / "search.sqlite3"
    made = _made(file, lambda: _fill_sqlite(file, data))
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA mmap_size = 8000000000")
    figures = _timed(typed, lambda text: _ask_sqlite(connection, text))
    connection.close()
    return {"figures": figures, "mb": file.stat().st_size >> 20, **made}


def _fill_sqlite(file: Path, data: Path) -> None:
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("CREATE TABLE text (id INTEGER PRIMARY KEY, t TEXT)")
    for rows in _texts(data):
        connection.executemany("INSERT INTO text VALUES (?, ?)", rows)
    connection.execute(
        "CREATE VIRTUAL TABLE trigram USING fts5(t, tokenize='trigram', content='text',"
        " content_rowid='id')"
    )
    connection.execute("INSERT INTO trigram (trigram) VALUES ('rebuild')")
    connection.commit()
    connection.close()


def _ask_sqlite(connection: sqlite3.Connection, text: str) -> None:
    words = _words(text)
    long, short = [w for w in words if len(w) >= 3], [w for w in words if len(w) < 3]
    ways = ["instr(t, ?) > 0"] * len(short) + ["trigram MATCH ?"] * bool(long)
    values = [*short, *([_quoted(long)] if long else [])]
    where = f"FROM {'trigram' if long else 'text'} WHERE {' AND '.join(ways)}"
    connection.execute(f"SELECT count(*) {where}", values).fetchall()
    first = f"SELECT rowid, t {where} ORDER BY rowid LIMIT {_FIRST}"
    connection.execute(first, values).fetchall()


def _quoted(words: list[str]) -> str:
    return " AND ".join('"' + word.replace('"', '""') + '"' for word in words)


def pg_trgm(folder: Path, data: Path, typed: list[str]) -> dict[str, Any]:
    """A GIN index; one connection, one worker. {} where there is no PostgreSQL."""
    try:
        with postgres.running(folder / "postgres") as socket:
            made = _made(folder / "postgres" / "filled", lambda: _fill_postgres(socket, data))
            size = _psql(socket, "SELECT pg_total_relation_size('text') >> 20").strip()
            figures = _ask_postgres(socket, typed)
            return {"figures": figures, "mb": int(size), **made}
    except postgres.NotInstalled:
        print("  left out: no PostgreSQL server on this machine")
        return {}


def _fill_postgres(socket: Path, data: Path) -> None:
    _psql(socket, "DROP TABLE IF EXISTS text; CREATE EXTENSION IF NOT EXISTS pg_trgm")
    _psql(socket, "CREATE UNLOGGED TABLE text (id integer PRIMARY KEY, t text)")
    copy = subprocess.Popen(
        [*_client(socket), "-c", "COPY text FROM STDIN"], stdin=subprocess.PIPE, text=True
    )
    assert copy.stdin
    for rows in _texts(data):
        copy.stdin.writelines(f"{i}\t{t.replace(chr(92), chr(92) * 2)}\n" for i, t in rows)
    copy.stdin.close()
    if copy.wait():
        raise RuntimeError("COPY failed")
    _psql(socket, "CREATE INDEX ON text USING gin (t gin_trgm_ops)")
    _psql(socket, "VACUUM ANALYZE text")


def _ask_postgres(socket: Path, typed: list[str]) -> Figures:
    """Each question timed by the server's own client, connected once."""
    script = ["SET max_parallel_workers_per_gather = 0;", "SET jit = off;", "\\timing on"]
    for text in typed:
        where = " AND ".join(f"t LIKE {_pattern(word)}" for word in _words(text))
        script.append(f"SELECT count(*) FROM text WHERE {where};")
        script.append(f"SELECT id, t FROM text WHERE {where} ORDER BY id LIMIT {_FIRST};")
        script.append("\\echo next")
    told = subprocess.run(
        [*_client(socket), "-o", os.devnull],
        input="\n".join(script),
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    figures = Figures()
    for part in told.split("next\n")[:-1]:
        times = [line.split() for line in part.splitlines() if line.startswith("Time:")]
        figures.add(sum(float(words[1]) for words in times))
    return figures


def _pattern(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return "'%" + escaped.replace("'", "''") + "%'"


def _client(socket: Path) -> list[str]:
    return ["psql", "-h", str(socket), "-U", "postgres", "-X", "-q", "-v", "ON_ERROR_STOP=1"]


def _psql(socket: Path, sql: str) -> str:
    command = [*_client(socket), "-A", "-t", "-c", sql]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _words(text: str) -> list[str]:
    """The words that must be found together: a phone only as it was typed."""
    return [word for term in terms(text) for word in term.readings[0]]


def _texts(data: Path) -> Iterator[list[tuple[Any, ...]]]:
    store = Store.open(data)
    try:
        with store.cursor() as cursor:
            answer = cursor.execute(_TEXTS)
            while rows := answer.fetchmany(_BATCH):
                yield rows
    finally:
        store.close()


def _made(mark: Path, fill: Callable[[], None]) -> dict[str, float]:
    """Fill it unless it is there; how long that took, when it did."""
    told = mark.with_suffix(".seconds")
    if not told.exists():
        mark.parent.mkdir(parents=True, exist_ok=True)
        if mark.is_file():
            mark.unlink()
        began = time.perf_counter()
        fill()
        told.write_text(str(round(time.perf_counter() - began, 1)), "utf-8")
    return {"filled_in_s": float(told.read_text("utf-8"))}


def _timed(typed: list[str], ask: Callable[[str], None]) -> Figures:
    figures = Figures()
    for text in typed:
        began = time.perf_counter()
        ask(text)
        figures.add((time.perf_counter() - began) * 1000)
    return figures


PEERS = {"SQLite FTS5 trigram": sqlite, "PostgreSQL pg_trgm": pg_trgm}
