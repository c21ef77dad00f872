"""The whole story that an entry is part of, and one account's history."""

import datetime as dt

import pytest

from lib.model import clock
from lib.model.account import Section
from lib.model.action import Action, Entry
from lib.model.actor import SYSTEM, Actor
from lib.model.approval import LIFE
from lib.model.errors import AppError, Reason
from lib.model.outbox import Motive
from lib.model.roles import Role
from lib.services.desk import Desk
from lib.services.doors import access
from lib.services.log import entries, erasing, stories
from lib.services.records import customers
from lib.services.resends import answering, approvals, resending
from lib.store.database import Transaction
from lib.store.mail import outbox
from tests.services.log_rows import logged
from tests.services.test_bulk import start, worked_off

SERIAL, ACCOUNT = "S0000000001", "00000001"
PASSWORD = "una frase larga y propia"


@pytest.fixture
def desk(desk: Desk, cheap_passwords: None) -> Desk:
    """Who answers is read from the database."""
    for username, role in (("agente", Role.AGENT), ("gerente", Role.MANAGER)):
        access.add_staff(
            desk, SYSTEM, username, username, f"{username}@mesa.example.com", role, PASSWORD
        )
    return desk


def change_email(desk: Desk, actor: Actor, email: str = "hector@nuevo.example.com") -> None:
    now = customers.find(desk, actor, ACCOUNT)
    typed = {"name": now.name, "email": email, "phone": now.phone}
    customers.correct(desk, actor, ACCOUNT, Section.CONTACT, typed, now.version)


def resent(desk: Desk, actor: Actor, key: str = "k1", serial: str = SERIAL) -> str:
    return resending.resend(desk, actor, serial, Motive.NEW_ADDRESS, "T-7", key).id


def fail(desk: Desk, mail_id: str) -> None:
    """As the worker does when the server refuses it."""

    def work(t: Transaction) -> None:
        t.run(
            "UPDATE ops.outbox SET state = 'failed', problem = 'address_refused' WHERE id = ?",
            [mail_id],
        )
        t.run("UPDATE ops.resend_slot SET free_at = ? WHERE outbox_id = ?", [t.now, mail_id])
        mail = outbox.find(t, mail_id)
        assert mail is not None
        entry = Entry(Action.MAIL_FAILED, account_no=ACCOUNT, serial=mail.serial, subject=mail_id)
        t.log(SYSTEM, entry)

    desk.store.write(work)


def told(desk: Desk, reader: Actor, action: Action, place: int = 0) -> list[str]:
    """The acts of the story that the n-th row of an act opens."""
    seq = logged(desk, action)[place]["seq"]
    return [
        step.action.value for step in stories.story(desk, reader, entries.entry(desk, reader, seq))
    ]


@pytest.mark.slow
def test_from_the_change_of_address_to_the_bounce(desk: Desk, agent: Actor, manager: Actor) -> None:
    change_email(desk, agent)
    mail_id = resent(desk, agent)
    answering.approve(desk, manager, mail_id)
    entry = Entry(Action.MAIL_BOUNCED, account_no=ACCOUNT, serial=SERIAL, subject=mail_id)
    desk.store.write(lambda t: t.log(SYSTEM, entry))
    resent(desk, agent, "k2", "L0000000001")  # another matter
    whole = [
        "contact_changed",
        "resend_requested",
        "approval_asked",
        "approval_announced",
        "approval_given",
        "mail_bounced",
    ]
    for action in (Action.RESEND_REQUESTED, Action.APPROVAL_GIVEN, Action.MAIL_BOUNCED):
        assert told(desk, manager, action) == whole


@pytest.mark.slow
def test_a_request_nobody_answered(
    desk: Desk, agent: Actor, manager: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_email(desk, agent)
    resent(desk, agent)
    later = clock.now() + LIFE + dt.timedelta(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    approvals.attend(desk)
    assert told(desk, manager, Action.APPROVAL_EXPIRED)[-1] == "approval_expired"
    assert told(desk, manager, Action.APPROVAL_ASKED)[-1] == "approval_expired"


@pytest.mark.slow
def test_retries_of_retries_are_one_story(desk: Desk, agent: Actor, manager: Actor) -> None:
    first = resent(desk, agent)
    fail(desk, first)
    second = resending.retry(desk, agent, first, "k2").id
    fail(desk, second)
    resending.retry(desk, agent, second, "k3")
    whole = ["resend_requested", "mail_failed", "resend_retried", "mail_failed", "resend_retried"]
    for place in (0, 1):
        assert told(desk, manager, Action.RESEND_RETRIED, place) == whole
        assert told(desk, manager, Action.MAIL_FAILED, place) == whole
    assert told(desk, manager, Action.RESEND_REQUESTED) == whole


def test_a_change_of_address_and_the_mail_that_tells_of_it(
    desk: Desk, agent: Actor, manager: Actor
) -> None:
    change_email(desk, agent)
    notice = logged(desk, Action.CONTACT_CHANGED)[0]["subject"]
    accepted = Entry(Action.MAIL_ACCEPTED, account_no=ACCOUNT, subject=notice)
    desk.store.write(lambda t: t.log(SYSTEM, accepted))
    whole = ["contact_changed", "mail_accepted"]
    assert told(desk, manager, Action.CONTACT_CHANGED) == whole
    assert told(desk, manager, Action.MAIL_ACCEPTED) == whole


@pytest.mark.slow
def test_a_resend_to_many_and_one_of_its_mails(desk: Desk, agent: Actor, manager: Actor) -> None:
    started = start(desk, agent, SERIAL, "S0000000002")
    worked_off(desk)
    assert told(desk, manager, Action.BULK_STARTED) == ["bulk_started", "bulk_ended"]
    [row] = [r for r in logged(desk, Action.RESEND_REQUESTED) if r["serial"] == SERIAL]
    accepted = Entry(Action.MAIL_ACCEPTED, serial=SERIAL, subject=row["subject"])
    desk.store.write(lambda t: t.log(SYSTEM, accepted))
    of_one = ["bulk_started", "resend_requested", "bulk_ended", "mail_accepted"]
    assert told(desk, manager, Action.MAIL_ACCEPTED) == of_one
    assert logged(desk, Action.BULK_ENDED)[0]["subject"] == started.id


def test_an_alert_from_its_rule_to_what_it_was(desk: Desk, manager: Actor) -> None:
    acts = (Action.ALERT_RAISED, Action.ALERT_TAKEN, Action.ALERT_CLOSED)
    for subject in ("a1", "a2"):
        for action in acts:
            entry = Entry(action, account_no=ACCOUNT, subject=subject)
            desk.store.write(lambda t, e=entry: t.log(manager, e))
    for action in acts:
        assert told(desk, manager, action) == [each.value for each in acts]


def test_an_act_alone_has_no_story(desk: Desk, agent: Actor, manager: Actor) -> None:
    for subject in ("audit", "", "agente"):
        exported = Entry(Action.ROWS_EXPORTED, account_no=ACCOUNT, subject=subject)
        for _ in range(2):
            desk.store.write(lambda t, e=exported: t.log(agent, e))
    for place in range(6):
        assert told(desk, manager, Action.ROWS_EXPORTED, place) == []


def test_a_story_is_for_those_who_read_the_log(desk: Desk, agent: Actor, manager: Actor) -> None:
    resent(desk, agent)
    entry = entries.entry(desk, manager, logged(desk, Action.RESEND_REQUESTED)[0]["seq"])
    with pytest.raises(AppError) as refused:
        stories.story(desk, agent, entry)
    assert refused.value.reason is Reason.FORBIDDEN


# ---- one account ---------------------------------------------------------------------------


def test_an_account_s_history_newest_first_and_only_so_much(desk: Desk, agent: Actor) -> None:
    change_email(desk, agent)
    change_email(desk, agent, "otra@example.com")
    resent(desk, agent)
    found = entries.of_account(desk, agent, ACCOUNT, 2)
    assert [each.action for each in found] == [Action.APPROVAL_ASKED, Action.RESEND_REQUESTED]
    changes = entries.of_account(desk, agent, ACCOUNT, 9, (Action.CONTACT_CHANGED,))
    assert [each.action for each in changes] == [Action.CONTACT_CHANGED] * 2
    assert entries.of_account(desk, agent, "00000002", 9) == []


def test_an_agent_s_history_holds_no_detail(desk: Desk, agent: Actor, manager: Actor) -> None:
    change_email(desk, agent)
    [seen] = entries.of_account(desk, agent, ACCOUNT, 9)
    assert (seen.detail, seen.address, seen.subject, seen.hash) == ({}, "", "", "")
    [whole] = entries.of_account(desk, manager, ACCOUNT, 9)
    assert whole.detail["new"]["email"] == "hector@nuevo.example.com"


def test_an_erased_detail_is_no_longer_told(
    desk: Desk, agent: Actor, manager: Actor, admin: Actor
) -> None:
    change_email(desk, agent)
    mail_id = resent(desk, agent)
    answering.approve(desk, manager, mail_id)
    erasing.erase(desk, admin, ACCOUNT)
    found = entries.of_account(desk, manager, ACCOUNT, 9)
    assert [each.detail for each in found[1:]] == [{}] * 4
    assert told(desk, manager, Action.APPROVAL_GIVEN)[-1] == "approval_given"


def test_a_history_shows_what_was_done_since_it_was_last_asked(desk: Desk, agent: Actor) -> None:
    assert entries.of_account(desk, agent, ACCOUNT, 9) == []
    resent(desk, agent)
    assert len(entries.of_account(desk, agent, ACCOUNT, 9)) == 1
