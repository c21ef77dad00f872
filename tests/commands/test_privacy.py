"""`python -m lib privacy`: one person's data handed over, or let go, and the log still proves."""

import csv
import io
import json
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lib import settings
from lib.__main__ import main
from lib.model.account import Section
from lib.model.action import Action
from lib.model.actor import SYSTEM, Actor
from lib.model.roles import Role
from lib.services.desk import Desk, open_desk
from lib.services.doors import access, people
from lib.services.loads.handover import os_actor
from lib.services.records import customers
from lib.services.resends import resending
from lib.store.people import privacy, staff
from lib.ui.people import dossier
from tests import small_ref
from tests.desks import ALONE
from tests.services.log_rows import logged

ACCOUNT, NEW = "00000001", "hector.nuevo@example.com"
PHRASE = "una frase larga de paso"
CODES = [code for *_, code in small_ref.ACTIVATIONS]


@pytest.fixture
def data(small_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A desk's folder in which something was done for one customer, and somebody left."""
    folder = shutil.copytree(small_data, tmp_path / "data")
    monkeypatch.setenv("MESA_DATA", str(folder))
    desk = opened(folder)
    admin = Actor("admin", "Adela Admin", Role.ADMIN)
    typed = {"name": "<b>Héctor</b>", "email": NEW, "phone": "4424614158"}
    customers.correct(desk, admin, ACCOUNT, Section.CONTACT, typed, 0)
    resending.resend(desk, admin, "S0000000002", "other", "", "k1")  # somebody else's
    access.add_staff(
        desk, SYSTEM, "luis", "Luis Que Se Fue", "luis@example.com", Role.AGENT, PHRASE
    )
    access.sign_in(desk, "luis", PHRASE, "10.1.2.3")
    desk.close()
    return folder


def opened(folder: Path) -> Desk:
    return open_desk(settings.read({"MESA_DATA": str(folder), **ALONE}))


@pytest.fixture
def again(data: Path) -> Iterator[Any]:
    """Open the desk after the commands."""
    desks: list[Desk] = []

    def open_again() -> Desk:
        desks.append(opened(data))
        return desks[-1]

    yield open_again
    for desk in desks:
        desk.close()


def test_everything_of_one_customer_and_of_nobody_else(
    data: Path, tmp_path: Path, again: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "ana.zip"
    assert main(["privacy", "export", ACCOUNT, str(file)]) == 0
    assert file.stat().st_mode & 0o077 == 0
    with zipfile.ZipFile(file) as made:
        texts = {name: made.read(name).decode("utf-8-sig") for name in made.namelist()}
    assert set(texts) == {
        "LEEME.html", "datos.json", "shown.csv", "vendor.csv", "corrections.csv", "systems.csv",
        "mails.csv", "log.csv",
    }  # fmt: skip
    found = json.loads(texts["datos.json"])
    assert found["shown"][0]["email"] == NEW
    assert found["vendor"][0]["email"] == "hector.villasenor@example.com"
    assert [s["serial"] for s in found["systems"]] == ["L0000000001", "S0000000001"]
    assert [m["recipient"] for m in found["mails"]] == ["hector.villasenor@example.com"]
    assert [row["action"] for row in found["log"]] == ["contact_changed"]
    heading, row = csv.reader(io.StringIO(texts["corrections.csv"]))
    assert dict(zip(heading, row, strict=True))["Correo de Contacto"] == NEW
    assert "&lt;b&gt;Héctor&lt;/b&gt;" in texts["LEEME.html"]
    assert "<b>" not in texts["LEEME.html"]
    for text in texts.values():
        assert "zoe.perez" not in text
        assert "S0000000002" not in text
        assert not any(code in text for code in CODES)
    (row_of_log,) = logged(again(), Action.PERSON_EXPORTED)
    assert (row_of_log["actor"], row_of_log["account_no"]) == (os_actor().username, ACCOUNT)
    assert "ábrelo por LEEME.html" in capsys.readouterr().out


def test_of_nobody_there_is_nothing(
    data: Path, tmp_path: Path, again: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "nadie.zip"
    for arguments in (["99999999", str(file)], ["nadie", str(file), "--staff"]):
        assert main(["privacy", "export", *arguments]) == 2
    assert "La mesa no guarda nada de nadie" in capsys.readouterr().err
    assert not file.exists()
    assert logged(again(), Action.PERSON_EXPORTED) == []


def test_what_is_erased_and_what_proves_stays(data: Path, again: Any) -> None:
    assert main(["privacy", "erase", ACCOUNT, "--yes"]) == 0
    assert main(["verify"]) == 0
    desk = again()
    recipients = desk.store.rows("SELECT account_no, recipient, payload, state FROM ops.outbox")
    by_account = {row[0]: row[1:] for row in recipients}
    assert by_account["00000002"][0] == "zoe.perez@example.com"
    # The mail that waits still knows where it goes; the details of the log are gone.
    (changed,) = logged(desk, Action.CONTACT_CHANGED)
    assert changed["detail"] is None or changed["detail"] == {}
    (row,) = logged(desk, Action.DETAILS_ERASED)
    assert row["account_no"] == ACCOUNT


def test_mails_that_ended_forget_to_whom(data: Path, again: Any) -> None:
    desk = opened(data)
    desk.store.rows("UPDATE ops.outbox SET state = 'failed', smtp_text = 'no ana@example.com'")
    desk.store.rows(
        "INSERT INTO ops.failing_address VALUES (?, '', now()::TIMESTAMP)",
        ["hector.villasenor@example.com"],
    )
    desk.close()
    assert main(["privacy", "erase", ACCOUNT, "--yes"]) == 0
    desk = again()
    of_account = (
        "SELECT recipient, recipient_name, payload, smtp_text FROM ops.outbox WHERE account_no = ?"
    )
    assert desk.store.rows(of_account, [ACCOUNT]) == [("", "", "{}", "")]
    assert desk.store.rows("SELECT address FROM ops.failing_address") == []
    others = desk.store.rows("SELECT recipient FROM ops.outbox WHERE account_no <> ?", [ACCOUNT])
    assert others == [("zoe.perez@example.com",)]
    (row,) = logged(desk, Action.DETAILS_ERASED)
    assert row["detail"] == {"details": 1, "mails": 1}


def test_erasing_lifts_no_stop(data: Path, again: Any) -> None:
    """An address changed a moment ago: without its details the log can't say that it was that."""
    assert main(["privacy", "erase", ACCOUNT, "--yes"]) == 0
    desk = again()
    admin = Actor("admin", "Adela Admin", Role.ADMIN)
    offer = resending.prepare(desk, admin, "S0000000001")
    assert [stop.rule.value for stop in offer.stops] == ["email_changed"]


def test_it_asks_first(
    data: Path, again: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("sí\n"))
    assert main(["privacy", "erase", ACCOUNT]) == 1
    assert "Escribe 00000001 para seguir" in capsys.readouterr().err
    assert logged(again(), Action.DETAILS_ERASED) == []


# ---- staff ---------------------------------------------------------------------------------------


def test_of_the_staff_all_but_the_name_and_the_acts_goes(
    data: Path, tmp_path: Path, again: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["privacy", "erase", "luis", "--staff", "--yes"]) == 2
    assert "luis todavía puede entrar; dale de baja primero" in capsys.readouterr().err
    desk = opened(data)
    everybody = [each.listed.person for each in people.everybody(desk, os_actor())]
    (luis,) = [person for person in everybody if person.username == "luis"]
    people.set_active(desk, os_actor(), luis, active=False)
    desk.close()

    file = tmp_path / "luis.zip"
    assert main(["privacy", "export", "luis", str(file), "--staff"]) == 0
    with zipfile.ZipFile(file) as made:
        found = json.loads(made.read("datos.json"))
    assert found["staff"][0]["email"] == "luis@example.com"
    assert [each["address"] for each in found["session"]] == ["10.1.2.3"]
    acts = {row["action"] for row in found["log"]}
    assert {"signed_in", "staff_added", "staff_disabled"} <= acts  # theirs, and of them
    assert "hash" not in json.dumps(found)

    assert main(["privacy", "erase", "luis", "--staff", "--yes"]) == 0
    assert main(["verify"]) == 0
    desk = again()
    left = staff.find(desk.store, "luis")
    assert left is not None
    assert (left.name, left.email, left.active) == ("Luis Que Se Fue", "", False)
    tables = desk.store.rows(
        "SELECT table_name FROM duckdb_columns() WHERE database_name = 'ops'"
        " AND column_name = 'username' AND table_name NOT IN ('staff', 'sso_identity')"
    )
    assert len(tables) > 8
    for (table,) in tables:
        assert desk.store.rows(f"SELECT 1 FROM ops.{table} WHERE username = 'luis'") == []
    (row,) = logged(desk, Action.STAFF_ERASED)
    assert (row["actor"], row["subject"]) == (os_actor().username, "luis")


def test_whatever_is_handed_over_has_its_words() -> None:
    asked = [privacy._SYSTEM, privacy._MAIL, privacy._CERTIFICATE, ", ".join(privacy._LOGGED)]
    for columns in (*asked, *privacy._OF_STAFF.values(), privacy._FIELDS):
        assert all(dossier.heading(column) for column in columns.split(", "))
    assert set(privacy._OF_STAFF) <= set(dossier.TITLES)
