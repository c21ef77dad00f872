"""Answers are kept, and so is what is made of them."""

from lib.store.grid.fragment import Sql
from lib.store.grid.reading import Reading, Row
from lib.store.grid.sources import SYSTEMS
from tests.store.grid.conftest import Wide

COUNT = Sql("SELECT count(*) FROM system")


def doubled(rows: list[Row]) -> list[Row]:
    return [(2 * value,) for (value,) in rows]


def test_what_is_made_of_an_answer_is_kept_beside_it(wide: Wide) -> None:
    reading = Reading(wide.store, SYSTEMS)
    plain, made = reading.rows(COUNT), reading.rows(COUNT, made=doubled)
    assert (plain, made) == ([(len(wide.systems),)], [(2 * len(wide.systems),)])
    assert reading.rows(COUNT) is plain
    assert reading.rows(COUNT, made=doubled) is made
