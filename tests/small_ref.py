"""A small vendor hand-over for tests, written straight into a ref file."""

import datetime as dt
import uuid
from pathlib import Path

import duckdb

from lib.model import clock
from lib.model.text import fold
from lib.store import ref as refs
from lib.store.database import Store
from lib.store.vault import Vault
from tests import search_tables
from tests.ranks import places, write_name_order

SCHEMA = Path(__file__).parent.parent / "lib" / "store" / "ref_schema.sql"
D = dt.date

ACCOUNTS = [
    # account_no, name, email, phone
    ("00000001", "Héctor Villaseñor Muñoz", "hector.villasenor@example.com", "4424614158"),
    ("00000002", "Zoé Pérez Ordóñez", "zoe.perez@example.com", "8146429987"),
    ("00000003", "Sin Correo Núñez", "", "5512345678"),
    ("00000004", "<img src=x onerror=alert(1)> *Ana* Ríos", "ana.rios(arroba)gmail", "5598765432"),
]
SYSTEMS = [
    # serial, kind, account_no, product, version, seats, activated_on, next_payment_on
    ("S0000000001", "subscription", "00000001", "SAE", "10.0", 5, D(2025, 3, 1), D(2027, 3, 1)),
    ("S0000000002", "subscription", "00000002", "COI", "11.0", 1, D(2024, 5, 2), D(2025, 5, 2)),
    ("S0000000003", "subscription", "00000003", "NOI", "9.0", 2, D(2024, 6, 3), D(2027, 6, 3)),
    ("S0000000004", "subscription", "00000004", "SAE", "9.0", 1, D(2024, 7, 4), D(2027, 7, 4)),
    ("L0000000001", "licence", "00000001", "BANCO", "6.0", 2, D(2020, 1, 9), None),
    ("L0000000002", "licence", "00000002", "PROD", "5.0", 1, D(2021, 2, 8), None),
]
ACTIVATIONS = [
    # serial, issued_on, cause, code: S…1 was unlocked, so its first CDA is dead
    ("S0000000001", D(2025, 3, 1), "Alta", "DEAD1-AAAAA-BBBBB-CCCCC"),
    ("S0000000001", D(2026, 2, 1), "Desbloqueo", "LIVE1-AAAAA-BBBBB-CCCCC"),
    ("S0000000002", D(2024, 5, 2), "Alta", "LIVE2-AAAAA-BBBBB-CCCCC"),
    ("S0000000003", D(2024, 6, 3), "Alta", "LIVE3-AAAAA-BBBBB-CCCCC"),
    ("S0000000004", D(2024, 7, 4), "Alta", "LIVE4-AAAAA-BBBBB-CCCCC"),
    ("L0000000001", D(2020, 1, 9), "Alta", "LIVE5-AAAAA-BBBBB-CCCCC"),
]


def publish(store: Store, vault: Vault) -> None:
    """Write the rows above into a new ref file and put it in force."""
    file = f"{uuid.uuid4().hex}.duckdb"
    with duckdb.connect(str(store.data / "ref" / file)) as ref:
        ref.execute(SCHEMA.read_text("utf-8"))
        row = [refs.REF_FORMAT, clock.now(), vault.fingerprint]
        ref.execute("INSERT INTO meta VALUES (?, ?, ?)", row)
        names = write_name_order(ref, [name for _, name, _, _ in ACCOUNTS])
        numbers, serials = places(a[0] for a in ACCOUNTS), places(s[0] for s in SYSTEMS)
        searches = {}
        for number, name, email, phone in ACCOUNTS:
            searches[number] = (name, fold(f"{number} {name} {email} {phone} XAXX010101000"))
            ref.execute(
                "INSERT INTO account VALUES (?,?,?,?,'XAXX010101000',?,'601','G03','06600',"
                "'Av. Juárez 1','Centro','Cuauhtémoc','Ciudad de México','2020-01-01',?,?,?)",
                [number, name, email, phone, name, searches[number][1], fold(name)]
                + [names[fold(name)]],
            )
        for i, (serial, kind, number, product, version, seats, on, due) in enumerate(SYSTEMS):
            name, _ = searches[number]
            ref.execute(
                "INSERT INTO system VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
                [i, serial, kind, number, name, product, version, seats, on, on, due]
                + [
                    "Anual" if due else "",
                    "Activa" if due else "",
                    fold(name),
                    names[fold(name)],
                    numbers[number],
                    serials[serial],
                ],
            )
        for serial, on, cause, code in ACTIVATIONS:
            ref.execute("INSERT INTO activation VALUES (?,?,?)", [serial, on, cause])
            sealed = [serial, on, vault.seal(serial, code)]
            ref.execute("INSERT INTO sealed_code VALUES (?,?,?)", sealed)
        search_tables.write(ref, store.data)
        search_tables.lay_again(ref)
    store.write(
        lambda t: t.run(
            "INSERT INTO ops.batch VALUES (?, 'pack', 'small', ?, ?, 'sistema', '{}')",
            [uuid.uuid4().hex, file, t.now],
        )
    )
    store.use_ref(store.attach_ref(file))
