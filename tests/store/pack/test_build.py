"""A ref file from a base and a pack: upserts, sorted, each key once, CDAs sealed."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.model.errors import AppError, Reason
from lib.model.load import Built, FileCounts
from lib.model.text import fold
from lib.store.pack import writing
from lib.store.pack.engine import scratch
from lib.store.pack.files import ACCOUNTS, ACTIVATIONS, FILES, LICENCES, SUBSCRIPTIONS
from lib.store.vault import Vault
from tests import packs
from tests.packs import row
from tests.store.pack.conftest import Bench, noted


@pytest.mark.slow
def test_a_first_pack_is_all_new(bench: Bench) -> None:
    built = bench.load(packs.whole(bench.folder / "pack"))
    assert {name: c.new for name, c in built.files.items()} == {
        "cuentas.csv": 1,
        "suscripciones.csv": 1,
        "licencias.csv": 1,
        "certificados.csv": 0,  # only ops knows
        "cda.csv": 1,
    }
    assert built.changes_ref
    assert built.base == ""


@pytest.mark.slow
def test_the_rows_as_the_desk_reads_them(bench: Bench) -> None:
    bench.load(packs.whole(bench.folder / "pack"))
    search = "00000001 zoe nunez pena zoe.nunez@example.com 5512345678 gode561231gr8"
    assert bench.query("SELECT name, registered_on, search, name_folded FROM account") == [
        ("Zoé Núñez Peña", dt.date(2025, 4, 5), search, "zoe nunez pena")
    ]
    assert bench.query("SELECT * FROM system ORDER BY id") == [
        (0, "L0000000001", "licence", "00000001", "Zoé Núñez Peña", "COI", "9.0", 1)
        + (dt.date(2022, 2, 23), dt.date(2022, 3, 17), None, "", "")
        + ("zoe nunez pena", 0, 0, 0),
        (1, "S0000000001", "subscription", "00000001", "Zoé Núñez Peña", "SAE", "10.0", 5)
        + (None, dt.date(2023, 10, 30), dt.date(2027, 4, 30), "Anual", "Activa")
        + ("zoe nunez pena", 0, 0, 1),
    ]
    assert bench.query("SELECT folio, search FROM pack_certificate") == [
        ("F0000001", "f0000001 0kfaq05efj4 maquiladora pena del norte 00000001")
    ]
    assert bench.query("SELECT * FROM pack_account") == [("00000001",)]
    issued = ("S0000000001", dt.date(2023, 10, 30))
    assert bench.query("SELECT * FROM activation") == [(*issued, "Alta")]
    ((serial, issued_on, code),) = bench.query("SELECT * FROM sealed_code")
    assert (serial, issued_on) == issued
    assert bench.vault.open(serial, code) == "SECRT-00001-AAAAA-BBBBB"


@pytest.mark.slow
def test_single_rows_are_found_by_keys(bench: Bench) -> None:
    """Without them a serial is looked for in all of a column: 3 ms at 250,000 systems."""
    bench.load(packs.whole(bench.folder / "pack"))
    keys = bench.query("SELECT table_name, expressions FROM duckdb_indexes() ORDER BY ALL")
    assert keys == [
        ("account", "[account_no]"),
        ("activation", "[serial]"),
        ("sealed_code", "[serial]"),
        ("system", "[serial]"),
    ]


@pytest.mark.slow
def test_the_same_pack_again_changes_nothing(bench: Bench) -> None:
    pack = packs.whole(bench.folder / "pack")
    bench.load(pack)
    again = bench.load(pack)
    assert not again.changes_ref
    for name in ("cuentas.csv", "suscripciones.csv", "licencias.csv", "cda.csv"):
        assert again.files[name] == FileCounts(rows=1, unchanged=1)


@pytest.mark.slow
def test_rows_absent_stay_and_present_ones_replace(bench: Bench) -> None:
    bench.rows({ACCOUNTS: [row(ACCOUNTS), row(ACCOUNTS, account_no="2", name="Dos")]})
    built = bench.rows(
        {
            ACCOUNTS: [
                row(ACCOUNTS, account_no="2", name="Dos Bis"),
                row(ACCOUNTS, account_no="10", name="Diez"),
            ]
        }
    )
    assert built.files["cuentas.csv"] == FileCounts(rows=2, new=1, changed=1)
    assert bench.query("SELECT account_no, name FROM account") == [
        ("00000001", "Zoé Núñez Peña"),
        ("10", "Diez"),
        ("2", "Dos Bis"),
    ]


@pytest.mark.slow
def test_a_renamed_account_is_renamed_in_its_systems(bench: Bench) -> None:
    bench.load(packs.whole(bench.folder / "pack"))
    (bench.folder / "pack" / "suscripciones.csv").unlink()
    bench.rows({ACCOUNTS: [row(ACCOUNTS, name="Ana Ríos")]})
    names = bench.query("SELECT DISTINCT account_name, name_folded = 'ana rios' FROM system")
    assert names == [("Ana Ríos", True)]


@pytest.mark.slow
def test_ranks_are_the_places_among_all_rows_old_and_new(bench: Bench) -> None:
    names = {"2": "Zoé", "1": "Óscar", "10": "oscar", "3": "Ana  Ríos"}
    accounts = [row(ACCOUNTS, account_no=number, name=name) for number, name in names.items()]
    bench.rows({ACCOUNTS: accounts})
    serials = {"S9": "1", "S1": "10", "S5": "3"}
    of_names = [row(SUBSCRIPTIONS, serial=s, account_no=n) for s, n in serials.items()]
    bench.rows({SUBSCRIPTIONS: of_names, ACCOUNTS: [row(ACCOUNTS, account_no="4", name="Beto")]})
    bench.rows({LICENCES: [row(LICENCES, serial="S4", account_no="2")]})
    named = bench.query("SELECT name_folded, name_rank FROM name_order ORDER BY ALL")
    assert named == [("ana rios", 0), ("beto", 1), ("oscar", 2), ("zoe", 3)]
    in_accounts = bench.query("SELECT DISTINCT name_folded, name_rank FROM account ORDER BY ALL")
    assert in_accounts == named
    ranks = "SELECT serial, name_rank, account_rank, serial_rank, id - rowid FROM system"
    assert sorted(bench.query(ranks)) == [
        ("S1", 2, 1, 0, 0),
        ("S4", 3, 2, 1, 0),
        ("S5", 0, 3, 2, 0),
        ("S9", 2, 0, 3, 0),
    ]


@pytest.mark.slow
def test_a_phone_written_with_ornament_is_found_by_its_digits(bench: Bench) -> None:
    phones = ["55 1234 5678", "(55) 1234-5678", "+52 55.1234.5678"]
    accounts = [row(ACCOUNTS, account_no=str(n), phone=phone) for n, phone in enumerate(phones)]
    bench.rows({ACCOUNTS: accounts})
    found = bench.query("SELECT phone, contains(search, '5512345678') FROM account ORDER BY 1")
    assert found == [(phone, True) for phone in sorted(phones)]


@pytest.mark.slow
def test_each_field_that_differs_is_a_change(bench: Bench) -> None:
    pack = packs.whole(bench.folder / "pack")
    bench.load(pack)
    cells = {
        ACCOUNTS: ("postal_code", "01000"),
        SUBSCRIPTIONS: ("status", "Vencida"),
        LICENCES: ("purchased_on", ""),
        ACTIVATIONS: ("code", "OTHER-00001-AAAAA-BBBBB"),
    }
    built = bench.rows({f: [row(f, **{name: value})] for f, (name, value) in cells.items()})
    changed = {pack_file.name: built.files[pack_file.name].changed for pack_file in cells}
    assert changed == dict.fromkeys(changed, 1)


@pytest.mark.slow
def test_a_file_that_did_not_come_is_not_counted(bench: Bench) -> None:
    built = bench.rows({ACCOUNTS: [row(ACCOUNTS)]})
    assert list(built.files) == ["cuentas.csv"]


@pytest.mark.slow
def test_names_of_files_in_any_case(bench: Bench) -> None:
    pack = packs.whole(bench.folder / "pack")
    for pack_file in FILES:
        (pack / pack_file.name).rename(pack / pack_file.name.upper())
    assert len(bench.load(pack).files) == 5


def test_a_file_twice_in_two_cases_is_refused(bench: Bench) -> None:
    pack = packs.whole(bench.folder / "pack")
    (pack / "CDA.CSV").write_bytes((pack / "cda.csv").read_bytes())
    refused(bench, pack, Reason.UNREADABLE_FILE)


def test_no_file_of_the_five_is_refused(bench: Bench) -> None:
    pack = bench.folder / "nothing"
    refused(bench, pack, Reason.UNREADABLE_FILE)  # with the system's reason in Spanish
    pack.mkdir()
    refused(bench, pack, Reason.NO_PACK)


@pytest.mark.slow
def test_another_key_than_the_bases_is_refused(bench: Bench) -> None:
    pack = packs.whole(bench.folder / "pack")
    bench.load(pack)
    bench.vault = Vault(bytes(64))
    refused(bench, pack, Reason.CDA_KEY_WRONG)


def refused(bench: Bench, pack: Path, reason: Reason) -> None:
    before = sorted((bench.folder / "ref").rglob("*"))
    with pytest.raises(AppError) as refusal:
        bench.load(pack)
    assert refusal.value.reason is reason
    assert sorted((bench.folder / "ref").rglob("*")) == before


@pytest.mark.slow
def test_a_failure_while_writing_leaves_nothing(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(writing, "check_unique", fails)
    refused(bench, packs.whole(bench.folder / "pack"), Reason.LOAD_FAILED)
    assert list((bench.folder / "ref").iterdir()) == []


@pytest.mark.slow
def test_progress_grows_to_the_end(bench: Bench) -> None:
    bench.load(packs.whole(bench.folder / "pack"))
    fractions = [fraction for _, fraction in bench.told]
    assert fractions == sorted(fractions)
    assert fractions[0] > 0
    assert fractions[-1] <= 1
    assert list(dict.fromkeys(stage for stage, _ in bench.told)) == [
        "reading",
        "checking",
        "comparing",
        "writing",
    ]


def test_what_was_built_survives_the_way_through_json(bench: Bench) -> None:
    built = bench.rows({ACCOUNTS: [row(ACCOUNTS, email=""), row(ACCOUNTS, name="")]})
    assert Built.from_json(built.to_json()) == built


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_the_engine_folds_as_the_desk_does(folding, text: str) -> None:
    single = " ".join(text.split())
    assert folding(single) == fold(single)


@pytest.fixture(scope="module")
def folding(tmp_path_factory: pytest.TempPathFactory):
    work = tmp_path_factory.mktemp("ref") / "work"
    with scratch(work, None) as connection:
        yield lambda text: connection.execute("SELECT folded(?)", [text]).fetchone()[0]


@pytest.mark.skipif(not packs.SHARED.is_dir(), reason="the shared exports are not beside the clone")
def test_the_shared_pack_and_every_defect_of_it(bench: Bench) -> None:
    built = bench.load(packs.SHARED)
    said = {(n.file, n.line) for n in [*built.set_aside, *built.warnings]}
    aside = {(n.file, n.line) for n in built.set_aside}
    listed = (packs.SHARED / "defects.csv").read_text("utf-8").splitlines()[1:]
    defects = [line.split(",") for line in listed]
    assert len(defects) == 76
    for file, line, what in defects:
        assert (file, int(line)) in said, (file, line, what)
        goes_in = what in {
            "espacios de sobra",
            "correo inválido",
            "sin correo",
            "html en el nombre",
        }
        assert ((file, int(line)) not in aside) == goes_in, (file, line, what)
    unlisted = aside - {(file, int(line)) for file, line, _ in defects}
    hanging = [n for n in built.set_aside if (n.file, n.line) in unlisted]
    assert all("quedó apartada" in n.reason for n in hanging)
    for counts in built.files.values():
        assert counts.rows == counts.good + counts.set_aside + counts.blank


@pytest.mark.slow
def test_rows_of_a_ragged_file_are_all_accounted_for(bench: Bench) -> None:
    pack = packs.whole(bench.folder / "pack")
    with (pack / "cuentas.csv").open("ab") as stream:
        stream.write(b'0002;"Ana\r\n\r\n;;;\r\n0003;x\r\n')
    built = bench.load(pack)
    assert noted(built.set_aside) == [
        ("cuentas.csv", 3, "", "las comillas que abren aquí no se cierran"),
        ("cuentas.csv", 6, "", "faltan campos: la fila tiene 2 y el encabezado 14"),
    ]
    assert built.files["cuentas.csv"] == FileCounts(rows=5, new=1, set_aside=2, blank=2)
