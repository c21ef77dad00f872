"""A desk's whole folder after a day's work: no secret lies in any file as it is read.

CDAs, passwords, seeds, recovery codes, cookies, tickets and links; in the database, in the log
beside it, in refs, staged rows and kept files.
"""

import base64
import io
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from lib import settings
from lib.model import clock
from lib.model.actor import SYSTEM, Actor
from lib.model.reveal import RevealMotive
from lib.model.roles import Role
from lib.model.sheet import Format, Words
from lib.model.view import View
from lib.services.desk import Desk, open_desk
from lib.services.doors import access, codes, invitations, totp
from lib.services.doors.factors import HalfWay
from lib.services.doors.invitations import Invited
from lib.services.doors.opening import SignedIn
from lib.services.imports import committing, previewing
from lib.services.loads import loading, rotating
from lib.services.outgoing import letters
from lib.services.records import exporting, revealing
from lib.services.resends import resending
from lib.store.grid.sources import SUBSCRIPTIONS
from lib.store.mail import outbox
from lib.store.pack.files import ACTIVATIONS
from tests import packs
from tests.browser.left_behind import CODES, kept
from tests.packs import row

pytestmark = pytest.mark.slow

PASSWORD, NEW_PASSWORD = "una frase larga y única", "otra frase larga y mejor"
NEW_CODE = "NUEVO-12345-ABCDE-67890"
SERIAL = "S0000000001"
GERENTE = Actor("gil", "Gil", Role.MANAGER)


@pytest.fixture
def desk(small_data: Path, tmp_path: Path, cheap_passwords: None) -> Iterator[Desk]:
    folder = shutil.copytree(small_data, tmp_path / "data")
    read = settings.read({"MESA_DATA": str(folder), "MESA_URL": "https://mesa.example.com"})
    desk = open_desk(replace(read, second_factor="todos"))
    access.add_staff(desk, SYSTEM, "gil", "Gil", "gil@example.com", Role.MANAGER, PASSWORD)
    yield desk
    desk.close()


def doors(desk: Desk) -> set[str]:
    """Everything that somebody proves who they are with; what was typed wrong too."""
    half = access.sign_in(desk, "gil", PASSWORD)
    assert isinstance(half, HalfWay)
    written = codes.begin(desk, half.token).written.replace(" ", "")
    seed = base64.b32decode(written + "=" * (-len(written) % 8))
    enrolled = codes.enrol(desk, half.token, totp.code_at(seed, clock.now()))
    ticket = enrolled.signed_in.ticket
    cookie = access.redeem(desk, ticket)
    assert cookie
    actor = access.actor_of_cookie(desk, cookie)
    assert actor
    again = access.sign_in(desk, "gil", PASSWORD)
    assert isinstance(again, HalfWay)
    opened = codes.give(desk, again.token, enrolled.codes[0])
    assert isinstance(opened, SignedIn)
    wrong = "una frase que no es la suya"
    for typed in (wrong, f"{PASSWORD} "):
        with pytest.raises(Exception, match="bad_credentials"):
            access.sign_in(desk, "gil", typed)
    access.change_password(desk, actor, PASSWORD, NEW_PASSWORD, NEW_PASSWORD)
    said = {PASSWORD, NEW_PASSWORD, wrong, written, half.token, again.token, cookie, ticket}
    return said | {opened.ticket, *enrolled.codes}


def link(desk: Desk) -> str:
    """Of an invitation, whose mail waits."""
    invitations.invite(desk, SYSTEM, Invited("luz", "Luz", "luz@example.com", Role.AGENT))
    (found,) = re.findall(r"enlace=(\S+)", " ".join(mailed(desk)))
    return str(found)


def mailed(desk: Desk) -> list[str]:
    """What the mails that wait say."""
    texts = []
    while claim := desk.store.write(outbox.claim):
        texts.append(letters.written(desk, claim).words.text)
    return texts


def codes_seen_and_sent(desk: Desk) -> None:
    motive, ticket = RevealMotive.COMPARE.value, "T-1"
    shown = revealing.reveal(desk, GERENTE, SERIAL, motive, ticket, "k1")
    assert shown.code in CODES
    resending.resend(desk, GERENTE, SERIAL, "other", "", "k2")
    assert any(shown.code in text for text in mailed(desk))


def an_export(desk: Desk) -> str:
    headings = {column.id: column.id for column in SUBSCRIPTIONS.columns}
    words = Words("Suscripciones", headings)
    ticket = exporting.start(desk, SUBSCRIPTIONS, View(), Format.CSV, words, actor=GERENTE)
    download = exporting.take(desk, ticket, actor=GERENTE)
    assert b"".join(download)
    download.close()
    return ticket


def a_load_and_an_import(desk: Desk, folder: Path, admin: Actor) -> None:
    """The pack's own folder isn't the desk's; a file with codes in it isn't kept."""
    pack = packs.write(
        folder, {ACTIVATIONS: [row(ACTIVATIONS, code=NEW_CODE, issued_on="20/11/2026")]}
    )
    loading.load(desk, admin, pack, lambda *_: None, apart=False)
    assert revealing.reveal(desk, admin, SERIAL, "compare", "T-2", "k3").code == NEW_CODE
    rotating.rotate(desk, admin, lambda *_: None)
    file = (
        "Folio;No. Serie;Sistema;Versión;Usuarios;Fecha Compra;Titular;RFC;No. Cuenta;CDA\r\n"
        f"F1;0KFAQ05EFJ4;BANCO;6.0;2;16/05/2018;Peña;;00000001;{NEW_CODE}\r\n"
    )
    seen = previewing.preview(desk, GERENTE, "a.csv", io.BytesIO(file.encode()))
    committing.commit(desk, GERENTE, seen)


def test_no_file_of_a_desk_says_a_secret(desk: Desk, tmp_path: Path, admin: Actor) -> None:
    secrets = doors(desk) | {link(desk), an_export(desk), NEW_CODE} | CODES
    codes_seen_and_sent(desk)
    a_load_and_an_import(desk, tmp_path / "pack", admin)
    data = desk.settings.data
    assert (data / "ops.duckdb.wal").stat().st_size > 0
    assert kept(data, frozenset(secrets)) == []
    desk.close()
    assert not (data / "ops.duckdb.wal").exists()
    assert kept(data, frozenset(secrets)) == []
    assert "ops.duckdb" in kept(data, frozenset({"luz@example.com"}))  # else it would say nothing


def test_the_search_would_find_one(tmp_path: Path) -> None:
    """Else the test above would say nothing."""
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "cda.key").write_text(NEW_CODE)
    assert kept(tmp_path, frozenset({NEW_CODE})) == []
    (tmp_path / "batches").mkdir()
    (tmp_path / "batches" / "a.csv").write_text(f"F1;{NEW_CODE}\r\n")
    assert kept(tmp_path, frozenset({NEW_CODE})) == ["batches/a.csv"]
