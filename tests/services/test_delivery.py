"""The worker against a real SMTP server: once, the newest CDA, and nothing lost."""

import datetime as dt
import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lib.mail.answers import Answer
from lib.mail.transport import Transport
from lib.model.action import Action
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.outbox import Claim, Delivery, MailState
from lib.services.desk import Desk
from lib.services.outgoing import pace, sending
from lib.services.outgoing.delivery import Worker
from lib.services.outgoing.pace import Pace
from lib.services.resends import resending
from lib.store import vault
from lib.store.database import Transaction
from lib.store.mail import outbox
from lib.store.vault import Sealed
from lib.ui.mail import mail_words
from tests import small_ref
from tests.mail.letters import body
from tests.mail.server import Behaviour, serving
from tests.ports import free_port
from tests.services.conftest import claimed, found, mailing, settled
from tests.services.log_rows import logged
from tests.waiting import until

Served = tuple[Behaviour, int]
Work = Callable[..., Worker]
SERIAL = "S0000000001"
SLOW = Pace(backoff=lambda _: 3600.0, probing=lambda _: 3600.0, correction_s=3600.0, fault_s=0.01)
OUTCOMES = (
    Action.MAIL_ACCEPTED,
    Action.MAIL_DEFERRED,
    Action.MAIL_FAILED,
    Action.MAIL_UNCERTAIN,
)


def ask(desk: Desk, actor: Actor, key: str = "k1", serial: str = SERIAL) -> Delivery:
    return resending.resend(desk, actor, serial, "other", "", key)


def outcomes(desk: Desk) -> list[tuple[str, str, str]]:
    return [(r["action"], r["outcome"], r["reason"]) for r in logged(desk, *OUTCOMES)]


# ---- all is well ---------------------------------------------------------------------------


def test_a_resend_arrives_and_is_logged(
    mail_desk: Desk, agent: Actor, smtp: Served, work: Work
) -> None:
    work(mail_desk)
    sent = settled(mail_desk, ask(mail_desk, agent).id)
    assert (sent.state, sent.problem, sent.smtp_code) == (MailState.ACCEPTED, "", 250)
    [mail] = smtp[0].mails
    assert mail["To"].addresses[0].addr_spec == "hector.villasenor@example.com"
    assert mail["Subject"] == "Aviso de aspel.com - Reenvío de CDA"
    assert mail["Message-ID"] == f"<{sent.id}@avisos.aspel.com.mx>"
    assert "Estimado Héctor Villaseñor Muñoz," in body(mail, "plain")
    assert smtp[0].received[0][1] == ["hector.villasenor@example.com"]
    [row] = logged(mail_desk, *OUTCOMES)
    assert (row["action"], row["actor"], row["subject"]) == ("mail_accepted", "sistema", sent.id)
    assert (row["serial"], row["account_no"]) == (SERIAL, "00000001")
    assert row["detail"]["recipient"] == "hector.villasenor@example.com"


@pytest.mark.slow
def test_only_the_newest_code_is_ever_sent(
    mail_desk: Desk, agent: Actor, smtp: Served, work: Work
) -> None:
    work(mail_desk)
    settled(mail_desk, ask(mail_desk, agent).id)
    text = body(smtp[0].mails[0], "plain") + body(smtp[0].mails[0], "html")
    assert "LIVE1-AAAAA-BBBBB-CCCCC" in text
    assert "DEAD1" not in text


@pytest.mark.slow
def test_a_code_issued_while_the_mail_waits_is_the_one_that_goes(
    mail_desk: Desk,
    agent: Actor,
    smtp: Served,
    work: Work,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = ask(mail_desk, agent)
    unlocked = (SERIAL, dt.date(2026, 11, 20), "Desbloqueo", "NEWER-AAAAA-BBBBB-CCCCC")
    monkeypatch.setattr(small_ref, "ACTIVATIONS", [*small_ref.ACTIVATIONS, unlocked])
    small_ref.publish(mail_desk.store, mail_desk.vault())
    work(mail_desk)
    settled(mail_desk, asked.id)
    text = body(smtp[0].mails[0], "plain")
    assert "NEWER-AAAAA-BBBBB-CCCCC" in text
    assert "LIVE1" not in text


@pytest.mark.slow
def test_many_mails_each_once(mail_desk: Desk, agent: Actor, smtp: Served, work: Work) -> None:
    serials = ["S0000000001", "S0000000002", "L0000000001"]
    asked = [ask(mail_desk, agent, f"k{s}", s) for s in serials]
    work(mail_desk)
    assert {settled(mail_desk, d.id).state for d in asked} == {MailState.ACCEPTED}
    ids = [mail["Message-ID"] for mail in smtp[0].mails]
    assert len(ids) == len(set(ids)) == 3


@pytest.mark.slow
def test_a_next_mail_that_can_t_be_taken_leaves_the_last_one_recorded(
    mail_desk: Desk, agent: Actor, smtp: Served, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both are one transaction: the outcome is written down alone when that fails."""
    taken, claim = [], outbox.claim

    def fails_once(transaction: Transaction, **options: Any) -> Claim | None:
        taken.append(transaction)
        if len(taken) == 2:
            raise RuntimeError
        return claim(transaction, **options)

    monkeypatch.setattr(outbox, "claim", fails_once)
    first, second = ask(mail_desk, agent), ask(mail_desk, agent, "k2", "S0000000002")
    work(mail_desk)
    for asked in (first, second):
        assert settled(mail_desk, asked.id).state is MailState.ACCEPTED
    assert outcomes(mail_desk) == [("mail_accepted", "ok", "")] * 2
    assert len(smtp[0].received) == 2


@pytest.mark.slow
def test_it_wakes_at_once_and_rests_otherwise(
    mail_desk: Desk, agent: Actor, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Claims are counted: one at the start, one for each mail, one after it that finds nothing."""
    claims: list[int] = []
    claim = outbox.claim

    def counted(transaction: outbox.Transaction, **how: bool) -> object:
        claims.append(1)
        return claim(transaction, **how)

    monkeypatch.setattr(outbox, "claim", counted)
    work(mail_desk)
    until(lambda: len(claims) == 1)
    settled(mail_desk, ask(mail_desk, agent).id)
    until(lambda: len(claims) == 3)
    settled(mail_desk, ask(mail_desk, agent, "k2").id)
    until(lambda: len(claims) >= 5)
    assert len(claims) == 5


@pytest.mark.parametrize(
    ("state", "rests"), [(MailState.ACCEPTED, True), (MailState.FAILED, False)]
)
def test_a_serial_rests_after_a_mail_that_went(
    desk: Desk, agent: Actor, smtp: Served, work: Work, state: MailState, rests: bool
) -> None:
    if state is MailState.FAILED:
        smtp[0].answers["RCPT"] = "550 5.1.1 unknown user"
    pausing = mailing(desk, smtp[1], cooldown_s=60)
    work(pausing)
    assert settled(pausing, ask(pausing, agent, "k1").id).state is state
    if rests:
        with pytest.raises(AppError) as refusal:
            ask(pausing, agent, "k2")
        assert refusal.value.reason is Reason.SENT_A_MOMENT_AGO
        assert 50 < refusal.value.facts["wait_s"] <= 61
    else:
        assert ask(pausing, agent, "k2").state is MailState.QUEUED


# ---- the server misbehaves -----------------------------------------------------------------


@pytest.mark.slow
def test_down_then_up_nothing_is_lost(desk: Desk, agent: Actor, work: Work) -> None:
    port = free_port()
    down = mailing(desk, port, max_attempts=50)
    asked = ask(down, agent)
    work(down, Pace(backoff=lambda _: 0.2, probing=lambda _: 0.1))
    waiting = until(lambda: d if (d := found(down, asked.id)).problem else None)
    assert (waiting.state, waiting.problem) == (MailState.QUEUED, "unreachable")
    assert "se intentará de nuevo a las" in mail_words.problem_sentence(waiting)
    with serving(port) as (server, _):
        sent = settled(down, asked.id)
        assert (sent.state, sent.problem) == (MailState.ACCEPTED, "")
        assert [m["Message-ID"] for m in server.mails] == [f"<{asked.id}@avisos.aspel.com.mx>"]
    assert outcomes(down)[0] == ("mail_deferred", "failed", "unreachable")
    assert outcomes(down)[-1] == ("mail_accepted", "ok", "")


@pytest.mark.slow
@pytest.mark.parametrize("line", ["421 4.3.2 closing", "451 4.7.1 greylisted"])
def test_a_server_that_asks_to_wait_is_asked_again(
    mail_desk: Desk, agent: Actor, smtp: Served, work: Work, line: str
) -> None:
    smtp[0].answers["RCPT"] = line
    asked = ask(mail_desk, agent)
    work(mail_desk, Pace(backoff=lambda _: 0.1, probing=lambda _: 0.1))
    until(lambda: found(mail_desk, asked.id).problem == "server_busy")
    smtp[0].answers.clear()
    assert settled(mail_desk, asked.id).state is MailState.ACCEPTED
    assert len(smtp[0].received) == 1


@pytest.mark.slow
def test_attempts_come_to_an_end(mail_desk: Desk, agent: Actor, smtp: Served, work: Work) -> None:
    smtp[0].answers["RCPT"] = "451 4.7.1 greylisted"
    limited = mailing(mail_desk, smtp[1], max_attempts=3)
    asked = ask(limited, agent)
    work(limited)
    failed = settled(limited, asked.id)
    assert (failed.state, failed.attempts, failed.smtp_code) == (MailState.FAILED, 3, 451)
    assert "se agotaron los intentos" in mail_words.problem_sentence(failed)
    assert [action for action, _, _ in outcomes(limited)] == [
        "mail_deferred",
        "mail_deferred",
        "mail_failed",
    ]


@pytest.mark.slow
def test_a_refused_address_fails_and_may_be_retried(
    mail_desk: Desk, agent: Actor, smtp: Served, work: Work
) -> None:
    smtp[0].answers["RCPT"] = "550 5.1.1 unknown user"
    work(mail_desk)
    failed = settled(mail_desk, ask(mail_desk, agent).id)
    assert (failed.state, failed.problem, failed.attempts) == (
        MailState.FAILED,
        "address_refused",
        1,
    )
    assert outcomes(mail_desk) == [("mail_failed", "failed", "address_refused")]
    assert logged(mail_desk, Action.MAIL_FAILED)[0]["detail"]["smtp_text"] == "5.1.1 unknown user"
    smtp[0].answers.clear()
    again = resending.retry(mail_desk, agent, failed.id, "k2")
    assert settled(mail_desk, again.id).state is MailState.ACCEPTED
    assert len(smtp[0].received) == 1


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["drop", "stall"])
def test_a_lost_answer_is_uncertain_and_never_sent_again(
    desk: Desk, agent: Actor, smtp: Served, work: Work, fault: str
) -> None:
    setattr(smtp[0], fault, "END")
    hasty = mailing(desk, smtp[1], timeout_s=0.3)
    work(hasty)
    lost = settled(hasty, ask(hasty, agent).id)
    assert (lost.state, lost.problem) == (MailState.UNCERTAIN, "answer_lost")
    setattr(smtp[0], fault, "")
    settled(hasty, ask(hasty, agent, "k2", "S0000000002").id)  # the worker goes on
    assert [m["Message-ID"].startswith(f"<{lost.id}@") for m in smtp[0].mails] == [True, False]
    assert outcomes(hasty)[0] == ("mail_uncertain", "uncertain", "answer_lost")
    assert found(hasty, lost.id).state is MailState.UNCERTAIN


def test_a_drop_before_the_body_is_tried_again(
    mail_desk: Desk, agent: Actor, smtp: Served, work: Work
) -> None:
    smtp[0].drop = "DATA"
    asked = ask(mail_desk, agent)
    work(mail_desk, Pace(backoff=lambda _: 0.1, probing=lambda _: 0.1))
    until(lambda: found(mail_desk, asked.id).problem == "connection_lost")
    smtp[0].drop = ""
    assert settled(mail_desk, asked.id).state is MailState.ACCEPTED
    assert len(smtp[0].received) == 1


# ---- the desk's own faults -----------------------------------------------------------------


@pytest.mark.slow
def test_a_wrong_setting_holds_the_queue_and_says_so(
    desk: Desk, agent: Actor, smtp: Served, work: Work
) -> None:
    wrong = mailing(desk, smtp[1], security="starttls")  # the server has none
    first, second = ask(wrong, agent, "k1"), ask(wrong, agent, "k2", "S0000000002")
    worker = work(wrong, SLOW)
    until(lambda: found(wrong, second.id).problem == "no_tls")
    third = ask(wrong, agent, "k3", "L0000000001")
    until(lambda: found(wrong, third.id).problem == "no_tls")
    for waiting in (found(wrong, d.id) for d in (first, second, third)):
        assert (waiting.state, waiting.attempts) == (MailState.QUEUED, 0)
        assert "avisa al administrador" in mail_words.problem_sentence(waiting)
    assert smtp[0].connections == 1  # one try, not one a mail
    assert outcomes(wrong) == [("mail_deferred", "failed", "no_tls")]
    worker.stop()

    right = mailing(desk, smtp[1])  # corrected, and started again
    work(right)
    assert {settled(right, d.id).state for d in (first, second, third)} == {MailState.ACCEPTED}
    assert len(smtp[0].received) == 3


@pytest.mark.slow
def test_a_wrong_setting_never_uses_up_the_attempts(
    desk: Desk, agent: Actor, smtp: Served, work: Work
) -> None:
    smtp[0].answers["MAIL"] = "550 5.7.1 not you"
    wrong = mailing(desk, smtp[1], max_attempts=2)
    asked = ask(wrong, agent)
    work(wrong)
    until(lambda: len(logged(wrong, Action.MAIL_DEFERRED)) >= 4)
    assert found(wrong, asked.id).finished_at is None
    smtp[0].answers.clear()
    assert settled(wrong, asked.id).state is MailState.ACCEPTED


def test_without_the_key_mail_waits_for_it(
    mail_desk: Desk, agent: Actor, smtp: Served, work: Work
) -> None:
    key = mail_desk.settings.data / "keys" / "cda.key"
    away = key.rename(key.with_suffix(".away"))
    asked = ask(mail_desk, agent)
    work(mail_desk)
    until(lambda: found(mail_desk, asked.id).problem == "no_cda_key")
    assert found(mail_desk, asked.id).state in {MailState.QUEUED, MailState.SENDING}
    assert smtp[0].connections == 0
    assert ("mail_deferred", "failed", "no_cda_key") in outcomes(mail_desk)
    [paused] = logged(mail_desk, Action.MAIL_PAUSED)
    assert paused["reason"] == "no_cda_key"
    away.rename(key)
    assert settled(mail_desk, asked.id).state is MailState.ACCEPTED


@pytest.mark.slow
def test_a_damaged_code_does_not_hold_the_others(
    mail_desk: Desk,
    agent: Actor,
    smtp: Served,
    work: Work,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    key, newest = mail_desk.vault(), vault.in_force
    sealed = Sealed(key.seal("another serial", "X"), key.fingerprint)
    monkeypatch.setattr(
        vault,
        "in_force",
        lambda reader, serial: sealed if serial == SERIAL else newest(reader, serial),
    )
    damaged, good = ask(mail_desk, agent, "k1"), ask(mail_desk, agent, "k2", "S0000000002")
    work(mail_desk, SLOW)
    assert settled(mail_desk, good.id).state is MailState.ACCEPTED
    assert found(mail_desk, damaged.id).problem == "no_cda_key"
    assert len(smtp[0].received) == 1


@pytest.mark.slow
def test_a_code_that_is_gone_fails_clearly(
    mail_desk: Desk, agent: Actor, smtp: Served, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ask(mail_desk, agent)
    monkeypatch.setattr(small_ref, "ACTIVATIONS", [])
    small_ref.publish(mail_desk.store, mail_desk.vault())
    work(mail_desk)
    failed = settled(mail_desk, asked.id)
    assert (failed.state, failed.problem) == (MailState.FAILED, "no_code")
    assert outcomes(mail_desk) == [("mail_failed", "failed", "no_code")]
    assert smtp[0].connections == 0


class Broken:
    """A transport with a fault of ours in it."""

    def send(self, *_: object, **__: object) -> Answer:
        raise RuntimeError("LIVE1-AAAAA-BBBBB-CCCCC in a bug's own words")

    def close(self) -> None: ...

    def close_if_idle(self) -> None: ...


def test_a_bug_while_sending_is_uncertain_and_the_worker_goes_on(
    mail_desk: Desk, agent: Actor, work: Work, caplog: pytest.LogCaptureFixture
) -> None:
    work(mail_desk, connections=[Broken()])
    for key, serial in (("k1", SERIAL), ("k2", "S0000000002")):
        lost = settled(mail_desk, ask(mail_desk, agent, key, serial).id)
        assert (lost.state, lost.problem) == (MailState.UNCERTAIN, "internal")
    assert "RuntimeError" in caplog.text
    assert "LIVE1" not in caplog.text


@pytest.mark.slow
def test_a_bug_while_composing_fails_and_the_worker_goes_on(
    mail_desk: Desk,
    agent: Actor,
    work: Work,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    compose = sending.compose
    monkeypatch.setattr(sending, "compose", lambda letter: letter.no_such_field)
    work(mail_desk)
    failed = settled(mail_desk, ask(mail_desk, agent).id)
    assert (failed.state, failed.problem) == (MailState.FAILED, "internal")
    assert "AttributeError" in caplog.text
    monkeypatch.setattr(sending, "compose", compose)
    again = resending.retry(mail_desk, agent, failed.id, "k2")
    assert settled(mail_desk, again.id).state is MailState.ACCEPTED


def test_storage_that_fails_for_a_while_loses_no_outcome(
    mail_desk: Desk,
    agent: Actor,
    smtp: Served,
    work: Work,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The first claim and the first record fail in the engine itself."""
    faults = {"claim": 1, "settle": 1}

    def failing(name: str) -> Callable[..., Any]:
        real = getattr(outbox, name)

        def once(transaction: outbox.Transaction, *rest: Any, **how: Any) -> Any:
            if faults[name]:
                faults[name] -= 1
                transaction.run("SELECT * FROM no_such_table")
            return real(transaction, *rest, **how)

        return once

    for name in faults:
        monkeypatch.setattr(outbox, name, failing(name))
    asked = ask(mail_desk, agent)
    work(mail_desk)
    assert settled(mail_desk, asked.id).state is MailState.ACCEPTED
    assert faults == {"claim": 0, "settle": 0}
    assert len(smtp[0].received) == 1
    assert caplog.text.count("storage_failed") == 2
    assert outcomes(mail_desk) == [("mail_accepted", "ok", "")]


# ---- stop and start ------------------------------------------------------------------------


@pytest.mark.slow
def test_stopping_finishes_the_mail_in_hand_and_keeps_the_rest(
    mail_desk: Desk, agent: Actor, smtp: Served, work: Work
) -> None:
    in_hand, go_on = threading.Event(), threading.Event()

    class Held(Transport):
        def send(self, *mail: Any, **how: Any) -> Answer:
            in_hand.set()
            go_on.wait()
            return super().send(*mail, **how)

    first, second = ask(mail_desk, agent, "k1"), ask(mail_desk, agent, "k2", "S0000000002")
    worker = work(mail_desk, connections=[Held(mail_desk.settings.mail)])
    in_hand.wait()
    assert found(mail_desk, first.id).state is MailState.SENDING
    stopping = threading.Thread(target=worker.stop)
    stopping.start()
    go_on.set()
    stopping.join()
    assert found(mail_desk, first.id).state is MailState.ACCEPTED
    assert found(mail_desk, second.id).state is MailState.QUEUED
    work(mail_desk)
    assert settled(mail_desk, second.id).state is MailState.ACCEPTED
    assert len(smtp[0].received) == 2


@pytest.mark.slow
def test_what_was_in_hand_when_the_process_died_is_uncertain(
    mail_desk: Desk, agent: Actor, smtp: Served, work: Work
) -> None:
    asked = ask(mail_desk, agent)
    mail_desk.store.write(claimed)
    work(mail_desk)
    lost = found(mail_desk, asked.id)
    assert (lost.state, lost.problem) == (MailState.UNCERTAIN, "process_died")
    assert outcomes(mail_desk) == [("mail_uncertain", "uncertain", "process_died")]
    settled(mail_desk, ask(mail_desk, agent, "k2", "S0000000002").id)
    assert len(smtp[0].received) == 1
    again = resending.retry(mail_desk, agent, asked.id, "k3")
    assert settled(mail_desk, again.id).state is MailState.ACCEPTED
    assert smtp[0].mails[1]["Message-ID"] == f"<{asked.id}@avisos.aspel.com.mx>"


def test_a_worker_stopped_before_it_started_is_harmless(mail_desk: Desk) -> None:
    worker = Worker(mail_desk)
    worker.stop()
    worker.stop()


# ---- secrets -------------------------------------------------------------------------------


@pytest.mark.slow
def test_no_code_is_left_anywhere_but_in_the_mail(
    mail_desk: Desk,
    agent: Actor,
    smtp: Served,
    work: Work,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Even from a server that quotes the mail in its answer."""
    caplog.set_level(logging.DEBUG)
    for logger in ("mail.log", "asyncio"):  # the test's own server
        logging.getLogger(logger).setLevel(logging.WARNING)
    code = "LIVE1-AAAAA-BBBBB-CCCCC"
    smtp[0].answers["END"] = f"554 5.7.1 spam: {code}"
    worker = work(mail_desk)
    settled(mail_desk, ask(mail_desk, agent).id)
    smtp[0].answers["END"] = f"250 2.0.0 thanks for {code}"
    settled(mail_desk, ask(mail_desk, agent, "k2").id)
    worker.stop()
    tables = [
        r[0]
        for r in mail_desk.store.rows(
            "SELECT table_name FROM duckdb_tables() WHERE database_name = 'ops'"
        )
    ]
    assert "outbox" in tables
    for table in tables:
        assert "LIVE1" not in repr(mail_desk.store.records(f"SELECT * FROM ops.{table}"))
    mail_desk.store.rows("CHECKPOINT ops")
    for file in Path(mail_desk.settings.data).rglob("*"):
        assert not file.is_file() or b"LIVE1" not in file.read_bytes(), file
    said = caplog.text + "".join(capfd.readouterr())
    assert "LIVE1" not in said
    assert "hector" not in said


def test_the_pace_of_attempts() -> None:
    waits = [pace.backoff(attempts) for attempts in (1, 2, 3, 4, 5, 6, 50)]
    for wait, middle in zip(waits, (15, 60, 300, 900, 3600, 3600, 3600), strict=True):
        assert 0.8 * middle <= wait <= 1.2 * middle
    assert len({pace.backoff(1) for _ in range(20)}) > 1
    assert pace.probing(1) < 3
    assert 48 <= pace.probing(50) <= 72
