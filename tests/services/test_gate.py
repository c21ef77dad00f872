"""A circuit breaker before the mail server: one mail knocks, the rest wait and say for what."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from lib.mail.answers import Answer, Verdict
from lib.model import clock
from lib.model.action import Action
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.mail_queue import Way
from lib.model.outbox import MailProblem, MailState
from lib.services.desk import Desk
from lib.services.outgoing import pauses
from lib.services.outgoing.delivery import Worker
from lib.services.outgoing.pace import Pace
from lib.services.resends import resending
from lib.store.mail import mail_queue
from tests.mail.server import Behaviour, serving
from tests.ports import free_port
from tests.services.conftest import found, mailing, settled
from tests.services.log_rows import logged
from tests.waiting import until

Served = tuple[Behaviour, int]
Work = Callable[..., Worker]
SERIALS = ("S0000000001", "S0000000002", "L0000000001")
PATIENT = Pace(backoff=lambda _: 3600.0, probing=lambda _: 3600.0, correction_s=3600.0)


def ask(desk: Desk, actor: Actor, *serials: str) -> list[str]:
    return [resending.resend(desk, actor, s, "other", "", f"k{s}").id for s in serials]


class Scripted:
    """A transport that gives the answers it was told, then takes everything."""

    def __init__(self, *answers: Answer) -> None:
        self.answers, self.tries = list(answers), 0

    def send(self, *_: Any, **__: Any) -> Answer:
        self.tries += 1
        return self.answers.pop(0) if self.answers else Answer(Verdict.ACCEPTED, None, 250)

    def check(self) -> Answer:
        return self.send()

    def close(self) -> None: ...

    def close_if_idle(self) -> None: ...


def test_a_dead_server_is_tried_once_and_the_rest_say_why(
    desk: Desk, agent: Actor, admin: Actor, work: Work
) -> None:
    down = mailing(desk, free_port())
    ids = ask(down, agent, *SERIALS)
    work(down, PATIENT)
    until(lambda: all(found(down, i).problem == "unreachable" for i in ids))
    assert sorted(found(down, i).attempts for i in ids) == [0, 0, 1]
    assert [r["reason"] for r in logged(down, Action.MAIL_PAUSED)] == ["unreachable"]
    assert len(logged(down, Action.MAIL_DEFERRED)) == 1
    pause = mail_queue.pause(down.store)
    assert pause is not None
    assert (pause.problem, pause.failures) == (MailProblem.UNREACHABLE, 1)
    assert pauses.troubles(down, admin) == []  # once may pass by itself


@pytest.mark.slow
def test_what_waited_for_a_server_leaves_when_it_is_back(
    desk: Desk, agent: Actor, admin: Actor, work: Work
) -> None:
    port = free_port()
    down = mailing(desk, port, max_attempts=50)
    ids = ask(down, agent, *SERIALS)
    # A mail's own wait is an hour: it doesn't matter, once another has got through.
    work(down, Pace(backoff=lambda _: 3600.0, probing=lambda _: 0.05))
    trouble = until(lambda: pauses.troubles(down, admin))[0]
    assert (trouble.problem, trouble.waiting) == (MailProblem.UNREACHABLE, 3)
    with serving(port) as (server, _):
        pauses.try_now(down, admin)
        assert {settled(down, i).state for i in ids} == {MailState.ACCEPTED}
        assert len(server.received) == 3
    assert mail_queue.pause(down.store) is None
    assert len(logged(down, Action.MAIL_PAUSED)) == len(logged(down, Action.MAIL_RESUMED)) == 1
    assert all(r["actor"] == "sistema" for r in logged(down, Action.MAIL_RESUMED))


@pytest.mark.slow
def test_a_server_that_cuts_three_mails_short_is_down(
    mail_desk: Desk, agent: Actor, work: Work
) -> None:
    cut = Answer(Verdict.DEFERRED, MailProblem.CONNECTION_LOST)
    transport = Scripted(cut, Answer(Verdict.UNCERTAIN, MailProblem.ANSWER_LOST), cut)
    ask(mail_desk, agent, *SERIALS)
    work(mail_desk, PATIENT, connections=[transport])
    pause = until(lambda: mail_queue.pause(mail_desk.store))
    assert pause.problem is MailProblem.CONNECTION_LOST
    assert transport.tries == 3


@pytest.mark.slow
def test_an_answer_between_starts_the_count_anew(mail_desk: Desk, agent: Actor, work: Work) -> None:
    cut = Answer(Verdict.DEFERRED, MailProblem.CONNECTION_LOST)
    refused = Answer(Verdict.REFUSED, MailProblem.ADDRESS_REFUSED, 550)
    transport = Scripted(cut, cut, refused, cut, cut)
    ids = ask(mail_desk, agent, *SERIALS)
    work(mail_desk, connections=[transport])
    until(lambda: all(found(mail_desk, i).finished_at for i in ids))
    assert logged(mail_desk, Action.MAIL_PAUSED) == []


@pytest.mark.slow
def test_a_server_that_closes_for_now_holds_the_others(
    mail_desk: Desk, agent: Actor, smtp: Served, work: Work
) -> None:
    smtp[0].answers["MAIL"] = "421 4.3.2 closing"
    ids = ask(mail_desk, agent, *SERIALS)
    work(mail_desk, PATIENT)
    until(lambda: all(found(mail_desk, i).problem == "server_busy" for i in ids))
    assert smtp[0].connections == 1


def test_a_greylisted_mail_holds_nobody_else(
    mail_desk: Desk, agent: Actor, smtp: Served, work: Work
) -> None:
    smtp[0].refused["hector.villasenor@example.com"] = "451 4.7.1 greylisted"
    grey, other, _ = ask(mail_desk, agent, *SERIALS)
    work(mail_desk, PATIENT)
    assert settled(mail_desk, other).state is MailState.ACCEPTED
    assert found(mail_desk, grey).problem == "server_busy"
    assert mail_queue.pause(mail_desk.store) is None


@pytest.mark.slow
def test_a_wrong_setting_is_told_and_tried_when_somebody_asks(
    mail_desk: Desk, agent: Actor, admin: Actor, smtp: Served, work: Work
) -> None:
    smtp[0].answers["MAIL"] = "550 5.7.1 not you"
    before = clock.now()
    ids = ask(mail_desk, agent, *SERIALS)
    work(mail_desk, PATIENT)
    [trouble] = until(lambda: pauses.troubles(mail_desk, admin))
    assert (trouble.way, trouble.problem) == (Way.MAIL, MailProblem.SENDER_REFUSED)
    assert before <= trouble.since <= clock.now()
    assert trouble.waiting == 3
    smtp[0].answers.clear()
    pauses.try_now(mail_desk, admin)
    assert {settled(mail_desk, i).state for i in ids} == {MailState.ACCEPTED}
    assert pauses.troubles(mail_desk, admin) == []
    acts = (Action.MAIL_PAUSED, Action.MAIL_PROBED, Action.MAIL_RESUMED)
    rows = logged(mail_desk, *acts)
    assert [r["action"] for r in rows] == ["mail_paused", "mail_probed", "mail_resumed"]
    assert {r["reason"] for r in rows} == {"sender_refused"}
    assert rows[1]["actor"] == "admin"


@pytest.mark.slow
def test_since_when_outlives_a_restart(
    mail_desk: Desk, agent: Actor, admin: Actor, smtp: Served, work: Work
) -> None:
    smtp[0].answers["MAIL"] = "550 5.7.1 not you"
    ask(mail_desk, agent, *SERIALS)
    worker = work(mail_desk, PATIENT)
    until(lambda: pauses.troubles(mail_desk, admin))
    worker.stop()
    since = pauses.troubles(mail_desk, admin)[0].since
    tries = smtp[0].connections
    work(mail_desk, PATIENT)
    until(lambda: smtp[0].connections > tries)  # a start knocks at once
    until(lambda: (p := mail_queue.pause(mail_desk.store)) and p.failures >= 2)
    assert pauses.troubles(mail_desk, admin)[0].since == since
    assert len(logged(mail_desk, Action.MAIL_PAUSED)) == 1


def test_an_empty_queue_learns_that_all_is_well_again(
    mail_desk: Desk, admin: Actor, smtp: Served, work: Work
) -> None:
    """Nothing waits that could knock: the worker asks the server without a mail."""
    smtp[0].answers["MAIL"] = "550 5.7.1 not you"
    mail_desk.store.write(lambda t: mail_queue.stop(t, MailProblem.BAD_LOGIN, t.now))
    work(mail_desk, PATIENT)
    until(lambda: (p := mail_queue.pause(mail_desk.store)) and p.problem == "sender_refused")
    smtp[0].answers.clear()
    pauses.try_now(mail_desk, admin)
    until(lambda: mail_queue.pause(mail_desk.store) is None)
    assert smtp[0].received == []
    assert [r["reason"] for r in logged(mail_desk, Action.MAIL_RESUMED)] == ["sender_refused"]


@pytest.mark.parametrize("who", ["agent", "manager"])
def test_only_administrators_see_and_try(
    desk: Desk, who: str, request: pytest.FixtureRequest
) -> None:
    person = request.getfixturevalue(who)
    for act in (pauses.troubles, pauses.try_now):
        with pytest.raises(AppError) as refused:
            act(desk, person)
        assert refused.value.reason is Reason.FORBIDDEN
    assert logged(desk, Action.MAIL_PROBED) == []


def test_trying_when_nothing_waits_does_nothing(desk: Desk, admin: Actor) -> None:
    pauses.try_now(desk, admin)
    assert logged(desk, Action.MAIL_PROBED) == []


# ---- the clock -----------------------------------------------------------------------------


class Clock:
    """The machine's, set by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.off = dt.timedelta()
        now = clock.now
        monkeypatch.setattr(clock, "now", lambda: now() + self.off)


def test_nothing_leaves_while_the_clock_is_before_the_log(
    mail_desk: Desk,
    agent: Actor,
    admin: Actor,
    smtp: Served,
    work: Work,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    machine = Clock(monkeypatch)
    [mail_id] = ask(mail_desk, agent, SERIALS[0])
    machine.off = dt.timedelta(hours=-2)
    worker = work(mail_desk)
    [trouble] = until(lambda: pauses.troubles(mail_desk, admin))
    assert trouble.problem is MailProblem.CLOCK_BACK
    assert found(mail_desk, mail_id).attempts == 0
    machine.off = dt.timedelta()  # put right
    mail_desk.mail_waiting.set()
    assert settled(mail_desk, mail_id).state is MailState.ACCEPTED
    worker.stop()
    # Nothing was written by the wrong clock: the log still verifies (`logged` checks).
    assert [r["reason"] for r in logged(mail_desk, Action.MAIL_RESUMED)] == ["clock_back"]


def test_other_peoples_acts_by_the_wrong_clock_hide_nothing(
    mail_desk: Desk, agent: Actor, admin: Actor, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = Clock(monkeypatch)
    ask(mail_desk, agent, SERIALS[0])
    machine.off = dt.timedelta(hours=-2)
    ask(mail_desk, agent, SERIALS[1])  # the log's last row is now by the wrong clock
    work(mail_desk)
    [trouble] = until(lambda: pauses.troubles(mail_desk, admin))
    assert trouble.problem is MailProblem.CLOCK_BACK


@pytest.mark.slow
def test_an_administrator_may_say_that_the_clock_is_right(
    mail_desk: Desk, agent: Actor, admin: Actor, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It ran years ahead when something was logged, and was put right."""
    machine = Clock(monkeypatch)
    machine.off = dt.timedelta(days=2000)
    mail_desk.store.write(lambda t: t.log(admin, pauses.Entry(Action.APP_STARTED)))
    machine.off = dt.timedelta()
    [mail_id] = ask(mail_desk, agent, SERIALS[0])
    worker = work(mail_desk)
    until(lambda: pauses.troubles(mail_desk, admin))
    assert found(mail_desk, mail_id).attempts == 0
    pauses.try_now(mail_desk, admin)
    assert settled(mail_desk, mail_id).state is MailState.ACCEPTED
    worker.stop()
    work(mail_desk)  # and it is still right after a restart
    [other] = ask(mail_desk, agent, SERIALS[1])
    assert settled(mail_desk, other).state is MailState.ACCEPTED


@pytest.mark.slow
def test_a_clock_set_back_skips_no_cooldown(
    desk: Desk, agent: Actor, smtp: Served, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    pausing = mailing(desk, smtp[1], cooldown_s=60)
    machine = Clock(monkeypatch)
    work(pausing)
    [mail_id] = ask(pausing, agent, SERIALS[0])
    assert settled(pausing, mail_id).state is MailState.ACCEPTED
    for hours in (-2, -24, -24 * 365):
        machine.off = dt.timedelta(hours=hours)
        with pytest.raises(AppError) as refused:
            resending.resend(pausing, agent, SERIALS[0], "other", "", f"k{hours}")
        assert refused.value.reason is Reason.SENT_A_MOMENT_AGO
