"""A ref made in a copy of the base is the one that would have been written anew."""

import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pytest

from lib.store.grid.search.index import Index
from lib.store.pack import build as building
from lib.store.pack import growing
from lib.store.pack.files import (
    ACCOUNTS,
    ACTIVATIONS,
    CERTIFICATES,
    LICENCES,
    SUBSCRIPTIONS,
    PackFile,
)
from lib.store.pack.growing import fits
from tests import packs
from tests.packs import row
from tests.store.pack.conftest import Bench

pytestmark = pytest.mark.slow
Tables = dict[PackFile, list[dict[str, str]]]
_NAMES = ("Ana Ríos", "Óscar Peña", "María José", "Grupo Zeta, S.A.", "Ñandú", "Beto")
# As they lie; what has no order of its own, sorted.
_LYING = ("account", "system")
_SETS = (
    "name_order", "activation", "sealed_code", "search_name", "pack_account", "pack_certificate",
)  # fmt: skip


def a_pack(chance: random.Random) -> Tables:
    accounts = [
        row(ACCOUNTS, account_no=f"{n:04d}", name=f"{chance.choice(_NAMES)} {chance.choice('xyz')}",
            phone=f"55{chance.randrange(10**8):08d}", email=f"p{n}@example.com")
        for n in chance.sample(range(200), 60)
    ]  # fmt: skip
    numbers = [account["account_no"] for account in accounts]
    return {
        ACCOUNTS: accounts,
        SUBSCRIPTIONS: [
            row(SUBSCRIPTIONS, serial=f"S{n:05d}", account_no=chance.choice(numbers))
            for n in range(80)
        ],
        LICENCES: [
            row(LICENCES, serial=f"L-{n:04d}", account_no=chance.choice(numbers)) for n in range(40)
        ],
        ACTIVATIONS: [row(ACTIVATIONS, serial=f"S{n:05d}", code=f"C{n}") for n in range(80)],
        CERTIFICATES: [row(CERTIFICATES, account_no=numbers[0])],
    }


def changed(pack: Tables, chance: random.Random, brings: str) -> Tables:
    """Some of everything that needs no other place, texts of another length among them; with
    accounts or systems that weren't there."""
    told = {pack_file: [dict(cells) for cells in rows] for pack_file, rows in pack.items()}
    accounts = chance.sample(told[ACCOUNTS], 14)
    for account in accounts[:4]:
        account["name"] = f"{chance.choice(_NAMES)} {chance.randrange(100)}"
    for account in accounts[4:10]:
        account["phone"] = f"81 {chance.randrange(10**8):08d}"
    for account in accounts[8:]:
        account["email"] = f"{'larga.' * chance.randrange(9)}otra{chance.randrange(9)}@example.com"
    for system in chance.sample(told[SUBSCRIPTIONS], 9):
        system["status"], system["next_payment_on"] = "Vencida", "01/02/2028"
    for licence in chance.sample(told[LICENCES], 3):
        licence["version"] = "11.0"
    some = chance.sample(told[ACTIVATIONS], 6)
    for activation in some[:3]:
        activation["cause"], activation["code"] = "Cambio de equipo", f"D{chance.randrange(99)}"
    told[ACTIVATIONS] += [
        activation | {"issued_on": "01/06/2026", "code": "NUEVO"} for activation in some[3:]
    ]
    if brings != "nothing":
        told[ACCOUNTS] += [
            row(ACCOUNTS, account_no=f"{n:04d}x", name=f"Nueva {n}", phone="8111112222")
            for n in chance.sample(range(200), 3)
        ]
    if brings == "systems":
        told[LICENCES].append(
            row(LICENCES, serial=f"K{chance.random()}", account_no=told[ACCOUNTS][-1]["account_no"])
        )
        told[SUBSCRIPTIONS] += [
            row(
                SUBSCRIPTIONS,
                serial=f"{n:03d}-N",
                account_no=chance.choice(told[ACCOUNTS])["account_no"],
            )
            for n in chance.sample(range(900), 4)
        ]
    told[CERTIFICATES] = [row(CERTIFICATES, folio="F0000009", account_no=accounts[0]["account_no"])]
    return told


@contextmanager
def attached(file: Path) -> Iterator["Attached"]:
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{file}' AS ref (READ_ONLY)")
        for (table,) in connection.execute(
            "SELECT table_name FROM duckdb_tables() WHERE database_name = 'ref'"
        ).fetchall():
            connection.execute(f"CREATE VIEW {table} AS SELECT *, rowid AS place FROM ref.{table}")
        yield Attached(connection)


class Attached:
    """What Index asks of a Store, of one ref file."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.cursor = connection.cursor

    def rows(self, question: str, params: list[Any] | None = None) -> list[tuple[Any, ...]]:
        with self.cursor() as cursor:
            return cursor.execute(question, params or []).fetchall()


def told(file: Path) -> dict[str, Any]:
    with attached(file) as ref:
        lying = {t: ref.rows(f"SELECT * FROM {t} ORDER BY place") for t in _LYING}
        sets = {t: ref.rows(f"SELECT * EXCLUDE (place) FROM {t} ORDER BY ALL") for t in _SETS}
        keys = ref.rows("SELECT table_name, expressions FROM duckdb_indexes() ORDER BY ALL")
        return {**lying, **sets, "keys": keys}


def found(file: Path, words: set[str]) -> dict[str, tuple[list[int], list[int]]]:
    with attached(file) as ref:
        index = Index(ref)  # type: ignore[arg-type]
        each = {word: index.matches(word) for word in words}
        return {w: (m.accounts.tolist(), m.systems.tolist()) for w, m in each.items()}


def some_words(file: Path, chance: random.Random) -> set[str]:
    with attached(file) as ref:
        texts = [text for (text,) in ref.rows("SELECT search FROM account ORDER BY place")]
        serials = [serial.lower() for (serial,) in ref.rows("SELECT serial FROM system")]
    words = [word for text in [*texts, *serials] for word in text.split()]
    return {
        word[at : at + length]
        for word in chance.sample(words, 60)
        for length in (1, 2, 3, 5, 30)
        for at in [chance.randrange(len(word))]
    }


def written_anew(bench: Bench, pack: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    with monkeypatch.context() as patch:
        patch.setattr(growing, "fits", lambda _: False)
        target = bench.folder / "anew"
        target.mkdir(exist_ok=True)
        built = building.build(pack, bench.base, bench.vault, target, lambda *_: None)
        return target / built.file


@pytest.mark.parametrize("brings", ["nothing", "accounts", "systems"])
def test_it_is_the_one_written_anew(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, brings: str
) -> None:
    chance = random.Random(brings)
    pack = a_pack(chance)
    bench.rows(pack)
    words: set[str] = set()
    for _ in range(2):
        assert bench.base
        words |= some_words(bench.base, chance)
        before, pack = bench.base.read_bytes(), changed(pack, chance, brings)
        folder = packs.write(bench.folder / "pack", pack)
        anew, base = written_anew(bench, folder, monkeypatch), bench.base
        heard: list[bool] = []
        monkeypatch.setattr(
            growing, "fits", lambda c, heard=heard: heard.append(fits(c)) or heard[0]
        )
        bench.load(folder)
        assert heard == [True]
        words |= some_words(anew, chance)
        assert told(bench.base) == told(anew)
        assert found(bench.base, words) == found(anew, words)
        assert base.read_bytes() == before
        shutil.rmtree(anew.parent)


MOVING: dict[str, Tables] = {
    "a subscription that is a licence": {LICENCES: [row(LICENCES, serial="S0000000001")]},
    "a system of another account": {SUBSCRIPTIONS: [row(SUBSCRIPTIONS, account_no="9")]},
}


@pytest.mark.parametrize("why", MOVING)
def test_what_moves_rows_is_written_anew(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    bench.load(packs.whole(bench.folder / "pack"))
    bench.rows({ACCOUNTS: [row(ACCOUNTS, account_no="9")]})
    monkeypatch.setattr(growing, "copy", None)
    shutil.rmtree(bench.folder / "pack")
    assert bench.rows(MOVING[why]).changes_ref


def test_so_is_what_changes_many(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.load(packs.whole(bench.folder / "pack"))
    monkeypatch.setattr(growing, "_FEW", 0)
    monkeypatch.setattr(growing, "copy", None)
    assert bench.rows({ACCOUNTS: [row(ACCOUNTS, phone="8112345678")]}).changes_ref


def test_so_is_what_comes_after_many_such(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the texts that were laid again would in the end be more than those that never were."""
    bench.rows({ACCOUNTS: [row(ACCOUNTS, account_no=f"{n}") for n in range(9)]})
    monkeypatch.setattr(growing, "_FEW", 1)
    for phone, again in (("81", 1), ("82", 2), ("83", 0)):
        bench.rows({ACCOUNTS: [row(ACCOUNTS, account_no="3", phone=f"{phone}12345678")]})
        assert bench.query("SELECT count(*) FROM search_again") == [(again,)]


@pytest.mark.parametrize("lost", ["account", "system", "activation", "sealed_code"])
def test_a_row_that_was_not_written_is_missed(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, lost: str
) -> None:
    bench.load(packs.whole(bench.folder / "pack"))
    update = growing._update
    monkeypatch.setattr(
        growing,
        "_update",
        lambda c, table, *rest: None if table == lost else update(c, table, *rest),
    )
    kept = list((bench.folder / "ref").iterdir())
    with pytest.raises(RuntimeError, match="written"):
        bench.rows(
            {
                ACCOUNTS: [row(ACCOUNTS, phone="8112345678")],
                SUBSCRIPTIONS: [row(SUBSCRIPTIONS, status="Vencida")],
                ACTIVATIONS: [row(ACTIVATIONS, cause="Otra", code="OTRO")],
            }
        )
    assert list((bench.folder / "ref").iterdir()) == kept
