"""Reports of the watched folder's loads by mail: to whom, and what they say."""

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lib.model.action import Action
from lib.model.actor import SYSTEM, Actor
from lib.model.errors import AppError, Reason
from lib.model.outbox import MailKind
from lib.model.roles import Role
from lib.services.desk import Desk
from lib.services.doors import access
from lib.services.loads import load_mails, loading
from lib.services.loads.in_hand import Pace
from lib.services.loads.inbox import InboxWatch
from lib.services.outgoing.delivery import Worker
from lib.store.pack.files import ACCOUNTS, CERTIFICATES
from lib.store.records import batches, corrections
from lib.ui import messages
from tests import packs
from tests.conftest import copied
from tests.mail.letters import body
from tests.mail.server import Behaviour
from tests.packs import row
from tests.services.conftest import mailing
from tests.services.log_rows import logged
from tests.waiting import until


@pytest.fixture
def team(
    tmp_path: Path, empty_data: Path, smtp: tuple[Behaviour, int], cheap_passwords: None
) -> Iterator[Desk]:
    """A desk that watches a folder, with an administrator, a manager and an agent."""
    folder = tmp_path / "entregas"
    folder.mkdir()
    with copied(empty_data, tmp_path / "data") as opened:
        desk = mailing(opened, smtp[1])
        watching = dataclasses.replace(
            desk.settings, inbox=folder, url="https://mesa.example.com/cda"
        )
        for name, role in (
            ("admin", Role.ADMIN),
            ("gerente", Role.MANAGER),
            ("agente", Role.AGENT),
        ):
            email = f"{name}@example.com"
            access.add_staff(desk, SYSTEM, name, name.title(), email, role, "frase probada")
        yield dataclasses.replace(desk, settings=watching)


def deliver(desk: Desk, name: str) -> None:
    """The folder, looked at twice: what lies there is loaded."""
    watch = InboxWatch(desk, messages.sentence, Pace(settle_s=0), apart=False)
    watch.look()
    assert desk.inbox.now.trouble is None, name


def folder_of(desk: Desk) -> Path:
    assert desk.settings.inbox
    return desk.settings.inbox


def mailed(desk: Desk) -> list[str]:
    rows = desk.store.rows(
        "SELECT recipient FROM ops.outbox WHERE kind = ? ORDER BY 1", [MailKind.LOAD_REPORT.value]
    )
    return [row[0] for row in rows]


@pytest.mark.slow
def test_the_mail_says_what_the_load_did(
    team: Desk, smtp: tuple[Behaviour, int], work: Callable[..., Worker]
) -> None:
    known = packs.write(team.settings.data.parent / "antes", {ACCOUNTS: [row(ACCOUNTS)]})
    loading.load(team, SYSTEM, known, lambda *_: None, apart=False)
    pack = packs.whole(folder_of(team) / "2026-11-23")
    bad = [row(CERTIFICATES, folio=f"F{n}", product="NOY") for n in range(23)]
    packs.write(pack, {CERTIFICATES: [row(CERTIFICATES, holder=""), *bad]})
    team.store.write(lambda t: corrections.lay(t, "00000001", {"phone": "5500000000"}, "x"))
    work(team)
    deliver(team, "2026-11-23")
    [mail] = until(lambda: smtp[0].mails)
    batch = batches.newest(team.store)[0]
    assert mail["Subject"] == "Mesa CDA - Entrega cargada: 4 nuevas, 23 apartadas"
    text, html = body(mail, "plain"), body(mail, "html")
    for said in (text, html):
        assert "Carpeta vigilada «entregas»: 2026-11-23" in said
        assert f"https://mesa.example.com/cda/Importar?lote={batch.id}" in said
        assert "Filas apartadas: 23" in said
        assert said.count("línea ") == load_mails.MOST_ROWS
        assert "y 3 problemas más" in said
        assert "Teléfono de Contacto" in said
        assert "Avisos: " in said
        assert "SECRT-00001" not in said  # the CDA that came with it
        assert "5500000000" not in said
    assert "certificados.csv" in html
    [row_] = logged(team, Action.LOAD_MAILED)
    assert (row_["subject"], row_["detail"]["recipients"]) == (batch.id, "admin@example.com")


@pytest.mark.slow
def test_a_refused_pack_is_told_with_its_reason(
    team: Desk, smtp: tuple[Behaviour, int], work: Callable[..., Worker]
) -> None:
    pack = packs.whole(folder_of(team) / "<b>ayer")
    (pack / "cda.csv").write_bytes(b"\x89PNG\r\n")
    work(team)
    deliver(team, "ayer")
    [mail] = until(lambda: smtp[0].mails)
    assert mail["Subject"] == "Mesa CDA - Entrega no cargada"
    for kind in ("plain", "html"):
        assert "No pude leer cda.csv: es una imagen" in body(mail, kind)
    assert "&lt;b&gt;ayer" in body(mail, "html")


@pytest.mark.slow
def test_the_same_again_is_said(
    team: Desk, smtp: tuple[Behaviour, int], work: Callable[..., Worker]
) -> None:
    for _ in range(2):
        packs.write(folder_of(team), {ACCOUNTS: [row(ACCOUNTS)]})
        (folder_of(team) / "listo").touch()
        deliver(team, "entregas")
    work(team)
    first, again = until(lambda: mails if len(mails := smtp[0].mails) == 2 else [])
    assert again["Subject"] == "Mesa CDA - Entrega cargada: sin cambios"
    assert "Son los mismos archivos que ya se habían cargado el " in body(again, "plain")
    assert "mismos archivos" not in body(first, "plain")


def test_each_chooses_and_the_log_says_so(team: Desk, admin: Actor, manager: Actor) -> None:
    assert (load_mails.wanted(team, admin), load_mails.wanted(team, manager)) == (True, False)
    for wants in (True, True):
        load_mails.choose(team, manager, wants=wants)
    for _ in range(2):
        load_mails.choose(team, admin, wants=False)
    rows = logged(team, Action.LOAD_MAIL_WANTED, Action.LOAD_MAIL_STOPPED)
    assert [(r["action"], r["subject"]) for r in rows] == [
        ("load_mail_wanted", "gerente"), ("load_mail_stopped", "admin"),
    ]  # fmt: skip
    (folder_of(team) / "enlace").symlink_to(folder_of(team))
    deliver(team, "enlace")
    assert mailed(team) == ["gerente@example.com"]


def test_nobody_to_mail_is_no_fault(team: Desk, admin: Actor) -> None:
    load_mails.choose(team, admin, wants=False)
    (folder_of(team) / "enlace").symlink_to(folder_of(team))
    deliver(team, "enlace")
    assert mailed(team) == []
    assert logged(team, Action.LOAD_MAILED) == []
    assert logged(team, Action.PACK_REFUSED)


def test_an_agent_has_no_choice_to_make(team: Desk, agent: Actor) -> None:
    with pytest.raises(AppError) as refused:
        load_mails.choose(team, agent, wants=True)
    assert refused.value.reason is Reason.FORBIDDEN
    assert not load_mails.offered(team, agent)


def test_without_an_address_it_can_t_be_asked_for(team: Desk) -> None:
    access.add_staff(team, SYSTEM, "mudo", "Mudo", "", Role.ADMIN, "frase probada")
    mute = Actor("mudo", "Mudo", Role.ADMIN)
    assert not load_mails.wanted(team, mute)
    with pytest.raises(AppError) as refused:
        load_mails.choose(team, mute, wants=True)
    assert refused.value.reason is Reason.NO_OWN_ADDRESS
