"""The index against plain Python: whatever is typed, the same rows, and then those only near."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lib.model.text import fold
from lib.model.view import View
from lib.store.database import Store
from lib.store.grid import engine
from lib.store.grid.search import found, index, terms
from lib.store.grid.sources import ACCOUNTS, CERTIFICATES, SYSTEMS, Source
from lib.store.grid.tree import Record
from tests.store.grid.searched_ref import Row, correct, publish

NAMES = (
    "Ángel Zúñiga", "García-López Ana", "O'Brien & Hijos S.A. de C.V.", "李小龍 Ñandú",
    "María García", "Gracia Márquez", "a b c", "100% _real_ \\ 'x'", "Núñez Núñez", "Peña", "مريم",
    "ß Ⅷ ﬁn", "", "x" * 70, "Comercializadora Villaseñor del Norte", "Jose Luis Ordóñez",
)  # fmt: skip
MAILS = ("ana.{}@gmail.com", "garcia_{}@x-y.mx", "{}@EXAMPLE.com", "", "no es correo {}")
SERIALS = ("S{:08X}", "S-{:04X}-77", "0{:X}/ñ", "{:011d}", "sae {:X}")


@dataclass(frozen=True)
class World:
    store: Store
    accounts: dict[str, list[str]]  # folded texts by number: the vendor's, the desk's
    systems: list[Row]
    certificates: list[Row]

    def holds(self, row: Row, word: str) -> bool:
        return word in row.text or any(
            word in text for text in self.accounts.get(row.account_no, ())
        )

    def brute(self, rows: list[Row], typed: str) -> list[str]:
        return [
            row.id
            for row in rows
            if all(
                any(all(self.holds(row, word) for word in reading) for reading in term.readings)
                for term in terms(typed)
            )
        ]

    def rows(self, source: Source) -> list[Row]:
        if source is ACCOUNTS:
            return [Row(number, number, "") for number in self.accounts]
        return self.systems if source is SYSTEMS else self.certificates


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    some = random.Random(11)
    store = Store.open(tmp_path_factory.mktemp("world"))
    people = {f"{i:06d}": [_text(some, i)] for i in range(1, 90)}
    systems = sorted(_serials(some, list(people)), key=lambda row: (row.account_no, row.id))
    publish(store, {n: texts[0] for n, texts in people.items()}, systems)
    for number, corrected in {"000007": "Beatriz Ibáñez", "000030": "nuevo@correo.mx"}.items():
        correct(store, number, fold(corrected))
        people[number].append(fold(corrected))
    boxes = [
        Row(f"F{i}", some.choice([*people, ""]), fold(f"F{i} {some.choice(NAMES)}"))
        for i in range(40)
    ]
    for box in boxes:
        _box(store, box)
    yield World(store, people, systems, sorted(boxes, key=lambda box: box.id))
    store.close()


def _text(some: random.Random, i: int) -> str:
    phone = f"{some.choice(('55', '442', '81'))}{some.randrange(10**7):07d}"
    mail = some.choice(MAILS).format(some.choice(("garcia", "lopez", i)))
    return fold(f"{i:06d} {some.choice(NAMES)} {mail} {phone}")


def _serials(some: random.Random, owners: list[str]) -> Iterator[Row]:
    made = {some.choice(SERIALS).format(some.randrange(10**7)) for _ in range(250)}
    for serial in sorted(made):
        bare = re.sub("[^0-9a-z]", "", fold(serial))
        yield Row(serial, some.choice(owners), f"{fold(serial)} {bare}")


def _box(store: Store, box: Row) -> None:
    store.write(
        lambda t: t.run(
            "INSERT INTO ops.certificate VALUES (?, '', 'SAE', '9.0', 1, NULL, '', '', ?, ?, 'b')",
            [box.id, box.account_no, box.text],
        )
    )


@st.composite
def typed(draw: st.DrawFn, world: World) -> str:
    """Pieces of what is stored, from one symbol on, and pieces of nothing."""
    texts = [*(text for both in world.accounts.values() for text in both)]
    texts += [row.text for row in (*world.systems, *world.certificates)]
    words = []
    for _ in range(draw(st.integers(1, 3))):
        text = draw(st.sampled_from(texts))
        start, size = draw(st.integers(0, len(text))), draw(st.integers(1, 14))
        words.append(text[start : start + size])
    if draw(st.booleans()):  # what stands apart doesn't stand together
        words[0] = words[0].replace(" ", "")
    words += draw(st.lists(st.text(alphabet="aábñz05%_\\'.-@ 李", max_size=4), max_size=1))
    return " ".join(words)


@pytest.mark.slow
@pytest.mark.parametrize("dear", [-1, 5, 300_000])
@pytest.mark.parametrize("source", [SYSTEMS, ACCOUNTS, CERTIFICATES], ids=lambda s: s.id)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_the_same_rows_as_reading_everything(
    world: World, monkeypatch: pytest.MonkeyPatch, source: Source, dear: int, data: st.DataObject
) -> None:
    monkeypatch.setattr(index, "DEAR", dear)
    monkeypatch.setattr(index.Index, "matches", index.Index._find)  # nothing kept
    text = data.draw(typed(world))
    wanted = world.brute(world.rows(source), text)
    window = engine.window(world.store, source, View(q=text, limit=200))
    ids = [row.id for row in window.rows if isinstance(row, Record)]
    assert ids[: len(wanted)] == wanted[:200]
    assert window.records == len(wanted) or (window.near and window.records > len(wanted))


@pytest.mark.slow
@pytest.mark.parametrize("few", [0, 2_000])
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_sorted_and_counted_by_the_engine_too(
    world: World, monkeypatch: pytest.MonkeyPatch, few: int, data: st.DataObject
) -> None:
    monkeypatch.setattr(found, "FEW", few)
    text = data.draw(typed(world))
    wanted = set(world.brute(world.systems, text))
    view = View(q=text, sort=(("serial", True),), limit=200)
    window = engine.window(world.store, SYSTEMS, view)
    ids = [row.id for row in window.rows if isinstance(row, Record)]
    assert set(ids[: len(wanted)]) == wanted or len(wanted) > 200
    assert window.records >= len(wanted)
    grouped = engine.window(world.store, SYSTEMS, View(q=text, group=("product",)))
    assert grouped.records == window.records
