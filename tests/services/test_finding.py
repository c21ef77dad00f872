"""One search finds accounts, systems and certificates."""

from lib.model.account import Section
from lib.model.actor import Actor
from lib.services.desk import Desk
from lib.services.records import customers, finding
from lib.services.records.finding import Found, Hits


def test_part_of_a_name_without_accents(desk: Desk, agent: Actor) -> None:
    found = finding.everything(desk, agent, "villasenor hec")
    assert [row["account_no"] for row in found.accounts.rows] == ["00000001"]
    assert {row["serial"] for row in found.systems.rows} == {"S0000000001", "L0000000001"}
    assert found.certificates.total == 0


def test_a_corrected_name_is_found_by_both(desk: Desk, agent: Actor) -> None:
    typed = {"name": "Ñandú Veloz", "email": "n@example.com", "phone": "4424614158"}
    customers.correct(desk, agent, "00000001", Section.CONTACT, typed, 0)
    for text in ("nandu", "villasenor"):
        rows = finding.everything(desk, agent, text).accounts.rows
        assert [row["name"] for row in rows] == ["Ñandú Veloz"]


def test_no_more_than_asked_and_how_many_there_are(desk: Desk, agent: Actor) -> None:
    found = finding.everything(desk, agent, "0000", limit=2)
    assert (len(found.systems.rows), found.systems.total) == (2, 6)


def test_a_mistyped_name(desk: Desk, agent: Actor) -> None:
    found = finding.everything(desk, agent, "vilasenor")
    assert [row["account_no"] for row in found.accounts.rows] == ["00000001"]
    assert found.accounts.near == found.systems.near == (("vilasenor", "villasenor"),)
    assert found.systems.only_near


def test_a_serial_with_hyphens_or_without(desk: Desk, agent: Actor) -> None:
    for typed in ("S0000000002", "s-000-000-0002", "s000 0002", "000002"):
        serials = [r["serial"] for r in finding.everything(desk, agent, typed).systems.rows]
        assert "S0000000002" in serials


def test_nothing(desk: Desk, agent: Actor) -> None:
    found = finding.everything(desk, agent, "no existe nadie así")
    assert found == Found(*[Hits((), 0)] * 3)
