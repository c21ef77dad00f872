"""A ref of which only what is searched matters."""

import uuid
from dataclasses import dataclass

import duckdb

from lib.model import clock
from lib.store import ref as refs
from lib.store.database import Store
from tests import search_tables
from tests.ranks import places, write_name_order
from tests.small_ref import SCHEMA


@dataclass(frozen=True)
class Row:
    id: str
    account_no: str
    text: str  # the serial's, folded, and what it is without its ornaments


def publish(store: Store, accounts: dict[str, str], systems: list[Row]) -> None:
    """Put in force: the accounts' folded texts by number, and systems in their order."""
    file = f"{uuid.uuid4().hex}.duckdb"
    with duckdb.connect(str(store.data / "ref" / file)) as ref:
        ref.execute(SCHEMA.read_text("utf-8"))
        ref.execute("INSERT INTO meta VALUES (?, ?, '')", [refs.REF_FORMAT, clock.now()])
        write_name_order(ref, ["n"])
        ref.executemany(
            "INSERT INTO account VALUES"
            " (?, 'n', '', '', '', '', '', '', '', '', '', '', '', NULL, ?, ?, 0)",
            [[number, text, _letters(text)] for number, text in accounts.items()],
        )
        numbers = places(accounts)
        ref.executemany(
            "INSERT INTO system VALUES (?, ?, 'subscription', ?, 'n', 'SAE', '1.0', 1, NULL, NULL,"
            " NULL, '', '', 'n', 0, ?, ?)",
            [[i, s.id, s.account_no, numbers[s.account_no], i] for i, s in enumerate(systems)],
        )
        search_tables.write(ref, store.data)
    store.write(
        lambda t: t.run(
            "INSERT INTO ops.batch VALUES (?, 'pack', 'world', ?, ?, 'sistema', '{}')",
            [uuid.uuid4().hex, file, t.now],
        )
    )
    store.use_ref(store.attach_ref(file))


def _letters(text: str) -> str:
    return " ".join(word for word in text.split() if word.isascii() and word.isalpha())


def correct(store: Store, number: str, search: str) -> None:
    store.write(
        lambda t: t.run(
            "INSERT INTO ops.correction (account_no, name, search, version, corrected_at,"
            " corrected_by) VALUES (?, ?, ?, 1, ?, 'agente')",
            [number, search, search, t.now],
        )
    )
