"""A data folder encrypted at rest: a day's work in it, and none of its files says what it holds."""

import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from lib import settings
from lib.__main__ import main
from lib.model.account import Section
from lib.model.action import Action
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.roles import Role
from lib.model.view import View
from lib.services.desk import Desk, open_desk
from lib.services.imports import committing, fixing, previewing
from lib.services.loads import loading, rotating
from lib.services.log import archiving
from lib.services.records import browsing, customers, revealing
from lib.store import cipher
from lib.store.grid.sources import CERTIFICATES, SUBSCRIPTIONS
from tests import packs
from tests.browser.left_behind import kept
from tests.desks import ALONE
from tests.segmented import begin, check
from tests.tampering import proved_log, write_rows

pytestmark = pytest.mark.slow

KEY = cipher.new_key()
ADMIN = Actor("admin", "Adela Admin", Role.ADMIN)
# Of the pack, of what is typed and imported, of who did it: readable in a folder that isn't.
SAID = ("Zoé Núñez Peña", "otra.zoe@example.com", "F7-PAPEL", "S0000000001", "Persona 1")
PACK_CODE = "SECRT-00001-AAAAA-BBBBB"
HEADING = "Folio;No. Serie;Sistema;Versión;Usuarios;Fecha Compra;Titular;RFC;No. Cuenta\r\n"
FILE = (
    f"{HEADING}F7-PAPEL;0KFAQ05EFJ4;BANCO;6.0;2;16/05/2018;Peña;;00000001\r\nF8;X;SAE;9;x;;;;\r\n"
)


def read(data: Path, key: str) -> settings.Settings:
    return settings.read({"MESA_DATA": str(data), "MESA_DATA_KEY": key, **ALONE})


def worked(desk: Desk, pack: Path) -> None:
    """A day in which every kind of file is written: by this process and by children."""
    loading.load(desk, ADMIN, packs.whole(pack), lambda *_: None)
    typed = {"name": "Zoé Núñez Peña", "email": "otra.zoe@example.com", "phone": "5512345678"}
    customers.correct(desk, ADMIN, "00000001", Section.CONTACT, typed, 0)
    seen = previewing.preview(desk, ADMIN, "papel.csv", io.BytesIO(FILE.encode()))
    edits = {3: {"seats": "2", "folio": "F8", "serial": "0XY", "version": "9.0"}}
    bad = fixing.rows(desk, ADMIN, seen)
    seen = fixing.check(desk, ADMIN, seen, bad, edits)
    committing.commit(desk, ADMIN, seen)
    rotating.rotate(desk, ADMIN, lambda *_: None)
    proved_log(desk, 5)
    for _ in range(2):
        begin(desk)
        write_rows(desk, 4)
    assert archiving.archive(desk, ADMIN) == 2


def holds(desk: Desk) -> None:
    assert browsing.browse(desk, SUBSCRIPTIONS, View(q="zoe nunez"), actor=ADMIN).records == 1
    assert browsing.browse(desk, CERTIFICATES, View(q="F7-PAPEL"), actor=ADMIN).records == 1
    shown = revealing.reveal(desk, ADMIN, "S0000000001", "compare", "T-1", f"k{id(desk)}")
    assert shown.code == PACK_CODE
    assert check(desk.store).findings == ()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = open_desk(read(tmp_path / "data", KEY))
    yield desk
    desk.close()


def test_a_day_s_work_is_readable_with_its_key_and_in_no_file_without(
    desk: Desk, tmp_path: Path
) -> None:
    worked(desk, tmp_path / "pack")
    holds(desk)
    data = desk.settings.data
    assert (data / "ops.duckdb.wal").stat().st_size > 0
    assert kept(data, frozenset(SAID)) == []
    assert not list(data.glob("batches/*/*"))  # what people sent says what it holds
    desk.close()
    assert kept(data, frozenset(SAID)) == []
    again = open_desk(read(data, KEY))
    holds(again)
    again.close()
    for key, reason in (("", Reason.DATA_KEY_MISSING), (cipher.new_key(), Reason.DATA_KEY_WRONG)):
        with pytest.raises(AppError) as error:
            open_desk(read(data, key))
        assert error.value.reason is reason
        assert error.value.__cause__ is None
    assert kept(data, frozenset({KEY})) == []


def test_a_folder_that_was_not_encrypted_becomes_so_by_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    desk = open_desk(read(data, ""))
    worked(desk, tmp_path / "pack")
    desk.close()
    assert kept(data, frozenset(SAID))  # else the search would say nothing
    before = shutil.copytree(data, tmp_path / "before")
    monkeypatch.setenv("MESA_DATA", str(data))
    assert main(["key", "encrypt"]) == 2  # without a key
    monkeypatch.setenv("MESA_DATA_KEY", KEY)
    assert main(["verify"]) == 2
    assert "no está cifrado" in capsys.readouterr().err
    assert main(["key", "encrypt"]) == 0
    assert "archivos quedaron cifrados" in capsys.readouterr().out
    assert main(["key", "encrypt"]) == 0
    assert "ya estaban cifrados" in capsys.readouterr().out
    assert kept(data, frozenset(SAID)) == []
    assert main(["verify"]) == 0
    desk = open_desk(read(data, KEY))
    holds(desk)
    found = desk.store.rows(
        "SELECT d.detail FROM ops.audit a JOIN ops.audit_detail d USING (seq) WHERE a.action = ?",
        [Action.DATA_ENCRYPTED.value],
    )
    (files,) = [json.loads(detail)["encrypted"] for (detail,) in found]
    assert files == 5  # the database, the refs of two loads, two archives
    plain = open_desk(read(before, ""))
    shape = (
        "SELECT table_name, constraint_type, constraint_column_names::VARCHAR"
        " FROM duckdb_constraints() WHERE database_name <> 'memory' ORDER BY ALL"
    )
    assert desk.store.rows(shape) == plain.store.rows(shape)
    indexes = "SELECT table_name, index_name FROM duckdb_indexes() ORDER BY ALL"
    assert desk.store.rows(indexes) == plain.store.rows(indexes)
    for table in ("account", "system", "sealed_code", "search_place"):
        rows = f"SELECT bit_xor(hash(t)), count(*) FROM {table} t"  # with where each row lies
        assert desk.store.rows(rows) == plain.store.rows(rows), table
    desk.close()
    plain.close()


def test_without_its_package_the_start_says_which(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cipher, "_PACKAGE", "no_such_package")
    with pytest.raises(AppError) as error:
        open_desk(read(tmp_path / "data", KEY))
    assert error.value.reason is Reason.NO_CIPHER
    assert error.value.facts == {"package": "no-such-package"}
