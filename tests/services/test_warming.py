"""What everybody asks first is kept before anybody asks."""

import pytest

from lib.model.errors import AppError, Reason
from lib.model.view import View
from lib.services.desk import Desk
from lib.services.loads.warming import Warmer
from lib.store.database import Store
from lib.store.grid import engine
from lib.store.grid.sources import LICENCES, SUBSCRIPTIONS
from tests import small_ref
from tests.waiting import until

FIRST = (View(), View(sort=(("serial", False),)), View(group=("product",)))


def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the store is asked from now on."""
    heard: list[str] = []
    real = Store.rows

    def rows(store: Store, sql: str, params: object = ()) -> list[tuple[object, ...]]:
        heard.append(sql)
        return real(store, sql, params)  # type: ignore[arg-type]

    monkeypatch.setattr(Store, "rows", rows)
    return heard


def test_after_it_nothing_is_read_for_the_first_views(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    Warmer(desk).work()
    heard = asked(monkeypatch)
    for source in (SUBSCRIPTIONS, LICENCES):
        for view in FIRST:
            assert engine.window(desk.store, source, view).records
    assert heard == []


def test_it_reads_the_search_index(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    heard = asked(monkeypatch)
    Warmer(desk).work()
    assert [sql for sql in heard if "FROM search_place" in sql and "gram" not in sql]


@pytest.mark.slow
def test_it_asks_once_for_each_load(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    warmer = Warmer(desk)
    warmer.work()
    heard = asked(monkeypatch)
    warmer.work()
    assert heard == []
    small_ref.publish(desk.store, desk.vault())
    warmer.work()
    assert heard != []


@pytest.mark.slow
def test_its_thread_follows_a_switch_and_ends(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lib.services.loads.warming._LOOK_S", 0.01)
    warmer = Warmer(desk)
    warmer.work()
    heard = asked(monkeypatch)
    warmer.start()
    small_ref.publish(desk.store, desk.vault())
    until(lambda: [sql for sql in heard if "FROM system" in sql])
    warmer.stop()
    after = len(heard)
    small_ref.publish(desk.store, desk.vault())
    assert not [sql for sql in heard[after:] if "FROM system" in sql]


def test_a_warmer_never_started_stops_at_once(desk: Desk) -> None:
    Warmer(desk).stop()


def test_a_store_that_fails_does_not_end_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lib.services.loads.warming._LOOK_S", 0.01)
    tried = []

    def fails(*_: object) -> None:
        tried.append(1)
        raise AppError(Reason.STORAGE_FAILED)

    monkeypatch.setattr(engine, "window", fails)
    warmer = Warmer(desk)
    warmer.start()
    until(lambda: tried)
    small_ref.publish(desk.store, desk.vault())
    until(lambda: len(tried) > 1)
    warmer.stop()
