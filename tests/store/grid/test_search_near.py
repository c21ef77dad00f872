"""A letter wrong, missing, too many or swapped still finds the name, after what is exact."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from lib.demo import words
from lib.model.text import fold
from lib.model.view import View
from lib.store.database import Store
from lib.store.grid import engine
from lib.store.grid.sources import ACCOUNTS, CERTIFICATES, SYSTEMS, Source
from lib.store.grid.tree import Group, Record
from tests.slips import mistyped
from tests.store.grid.searched_ref import Row, correct, publish

ALTA = "900001"  # the only one with "gracia" in her name: altagracia


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    some = random.Random(5)
    opened = Store.open(tmp_path_factory.mktemp("near"))
    accounts = {f"{i:06d}": _text(some, i) for i in range(1, 400)}
    accounts[ALTA] = fold(f"{ALTA} Altagracia Robles 5511112222")
    systems = [Row(f"S{i:09d}", number, "") for i, number in enumerate(accounts)]
    publish(opened, accounts, systems)
    yield opened
    opened.close()


def _text(some: random.Random, i: int) -> str:
    name = f"{some.choice(words.GIVEN)} {some.choice(words.SURNAMES)} {some.choice(words.SURNAMES)}"
    return fold(f"{i:06d} {name} correo{i}@example.com 55{some.randrange(10**8):08d}")


def ids(store: Store, source: Source, view: View) -> list[str]:
    return [row.id for row in engine.window(store, source, view).rows if isinstance(row, Record)]


@pytest.mark.slow
def test_nearly_every_slip_finds_the_name(store: Store) -> None:
    some = random.Random(17)
    names = [fold(name) for name in words.SURNAMES if " " not in name and len(name) > 4]
    found = 0
    for _ in range(60):
        name = some.choice(names)
        has_it = set(ids(store, ACCOUNTS, View(q=name, limit=200)))
        slipped = ids(store, ACCOUNTS, View(q=mistyped(some, name), limit=200))
        found += has_it <= set(slipped)
    assert found >= 58


@pytest.mark.slow
def test_what_is_exact_comes_first(store: Store) -> None:
    window = engine.window(store, SYSTEMS, View(q="gracia", limit=200))
    records = [row for row in window.rows if isinstance(row, Record)]
    assert window.near[0] == ("gracia", "garcia")
    assert not window.only_near
    assert records[0].account_no == ALTA
    assert window.records == len(ids(store, SYSTEMS, View(q="garcia", limit=200))) + 1


@pytest.mark.slow
@pytest.mark.parametrize("descending", [False, True])
def test_it_stays_first_whatever_the_order(store: Store, descending: bool) -> None:
    for sort in ("serial", "product", "account_name"):
        view = View(q="gracia", sort=((sort, descending),), limit=200)
        window = engine.window(store, SYSTEMS, view)
        assert isinstance(window.rows[0], Record)
        assert window.rows[0].account_no == ALTA
        rest = [row.id for row in window.rows[1:] if isinstance(row, Record)]
        assert sort != "serial" or rest == sorted(rest, reverse=descending)
    grouped = View(q="gracia", group=("product",), expanded=(("SAE",),))
    group, first, *_ = engine.window(store, SYSTEMS, grouped).rows
    assert isinstance(group, Group)
    assert group.count > 1
    assert isinstance(first, Record)
    assert first.account_no == ALTA


@pytest.mark.slow
def test_all_of_it_is_said_when_nothing_is_exact(store: Store) -> None:
    window = engine.window(store, ACCOUNTS, View(q="hernadez"))
    assert window.near == (("hernadez", "hernandez"),)
    assert window.only_near
    assert window.records == engine.window(store, ACCOUNTS, View(q="hernandez")).records > 0


def test_enough_exact_rows_bring_no_others(store: Store) -> None:
    window = engine.window(store, ACCOUNTS, View(q="garcia", limit=200))
    assert window.near == ()
    assert window.records > 5


def test_only_one_word_was_mistyped(store: Store) -> None:
    assert engine.window(store, ACCOUNTS, View(q="altagarcia robles")).records == 1
    assert engine.window(store, ACCOUNTS, View(q="altagarcia robels")).records == 0


@pytest.mark.parametrize("typed", ["5511112223", "zzz", "xqwv", "altagracia@robles", "s0000004x"])
def test_only_names_are_near_anything(store: Store, typed: str) -> None:
    window = engine.window(store, SYSTEMS, View(q=typed))
    assert (window.records, window.near) == (0, ())


def test_a_corrected_name_is_near_too(store: Store) -> None:
    correct(store, "000011", fold("Xochitl Quetzal"))
    assert ids(store, ACCOUNTS, View(q="xochilt")) == ["000011"]
    assert ids(store, ACCOUNTS, View(q="quetza")) == ["000011"]


@pytest.mark.slow
def test_another_load_is_another_index(tmp_path: Path) -> None:
    opened = Store.open(tmp_path)
    try:
        for number, name in (("000001", "ana primera"), ("000002", "berta segunda")):
            text = f"{number} {name}"
            publish(opened, {number: text}, [Row(f"S{number}", number, "")])
            assert ids(opened, SYSTEMS, View(q=name)) == [f"S{number}"]
        assert ids(opened, SYSTEMS, View(q="ana primera")) == []
    finally:
        opened.close()


def test_certificates_by_a_mistyped_customer(store: Store) -> None:
    store.write(
        lambda t: t.run(
            "INSERT INTO ops.certificate VALUES"
            " ('F1', '', 'SAE', '9.0', 1, NULL, '', '', ?, 'f1 otro titular', 'b')",
            [ALTA],
        )
    )
    window = engine.window(store, CERTIFICATES, View(q="altagracai"))
    assert [row.id for row in window.rows if isinstance(row, Record)] == ["F1"]
    assert window.near == (("altagracai", "altagracia"),)
    assert window.only_near
