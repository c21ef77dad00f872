"""What comes back reaches its mail and its address; what strangers write reaches nothing."""

import dataclasses
from collections import Counter
from collections.abc import Iterator

import pytest

from lib.mail.verp import ReturnPath
from lib.model.account import Section
from lib.model.action import Action
from lib.model.actor import Actor
from lib.model.bounce import BounceKind, Place
from lib.model.errors import AppError, Reason
from lib.model.outbox import Delivery, MailState
from lib.services.desk import Desk
from lib.services.outgoing import returns
from lib.services.records import customers
from lib.services.resends import resending
from lib.settings import ImapSettings
from lib.store.mail import bounces, outbox, slots
from tests.mail.reports import OUT_OF_OFFICE, QMAIL, written
from tests.services.conftest import found
from tests.services.log_rows import logged

HECTOR = "hector.villasenor@example.com"
ARCHIVE = "archivo@mesa.test"


class Folder:
    """A mailbox with these mails in it, as lib/mail/imap.py reads one."""

    def __init__(self, *mails: bytes, uidvalidity: int = 7) -> None:
        self.mails, self.uidvalidity = list(mails), uidvalidity

    def after(self, _: str, place: Place, most: int) -> Iterator[tuple[Place, bytes]]:
        last = place.last_uid if place.uidvalidity == self.uidvalidity else 0
        for uid, mail in list(enumerate(self.mails, start=1))[last : last + most]:
            yield Place(self.uidvalidity, uid), mail


@pytest.fixture
def returning(desk: Desk) -> Desk:
    """The desk with a return path, a bounce folder and an archive."""
    mail = dataclasses.replace(
        desk.settings.mail, return_path="bounces@mesa.test", archive_address=ARCHIVE
    )
    imap = ImapSettings(host="localhost", bounce_folder="Devueltos")
    settings = dataclasses.replace(desk.settings, mail=mail, imap=imap, resend_cooldown_s=60)
    return dataclasses.replace(desk, settings=settings)


def accepted(desk: Desk, actor: Actor, serial: str = "S0000000001", key: str = "k1") -> Delivery:
    """A resend that the server took."""
    asked = resending.resend(desk, actor, serial, "other", "", key)
    _settle(desk, MailState.ACCEPTED)
    return found(desk, asked.id)


def _settle(desk: Desk, state: MailState) -> None:
    def work(t: outbox.Transaction) -> None:
        claim = outbox.claim(t, archived=True, template=lambda _: "resend/es@0")
        assert claim is not None
        outbox.settle(t, claim, state, None, (250, ""), slots.FAR_AHEAD)

    desk.store.write(work)


def read(desk: Desk, *mails: bytes, uidvalidity: int = 7) -> Counter[BounceKind]:
    folder = Folder(*mails, uidvalidity=uidvalidity)
    return returns.read_new(desk, folder, returns.path(desk))  # type: ignore[arg-type]


def message_id(desk: Desk, mail_id: str) -> str:
    asked = outbox.request(desk.store, mail_id)
    assert asked is not None
    return asked.message_id


def test_a_mail_given_back_says_so_everywhere(returning: Desk, agent: Actor) -> None:
    sent = accepted(returning, agent)
    to = returns.path(returning).of(sent.id)
    assert read(returning, written(to=to)) == {BounceKind.PERMANENT: 1}
    back = found(returning, sent.id)
    assert (back.state, back.problem) == (MailState.BOUNCED, "given_back")
    assert bounces.failing(returning.store, [HECTOR.upper()])
    assert not bounces.failing(returning.store, ["zoe.perez@example.com"])
    [row] = logged(returning, Action.MAIL_BOUNCED)
    assert (row["actor"], row["outcome"], row["reason"]) == ("sistema", "failed", "given_back")
    assert (row["serial"], row["subject"]) == ("S0000000001", sent.id)
    assert row["versions"] == "resend/es 0"  # what the mail that came back was made from
    assert row["detail"] == {"recipient": HECTOR, "status": "5.1.1"}
    [slot] = slots.of(returning.store, ["S0000000001"]).values()
    assert slot.free_at <= back.finished_at  # corrected, it may go again at once


@pytest.mark.parametrize("form", [QMAIL, None])
def test_without_a_return_path_of_its_own_the_message_id_tells(
    returning: Desk, agent: Actor, form: str | None
) -> None:
    sent = accepted(returning, agent)
    said = {"message_id": message_id(returning, sent.id)}
    report = written(**said) if form is None else written(form, **said)
    if form is None:
        assert read(returning, report) == {BounceKind.PERMANENT: 1}
        assert found(returning, sent.id).state is MailState.BOUNCED
    else:  # a text that quotes one isn't a returned mail
        assert read(returning, report) == {BounceKind.UNKNOWN: 1}
        assert found(returning, sent.id).state is MailState.ACCEPTED


def test_a_delay_is_only_logged(returning: Desk, agent: Actor) -> None:
    sent = accepted(returning, agent)
    to = returns.path(returning).of(sent.id)
    report = written(to=to, action="delayed", status="4.4.1")
    assert read(returning, report) == {BounceKind.TEMPORARY: 1}
    assert found(returning, sent.id).state is MailState.ACCEPTED
    assert not bounces.failing(returning.store, [HECTOR])
    [row] = logged(returning, Action.MAIL_DELAYED)
    assert (row["subject"], row["detail"]["status"]) == (sent.id, "4.4.1")


def test_a_forged_return_path_changes_nothing(
    returning: Desk, agent: Actor, caplog: pytest.LogCaptureFixture
) -> None:
    sent = accepted(returning, agent)
    strangers = ReturnPath("bounces@mesa.test", bytes(32)).of(sent.id)
    # Even with the right Message-ID: whoever claims a return path must have its seal.
    forged = written(to=strangers, message_id=message_id(returning, sent.id))
    assert read(returning, forged) == {BounceKind.FORGED: 1}
    assert "bounces: 1 forged" in caplog.text
    assert found(returning, sent.id).state is MailState.ACCEPTED
    assert not bounces.failing(returning.store, [HECTOR])
    assert logged(returning, Action.MAIL_BOUNCED) == []


@pytest.mark.parametrize(
    "mail", [written(), written(OUT_OF_OFFICE), b"", b"Subject: oferta\r\n\r\ncompra"]
)
def test_what_is_of_no_mail_of_ours_is_counted_and_left(
    returning: Desk, agent: Actor, mail: bytes
) -> None:
    sent = accepted(returning, agent)
    assert read(returning, mail) == {BounceKind.UNKNOWN: 1}
    assert found(returning, sent.id).state is MailState.ACCEPTED


def test_the_archives_own_copy_coming_back_is_not_the_customers(
    returning: Desk, agent: Actor
) -> None:
    sent = accepted(returning, agent)
    to = returns.path(returning).of(sent.id)
    read(returning, written(to=to, recipient=ARCHIVE))
    assert found(returning, sent.id).state is MailState.ACCEPTED
    assert not bounces.failing(returning.store, [HECTOR])
    row = returning.store.one("SELECT archived FROM ops.outbox WHERE id = ?", [sent.id])
    assert row == (False,)  # and its absence from the archive says nothing any more


def test_each_report_counts_once(returning: Desk, agent: Actor) -> None:
    """Read on, read again, and after the server numbered the folder anew."""
    sent = accepted(returning, agent)
    to = returns.path(returning).of(sent.id)
    mails = [written(to=to, number=n) for n in (1, 2)]
    assert read(returning, mails[0]) == {BounceKind.PERMANENT: 1}
    assert read(returning, *mails) == {BounceKind.PERMANENT: 1}
    assert read(returning, *mails) == {}
    assert read(returning, *mails, uidvalidity=8) == {}
    assert len(logged(returning, Action.MAIL_BOUNCED)) == 2


def test_a_mail_that_waits_again_stays_in_the_queue(returning: Desk, agent: Actor) -> None:
    asked = resending.resend(returning, agent, "S0000000001", "other", "", "k1")
    returning.store.rows("UPDATE ops.outbox SET template = 'resend/es@0'")  # as it went before
    read(returning, written(to=returns.path(returning).of(asked.id)))
    assert found(returning, asked.id).state is MailState.QUEUED
    assert bounces.failing(returning.store, [HECTOR])


def test_correcting_the_address_puts_an_end_to_it(returning: Desk, agent: Actor) -> None:
    sent = accepted(returning, agent)
    read(returning, written(to=returns.path(returning).of(sent.id)))
    account = customers.find(returning, agent, "00000001")
    assert customers.failing_since(returning, agent, account) is not None

    def correct(email: str) -> None:
        before = customers.find(returning, agent, account.account_no)
        typed = {"name": before.name, "email": email, "phone": before.phone}
        customers.correct(
            returning, agent, account.account_no, Section.CONTACT, typed, before.version
        )

    correct("hector.nuevo@example.com")
    now = customers.find(returning, agent, "00000001")
    assert customers.failing_since(returning, agent, now) is None
    assert bounces.failing(returning.store, [HECTOR])
    correct(HECTOR)  # somebody asked him, and says it is right
    assert not bounces.failing(returning.store, [HECTOR])


def test_a_key_that_is_no_key_stops_the_start_and_is_named(returning: Desk) -> None:
    file = returning.store.data / "keys" / "return.key"
    file.write_text("no es una llave")
    with pytest.raises(AppError) as refused:
        returns.path(returning)
    assert refused.value.reason is Reason.UNREADABLE_FILE
    assert refused.value.facts["file"] == str(file)


def test_the_key_is_made_once_and_private(returning: Desk) -> None:
    first, second = (returns.path(returning).of("a" * 32) for _ in range(2))
    assert first == second
    file = returning.store.data / "keys" / "return.key"
    assert file.stat().st_mode & 0o077 == 0
