"""Each defect: which line is set aside or remarked on, under which heading, for what reason."""

import datetime as dt
from typing import Any

import duckdb
import pytest

from lib.model import clock
from lib.model.errors import AppError, Reason
from lib.store.pack import checks
from lib.store.pack.files import (
    ACCOUNTS,
    ACTIVATIONS,
    CERTIFICATES,
    FILES,
    LICENCES,
    SUBSCRIPTIONS,
    PackFile,
)
from tests.packs import row
from tests.store.pack.conftest import Bench, noted

pytestmark = pytest.mark.slow  # packs built, one for nearly each test

GOOD = {
    ACCOUNTS: [row(ACCOUNTS)],
    SUBSCRIPTIONS: [row(SUBSCRIPTIONS)],
    LICENCES: [row(LICENCES)],
    CERTIFICATES: [row(CERTIFICATES)],
    ACTIVATIONS: [row(ACTIVATIONS)],
}

SET_ASIDE = [
    (ACCOUNTS, {"account_no": " "}, "No. Cuenta", "falta No. Cuenta"),
    (
        ACCOUNTS,
        {"account_no": "1,0E+7"},
        "No. Cuenta",
        "Excel cambió la cuenta, recupérala del original: «1,0E+7»",
    ),
    (ACCOUNTS, {"name": " \u00a0 "}, "Nombre y Apellidos", "falta Nombre y Apellidos"),
    (
        ACCOUNTS,
        {"registered_on": "31/02/2025"},
        "Fecha Alta",
        "fecha imposible: «31/02/2025», febrero de 2025 tiene 28 días",
    ),
    (
        ACCOUNTS,
        {"registered_on": "00/00/0000"},
        "Fecha Alta",
        "fecha imposible: «00/00/0000», no hay mes 0",
    ),
    (
        ACCOUNTS,
        {"registered_on": "2025-13-01"},
        "Fecha Alta",
        "fecha imposible: «2025-13-01», no hay mes 13. ¿13/01/2025?",
    ),
    (
        ACCOUNTS,
        {"registered_on": "01/01/0025"},
        "Fecha Alta",
        "fecha imposible: «01/01/0025», el año es 25",
    ),
    (
        ACCOUNTS,
        {"registered_on": "ayer"},
        "Fecha Alta",
        "no es una fecha dd/mm/aaaa: «ayer»",
    ),
    (
        ACCOUNTS,
        {"registered_on": "1/2/25"},
        "Fecha Alta",
        "no es una fecha dd/mm/aaaa: «1/2/25». ¿01/02/2025?",
    ),
    (SUBSCRIPTIONS, {"serial": ""}, "No. Serie", "falta No. Serie"),
    (
        SUBSCRIPTIONS,
        {"serial": "1.23E+11"},
        "No. Serie",
        "Excel cambió la serie, recupérala del original: «1.23E+11»",
    ),
    (
        SUBSCRIPTIONS,
        {"serial": "1,23e+11"},
        "No. Serie",
        "Excel cambió la serie, recupérala del original: «1,23e+11»",
    ),
    (SUBSCRIPTIONS, {"account_no": ""}, "No. Cuenta", "falta No. Cuenta"),
    (SUBSCRIPTIONS, {"account_no": "99"}, "No. Cuenta", "la cuenta no existe: «99»"),
    (SUBSCRIPTIONS, {"product": ""}, "Sistema", "falta Sistema"),
    (SUBSCRIPTIONS, {"product": "XYZ"}, "Sistema", "sistema desconocido: «XYZ»"),
    (SUBSCRIPTIONS, {"seats": "-3"}, "Usuarios", "los usuarios van de 1 a 99: «-3»"),
    (SUBSCRIPTIONS, {"seats": "0"}, "Usuarios", "los usuarios van de 1 a 99: «0»"),
    (SUBSCRIPTIONS, {"seats": "100"}, "Usuarios", "los usuarios van de 1 a 99: «100»"),
    (SUBSCRIPTIONS, {"seats": "1.5"}, "Usuarios", "los usuarios van de 1 a 99: «1.5»"),
    (SUBSCRIPTIONS, {"seats": "dos"}, "Usuarios", "los usuarios van de 1 a 99: «dos». ¿2?"),
    (SUBSCRIPTIONS, {"seats": ""}, "Usuarios", "falta Usuarios"),
    (
        SUBSCRIPTIONS,
        {"seats": "9" * 30},
        "Usuarios",
        f"los usuarios van de 1 a 99: «{'9' * 30}»",
    ),
    (
        SUBSCRIPTIONS,
        {"next_payment_on": "00/00/0000"},
        "Próximo Pago",
        "fecha imposible: «00/00/0000», no hay mes 0",
    ),
    (
        LICENCES,
        {"purchased_on": "30/02/2020"},
        "Fecha Compra",
        "fecha imposible: «30/02/2020», febrero de 2020 tiene 29 días",
    ),
    (CERTIFICATES, {"folio": ""}, "Folio", "falta Folio"),
    (
        CERTIFICATES,
        {"folio": "1.2E+9"},
        "Folio",
        "Excel cambió el folio, recupéralo del original: «1.2E+9»",
    ),
    (
        CERTIFICATES,
        {"serial": "1.23E+11"},
        "No. Serie",
        "Excel cambió la serie, recupérala del original: «1.23E+11»",
    ),
    (
        CERTIFICATES,
        {"serial": "S0000000001"},
        "No. Serie",
        "serie repetida: «S0000000001», ya está en suscripciones.csv línea 2",
    ),
    (ACTIVATIONS, {"code": " "}, "CDA", "CDA vacío"),
    (ACTIVATIONS, {"code": "1.23E+11"}, "CDA", "Excel cambió el CDA, recupéralo del original"),
    (ACTIVATIONS, {"issued_on": ""}, "Fecha Emisión", "falta Fecha Emisión"),
    (
        ACTIVATIONS,
        {"issued_on": "31/04/2024"},
        "Fecha Emisión",
        "fecha imposible: «31/04/2024», abril de 2024 tiene 30 días",
    ),
    (ACTIVATIONS, {"serial": "S9"}, "No. Serie", "la serie no existe: «S9»"),
    (
        ACTIVATIONS,
        {"serial": "0KFAQ05EFJ4"},
        "No. Serie",
        "la serie es de un certificado, y su CDA está impreso en él: «0KFAQ05EFJ4»",
    ),
]
TWICE = [
    (
        ACCOUNTS,
        {"name": "Otra"},
        "No. Cuenta",
        "cuenta repetida: «00000001», ya está en la línea 2",
    ),
    (SUBSCRIPTIONS, {}, "No. Serie", "serie repetida: «S0000000001», ya está en la línea 2"),
    (
        LICENCES,
        {"serial": "L0000000001"},
        "No. Serie",
        "serie repetida: «L0000000001», ya está en la línea 2",
    ),
    (
        CERTIFICATES,
        {"holder": "Otra"},
        "Folio",
        "folio repetido: «F0000001», ya está en la línea 2",
    ),
    (
        ACTIVATIONS,
        {"code": "OTHER-00001-AAAAA-BBBBB"},
        "No. Serie",
        "CDA repetido: misma serie y misma fecha de emisión: «S0000000001», ya está en la línea 2",
    ),
]
TOMORROW, DAY_AFTER = (f"{clock.today() + dt.timedelta(days=ahead):%d/%m/%Y}" for ahead in (1, 3))
TO_COME = "la fecha todavía no llega, compárala con el original: «{}»"
SPARE = "espacios de sobra, se quitaron: «{}»"
REMARKED = [
    (ACCOUNTS, {"email": ""}, "Correo de Contacto", "sin correo, no se le podrá reenviar el CDA"),
    (
        ACCOUNTS,
        {"email": "ana.rios(arroba)gmail"},
        "Correo de Contacto",
        "correo no válido, se guarda como vino para corregirlo: «ana.rios(arroba)gmail»",
    ),
    (
        ACCOUNTS,
        {"email": "ana@" + "x" * 70 + ".com"},
        "Correo de Contacto",
        f"correo no válido, se guarda como vino para corregirlo: «ana@{'x' * 70}.com»",
    ),
    (ACCOUNTS, {"name": " Zoé  Núñez "}, "Nombre y Apellidos", SPARE.format("Zoé Núñez")),
    (ACCOUNTS, {"name": "\u00a0Zoé"}, "Nombre y Apellidos", SPARE.format("Zoé")),
    (
        ACCOUNTS,
        {"name": "<img src=x onerror=alert(1)> Ana"},
        "Nombre y Apellidos",
        "parece código HTML, se guarda como texto: «<img src=x onerror=alert(1)> Ana»",
    ),
    (
        ACCOUNTS,
        {"rfc": "GODE561231GR9"},
        "RFC",
        "el dígito verificador del RFC no corresponde: «GODE561231GR9»",
    ),
    (ACCOUNTS, {"rfc": "GODE"}, "RFC", "el RFC no tiene la forma de un RFC: «GODE»"),
    (
        SUBSCRIPTIONS,
        {"product": "FACTURE", "seats": "2"},
        "Usuarios",
        "el sistema es de un solo usuario: «2», FACTURE",
    ),
    (LICENCES, {"purchased_on": "28/02/2099"}, "Fecha Compra", TO_COME.format("28/02/2099")),
    (CERTIFICATES, {"purchased_on": DAY_AFTER}, "Fecha Compra", TO_COME.format(DAY_AFTER)),
    (CERTIFICATES, {"account_no": "99"}, "No. Cuenta", "la cuenta no existe: «99»"),
    (CERTIFICATES, {"holder": ""}, "Titular", "sin titular"),
    (
        CERTIFICATES,
        {"holder": "Zoé García Peña"},
        "Titular",
        "el titular no es el nombre de la cuenta: «Zoé García Peña», la cuenta 00000001 es de"
        " Zoé Núñez Peña",
    ),
    (
        CERTIFICATES,
        {"holder": "Ana\nRíos", "account_no": ""},
        "",
        "abarca varias líneas: trae un salto de línea entre comillas",
    ),
]
FINE = [
    (ACCOUNTS, {"registered_on": ""}),
    (ACCOUNTS, {"registered_on": "5/4/2025"}),
    (ACCOUNTS, {"registered_on": "2025-04-05"}),
    (ACCOUNTS, {"registered_on": "2025-04-05 00:00:00"}),
    (ACCOUNTS, {"registered_on": "05/04/2025 0:00"}),
    (ACCOUNTS, {"rfc": ""}),
    (ACCOUNTS, {"rfc": "XAXX010101000"}),
    (ACCOUNTS, {"rfc": "XEXX010101000"}),
    (ACCOUNTS, {"rfc": "gode561231gr8"}),
    (ACCOUNTS, {"email": "ana_rios+cda@sub.dominio.gob.mx"}),
    (ACCOUNTS, {"email": "ñandú@correo.com.mx"}),
    (ACCOUNTS, {"name": "Ñ" * 500}),
    (SUBSCRIPTIONS, {"product": "aspel sae"}),
    (SUBSCRIPTIONS, {"product": "Aspel-SAE"}),
    (SUBSCRIPTIONS, {"product": "facture", "seats": "1"}),
    (SUBSCRIPTIONS, {"seats": "099"}),
    (SUBSCRIPTIONS, {"period": "Quincenal", "status": "¿?", "version": ""}),
    (SUBSCRIPTIONS, {"next_payment_on": "", "activated_on": ""}),
    (SUBSCRIPTIONS, {"next_payment_on": "01/01/2099"}),
    (LICENCES, {"purchased_on": TOMORROW}),
    (CERTIFICATES, {"purchased_on": TOMORROW}),
    (CERTIFICATES, {"account_no": "", "purchased_on": ""}),
    (CERTIFICATES, {"holder": "MAQUILADORA PENA DEL NORTE, S.A. de C.V."}),
    (CERTIFICATES, {"holder": "Núñez, Zoé"}),
    (CERTIFICATES, {"holder": "De quien sea", "account_no": ""}),
]


WORDED = [ACCOUNTS, SUBSCRIPTIONS, LICENCES, CERTIFICATES]


# One pack for all the cases of a file: each is a row of its own, and a line of its own.
def cases(table: list[tuple[Any, ...]], pack_file: PackFile) -> list[tuple[Any, ...]]:
    found = [case for file, *case in table if file is pack_file]
    assert found
    return [(line, *case) for line, case in enumerate(found, start=2)]


def apart(pack_file: PackFile, line: int, cells: dict[str, str]) -> dict[str, str]:
    """A row with those cells that shares no key with the rows of other lines."""
    keys = {"folio": f"F{line}", "serial": f"X{line}"}
    keys |= {"account_no": f"9{line:07d}"} if pack_file is ACCOUNTS else {}
    mine = {name: key for name, key in keys.items() if name in {c.name for c in pack_file.columns}}
    return row(pack_file, **mine | cells)


@pytest.mark.parametrize("pack_file", FILES, ids=lambda f: f.name)
def test_set_aside(bench: Bench, pack_file: PackFile) -> None:
    bad = cases(SET_ASIDE, pack_file)
    built = bench.rows(GOOD | {pack_file: [row(pack_file, **cells) for _, cells, _, _ in bad]})
    first = [n for n in noted(built.set_aside) if n[0] == pack_file.name]
    assert first == [(pack_file.name, line, heading, reason) for line, _, heading, reason in bad]
    assert built.files[pack_file.name].set_aside == len(bad)
    assert built.files[pack_file.name].good == 0


def test_the_first_of_two_wins(bench: Bench) -> None:
    twice = {file: [row(file), row(file, **cells)] for file, cells, _, _ in TWICE}
    built = bench.rows(GOOD | twice)
    assert noted(built.set_aside) == [(f.name, 3, heading, why) for f, _, heading, why in TWICE]
    assert [built.files[pack_file.name].good for pack_file in twice] == [1] * len(twice)


def test_a_subscription_s_serial_is_no_licence_s(bench: Bench) -> None:
    built = bench.rows(GOOD | {LICENCES: [row(LICENCES), row(LICENCES, serial="S0000000001")]})
    why = "serie repetida: «S0000000001», ya está en suscripciones.csv línea 2"
    assert noted(built.set_aside) == [("licencias.csv", 3, "No. Serie", why)]
    assert built.files["licencias.csv"].good == 1


@pytest.mark.parametrize("pack_file", WORDED, ids=lambda f: f.name)
def test_goes_in_with_a_warning(bench: Bench, pack_file: PackFile) -> None:
    odd = cases(REMARKED, pack_file)
    rows = [apart(pack_file, line, cells) for line, cells, _, _ in odd]
    built = bench.rows({ACCOUNTS: [row(ACCOUNTS)]} | {pack_file: rows})
    warned = noted(built.warnings)
    for line, _, heading, reason in odd:
        assert (pack_file.name, line, heading, reason) in warned
        assert len([note for note in warned if note[1] == line]) <= 2
    assert len(built.warnings) == built.files[pack_file.name].warnings
    assert built.set_aside == []


@pytest.mark.parametrize("pack_file", WORDED, ids=lambda f: f.name)
def test_goes_in_without_a_word(bench: Bench, pack_file: PackFile) -> None:
    rows = [apart(pack_file, line, cells) for line, cells in cases(FINE, pack_file)]
    built = bench.rows({ACCOUNTS: [row(ACCOUNTS)]} | {pack_file: rows})
    assert (built.set_aside, built.warnings) == ([], [])
    assert built.files[pack_file.name].good == len(rows)


def test_a_code_of_a_day_to_come_goes_in_with_a_warning(bench: Bench) -> None:
    days = [TOMORROW, DAY_AFTER]
    codes = [row(ACTIVATIONS, issued_on=day) for day in days]
    built = bench.rows(GOOD | {ACTIVATIONS: codes})
    assert built.set_aside == []
    why = TO_COME.format(DAY_AFTER)
    assert noted(built.warnings) == [("cda.csv", 3, "Fecha Emisión", why)]


def test_a_bad_row_is_no_first_of_two(bench: Bench) -> None:
    bad = row(SUBSCRIPTIONS, seats="-3")
    built = bench.rows(GOOD | {SUBSCRIPTIONS: [bad, row(SUBSCRIPTIONS)]})
    assert [n.line for n in built.set_aside] == [2]
    assert bench.query("SELECT seats FROM system WHERE kind = 'subscription'") == [(5,)]


def test_every_problem_of_a_row_is_said(bench: Bench) -> None:
    bad = row(SUBSCRIPTIONS, seats="-3", product="XYZ")
    built = bench.rows(GOOD | {SUBSCRIPTIONS: [bad], ACTIVATIONS: []})
    assert noted(built.set_aside) == [
        (
            "suscripciones.csv",
            2,
            "Sistema",
            "sistema desconocido: «XYZ»",
        ),
        ("suscripciones.csv", 2, "Usuarios", "los usuarios van de 1 a 99: «-3»"),
    ]
    assert built.files["suscripciones.csv"].set_aside == 1


def test_what_hangs_on_a_row_set_aside_says_which(bench: Bench) -> None:
    built = bench.rows(GOOD | {ACCOUNTS: [row(ACCOUNTS, name="")]})
    assert noted(built.set_aside)[1:] == [
        (
            "suscripciones.csv",
            2,
            "No. Cuenta",
            "la cuenta quedó apartada: «00000001», cuentas.csv línea 2",
        ),
        (
            "licencias.csv",
            2,
            "No. Cuenta",
            "la cuenta quedó apartada: «00000001», cuentas.csv línea 2",
        ),
        (
            "cda.csv",
            2,
            "No. Serie",
            "la serie quedó apartada: «S0000000001», suscripciones.csv línea 2",
        ),
    ]


def test_a_row_set_aside_gets_no_warnings(bench: Bench) -> None:
    built = bench.rows({ACCOUNTS: [row(ACCOUNTS, name="", email="")]})
    assert len(built.set_aside) == 1
    assert built.warnings == []


def test_an_account_of_an_earlier_pack_will_do(bench: Bench) -> None:
    bench.rows({ACCOUNTS: [row(ACCOUNTS)]})
    built = bench.rows(GOOD | {ACCOUNTS: [row(ACCOUNTS, name="")]})
    assert [n.file for n in built.set_aside] == ["cuentas.csv"]
    assert bench.query("SELECT name FROM account") == [("Zoé Núñez Peña",)]


def test_a_serial_of_an_earlier_pack_will_do(bench: Bench) -> None:
    bench.rows(GOOD | {ACTIVATIONS: []})
    (bench.folder / "pack" / "suscripciones.csv").unlink()
    (bench.folder / "pack" / "licencias.csv").unlink()
    built = bench.rows({ACTIVATIONS: [row(ACTIVATIONS)]})
    assert built.set_aside == []
    assert built.files["cda.csv"].new == 1


def test_the_same_serial_on_two_folios_is_only_odd(bench: Bench) -> None:
    rows = [row(CERTIFICATES), row(CERTIFICATES, folio="F0000002")]
    built = bench.rows(GOOD | {CERTIFICATES: rows})
    assert noted(built.warnings) == [
        (
            "certificados.csv",
            3,
            "No. Serie",
            "la misma serie está en otro folio: «0KFAQ05EFJ4», línea 2",
        )
    ]


def test_no_reason_ever_shows_a_code(bench: Bench) -> None:
    codes = ["SECRT-00001-AAAAA-BBBBB", " SECRT-00002  AAAAA ", "1.23E+11", ""]
    rows = [row(ACTIVATIONS, serial=f"S{i}", code=code) for i, code in enumerate(codes)]
    rows += [row(ACTIVATIONS, issued_on="ayer")]
    built = bench.rows(GOOD | {ACTIVATIONS: rows})
    said = str(built.to_json())
    assert len(built.set_aside) == 5
    assert "SECRT" not in said
    assert "1.23E" not in said


def test_a_row_that_goes_missing_stops_the_build(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = checks.check

    def loses_one(connection: duckdb.DuckDBPyConnection) -> None:
        real(connection)
        connection.execute("DELETE FROM row_account")

    monkeypatch.setattr(checks, "check", loses_one)
    with pytest.raises(AppError) as refused:
        bench.rows({ACCOUNTS: [row(ACCOUNTS)]})
    assert refused.value.reason is Reason.LOAD_FAILED
    assert "cuentas.csv no cuadran" in str(refused.value.facts["why"])
    assert list((bench.folder / "ref").iterdir()) == []
