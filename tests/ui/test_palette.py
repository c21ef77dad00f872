"""The palette's Python side: what it asks, what it answers, where a choice may lead."""

from urllib.parse import parse_qs, urlsplit

import pytest

from lib.model.actor import Actor
from lib.model.roles import Role, may
from lib.model.view import View
from lib.services.desk import Desk
from lib.services.records import finding
from lib.services.records.verifying import Verdict
from lib.ui import hits, pages, shortcuts
from lib.ui.hits import Hit, Kind
from lib.ui.palette import places
from tests import small_ref

AGENT = Actor("agente", "Agustina Agente", Role.AGENT)


def allowed(role: Role) -> list[pages.Page]:
    return [page for page in pages.PAGES if may(role, page.permission)]


@pytest.fixture
def full(desk: Desk) -> Desk:
    small_ref.publish(desk.store, desk.vault())
    return desk


def test_what_is_found_reads_by_kind(full: Desk) -> None:
    kinds = hits.by_kind(finding.everything(full, AGENT, "zoe"))
    assert [(kind.id, kind.total) for kind in kinds] == [("accounts", 1), ("systems", 2)]
    account, system = kinds[0].hits[0], kinds[1].hits[0]
    assert account == Hit(
        "00000002", "Zoé Pérez Ordóñez", "00000002 · z*******z@example.com", "00000002"
    )
    assert system.detail == "Zoé Pérez Ordóñez"
    assert system.row in system.title


def test_a_mistyped_name_is_found_and_said(full: Desk) -> None:
    [accounts, _] = hits.by_kind(finding.everything(full, AGENT, "villasenro"))
    assert accounts.hits[0].title == "Héctor Villaseñor Muñoz"
    assert "villasenro" in accounts.note


def test_a_folio_that_nobody_has_is_said_with_those_like_it() -> None:
    kind = hits.unregistered(Verdict("F12", (), (("F13", "F13"), ("F9", "F1"))))
    assert kind.note == "«F12» no está registrado; estos se parecen:"
    assert [(hit.row, hit.title) for hit in kind.hits] == [("F13", "F13"), ("F9", "F1 · folio F9")]
    assert not kind.listed
    assert "pide que lo lean otra vez" in hits.unregistered(Verdict("F12", ())).note


def test_a_system_leads_to_its_account_and_its_row() -> None:
    place = places.of(Kind("systems", "", 1, ()), Hit("S1", "", "", "00000002"))
    assert (place.href, place.row) == ("/Cuenta?cuenta=00000002", "S1")


def test_a_certificate_leads_to_the_list_where_it_is_found() -> None:
    place = places.of(Kind("certificates", "", 1, ()), Hit("F 1&x", "", "", ""))
    address = urlsplit(place.href)
    assert address.path == "/Certificados"
    assert View.from_query(parse_qs(address.query)["vista"][0]) == View(q="F 1&x")
    assert place.row == "F 1&x"


def test_all_of_a_kind_stand_in_its_lists() -> None:
    ways = places.lists(Kind("systems", "", 1234, ()), "garcía")
    assert [place.file for _, place in ways] == [
        "pages/Suscripciones.py",
        "pages/Licenciamiento.py",
    ]
    [(name, place)] = places.lists(Kind("accounts", "", 1234, ()), "garcía")
    assert name == "Ver las 1,234 cuentas"
    assert View.from_query(place.query["vista"]).q == "garcía"


@pytest.mark.parametrize(
    "raw",
    [
        None,
        "pages/Cuenta.py",
        {"file": "pages/Bitacora.py", "query": {}},  # not an agent's
        {"file": "../etc/passwd", "query": {}},
        {"file": "pages/Cuenta.py"},
        {"file": "pages/Cuenta.py", "query": ["cuenta"]},
        {"file": ["pages/Cuenta.py"], "query": {}},
    ],
)
def test_a_browser_opens_only_pages_that_may_be_opened(raw: object) -> None:
    assert places.read(raw, allowed(Role.AGENT)) is None


def test_of_an_address_only_what_pages_read_is_kept() -> None:
    query = {"cuenta": "0001\x00", "vista": 7, "abrir": "x", "otra": "y"}
    place = places.read({"file": "pages/Cuenta.py", "query": query}, allowed(Role.AGENT))
    assert place is not None
    assert place.query == {"cuenta": "0001"}


def test_each_page_has_a_letter_of_its_own() -> None:
    assert sorted(shortcuts.LETTERS.values()) == sorted(page.file for page in pages.PAGES)


def test_the_list_of_keys_holds_the_pages_that_a_person_may_open() -> None:
    sections = {
        s["title"]: s["rows"] for s in shortcuts.sheet(shortcuts.going(allowed(Role.AGENT)))
    }
    does = [what for _, what in sections["Ir a una página"]]
    assert "Suscripciones" in does
    assert "Bitácora" not in does
