"""One SMTP transaction, one typed outcome, at most one copy: against servers that misbehave."""

import logging
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yagmail

from lib.mail.answers import Answer, Verdict
from lib.mail.message import compose
from lib.mail.transport import MAX_MAILS, Transport
from lib.model.errors import AppError, Reason
from lib.model.outbox import MailProblem
from lib.settings import MailSettings
from tests.mail import certificate
from tests.mail.letters import CODE, letter
from tests.mail.server import (
    PASSWORD,
    Behaviour,
    login_needed,
    reciting,
    serving,
)
from tests.ports import free_port

Served = tuple[Behaviour, int]


def mail_settings(port: int, **changes: Any) -> MailSettings:
    values: dict[str, Any] = {
        "host": "127.0.0.1",
        "port": port,
        "user": "",
        "password": "",
        "security": "none",
        "ca_file": "",
        "timeout_s": 10.0,
        "sender": "avisos@avisos.aspel.com.mx",
        "sender_name": "Avisos Aspel",
        "subject": "Aviso de aspel.com - Reenvío de CDA",
        "max_attempts": 3,
    }
    return MailSettings(**values | changes)


def send(settings: MailSettings, **changes: Any) -> Answer:
    transport, mail = Transport(settings), letter(**changes)
    try:
        return transport.send(compose(mail), mail.recipient)
    finally:
        transport.close()


@pytest.fixture
def plain() -> Iterator[Served]:
    with serving() as served:
        yield served


@pytest.fixture(scope="module")
def pem(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return certificate.make(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def submission(pem: tuple[Path, Path]) -> Iterator[Served]:
    with serving(**login_needed(certificate.server_context(*pem))) as served:
        yield served


def test_an_accepted_mail_arrives_once(plain: Served) -> None:
    server, port = plain
    answer = send(mail_settings(port))
    assert answer == Answer(Verdict.ACCEPTED, None, 250, "2.0.0")
    [(sender, recipients, _)] = server.received
    assert (sender, recipients) == ("avisos@avisos.aspel.com.mx", ["hector.villasenor@example.com"])
    assert server.mails[0]["Message-ID"] == "<m1@avisos.aspel.com.mx>"


@pytest.mark.parametrize(
    ("step", "line", "verdict", "problem"),
    [
        ("MAIL", "421 4.3.2 closing", Verdict.DEFERRED, MailProblem.SERVER_BUSY),
        ("MAIL", "451 4.3.0 later", Verdict.DEFERRED, MailProblem.SERVER_BUSY),
        ("MAIL", "550 5.7.1 who?", Verdict.MISCONFIGURED, MailProblem.SENDER_REFUSED),
        ("MAIL", "530 5.7.0 log in", Verdict.MISCONFIGURED, MailProblem.BAD_LOGIN),
        ("RCPT", "421 4.3.2 closing", Verdict.DEFERRED, MailProblem.SERVER_BUSY),
        ("RCPT", "451 4.7.1 greylisted", Verdict.DEFERRED, MailProblem.SERVER_BUSY),
        ("RCPT", "550 5.1.1 unknown", Verdict.REFUSED, MailProblem.ADDRESS_REFUSED),
        ("DATA", "451 4.3.0 later", Verdict.DEFERRED, MailProblem.SERVER_BUSY),
        ("DATA", "554 5.5.1 no", Verdict.REFUSED, MailProblem.MESSAGE_REFUSED),
        ("END", "452 4.3.1 full", Verdict.DEFERRED, MailProblem.SERVER_BUSY),
        ("END", "421 4.3.2 closing", Verdict.DEFERRED, MailProblem.SERVER_BUSY),
        ("END", "554 5.7.1 spam", Verdict.REFUSED, MailProblem.MESSAGE_REFUSED),
    ],
)
def test_each_answer_has_its_verdict(
    plain: Served, step: str, line: str, verdict: Verdict, problem: MailProblem
) -> None:
    server, port = plain
    server.answers[step] = line
    answer = send(mail_settings(port))
    assert (answer.verdict, answer.problem, answer.code) == (verdict, problem, int(line[:3]))
    assert server.received == []


def test_the_connection_serves_after_a_refusal(plain: Served) -> None:
    server, port = plain
    transport, mail = Transport(mail_settings(port)), letter()
    server.answers["RCPT"] = "550 5.1.1 unknown"
    assert transport.send(compose(mail), mail.recipient).verdict is Verdict.REFUSED
    server.answers.clear()
    assert transport.send(compose(mail), mail.recipient).verdict is Verdict.ACCEPTED
    transport.close()
    assert server.connections == 1


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
def test_a_connection_lost_before_the_body_is_deferred(plain: Served, step: str) -> None:
    server, port = plain
    server.drop = step
    answer = send(mail_settings(port))
    assert (answer.verdict, answer.problem) == (Verdict.DEFERRED, MailProblem.CONNECTION_LOST)
    assert server.received == []


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
def test_a_slow_server_before_the_body_is_deferred(plain: Served, step: str) -> None:
    server, port = plain
    server.stall = step
    answer = send(mail_settings(port, timeout_s=0.3))
    assert (answer.verdict, answer.problem) == (Verdict.DEFERRED, MailProblem.TIMED_OUT)


def test_an_answer_that_never_comes_is_uncertain_and_nothing_is_sent_again(plain: Served) -> None:
    server, port = plain
    server.drop = "END"
    answer = send(mail_settings(port))
    assert (answer.verdict, answer.problem) == (Verdict.UNCERTAIN, MailProblem.ANSWER_LOST)
    assert len(server.received) == 1


def test_a_slow_server_after_the_body_is_uncertain(plain: Served) -> None:
    server, port = plain
    server.stall = "END"
    assert send(mail_settings(port, timeout_s=0.3)).verdict is Verdict.UNCERTAIN
    assert len(server.received) == 1


@pytest.mark.parametrize("line", ["garbage", "354 go on", "199 what"])
def test_an_answer_nobody_understands_after_the_body_is_uncertain(line: str) -> None:
    with reciting({"": "220 hi", "DATA": "354 go", ".": line}) as port:
        assert send(mail_settings(port)).verdict is Verdict.UNCERTAIN


@pytest.mark.parametrize(
    ("greeting", "verdict", "problem"),
    [
        ("421 busy", Verdict.DEFERRED, MailProblem.SERVER_BUSY),
        ("554 not here", Verdict.MISCONFIGURED, MailProblem.BAD_SERVER_SETTING),
        ("", Verdict.DEFERRED, MailProblem.CONNECTION_LOST),
    ],
)
def test_a_server_that_greets_badly(greeting: str, verdict: Verdict, problem: MailProblem) -> None:
    with reciting({"": greeting}) as port:
        answer = send(mail_settings(port))
    assert (answer.verdict, answer.problem) == (verdict, problem)


def test_a_server_that_is_down() -> None:
    answer = send(mail_settings(free_port()))
    assert answer == Answer(Verdict.DEFERRED, MailProblem.UNREACHABLE, holds_all=True)


def test_a_host_that_does_not_exist() -> None:
    answer = send(mail_settings(25, host="smtp.invalid", security="starttls"))
    assert answer.verdict is Verdict.DEFERRED


# ---- TLS and login -------------------------------------------------------------------------


def test_starttls_and_login(submission: Served, pem: tuple[Path, Path]) -> None:
    server, port = submission
    settings = mail_settings(
        port, security="starttls", ca_file=str(pem[0]), user="avisos", password=PASSWORD
    )
    assert send(settings).verdict is Verdict.ACCEPTED
    assert len(server.received) == 1


def test_tls_from_the_first_byte(pem: tuple[Path, Path]) -> None:
    context = certificate.server_context(*pem)
    with serving(ssl_context=context) as (server, port):
        settings = mail_settings(port, security="tls", ca_file=str(pem[0]))
        assert send(settings).verdict is Verdict.ACCEPTED
        assert len(server.received) == 1


def test_a_certificate_nobody_vouches_for(submission: Served) -> None:
    server, port = submission
    settings = mail_settings(port, security="starttls", user="avisos", password=PASSWORD)
    answer = send(settings)
    assert answer == Answer(Verdict.MISCONFIGURED, MailProblem.BAD_CERTIFICATE)
    assert server.received == []


def test_somebody_elses_certificate(tmp_path: Path) -> None:
    other = certificate.make(tmp_path, host="otro.example.com")
    with serving(ssl_context=certificate.server_context(*other)) as (_, port):
        answer = send(mail_settings(port, security="tls", ca_file=str(other[0])))
    assert answer == Answer(Verdict.MISCONFIGURED, MailProblem.BAD_CERTIFICATE)


def test_a_ca_file_that_is_not_there(submission: Served) -> None:
    answer = send(mail_settings(submission[1], security="starttls", ca_file="/no/existe.pem"))
    assert answer == Answer(Verdict.MISCONFIGURED, MailProblem.BAD_CERTIFICATE)


def test_a_server_without_starttls_gets_no_password(plain: Served) -> None:
    server, port = plain
    settings = mail_settings(port, security="starttls", user="avisos", password=PASSWORD)
    assert send(settings) == Answer(Verdict.MISCONFIGURED, MailProblem.NO_TLS)
    assert server.received == []


def test_tls_towards_a_plain_port(plain: Served) -> None:
    assert send(mail_settings(plain[1], security="tls")) == Answer(
        Verdict.MISCONFIGURED, MailProblem.TLS_FAILED
    )


def test_no_tls_only_to_this_machine() -> None:
    answer = send(mail_settings(25, host="192.0.2.1"))
    assert answer == Answer(Verdict.MISCONFIGURED, MailProblem.NO_TLS)


@pytest.mark.parametrize("password", ["mala", "", "contraseña"])
def test_a_bad_login_says_so_without_the_password(
    submission: Served,
    pem: tuple[Path, Path],
    password: str,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    settings = mail_settings(
        submission[1], security="starttls", ca_file=str(pem[0]), user="avisos", password=password
    )
    answer = send(settings)
    assert answer.verdict is Verdict.MISCONFIGURED
    assert answer.problem in {MailProblem.BAD_LOGIN, MailProblem.BAD_SERVER_SETTING}
    said = caplog.text + "".join(capfd.readouterr()) + repr(answer)
    assert not password or password not in said.replace("test_a_bad_login", "")


def test_a_server_that_has_no_login(pem: tuple[Path, Path]) -> None:
    with serving(
        tls_context=certificate.server_context(*pem), auth_exclude_mechanism=["LOGIN"]
    ) as (
        _,
        port,
    ):
        settings = mail_settings(
            port, security="starttls", ca_file=str(pem[0]), user="avisos", password=PASSWORD
        )
        assert send(settings).verdict is Verdict.MISCONFIGURED


# ---- reuse ---------------------------------------------------------------------------------


@pytest.mark.slow
def test_one_connection_for_many_mails_up_to_a_limit(plain: Served) -> None:
    server, port = plain
    transport, mail = Transport(mail_settings(port)), letter()
    for _ in range(MAX_MAILS + 1):
        assert transport.send(compose(mail), mail.recipient).verdict is Verdict.ACCEPTED
    transport.close()
    assert (len(server.received), server.connections) == (MAX_MAILS + 1, 2)


def test_a_connection_that_died_is_replaced(plain: Served) -> None:
    server, port = plain
    transport, mail = Transport(mail_settings(port)), letter()
    assert transport.send(compose(mail), mail.recipient).verdict is Verdict.ACCEPTED
    transport._client.smtp.sock.close()
    assert transport.send(compose(mail), mail.recipient).verdict is Verdict.ACCEPTED
    transport.close()
    assert len(server.received) == 2


def test_closing_twice_is_harmless(plain: Served) -> None:
    transport = Transport(mail_settings(plain[1]))
    transport.close()
    transport.close()


# ---- addresses and secrets -----------------------------------------------------------------


def test_a_mailbox_with_accents_goes_as_it_is_written(plain: Served) -> None:
    server, port = plain
    answer = send(mail_settings(port), recipient="josé@example.com")
    assert answer.verdict is Verdict.ACCEPTED
    assert server.received[0][1] == ["josé@example.com"]


def test_a_server_without_smtputf8_says_so() -> None:
    with serving(enable_SMTPUTF8=False) as (server, port):
        answer = send(mail_settings(port), recipient="josé@example.com")
    assert answer == Answer(Verdict.REFUSED, MailProblem.ADDRESS_NOT_ASCII)
    assert server.received == []


def test_nobody_to_send_to_is_refused_before_connecting(plain: Served) -> None:
    transport = Transport(mail_settings(plain[1]))
    with pytest.raises(AppError):
        transport.send(compose(letter()), "")
    assert plain[0].connections == 0


@pytest.mark.parametrize("sender", ["a@example.com\r\nRCPT TO:<b@example.com>", "ñ@example.com"])
def test_a_sender_that_cannot_be_written(plain: Served, sender: str) -> None:
    answer = send(mail_settings(plain[1], sender=sender))
    assert answer == Answer(Verdict.MISCONFIGURED, MailProblem.SENDER_REFUSED)
    assert plain[0].received == []


def test_a_server_that_quotes_the_mail_is_not_repeated(plain: Served) -> None:
    server, port = plain
    server.answers["END"] = f"554 5.7.1 looks like spam: {CODE}"
    answer = send(mail_settings(port))
    assert (answer.code, answer.text) == (554, "5.7.1")


def test_lines_that_start_with_a_dot_arrive(plain: Served) -> None:
    server, port = plain
    assert send(mail_settings(port), code=".\n.x").verdict is Verdict.ACCEPTED
    assert "\n.x" in str(server.mails[0].get_body(("plain",)))


# ---- yagmail's traps, each shown in yagmail itself -----------------------------------------


def theirs(port: int, **options: Any) -> yagmail.SMTP:
    return yagmail.SMTP(
        "avisos@example.com",
        "x",
        host="127.0.0.1",
        port=port,
        smtp_ssl=False,
        smtp_starttls=False,
        smtp_skip_login=True,
        timeout=10,
        **options,
    )


def test_trap_no_recipient_mails_the_sender(plain: Served) -> None:
    server, port = plain
    with theirs(port) as client:
        client.send(None, "asunto", "x")
    assert server.received[0][1] == ["avisos@example.com"]
    with pytest.raises(AppError):
        Transport(mail_settings(port)).send(compose(letter()), "")


def test_trap_a_text_that_names_a_file_attaches_it(plain: Served, tmp_path: Path) -> None:
    server, port = plain
    file = tmp_path / "secreto.txt"
    file.write_text("secreto")
    with theirs(port) as client:
        client.send("a@example.com", "asunto", str(file))
    send(mail_settings(port), recipient_name=str(file), code=str(file))
    theirs_has, ours_has = ([p.get_filename() for p in m.walk()] for m in server.mails)
    assert "secreto.txt" in theirs_has
    assert set(ours_has) == {None}


def test_trap_a_failure_is_an_empty_value(plain: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    server, port = plain
    monkeypatch.setattr("yagmail.sender.time.sleep", lambda _: None)
    server.drop = "END"
    with theirs(port) as client:
        assert client.send("a@example.com", "asunto", "x") is False
    assert len(server.received) > 1  # and it sent the mail again, unasked
    server.received.clear()
    assert send(mail_settings(port)).verdict is Verdict.UNCERTAIN
    assert len(server.received) == 1


def test_trap_its_message_id_is_the_same_for_every_resend(plain: Served) -> None:
    server, port = plain
    for text in ("uno", "dos"):
        with theirs(port) as client:
            client.send("a@example.com", "asunto", text)
    first, second = (mail["Message-ID"] for mail in server.mails)
    assert first == second
    for number in (1, 2):
        send(mail_settings(port), message_id=f"<m{number}@example.com>")
    assert [m["Message-ID"] for m in server.mails[2:]] == ["<m1@example.com>", "<m2@example.com>"]


def test_trap_each_mail_leaves_a_connection_behind(plain: Served) -> None:
    server, port = plain
    with theirs(port) as client:
        client.send("a@example.com", "asunto", "uno")
        left_behind = client.smtp
        client.send("a@example.com", "asunto", "dos")
        assert client.smtp is not left_behind
        left_behind.close()
    assert server.connections == 2


def test_trap_any_certificate_will_do(submission: Served) -> None:
    server, port = submission
    with yagmail.SMTP(
        "avisos@example.com", PASSWORD, host="127.0.0.1", port=port, smtp_ssl=False, timeout=10
    ) as client:
        client.send("a@example.com", "asunto", "x")
    assert len(server.received) == 1
    settings = mail_settings(port, security="starttls", user="avisos", password=PASSWORD)
    assert send(settings).problem is MailProblem.BAD_CERTIFICATE


def test_trap_no_time_out_unless_given(plain: Served) -> None:
    assert "timeout" not in yagmail.SMTP("a@example.com", "x").kwargs
    transport = Transport(mail_settings(plain[1], timeout_s=7.0))
    transport.send(compose(letter()), "a@example.com")
    assert transport._client.smtp.timeout == 7.0
    assert transport._client.smtp.sock.gettimeout() == 7.0
    transport.close()


def test_trap_without_a_password_it_asks_on_the_console(
    submission: Served, pem: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", None)  # reading it would fail aloud
    settings = mail_settings(
        submission[1], security="starttls", ca_file=str(pem[0]), user="avisos", password=""
    )
    assert send(settings).problem is MailProblem.BAD_LOGIN


# ---- the archive's copy and the return path ------------------------------------------------

ARCHIVE = "archivo@mesa.example.com"


def test_the_archive_is_in_the_envelope_and_in_no_header(plain: Served) -> None:
    server, port = plain
    assert send(mail_settings(port, archive_address=ARCHIVE)).verdict is Verdict.ACCEPTED
    [(_, recipients, content)] = server.received
    assert recipients == ["hector.villasenor@example.com", ARCHIVE]
    assert b"archivo" not in content


def test_a_mail_to_the_archive_itself_goes_once(plain: Served) -> None:
    server, port = plain
    send(mail_settings(port, archive_address=ARCHIVE.upper()), recipient=ARCHIVE)
    assert server.received[0][1] == [ARCHIVE]


def test_each_mail_may_have_a_return_path_of_its_own(plain: Served) -> None:
    server, port = plain
    transport, mail = Transport(mail_settings(port)), letter()
    transport.send(compose(mail), mail.recipient, return_path="bounces+x@mesa.test")
    transport.send(compose(mail), mail.recipient)
    transport.close()
    senders = [sender for sender, _, _ in server.received]
    assert senders == ["bounces+x@mesa.test", "avisos@avisos.aspel.com.mx"]
    assert "bounces+x" not in str(server.mails[0])


@pytest.mark.parametrize("line", ["550 5.1.1 no archive", "451 4.7.1 greylisted"])
def test_a_refused_archive_is_told_before_the_body_leaves(plain: Served, line: str) -> None:
    server, port = plain
    server.refused[ARCHIVE] = line
    told: list[int] = []
    transport, mail = Transport(mail_settings(port, archive_address=ARCHIVE)), letter()
    answer = transport.send(
        compose(mail), mail.recipient, unarchived=lambda: told.append(len(server.received))
    )
    transport.close()
    assert (answer.verdict, told) == (Verdict.ACCEPTED, [0])
    assert server.received[0][1] == ["hector.villasenor@example.com"]


def test_nothing_leaves_when_that_cannot_be_written_down(plain: Served) -> None:
    server, port = plain
    server.refused[ARCHIVE] = "550 5.1.1 no archive"
    transport, mail = Transport(mail_settings(port, archive_address=ARCHIVE)), letter()

    def full() -> None:
        raise AppError(Reason.STORAGE_FAILED)

    with pytest.raises(AppError):
        transport.send(compose(mail), mail.recipient, unarchived=full)
    assert server.received == []
    assert transport.send(compose(mail), mail.recipient).verdict is Verdict.ACCEPTED  # goes on
    transport.close()


def test_a_server_that_closes_at_the_archive_took_nothing(plain: Served) -> None:
    server, port = plain
    server.refused[ARCHIVE] = "421 4.3.2 closing"
    answer = send(mail_settings(port, archive_address=ARCHIVE))
    assert (answer.verdict, answer.holds_all) == (Verdict.DEFERRED, True)
    assert server.received == []


# ---- more ways to misbehave ----------------------------------------------------------------


def test_a_certificate_that_expired(tmp_path: Path) -> None:
    expired = certificate.make(tmp_path, days=-1)
    with serving(ssl_context=certificate.server_context(*expired)) as (server, port):
        answer = send(mail_settings(port, security="tls", ca_file=str(expired[0])))
        assert answer == Answer(Verdict.MISCONFIGURED, MailProblem.BAD_CERTIFICATE)
        assert server.received == []


@pytest.mark.parametrize(
    ("lines", "verdict", "problem"),
    [
        ({"": "220 hi", "EHLO": ""}, Verdict.DEFERRED, MailProblem.CONNECTION_LOST),
        ({"": "220 hi", "EHLO": "421 later", "HELO": "421 later"}, Verdict.DEFERRED, None),
        ({"": "220 hi", "MAIL": ""}, Verdict.DEFERRED, MailProblem.CONNECTION_LOST),
        ({"": "220 hi", "RCPT": "599 ¿qué?"}, Verdict.REFUSED, MailProblem.ADDRESS_REFUSED),
        ({"": "220 hi", "DATA": ""}, Verdict.DEFERRED, MailProblem.CONNECTION_LOST),
        ({"": "220 hi", "DATA": "354 go", ".": ""}, Verdict.UNCERTAIN, MailProblem.ANSWER_LOST),
    ],
)
def test_a_server_that_hangs_up_at_any_step(
    lines: dict[str, str], verdict: Verdict, problem: MailProblem | None
) -> None:
    with reciting(lines) as port:
        answer = send(mail_settings(port))
    assert answer.verdict is verdict
    assert problem is None or answer.problem is problem


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_server_that_says_nothing_is_not_waited_for(security: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        answer = send(mail_settings(port, security=security, timeout_s=0.3))
    assert answer == Answer(Verdict.DEFERRED, MailProblem.TIMED_OUT, holds_all=True)


# ---- without a mail ------------------------------------------------------------------------


def test_the_way_out_can_be_tried_without_a_mail(plain: Served) -> None:
    server, port = plain
    transport, mail = Transport(mail_settings(port)), letter()
    assert transport.check().verdict is Verdict.ACCEPTED
    assert transport.send(compose(mail), mail.recipient).verdict is Verdict.ACCEPTED
    server.answers["MAIL"] = "550 5.7.1 not you"
    refused = transport.check()
    assert (refused.verdict, refused.problem) == (
        Verdict.MISCONFIGURED,
        MailProblem.SENDER_REFUSED,
    )
    transport.close()
    assert len(server.received) == 1


def test_a_server_that_is_down_is_told_without_a_mail() -> None:
    assert Transport(mail_settings(free_port())).check() == Answer(
        Verdict.DEFERRED, MailProblem.UNREACHABLE, holds_all=True
    )
