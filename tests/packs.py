"""Small vendor packs for tests: each row a good one, with the cells that the test names changed."""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

from lib.store.pack import files
from lib.store.pack.files import PackFile

SHARED = Path(__file__).parents[2] / "shared" / "exports"

_GOOD: dict[PackFile, dict[str, str]] = {
    files.ACCOUNTS: {
        "account_no": "00000001",
        "name": "Zoé Núñez Peña",
        "email": "zoe.nunez@example.com",
        "phone": "5512345678",
        "rfc": "GODE561231GR8",
        "legal_name": "Maquiladora Peña del Norte",
        "tax_regime": "612",
        "cfdi_use": "G03",
        "postal_code": "06600",
        "street": "Av. Juárez 1",
        "neighborhood": "Centro",
        "municipality": "Cuauhtémoc",
        "state": "Ciudad de México",
        "registered_on": "05/04/2025",
    },
    files.SUBSCRIPTIONS: {
        "serial": "S0000000001",
        "account_no": "00000001",
        "product": "SAE",
        "version": "10.0",
        "seats": "5",
        "activated_on": "30/10/2023",
        "next_payment_on": "30/04/2027",
        "period": "Anual",
        "status": "Activa",
    },
    files.LICENCES: {
        "serial": "L0000000001",
        "account_no": "00000001",
        "product": "COI",
        "version": "9.0",
        "seats": "1",
        "purchased_on": "23/02/2022",
        "activated_on": "17/03/2022",
    },
    files.ACTIVATIONS: {
        "serial": "S0000000001",
        "code": "SECRT-00001-AAAAA-BBBBB",
        "issued_on": "30/10/2023",
        "cause": "Alta",
    },
    files.CERTIFICATES: {
        "folio": "F0000001",
        "serial": "0KFAQ05EFJ4",
        "product": "BANCO",
        "version": "6.0",
        "seats": "2",
        "purchased_on": "16/05/2018",
        "holder": "Maquiladora Peña del Norte",
        "rfc": "",
        "account_no": "00000001",
    },
}


def row(pack_file: PackFile, **cells: str) -> dict[str, str]:
    """A good row with some cells changed."""
    assert cells.keys() <= _GOOD[pack_file].keys()
    return _GOOD[pack_file] | cells


def write(folder: Path, tables: Mapping[PackFile, Iterable[dict[str, str]]]) -> Path:
    """Those tables as the vendor writes them; the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for pack_file, rows in tables.items():
        with (folder / pack_file.name).open("w", encoding="cp1252", newline="") as stream:
            writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
            writer.writerow([c.heading for c in pack_file.columns])
            writer.writerows([[r[c.name] for c in pack_file.columns] for r in rows])
    return folder


def whole(folder: Path) -> Path:
    """One good row in each file."""
    return write(folder, {pack_file: [row(pack_file)] for pack_file in files.FILES})
