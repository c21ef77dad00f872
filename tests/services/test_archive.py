"""What was doubted is looked up before it is sent again; only an archive that works is believed."""

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from lib.model.action import Action
from lib.model.actor import Actor
from lib.model.outbox import Delivery, MailState
from lib.services.desk import Desk
from lib.services.outgoing import archive
from lib.services.outgoing.delivery import Worker
from lib.services.outgoing.mail_watch import MailWatch
from lib.services.resends import resending
from lib.settings import ImapSettings
from lib.store.mail import aftermath, slots
from lib.store.mail.slots import Slot
from tests.mail.server import Behaviour
from tests.services.conftest import QUICK, found, mailing, settled
from tests.services.log_rows import logged

Served = tuple[Behaviour, int]
Work = Callable[..., Worker]
ARCHIVE = "archivo@mesa.test"
HECTOR = "hector.villasenor@example.com"
SERIAL, OTHER = "S0000000001", "S0000000002"


class Archived:
    """The archive as lib/mail/imap.py reads it: what the test's server was given for it."""

    def __init__(self, server: Behaviour) -> None:
        self.server, self.lost = server, False

    def has(self, _: str, message_id: str) -> bool:
        kept = zip(self.server.received, self.server.mails, strict=True)
        return not self.lost and any(
            ARCHIVE in recipients and mail["Message-ID"] == message_id
            for (_, recipients, _), mail in kept
        )


def archiving(desk: Desk, port: int, **changes: Any) -> Desk:
    how = {"archive_address": ARCHIVE, "archive_grace_s": 0, "timeout_s": 0.5} | changes
    settings = mailing(desk, port, **how).settings
    imap = ImapSettings(host="localhost", archive_folder="Archivo")
    return dataclasses.replace(desk, settings=dataclasses.replace(settings, imap=imap))


@pytest.fixture
def archived(desk: Desk, smtp: Served) -> Desk:
    return archiving(desk, smtp[1])


def ask(desk: Desk, actor: Actor, serial: str, key: str = "") -> Delivery:
    return resending.resend(desk, actor, serial, "other", "", key or f"k{serial}")


def look_up(desk: Desk, server: Behaviour, *, lost: bool = False) -> None:
    mailbox = Archived(server)
    mailbox.lost = lost
    archive.look_up(desk, mailbox, aftermath.uncertain(desk.store))  # type: ignore[arg-type]


def doubted(desk: Desk, actor: Actor, work: Work, server: Behaviour, step: str) -> Delivery:
    """A mail that went, then one whose answer was lost: END it was kept, DROPPED it wasn't."""
    work(desk)
    settled(desk, ask(desk, actor, OTHER).id)
    server.drop = "END"
    asked = settled(desk, ask(desk, actor, SERIAL).id)
    server.drop = ""
    if step == "DROPPED":
        server.received.pop()
    assert asked.state is MailState.UNCERTAIN
    return asked


def recipients(server: Behaviour) -> list[list[str]]:
    return [to for _, to, _ in server.received]


def test_the_archive_gets_a_copy_that_no_header_tells_of(
    archived: Desk, agent: Actor, smtp: Served, work: Work
) -> None:
    work(archived)
    settled(archived, ask(archived, agent, SERIAL).id)
    assert recipients(smtp[0]) == [[HECTOR, ARCHIVE]]
    assert ARCHIVE not in smtp[0].received[0][2].decode()


@pytest.mark.slow
def test_what_the_archive_has_was_accepted(
    archived: Desk, agent: Actor, smtp: Served, work: Work
) -> None:
    lost = doubted(archived, agent, work, smtp[0], "END")
    look_up(archived, smtp[0])
    again = found(archived, lost.id)
    assert (again.state, again.problem) == (MailState.ACCEPTED, "")
    assert len(smtp[0].received) == 2
    row = logged(archived, Action.MAIL_ACCEPTED)[-1]
    assert (row["subject"], row["reason"]) == (lost.id, "found_archived")
    assert row["versions"] == "resend/es 0"


@pytest.mark.slow
def test_what_it_has_not_is_sent_again_with_the_same_message_id(
    archived: Desk, agent: Actor, smtp: Served, work: Work
) -> None:
    lost = doubted(archived, agent, work, smtp[0], "DROPPED")
    look_up(archived, smtp[0])
    assert settled(archived, lost.id).state is MailState.ACCEPTED
    assert smtp[0].mails[-1]["Message-ID"] == f"<{lost.id}@avisos.aspel.com.mx>"
    assert len(smtp[0].received) == 2
    assert [r["subject"] for r in logged(archived, Action.MAIL_SENT_AGAIN)] == [lost.id]


@pytest.mark.slow
def test_a_copy_may_lag_behind(desk: Desk, agent: Actor, smtp: Served, work: Work) -> None:
    slow = archiving(desk, smtp[1], archive_grace_s=3600)
    lost = doubted(slow, agent, work, smtp[0], "DROPPED")
    look_up(slow, smtp[0])
    assert found(slow, lost.id).state is MailState.UNCERTAIN


@pytest.mark.slow
def test_an_archive_that_lost_what_went_is_not_believed(
    archived: Desk, agent: Actor, smtp: Served, work: Work
) -> None:
    lost = doubted(archived, agent, work, smtp[0], "END")
    look_up(archived, smtp[0], lost=True)
    assert found(archived, lost.id).state is MailState.UNCERTAIN
    assert len(smtp[0].received) == 2


def test_before_the_first_known_copy_nothing_is_believed(
    archived: Desk, agent: Actor, smtp: Served, work: Work
) -> None:
    smtp[0].drop = "END"
    work(archived)
    lost = settled(archived, ask(archived, agent, SERIAL).id)
    smtp[0].received.clear()
    look_up(archived, smtp[0])
    assert found(archived, lost.id).state is MailState.UNCERTAIN


@pytest.mark.slow
def test_a_refused_copy_still_goes_to_the_customer_and_is_never_looked_for(
    archived: Desk, agent: Actor, smtp: Served, work: Work
) -> None:
    smtp[0].refused[ARCHIVE] = "550 5.1.1 no archive here"
    work(archived)
    assert settled(archived, ask(archived, agent, OTHER).id).state is MailState.ACCEPTED
    smtp[0].drop = "END"
    lost = settled(archived, ask(archived, agent, SERIAL).id)
    smtp[0].drop = ""
    assert recipients(smtp[0])[1] == [HECTOR]
    assert lost.state is MailState.UNCERTAIN
    assert aftermath.uncertain(archived.store) == []


def test_an_old_doubt_is_for_a_person(
    archived: Desk, agent: Actor, smtp: Served, work: Work
) -> None:
    """The archive may have been emptied since."""
    lost = doubted(archived, agent, work, smtp[0], "END")
    archived.store.write(
        lambda t: t.run(
            "UPDATE ops.outbox SET finished_at = finished_at - INTERVAL 8 DAY WHERE id = ?",
            [lost.id],
        )
    )
    assert aftermath.uncertain(archived.store) == []


@pytest.mark.slow
def test_what_a_person_sent_again_is_theirs(
    archived: Desk, agent: Actor, smtp: Served, work: Work
) -> None:
    lost = doubted(archived, agent, work, smtp[0], "DROPPED")
    again = resending.retry(archived, agent, lost.id, "k-again")
    assert aftermath.uncertain(archived.store) == []
    look_up(archived, smtp[0])
    assert settled(archived, again.id).state is MailState.ACCEPTED
    assert found(archived, lost.id).state is MailState.UNCERTAIN
    assert not archived.store.write(lambda t: aftermath.send_again(t, lost.id))
    assert len(smtp[0].received) == 2


def test_while_it_waits_again_nobody_else_sends_it(
    archived: Desk, agent: Actor, smtp: Served, work: Work
) -> None:
    lost = doubted(archived, agent, lambda d: work(d, QUICK), smtp[0], "DROPPED")
    archived.store.write(lambda t: aftermath.send_again(t, lost.id))
    assert slots.of(archived.store, [SERIAL]) == {SERIAL: Slot(lost.id, slots.FAR_AHEAD)}


def test_without_an_account_doubts_are_for_a_person(
    mail_desk: Desk, agent: Actor, smtp: Served, work: Work
) -> None:
    assert not archive.configured(mail_desk)
    watch = MailWatch(mail_desk)
    watch.start()  # has nothing to do
    watch.stop()
    work(mail_desk)
    smtp[0].drop = "END"
    settled(mail_desk, ask(mail_desk, agent, SERIAL).id)
    assert recipients(smtp[0]) == [[HECTOR]]
    assert aftermath.uncertain(mail_desk.store) == []
