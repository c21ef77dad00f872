"""What the side panel is told, and to whom."""

import dataclasses

import pytest

from lib.model import clock
from lib.model.account import Section
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.outbox import Motive
from lib.services.desk import Desk
from lib.services.records import customers, peeking
from lib.services.resends import resending
from tests import small_ref

SERIAL = "S0000000001"


def send(desk: Desk, actor: Actor, serial: str = SERIAL) -> None:
    resending.resend(desk, actor, serial, Motive.NOT_RECEIVED, "", f"key of {serial}")


def test_a_system_with_its_customer_its_cdas_and_its_mail(desk: Desk, agent: Actor) -> None:
    send(desk, agent)
    found = peeking.system(desk, SERIAL, actor=agent)
    assert (found.system.product, found.system.seats) == ("SAE", 5)
    assert found.customer is not None
    assert found.customer.name == "Héctor Villaseñor Muñoz"
    assert found.customer.masked_address == "h***************r@example.com"
    assert found.customer.phone == "*** *** 4158"
    assert [issue.cause for issue in found.issues] == ["Desbloqueo", "Alta"]
    assert [(d.requested_by, d.reason) for d in found.deliveries] == [("agente", "not_received")]


def test_no_answer_holds_a_cda_or_a_whole_address(desk: Desk, agent: Actor) -> None:
    send(desk, agent)
    for found in (
        peeking.system(desk, SERIAL, actor=agent),
        peeking.account(desk, "00000001", actor=agent),
    ):
        said = str(dataclasses.asdict(dataclasses.replace(found, **_without_mail(found))))
        assert "LIVE1" not in said
        assert "DEAD1" not in said
        assert "hector.villasenor" not in said


def _without_mail(found: object) -> dict[str, object]:
    """A delivery says where it went; the panel's words leave that out."""
    return {"deliveries": []} if hasattr(found, "deliveries") else {}


def test_a_changed_address_is_told(desk: Desk, agent: Actor) -> None:
    account = customers.find(desk, agent, "00000001")
    typed = {"name": account.name, "email": "otra@example.com", "phone": account.phone}
    customers.correct(desk, agent, "00000001", Section.CONTACT, typed, account.version)
    customer = peeking.account(desk, "00000001", actor=agent).customer
    assert customer.masked_address == "o**a@example.com"
    assert customer.address_change is not None
    assert customer.address_change.changed_by == "agente"


def test_what_is_asked_again_is_as_it_is_now(
    desk: Desk, agent: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = peeking.system(desk, SERIAL, actor=agent)
    monkeypatch.setattr(type(desk.store), "rows", lambda *_: pytest.fail("read again"))
    assert peeking.system(desk, SERIAL, actor=agent) == before
    monkeypatch.undo()
    send(desk, agent)
    assert len(peeking.system(desk, SERIAL, actor=agent).deliveries) == 1
    small_ref.publish(desk.store, desk.vault())
    assert peeking.system(desk, SERIAL, actor=agent).system == before.system


def test_an_account_s_systems_in_short(desk: Desk, agent: Actor) -> None:
    found = peeking.account(desk, "00000002", actor=agent)
    assert [s.serial for s in found.systems] == ["S0000000002", "L0000000002"]
    assert (found.system_count, found.certificate_count) == (2, 0)


def test_an_address_that_no_mail_can_go_to_is_told(desk: Desk, agent: Actor) -> None:
    assert not peeking.account(desk, "00000004", actor=agent).customer.address_is_good


def test_what_is_gone_is_refused(desk: Desk, agent: Actor) -> None:
    for ask, key, reason in (
        (peeking.system, "S9", Reason.UNKNOWN_SERIAL),
        (peeking.certificate, "F9", Reason.UNKNOWN_FOLIO),
        (peeking.account, "9", Reason.UNKNOWN_ACCOUNT),
    ):
        with pytest.raises(AppError) as refusal:
            ask(desk, key, actor=agent)
        assert refusal.value.reason is reason


def test_a_certificate_linked_and_not(desk: Desk, agent: Actor) -> None:
    for folio, account_no in (("F1", "00000001"), ("F2", "")):
        desk.store.write(
            lambda t, folio=folio, account_no=account_no: t.run(
                "INSERT INTO ops.certificate VALUES (?, '0C1', 'SAE', '9.0', 1, ?, 'Ana', '', ?,"
                " '', 'b1')",
                [folio, clock.today(), account_no],
            )
        )
    linked = peeking.certificate(desk, "F1", actor=agent)
    assert linked.certificate.serial == "0C1"
    assert linked.customer is not None
    assert peeking.certificate(desk, "F2", actor=agent).customer is None
    assert peeking.account(desk, "00000001", actor=agent).certificate_count == 1


def test_only_who_may_find_is_told(
    desk: Desk, agent: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Actor, "may", lambda *_: False)
    for ask in (peeking.system, peeking.certificate, peeking.account):
        with pytest.raises(AppError) as refusal:
            ask(desk, "any", actor=agent)
        assert refusal.value.reason is Reason.FORBIDDEN
