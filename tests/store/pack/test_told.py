"""How much of a long statement is done is told while it runs, and never back."""

from pathlib import Path
from typing import cast

import duckdb
import pytest

from lib.store.pack import engine
from lib.store.pack.engine import execute_told, scratch
from tests.waiting import until


class Working:
    """A connection whose statement ends once three looks at it were told."""

    def __init__(self, told: list[float]) -> None:
        self._told, self._looks = told, iter([-1.0, 10.0, 5.0, 10.0, 60.0, *[100.0] * 10_000])

    def query_progress(self) -> float:
        return next(self._looks)

    def execute(self, _: str) -> None:
        until(lambda: len(self._told) == 4)


def test_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_LOOK_S", 0.001)
    told: list[float] = []
    execute_told(cast(duckdb.DuckDBPyConnection, Working(told)), "", told.append)
    assert told == pytest.approx([0, 0.06, 0.36, 0.6])


def test_the_engine_says_how_far_it_is(tmp_path: Path) -> None:
    with scratch(tmp_path, None) as connection:
        connection.execute("SELECT 1").fetchall()
        assert connection.query_progress() in (-1.0, 100.0)
        shown = connection.execute("SELECT current_setting('enable_progress_bar_print')")
        assert shown.fetchone() == (False,)


def test_what_it_raises_at_the_beginning_stops_it(tmp_path: Path) -> None:
    def refuse(_: float) -> None:
        raise KeyError

    with scratch(tmp_path, None) as connection:
        with pytest.raises(KeyError):
            execute_told(connection, "CREATE TABLE t (a INT)", refuse)
        assert connection.execute("FROM duckdb_tables() WHERE table_name = 't'").fetchall() == []
