"""The desk against Debian's Postfix and Dovecot: submission, mailboxes, greylisting, bounces."""

import dataclasses
import shutil
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from lib import settings
from lib.mail import imap
from lib.mail.imap import ImapError
from lib.model.action import Action
from lib.model.actor import Actor
from lib.model.bounce import Place
from lib.model.mail_queue import Way
from lib.model.outbox import Delivery, MailProblem, MailState
from lib.services.desk import Desk, open_desk
from lib.services.outgoing import pauses
from lib.services.outgoing.delivery import Worker
from lib.services.outgoing.mail_watch import MailWatch, Rounds
from lib.services.outgoing.pace import Pace
from lib.services.resends import resending
from lib.store.mail import aftermath, bounces, outbox
from tests import small_ref
from tests.mail import certificate, real_servers
from tests.mail.letters import body
from tests.mail.real_servers import (
    ARCHIVE,
    ARCHIVE_FOLDER,
    BOUNCE_FOLDER,
    DESK,
    DOMAIN,
    FORWARDED,
    PASSWORD,
    RETURN_PATH,
    RealServers,
)
from tests.mail.reports import written
from tests.ports import free_port
from tests.services.conftest import claimed, found, settled
from tests.services.log_rows import logged
from tests.waiting import until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(real_servers.missing()), reason=real_servers.missing()),
]
Watch = Callable[..., MailWatch]
Work = Callable[..., Worker]
CODE = "LIVE1-AAAAA-BBBBB-CCCCC"
OFTEN = Rounds(doubted_s=0.05, bounces_s=0.0, fault_s=0.05)


@pytest.fixture(scope="module")
def servers() -> Iterator[RealServers]:
    with real_servers.running() as started:
        yield started


@pytest.fixture
def real_desk(tmp_path: Path, small_data: Path, servers: RealServers) -> Iterator[Desk]:
    """A desk whose mail goes through the real servers."""
    data = shutil.copytree(small_data, tmp_path / "data")
    more = {"MESA_DATA": str(data), "MESA_RESEND_COOLDOWN": "0", "MESA_ARCHIVE_GRACE": "0"}
    desk = open_desk(settings.read(servers.environment() | more))
    yield desk
    desk.close()


@pytest.fixture
def watch() -> Iterator[Watch]:
    """`watch(desk)`: the account read until the test ends."""
    started: list[MailWatch] = []

    def start(desk: Desk, rounds: Rounds = OFTEN) -> MailWatch:
        started.append(MailWatch(desk, rounds))
        started[-1].start()
        return started[-1]

    yield start
    for one in started:
        one.stop()


@dataclasses.dataclass
class Office:
    """A desk at the real servers, and what it is asked."""

    desk: Desk
    servers: RealServers
    actor: Actor
    work: Work
    monkeypatch: pytest.MonkeyPatch

    def lives_at(self, *emails: str) -> None:
        """Put these addresses on record for the first accounts."""
        old = small_ref.ACCOUNTS
        moved = [(*a[:2], email, *a[3:]) for a, email in zip(old, emails, strict=False)]
        self.monkeypatch.setattr(small_ref, "ACCOUNTS", moved + old[len(emails) :])
        small_ref.publish(self.desk.store, self.desk.vault())

    def sent(self, serial: str = "S0000000001") -> Delivery:
        """A resend once it is final."""
        return settled(self.desk, ask(self.desk, self.actor, serial).id)

    def arrived(self, address: str, mail: Delivery, folder: str = "INBOX") -> list[EmailMessage]:
        """Copies of this mail in a mailbox, once there is one."""
        sought = message_id(self.desk, mail.id)
        return until(
            lambda: [m for m in self.servers.mails(address, folder) if m["Message-ID"] == sought]
        )


@pytest.fixture
def office(
    real_desk: Desk,
    servers: RealServers,
    agent: Actor,
    work: Work,
    monkeypatch: pytest.MonkeyPatch,
) -> Office:
    return Office(real_desk, servers, agent, work, monkeypatch)


def ask(desk: Desk, actor: Actor, serial: str) -> Delivery:
    return resending.resend(desk, actor, serial, "other", "", f"k{serial}")


def message_id(desk: Desk, mail_id: str) -> str:
    asked = outbox.request(desk.store, mail_id)
    assert asked is not None
    return asked.message_id


def test_it_arrives_with_a_copy_in_the_archive(office: Office) -> None:
    """Submission with STARTTLS and login, delivery, and both mailboxes read over IMAP."""
    office.lives_at(f"ana@{DOMAIN}")
    office.work(office.desk)
    sent = office.sent()
    assert (sent.state, sent.smtp_code) == (MailState.ACCEPTED, 250)
    [mail] = office.arrived(f"ana@{DOMAIN}", sent)
    assert CODE in body(mail, "plain")
    assert ARCHIVE not in str(mail)
    assert mail["Return-Path"].startswith(f"<bounces+{sent.id}-")
    assert len(office.arrived(DESK, sent, ARCHIVE_FOLDER)) == 1


def test_an_unknown_mailbox_is_refused_at_once(office: Office) -> None:
    office.lives_at(f"nadie@{DOMAIN}")
    office.work(office.desk)
    sent = office.sent()
    assert (sent.state, sent.problem, sent.smtp_code) == (MailState.FAILED, "address_refused", 550)


def test_a_refused_login_pauses_the_queue(office: Office, admin: Actor) -> None:
    """Nothing is lost by it, and no password is in what is said."""
    mail = dataclasses.replace(office.desk.settings.mail, password="mala-clave")
    wrong = dataclasses.replace(
        office.desk, settings=dataclasses.replace(office.desk.settings, mail=mail)
    )
    office.lives_at(f"hector@{DOMAIN}")
    asked = ask(wrong, office.actor, "S0000000001")
    worker = office.work(wrong, Pace(correction_s=3600.0))
    [trouble] = until(lambda: pauses.troubles(wrong, admin))
    assert (trouble.problem, trouble.waiting) == (MailProblem.BAD_LOGIN, 1)
    worker.stop()
    assert "mala-clave" not in repr(logged(wrong))
    office.work(office.desk)  # corrected, and started again
    assert settled(office.desk, asked.id).state is MailState.ACCEPTED
    assert len(office.arrived(f"hector@{DOMAIN}", asked)) == 1


def test_greylisting_only_delays(office: Office) -> None:
    office.lives_at(f"gris@{DOMAIN}")
    office.work(office.desk)
    sent = office.sent()
    assert (sent.state, sent.attempts) == (MailState.ACCEPTED, 2)
    [row] = logged(office.desk, Action.MAIL_DEFERRED)
    assert (row["reason"], row["detail"]["smtp_code"]) == ("server_busy", 451)
    assert len(office.arrived(f"gris@{DOMAIN}", sent)) == 1


def test_a_real_bounce_comes_back_to_its_mail(office: Office, watch: Watch) -> None:
    """Postfix took it; the server it hands it on to refuses; its report reaches the return path."""
    desk = office.desk
    office.servers.far.answers["RCPT"] = "550 5.1.1 no such user"
    office.lives_at(FORWARDED, f"ana@{DOMAIN}")
    office.work(desk)
    watch(desk)
    back, other = (ask(desk, office.actor, f"S000000000{n}") for n in (1, 2))
    bounced = until(lambda: d if (d := found(desk, back.id)).state == "bounced" else None)
    assert bounced.problem == "given_back"
    assert bounces.failing(desk.store, [FORWARDED])
    [row] = logged(desk, Action.MAIL_BOUNCED)
    assert (row["subject"], row["detail"]["status"]) == (back.id, "5.1.1")
    assert settled(desk, other.id).state is MailState.ACCEPTED
    office.servers.far.answers.clear()


def test_a_forged_bounce_in_the_real_folder_is_left(office: Office, watch: Watch) -> None:
    desk = office.desk
    office.lives_at(f"ana@{DOMAIN}")
    office.work(desk)
    sent = office.sent()
    forged = f"bounces+{sent.id}-{'a' * 16}@{DOMAIN}"
    office.servers.put(BOUNCE_FOLDER, written(to=forged, recipient=f"ana@{DOMAIN}"))
    watch(desk)
    until(lambda: desk.store.rows("SELECT 1 FROM ops.bounce WHERE kind = 'forged'"))
    assert found(desk, sent.id).state is MailState.ACCEPTED
    assert not bounces.failing(desk.store, [f"ana@{DOMAIN}"])


def test_doubted_mails_are_told_by_the_real_archive(office: Office, watch: Watch) -> None:
    """One went though its answer was lost, the other never left: each arrives once."""
    desk = office.desk
    office.lives_at(f"ana@{DOMAIN}", f"zoe@{DOMAIN}")
    worker = office.work(desk)
    known, went = office.sent("L0000000001"), office.sent()
    for mail in (known, went):
        office.arrived(DESK, mail, ARCHIVE_FOLDER)
    worker.stop()
    # As a crash leaves them: one after the body, one before the first byte.
    desk.store.write(
        lambda t: t.run("UPDATE ops.outbox SET state = 'sending' WHERE id = ?", [went.id])
    )
    never = ask(desk, office.actor, "S0000000002")
    desk.store.write(lambda t: claimed(t, archived=True))
    office.work(desk)
    assert {found(desk, d.id).state for d in (went, never)} == {MailState.UNCERTAIN}
    watch(desk)
    until(lambda: found(desk, went.id).state is MailState.ACCEPTED)
    until(lambda: found(desk, never.id).state is MailState.ACCEPTED)
    assert len(office.arrived(f"ana@{DOMAIN}", went)) == 1
    assert len(office.arrived(f"zoe@{DOMAIN}", never)) == 1
    assert [r["subject"] for r in logged(desk, Action.MAIL_SENT_AGAIN)] == [never.id]


# ---- the account's own faults --------------------------------------------------------------


def test_a_folder_is_read_on_from_where_it_was(servers: RealServers, real_desk: Desk) -> None:
    account = real_desk.settings.imap
    with imap.opened(account) as mailbox:
        everything = list(mailbox.after(BOUNCE_FOLDER, Place(), 1000))
        reached = everything[-1][0] if everything else Place()
        servers.put(BOUNCE_FOLDER, written(number=77))
        [(place, raw)] = mailbox.after(BOUNCE_FOLDER, reached, 1000)
        assert b"bounce77@" in raw
        assert list(mailbox.after(BOUNCE_FOLDER, place, 1000)) == []
        renumbered = Place(place.uidvalidity + 1, place.last_uid)
        assert len(list(mailbox.after(BOUNCE_FOLDER, renumbered, 1000))) == len(everything) + 1
        assert not mailbox.has(ARCHIVE_FOLDER, "<no@mesa.test>")


def test_a_part_of_a_message_id_is_not_it(servers: RealServers, real_desk: Desk) -> None:
    servers.put(ARCHIVE_FOLDER, b"Message-ID: <abcdef@mesa.test>\r\n\r\nhola\r\n")
    with imap.opened(real_desk.settings.imap) as mailbox:
        assert mailbox.has(ARCHIVE_FOLDER, "<abcdef@mesa.test>")
        assert not mailbox.has(ARCHIVE_FOLDER, "abcdef@mesa.test")
        assert not mailbox.has(ARCHIVE_FOLDER, "<abcdef@mesa.tes")


def test_starttls_works_too(servers: RealServers, real_desk: Desk) -> None:
    other = dataclasses.replace(
        real_desk.settings.imap, port=servers.imap_port, security="starttls"
    )
    with imap.opened(other) as mailbox:
        assert not mailbox.has(ARCHIVE_FOLDER, "<no@mesa.test>")


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"password": "mala"}, MailProblem.BAD_LOGIN),
        ({"ca_file": ""}, MailProblem.BAD_CERTIFICATE),
        ({"ca_file": "/no/existe.pem"}, MailProblem.UNREACHABLE),
        ({"archive_folder": "No existe"}, MailProblem.BAD_SERVER_SETTING),
        ({"port": "down"}, MailProblem.UNREACHABLE),
        ({"port": "plain"}, MailProblem.TLS_FAILED),
    ],
)
def test_what_is_wrong_with_the_account_has_a_name(
    servers: RealServers, real_desk: Desk, changes: dict[str, Any], problem: MailProblem
) -> None:
    ports = {"down": free_port(), "plain": servers.imap_port}
    if "port" in changes:
        changes = {"port": ports[changes["port"]]}
    account = dataclasses.replace(real_desk.settings.imap, **changes)
    with pytest.raises(ImapError) as refused, imap.opened(account) as mailbox:
        mailbox.has(account.archive_folder, "<no@mesa.test>")
    assert refused.value.problem is problem
    assert PASSWORD not in str(refused.value)


def test_an_account_out_of_order_leaves_doubts_and_says_so(
    real_desk: Desk, agent: Actor, admin: Actor, work: Work, watch: Watch
) -> None:
    account = dataclasses.replace(real_desk.settings.imap, password="mala")
    wrong = dataclasses.replace(
        real_desk, settings=dataclasses.replace(real_desk.settings, imap=account)
    )
    asked = ask(wrong, agent, "S0000000001")
    wrong.store.write(lambda t: claimed(t, archived=True))
    work(wrong).stop()
    one = watch(wrong)
    [trouble] = until(lambda: pauses.troubles(wrong, admin))
    assert (trouble.way, trouble.problem) == (Way.IMAP, MailProblem.BAD_LOGIN)
    assert found(wrong, asked.id).state is MailState.UNCERTAIN
    one.stop()
    watch(real_desk)  # corrected
    until(lambda: pauses.troubles(real_desk, admin) == [])
    assert [mail.id for mail in aftermath.uncertain(real_desk.store)] == [asked.id]


def test_somebody_elses_certificate_gets_no_password(
    servers: RealServers, real_desk: Desk, tmp_path: Path
) -> None:
    other = certificate.make(tmp_path, host="otro.example.com")
    account = dataclasses.replace(real_desk.settings.imap, ca_file=str(other[0]))
    with pytest.raises(ImapError) as refused, imap.opened(account):
        pass
    assert refused.value.problem is MailProblem.BAD_CERTIFICATE
    assert RETURN_PATH not in str(refused.value)
