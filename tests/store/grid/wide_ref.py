"""A ref of random systems with everything that sorts, groups or searches badly."""

import datetime as dt
import random
import uuid
from dataclasses import dataclass
from typing import Any

import duckdb

from lib.model import clock
from lib.model.text import fold
from lib.store import ref as refs
from lib.store.database import Store
from tests import search_tables
from tests.ranks import places, write_name_order
from tests.small_ref import SCHEMA

NAMES = (
    "Ángel Zúñiga", "angel zuniga", "Zoé Pérez", "ÑANDÚ S.A.", "O'Brien \"Bob\"", "", "Ana Ríos",
    "<b>Ana</b> % _ \\ Ríos", "'; DROP TABLE account; --", "مريم", "José  Núñez", "x" * 500,
)  # fmt: skip
VERSIONS = ("9.0", "10.0", "10.10", "10.9", "2.0", "", "X3", "11.0 R2")
PERIODS = ("Anual", "Mensual", "")
D = dt.date
DAYS = (None, D(2024, 2, 29), D(2024, 12, 31), D(2025, 1, 1), D(2026, 7, 4), D(2027, 3, 1))


@dataclass(frozen=True)
class Account:
    account_no: str
    name: str
    email: str
    phone: str
    corrected_name: str | None
    corrected_email: str | None

    @property
    def vendor_search(self) -> str:
        return fold(f"{self.account_no} {self.name} {self.email} {self.phone}")

    @property
    def corrected_search(self) -> str:
        return fold(f"{self.corrected_name or ''} {self.corrected_email or ''}")


def accounts(seed: int, count: int) -> list[Account]:
    some = random.Random(seed)
    made = []
    for i in range(count):
        corrected = some.random() < 0.3
        made.append(
            Account(
                f"{i + 1:08d}",
                some.choice(NAMES),
                f"correo{i}@example.com",
                f"55{some.randrange(10**8):08d}",
                some.choice([*NAMES, None]) if corrected else None,
                f"nuevo{i}@example.com" if corrected else None,
            )
        )
    return made


def systems(seed: int, customers: list[Account], count: int) -> list[dict[str, Any]]:
    """Rows in file order, as the grid should show them: corrected names laid over."""
    some = random.Random(seed)
    owners = sorted(some.choices(customers, k=count), key=lambda a: a.account_no)
    return [_system(some, i, owner) for i, owner in enumerate(owners)]


def _system(some: random.Random, i: int, owner: Account) -> dict[str, Any]:
    serial = f"{some.randrange(16**8):08X}{i:04d}"
    return {
        "id": i,
        "serial": serial,
        "kind": some.choice(["subscription"] * 3 + ["licence"]),
        "account_no": owner.account_no,
        "vendor_name": owner.name,
        "account_name": owner.name if owner.corrected_name is None else owner.corrected_name,
        "product": some.choice(["SAE", "COI", "NOI"]),
        "version": some.choice(VERSIONS),
        "seats": some.choice([1, 2, 10, 99]),
        "purchased_on": some.choice(DAYS),
        "activated_on": some.choice(DAYS),
        "next_payment_on": some.choice(DAYS),
        "period": some.choice(PERIODS),
        "status": some.choice(["Activa", "Vencida"]),
        "vendor_search": fold(f"{serial} {owner.vendor_search}"),
        "corrected_search": owner.corrected_search,
        "name_folded": fold(owner.name),
    }


_STORED = (
    "id", "serial", "kind", "account_no", "vendor_name", "product", "version", "seats",
    "purchased_on", "activated_on", "next_payment_on", "period", "status",
    "name_folded", "name_rank", "account_rank", "serial_rank",
)  # fmt: skip


def publish(store: Store, customers: list[Account], rows: list[dict[str, Any]]) -> None:
    """Put them in force, with the corrections."""
    file = f"{uuid.uuid4().hex}.duckdb"
    with duckdb.connect(str(store.data / "ref" / file)) as ref:
        ref.execute(SCHEMA.read_text("utf-8"))
        ref.execute("INSERT INTO meta VALUES (?, ?, '')", [refs.REF_FORMAT, clock.now()])
        names = write_name_order(ref, [a.name for a in customers])
        numbers, serials = (
            places(a.account_no for a in customers),
            places(r["serial"] for r in rows),
        )
        ref.executemany(
            "INSERT INTO account (account_no, name, email, phone, rfc, legal_name, tax_regime,"
            " cfdi_use, postal_code, street, neighborhood, municipality, state, search,"
            " name_folded, name_rank)"
            " VALUES (?, ?, ?, ?, '', '', '', '', '', '', '', '', '', ?, ?, ?)",
            [
                [a.account_no, a.name, a.email, a.phone, a.vendor_search, fold(a.name)]
                + [names[fold(a.name)]]
                for a in customers
            ],
        )
        marks = ", ".join("?" * len(_STORED))
        ref.executemany(
            f"INSERT INTO system VALUES ({marks})",
            [
                [r[c] for c in _STORED[:-3]]
                + [names[r["name_folded"]], numbers[r["account_no"]], serials[r["serial"]]]
                for r in rows
            ],
        )
        search_tables.write(ref, store.data)
    store.write(
        lambda t: t.run(
            "INSERT INTO ops.batch VALUES (?, 'pack', 'wide', ?, ?, 'sistema', '{}')",
            [uuid.uuid4().hex, file, t.now],
        )
    )
    store.use_ref(store.attach_ref(file))
    for account in customers:
        if account.corrected_email is not None:
            correct(store, account)


def correct(store: Store, account: Account) -> None:
    store.write(
        lambda t: t.run(
            "INSERT INTO ops.correction (account_no, name, email, search, version, corrected_at,"
            " corrected_by) VALUES (?, ?, ?, ?, 1, ?, 'agente')",
            [
                account.account_no,
                account.corrected_name,
                account.corrected_email,
                account.corrected_search,
                t.now,
            ],
        )
    )
