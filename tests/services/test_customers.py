"""Correcting an account: checked, versioned, logged, laid over the vendor's data."""

import json

import pytest

from lib.model.account import Section
from lib.model.action import Action
from lib.model.actor import Actor
from lib.model.contact import Problem
from lib.model.errors import AppError, Reason
from lib.model.outbox import MailKind, Request
from lib.model.view import View
from lib.services.desk import Desk
from lib.services.records import browsing, customers
from lib.store.grid.sources import AUDIT
from lib.store.grid.tree import Record
from lib.store.mail import outbox
from tests import small_ref
from tests.services.log_rows import logged

NUMBER = "00000001"
TYPED = {
    "name": "Héctor Villaseñor Muñoz",
    "email": "hector@nuevo.example.com",
    "phone": "4424614158",
}


def last_audit(desk: Desk) -> tuple[str, str, str, dict[str, dict[str, str]]]:
    row = desk.store.rows(
        "SELECT action, actor, account_no, detail FROM ops.audit"
        " JOIN ops.audit_detail USING (seq) ORDER BY seq DESC LIMIT 1"
    )[0]
    return row[0], row[1], row[2], json.loads(row[3])


def refusal(desk: Desk, actor: Actor, **changes: str) -> AppError:
    with pytest.raises(AppError) as refused:
        customers.correct(desk, actor, NUMBER, Section.CONTACT, TYPED | changes, 0)
    return refused.value


def test_a_correction_shows_at_once_and_is_logged(desk: Desk, agent: Actor) -> None:
    account = customers.correct(desk, agent, NUMBER, Section.CONTACT, TYPED, 0)
    assert account.email == "hector@nuevo.example.com"
    assert (account.version, account.corrected) == (1, ("email",))
    assert customers.find(desk, agent, NUMBER) == account
    action, actor, number, detail = last_audit(desk)
    assert (action, actor, number) == ("contact_changed", "agente", NUMBER)
    assert detail["old"] == {"email": "hector.villasenor@example.com"}
    assert detail["new"] == {"email": "hector@nuevo.example.com"}


@pytest.mark.slow
def test_a_correction_survives_the_vendor_s_next_load(desk: Desk, agent: Actor) -> None:
    customers.correct(desk, agent, NUMBER, Section.CONTACT, TYPED, 0)
    small_ref.publish(desk.store, desk.vault())
    assert customers.find(desk, agent, NUMBER).email == "hector@nuevo.example.com"


def test_back_to_the_vendor_s_value_is_no_correction(desk: Desk, agent: Actor) -> None:
    customers.correct(desk, agent, NUMBER, Section.CONTACT, TYPED, 0)
    back = TYPED | {"email": "hector.villasenor@example.com"}
    account = customers.correct(desk, agent, NUMBER, Section.CONTACT, back, 1)
    assert (account.version, account.corrected) == (2, ())
    assert last_audit(desk)[0] == "contact_changed"


def test_each_tab_keeps_the_others_corrections(desk: Desk, agent: Actor) -> None:
    customers.correct(desk, agent, NUMBER, Section.CONTACT, TYPED, 0)
    typed = {"street": "Calle 1", "neighborhood": "Roma", "municipality": "X", "state": "Y"}
    account = customers.correct(desk, agent, NUMBER, Section.SHIPPING, typed, 1)
    assert set(account.corrected) == {"email", "street", "neighborhood", "municipality", "state"}
    assert last_audit(desk)[0] == "shipping_changed"


def test_billing_is_logged_as_billing(desk: Desk, agent: Actor) -> None:
    typed = {
        "rfc": "GODE561231GR8",
        "legal_name": "Héctor",
        "tax_regime": "612",
        "cfdi_use": "S01",
        "postal_code": "01000",
    }
    account = customers.correct(desk, agent, NUMBER, Section.BILLING, typed, 0)
    assert account.rfc == "GODE561231GR8"
    assert last_audit(desk)[0] == "billing_changed"


def test_bad_values_change_nothing(desk: Desk, agent: Actor) -> None:
    refused = refusal(desk, agent, email="ana.rios(arroba)gmail", phone="")
    assert refused.reason is Reason.INVALID_FIELD
    assert refused.facts["errors"] == {"email": Problem.BAD_EMAIL, "phone": Problem.REQUIRED}
    assert customers.find(desk, agent, NUMBER).version == 0
    assert desk.store.rows("SELECT * FROM ops.audit") == []


def test_nothing_changed_is_said(desk: Desk, agent: Actor) -> None:
    refused = refusal(desk, agent, email="hector.villasenor@example.com")
    assert refused.reason is Reason.NOTHING_CHANGED


def test_what_the_vendor_wrote_wrong_may_stay(desk: Desk, agent: Actor) -> None:
    before = customers.find(desk, agent, "00000004")
    typed = {"name": before.name, "email": before.email, "phone": "5511112222"}
    account = customers.correct(desk, agent, "00000004", Section.CONTACT, typed, 0)
    assert (account.email, account.phone) == ("ana.rios(arroba)gmail", "5511112222")
    assert last_audit(desk)[3]["new"] == {"phone": "5511112222"}


def test_the_second_of_two_agents_is_told(desk: Desk, agent: Actor) -> None:
    customers.correct(desk, agent, NUMBER, Section.CONTACT, TYPED, 0)
    refused = refusal(desk, agent, email="otro@example.com")
    assert refused.reason is Reason.CHANGED_MEANWHILE
    assert customers.find(desk, agent, NUMBER).email == "hector@nuevo.example.com"


def test_an_unknown_account_is_refused(desk: Desk, agent: Actor) -> None:
    with pytest.raises(AppError) as refused:
        customers.find(desk, agent, "99999999'; DROP TABLE ops.audit; --")
    assert refused.value.reason is Reason.UNKNOWN_ACCOUNT


# ---- the old address is told ---------------------------------------------------------------


def told(desk: Desk) -> list[Request]:
    """The mails to addresses that were on record, oldest first."""
    rows = desk.store.rows(
        "SELECT id FROM ops.outbox WHERE kind = ? ORDER BY requested_at",
        [MailKind.ADDRESS_CHANGED.value],
    )
    asked = [outbox.request(desk.store, row[0]) for row in rows]
    return [request for request in asked if request]


def test_the_old_address_is_told_with_a_reference_that_leads_to_the_log(
    desk: Desk, agent: Actor
) -> None:
    customers.correct(desk, agent, NUMBER, Section.CONTACT, TYPED, 0)
    [notice] = told(desk)
    assert (notice.recipient, notice.recipient_name) == (
        "hector.villasenor@example.com",
        "Héctor Villaseñor Muñoz",
    )
    assert (notice.account_no, notice.requested_by, notice.serial) == (NUMBER, "agente", "")
    reference = notice.payload["reference"]
    assert notice.payload == {
        "masked_old": "h***************r@example.com",
        "masked_new": "h****r@nuevo.example.com",
        "reference": reference,
    }
    assert desk.mail_waiting.is_set()
    [row] = logged(desk, Action.CONTACT_CHANGED)
    assert row["subject"] == notice.id
    assert row["detail"]["reference"] == reference
    assert len(reference) == 8
    assert notice.id.startswith(reference.lower())


def test_who_reads_the_log_finds_the_change_by_its_reference(
    desk: Desk, agent: Actor, manager: Actor
) -> None:
    customers.correct(desk, agent, NUMBER, Section.CONTACT, TYPED, 0)
    reference = told(desk)[0].payload["reference"]
    found = browsing.browse(desk, AUDIT, View(q=reference), actor=manager)
    [row] = found.rows
    assert isinstance(row, Record)
    assert "contact_changed" in row.cells


def test_other_corrections_tell_nobody(desk: Desk, agent: Actor) -> None:
    typed = TYPED | {"email": "hector.villasenor@example.com", "phone": "5511112222"}
    customers.correct(desk, agent, NUMBER, Section.CONTACT, typed, 0)
    typed |= {"email": "Hector.Villasenor@example.com"}  # the same mailbox
    customers.correct(desk, agent, NUMBER, Section.CONTACT, typed, 1)
    assert told(desk) == []
    assert "reference" not in last_audit(desk)[3]


@pytest.mark.parametrize("number", ["00000003", "00000004"], ids=["no address", "not one"])
def test_where_no_mail_can_go_nobody_is_told(desk: Desk, agent: Actor, number: str) -> None:
    typed = TYPED | {"name": customers.find(desk, agent, number).name}
    customers.correct(desk, agent, number, Section.CONTACT, typed, 0)
    assert told(desk) == []
    assert last_audit(desk)[3]["new"]["email"] == TYPED["email"]


def test_a_correction_that_is_refused_tells_nobody(desk: Desk, agent: Actor) -> None:
    customers.correct(desk, agent, NUMBER, Section.CONTACT, TYPED, 0)
    refusal(desk, agent, email="otro@example.com")
    assert len(told(desk)) == 1
