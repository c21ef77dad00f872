"""What the store knows of systems and accounts."""

import datetime as dt

from lib.model.system import Issue, Kind
from lib.services.desk import Desk
from lib.store.records import accounts, systems


def test_a_system_by_its_serial(desk: Desk) -> None:
    system = systems.find(desk.store, "S0000000001")
    assert system is not None
    assert (system.kind, system.product, system.version) == (Kind.SUBSCRIPTION, "SAE", "10.0")
    assert system.next_payment_on == dt.date(2027, 3, 1)
    assert systems.find(desk.store, "s0000000001") is None


def test_issues_are_dates_and_causes_newest_first(desk: Desk) -> None:
    assert systems.issues(desk.store, "S0000000001") == [
        Issue(dt.date(2026, 2, 1), "Desbloqueo"),
        Issue(dt.date(2025, 3, 1), "Alta"),
    ]


def test_a_serial_on_paper(desk: Desk) -> None:
    desk.store.write(
        lambda t: t.run(
            "INSERT INTO ops.certificate VALUES"
            " ('F1', 'C0000000001', 'SAE', '9.0', 1, NULL, 'Ana', '', '', '', 'b1')"
        )
    )
    assert systems.on_paper(desk.store, "C0000000001")
    assert not systems.on_paper(desk.store, "S0000000001")


def test_an_account_shows_corrections_over_the_vendors_values(desk: Desk) -> None:
    before = accounts.find(desk.store, "00000002")
    assert before is not None
    assert (before.version, before.corrected) == (0, ())
    desk.store.write(
        lambda t: t.run(
            "INSERT INTO ops.correction (account_no, email, name, search, version, corrected_at,"
            " corrected_by) VALUES ('00000002', 'nueva@example.com', ?, '', 3, ?, 'agente')",
            [before.name, t.now],
        )
    )
    after = accounts.find(desk.store, "00000002")
    assert after is not None
    assert (after.email, after.version) == ("nueva@example.com", 3)
    assert after.corrected == ("email",)  # the name was corrected to what the vendor says
    assert after.rfc == before.rfc
    assert accounts.find(desk.store, "99999999") is None
