"""Views from an enemy: nothing raises, nothing is changed, nothing leaks."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lib.model.left_out import LeftOut
from lib.model.selection import Selection
from lib.model.view import View
from lib.store.grid import engine
from lib.store.grid.sources import ACCOUNTS, AUDIT, CERTIFICATES, LICENCES, SUBSCRIPTIONS, SYSTEMS
from lib.store.grid.understood import DEEPEST
from tests.store.grid.conftest import Wide

SOURCES = (SUBSCRIPTIONS, LICENCES, SYSTEMS, CERTIFICATES, ACCOUNTS, AUDIT)
WORST = ("'; DROP TABLE ops.staff; --", '"; DROP VIEW system; --', "{} {0} {text}", "\x00")
ATTACKS = (
    *WORST, "1 OR 1=1", "') OR ('1'='1", "%s %(q)s", "? ?", "$1", "\\'", "\ud800", "t.account_no",
    "c.name", "(SELECT code FROM sealed_code)", "a" * 5000, "🧨" * 300, "\u202egro.live", "-- ",
    "/*", ";",
)  # fmt: skip
COLUMNS = sorted({column.id for source in SOURCES for column in source.columns})
GRAINS = [f"{column}:{grain}" for column in COLUMNS for grain in ("month", "year", "due", "", "x")]
TEXT = st.sampled_from(ATTACKS) | st.text(max_size=30) | st.sampled_from(COLUMNS)
KEY = TEXT | st.none() | st.integers() | st.floats()
HOSTILE = st.fixed_dictionaries(
    {
        "q": TEXT,
        "filters": st.dictionaries(TEXT, TEXT, max_size=4),
        "sort": st.lists(st.tuples(TEXT, st.booleans()), max_size=4),
        "group": st.lists(TEXT | st.sampled_from(COLUMNS + GRAINS), max_size=10),
        "expanded": st.lists(st.lists(KEY, max_size=4), max_size=4),
        "unfolded": st.booleans(),
        "collapsed": st.lists(st.lists(KEY, max_size=4), max_size=4),
        "layout": st.fixed_dictionaries({"columns": st.lists(TEXT, max_size=4)}),
        "offset": st.integers(),
        "limit": st.integers(),
    }
)


def catalogue(wide: Wide) -> list[Any]:
    names = wide.store.rows("SELECT table_name FROM duckdb_tables() ORDER BY ALL")
    counts = wide.store.rows(
        "SELECT (SELECT count(*) FROM system), (SELECT count(*) FROM ops.correction)"
    )
    return [*names, *counts]


@pytest.mark.slow
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(raw=HOSTILE)
@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.id)
def test_any_view_gets_an_answer(wide: Wide, source: Any, raw: dict[str, Any]) -> None:
    window = engine.window(wide.store, source, View.parse(raw))
    assert len(window.rows) <= window.view.limit
    assert {name.split(":")[0] for name in window.view.group} <= {c.id for c in source.columns}
    assert len(window.view.group) <= DEEPEST
    assert all(isinstance(left, LeftOut) for left in window.left_out)


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.id)
@pytest.mark.parametrize(
    "attack", [pytest.param(a, marks=() if a == WORST[0] else pytest.mark.slow) for a in ATTACKS]
)
def test_sql_in_every_text_changes_nothing(wide: Wide, source: Any, attack: str) -> None:
    before = catalogue(wide)
    names = [column.id for column in source.columns]
    raw = {
        "q": attack,
        "filters": dict.fromkeys(names, attack),
        "sort": [[attack, True], *([name, True] for name in names)],
        "group": [attack, *names[:3]],
        "expanded": [[attack], [attack, attack]],
    }
    engine.window(wide.store, source, View.parse(raw))
    for name in names:
        for text in (attack, f"^{attack}", f"={attack}", f"{attack}|{attack}", f"..{attack}"):
            engine.window(wide.store, source, View.parse({"filters": {name: text}}))
        engine.facet(wide.store, source, View.parse({"q": attack}), name, attack)
        engine.facet(wide.store, source, View(), attack, attack)
        engine.window(
            wide.store, source, View.parse({"group": [name], "expanded": [[attack], [None]]})
        )
    ticked = Selection.parse({"ids": [attack], "paths": [[attack], [attack, None]]})
    engine.selected(wide.store, source, View.parse(raw), ticked, 10)
    list(engine.stream(wide.store, source, View.parse(raw), ticked))
    clean = View.parse({"q": attack}).q
    assert engine.record(wide.store, source, clean) is None
    assert catalogue(wide) == before
