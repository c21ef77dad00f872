"""Made-up customers: as the vendor writes them, in the domain's rules, the same every time."""

import collections
import csv
import datetime as dt
from pathlib import Path

import pytest

from lib.demo import customers
from lib.model import cfdi, contact, rfc
from lib.model.system import PRODUCTS
from lib.store.pack.build import build
from lib.store.pack.files import FILES
from lib.store.vault import Vault

TODAY = dt.date(2026, 11, 22)
ACCOUNTS = 4000

Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pack")
    customers.write_pack(folder, ACCOUNTS, TODAY)
    return folder


def read(pack: Path, name: str) -> Rows:
    with (pack / f"{name}.csv").open(encoding="cp1252", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=";"))


def day(text: str) -> dt.date:
    return dt.datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007


@pytest.mark.slow
def test_the_same_seed_and_day_write_the_same_bytes(pack: Path, tmp_path: Path) -> None:
    customers.write_pack(tmp_path, ACCOUNTS, TODAY)
    for pack_file in FILES:
        assert (tmp_path / pack_file.name).read_bytes() == (pack / pack_file.name).read_bytes()


def test_another_seed_writes_others(tmp_path: Path, pack: Path) -> None:
    customers.write_pack(tmp_path, 10, TODAY, seed=7)
    assert read(tmp_path, "cuentas") != read(pack, "cuentas")[:10]


def test_about_two_and_a_half_systems_an_account(pack: Path) -> None:
    systems = len(read(pack, "suscripciones")) + len(read(pack, "licencias"))
    assert 2.4 < systems / ACCOUNTS < 2.6
    assert 0.09 < len(read(pack, "certificados")) / ACCOUNTS < 0.15


def test_rfcs_are_real_but_for_a_few_check_digits(pack: Path) -> None:
    codes = [r["RFC"] for r in read(pack, "cuentas")]
    assert all(map(rfc.is_well_formed, codes))
    wrong = sum(not rfc.has_right_check_digit(code) for code in codes) / ACCOUNTS
    assert 0.008 < wrong < 0.025
    assert 0.35 < sum(map(rfc.is_person, codes)) / ACCOUNTS < 0.55


def test_billing_data_go_together(pack: Path) -> None:
    for r in read(pack, "cuentas"):
        assert r["Régimen Fiscal"] in cfdi.TAX_REGIMES
        assert r["Uso CFDI"] in cfdi.CFDI_USES
        assert cfdi.allows(r["Régimen Fiscal"], r["Uso CFDI"])
        assert len(r["Código Postal"]) == 5


def test_phones_and_mail_are_usable_but_for_a_few_addresses(pack: Path) -> None:
    rows = read(pack, "cuentas")
    assert all(len(r["Teléfono de Contacto"]) == 10 for r in rows)
    addresses = [r["Correo de Contacto"] for r in rows]
    bad = [a for a in addresses if not contact.is_address(a)]
    assert 0 < sum(a == "" for a in bad) < 0.005 * ACCOUNTS
    assert 0 < sum("(arroba)" in a for a in bad) < 0.005 * ACCOUNTS
    assert all(a == "" or "(arroba)" in a for a in bad)
    assert all(a.endswith(("example.com", "example.net", "example.org")) for a in addresses if a)


def test_some_names_are_endless_and_many_are_accented(pack: Path) -> None:
    names = [r["Nombre y Apellidos"] for r in read(pack, "cuentas")]
    assert 0 < sum(len(n) > 100 for n in names) < 20
    assert sum(not n.isascii() for n in names) > ACCOUNTS / 2


def test_serials_are_the_vendors_style_and_unique(pack: Path) -> None:
    serials = {
        first: [r["No. Serie"] for r in read(pack, name)]
        for first, name in (("S", "suscripciones"), ("L", "licencias"), ("0", "certificados"))
    }
    for first, found in serials.items():
        assert all(len(s) == 11 and s[0] == first for s in found)
    everything = [s for found in serials.values() for s in found]
    assert len(set(everything)) == len(everything)


def test_seats_follow_the_product(pack: Path) -> None:
    rows = read(pack, "suscripciones") + read(pack, "licencias") + read(pack, "certificados")
    assert {r["Sistema"] for r in rows} == set(PRODUCTS)
    alone = {r["Usuarios"] for r in rows if r["Sistema"] in {"FACTURE", "ADM"}}
    assert alone == {"1"}


def test_overdue_subscriptions_say_so(pack: Path) -> None:
    rows = read(pack, "suscripciones")
    for r in rows:
        assert (day(r["Próximo Pago"]) < TODAY) == (r["Estado"] == "Vencida")
        assert day(r["Fecha Activación"]) < TODAY
    assert 0.07 < sum(r["Estado"] == "Vencida" for r in rows) / len(rows) < 0.13


def test_every_system_has_its_first_cda_and_some_unlocks_later(pack: Path) -> None:
    history = collections.defaultdict(list)
    for r in read(pack, "cda"):
        history[r["No. Serie"]].append((day(r["Fecha Emisión"]), r["Motivo"]))
    systems = read(pack, "suscripciones") + read(pack, "licencias")
    assert set(history) == {r["No. Serie"] for r in systems}
    for issues in history.values():
        assert [cause for _, cause in issues] == ["Alta"] + ["Desbloqueo"] * (len(issues) - 1)
        days = [on for on, _ in issues]
        assert days == sorted(set(days))
        assert days[-1] <= TODAY
    assert 0.03 < sum(len(i) > 1 for i in history.values()) / len(history) < 0.07


@pytest.mark.slow
def test_the_loader_takes_every_row(pack: Path, tmp_path: Path) -> None:
    built = build(pack, None, Vault(bytes(64)), tmp_path, lambda *_: None)
    assert built.set_aside == []
    assert {n.reason for n in built.warnings} == {
        "sin correo, no se le podrá reenviar el CDA",
        "correo no válido, se guarda como vino para corregirlo",
        "el dígito verificador del RFC no corresponde",
    }
