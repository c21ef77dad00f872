"""How much of a long statement is done is told while it runs, and never back."""

from pathlib import Path

import pytest

from lib.store.pack import engine
from lib.store.pack.engine import execute_told, scratch

ROWS = "CREATE TABLE rows AS SELECT 'É' || i AS a FROM range(400000) r(i)"
LONG = "CREATE TABLE sorted AS SELECT lower(strip_accents(a)) AS b FROM rows ORDER BY md5(a)"


def test_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_LOOK_S", 0.001)
    told: list[float] = []
    with scratch(tmp_path, None) as connection:
        connection.execute(ROWS)
        execute_told(connection, LONG, told.append)
        assert connection.execute("SELECT count(*) FROM sorted").fetchone() == (400_000,)
    assert told[0] == 0
    assert told == sorted(set(told))
    assert len(told) > 1
    assert told[-1] <= 0.6


def test_what_it_raises_at_the_beginning_stops_it(tmp_path: Path) -> None:
    def refuse(_: float) -> None:
        raise KeyError

    with scratch(tmp_path, None) as connection:
        with pytest.raises(KeyError):
            execute_told(connection, "CREATE TABLE t (a INT)", refuse)
        assert connection.execute("FROM duckdb_tables() WHERE table_name = 't'").fetchall() == []
