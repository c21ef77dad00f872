"""Mails that leave side by side: as many as there are connections, each as safe as one alone."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from lib.mail.answers import Answer, Verdict
from lib.model.action import Action
from lib.model.actor import Actor
from lib.model.outbox import MailProblem, MailState
from lib.services.desk import Desk
from lib.services.outgoing.delivery import Worker
from lib.services.outgoing.pace import Pace
from lib.services.resends import resending
from lib.store.mail import mail_queue
from tests.mail.server import Behaviour
from tests.ports import free_port
from tests.services.conftest import claimed, found, mailing, settled
from tests.services.log_rows import logged
from tests.waiting import until

SERIALS = ("S0000000001", "S0000000002", "L0000000001")
PATIENT = Pace(backoff=lambda _: 3600.0, probing=lambda _: 3600.0, correction_s=3600.0)
REFUSED = Answer(Verdict.REFUSED, MailProblem.ADDRESS_REFUSED, 550)

Served = tuple[Behaviour, int]
Work = Callable[..., Worker]


def ask(desk: Desk, actor: Actor) -> list[str]:
    asked = (resending.resend(desk, actor, s, "other", "", f"k{s}") for s in SERIALS)
    return [each.id for each in asked]


class Gated:
    """A connection whose mails wait for us; what it does with them is ours to say."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.begun: list[str] = []
        self.go_on = threading.Event()

    def send(self, message: Any, recipient: str, **_: Any) -> Answer:
        self.begun.append(message["Message-ID"])
        self.go_on.wait()
        return self.answer

    def check(self) -> Answer:
        return self.answer

    def close(self) -> None: ...

    def close_if_idle(self) -> None: ...


@pytest.fixture
def pair() -> list[Gated]:
    return [Gated(REFUSED), Gated(REFUSED)]


def test_as_many_leave_at_once_as_there_are_connections(
    mail_desk: Desk, agent: Actor, work: Work, pair: list[Gated]
) -> None:
    ids = ask(mail_desk, agent)
    work(mail_desk, connections=pair)
    until(lambda: all(each.begun for each in pair))
    states = [found(mail_desk, i).state for i in ids]
    assert states == [MailState.SENDING, MailState.SENDING, MailState.QUEUED]
    for each in pair:
        each.go_on.set()
    assert {settled(mail_desk, i).state for i in ids} == {MailState.FAILED}
    assert len(logged(mail_desk, Action.MAIL_FAILED)) == 3


@pytest.mark.slow
def test_a_slow_mail_holds_up_nobody(
    mail_desk: Desk, agent: Actor, work: Work, pair: list[Gated]
) -> None:
    first, *others = ask(mail_desk, agent)
    work(mail_desk, connections=pair)
    until(lambda: all(each.begun for each in pair))
    [slow] = [each for each in pair if first in each.begun[0]]
    next(each for each in pair if each is not slow).go_on.set()
    for other in others:
        settled(mail_desk, other)
    assert found(mail_desk, first).state is MailState.SENDING
    slow.go_on.set()
    settled(mail_desk, first)


@pytest.mark.slow
def test_stopping_waits_for_every_mail_in_hand(
    mail_desk: Desk, agent: Actor, work: Work, pair: list[Gated]
) -> None:
    ids = ask(mail_desk, agent)
    worker = work(mail_desk, connections=pair)
    until(lambda: all(each.begun for each in pair))
    stopping = threading.Thread(target=worker.stop)
    stopping.start()
    for each in pair:
        each.go_on.set()
    stopping.join()
    states = [found(mail_desk, i).state for i in ids]
    assert states == [MailState.FAILED, MailState.FAILED, MailState.QUEUED]


def test_each_in_hand_when_the_process_died_is_uncertain(mail_desk: Desk, agent: Actor) -> None:
    ids = ask(mail_desk, agent)
    for _ in range(2):
        mail_desk.store.write(claimed)
    worker = Worker(mail_desk)
    worker.start()
    worker.stop()
    lost = [found(mail_desk, i).problem == "process_died" for i in ids]
    assert lost == [True, True, False]
    assert len(logged(mail_desk, Action.MAIL_UNCERTAIN)) == 2


@pytest.mark.slow
def test_two_that_meet_a_dead_server_are_one_failure(desk: Desk, agent: Actor, work: Work) -> None:
    down = mailing(desk, free_port(), connections=2)
    ids = ask(down, agent)
    work(down, PATIENT)
    until(lambda: all(found(down, i).problem == "unreachable" for i in ids))
    assert sorted(found(down, i).attempts for i in ids) == [0, 1, 1]
    until(lambda: len(logged(down, Action.MAIL_DEFERRED)) == 2)
    pause = mail_queue.pause(down.store)
    assert pause is not None
    assert pause.failures == 1
    assert len(logged(down, Action.MAIL_PAUSED)) == 1


def test_a_server_that_was_down_is_knocked_at_by_one(
    mail_desk: Desk, agent: Actor, work: Work, pair: list[Gated]
) -> None:
    ids = ask(mail_desk, agent)
    mail_desk.store.write(lambda t: mail_queue.stop(t, MailProblem.UNREACHABLE, t.now))
    work(mail_desk, PATIENT, connections=pair)
    until(lambda: any(each.begun for each in pair))
    assert [found(mail_desk, i).state for i in ids].count(MailState.SENDING) == 1
    for each in pair:
        each.go_on.set()
    assert {settled(mail_desk, i).state for i in ids} == {MailState.FAILED}
    assert mail_queue.pause(mail_desk.store) is None
    assert [r["reason"] for r in logged(mail_desk, Action.MAIL_RESUMED)] == ["unreachable"]


def test_a_failed_knock_is_one_whatever_is_queued_meanwhile(
    mail_desk: Desk, agent: Actor, work: Work, pair: list[Gated]
) -> None:
    """What comes in while a mail knocks isn't tried beside it, nor right after it in vain."""
    down = Answer(Verdict.DEFERRED, MailProblem.UNREACHABLE, holds_all=True)
    for each in pair:
        each.answer = down
    ids = ask(mail_desk, agent)
    mail_desk.store.write(lambda t: mail_queue.stop(t, MailProblem.UNREACHABLE, t.now))
    work(mail_desk, PATIENT, connections=pair)
    until(lambda: any(each.begun for each in pair))
    writes = mail_desk.store.writes
    mail_desk.mail_waiting.set()
    until(lambda: mail_desk.store.writes > writes)
    for each in pair:
        each.go_on.set()
    until(lambda: mail_queue.failures(mail_desk.store, MailProblem.UNREACHABLE) == 2)
    assert sorted(found(mail_desk, i).attempts for i in ids) == [0, 0, 1]


@pytest.mark.slow
def test_what_left_beside_it_and_got_through_does_not_end_a_pause(
    mail_desk: Desk, agent: Actor, work: Work, pair: list[Gated]
) -> None:
    """Only who was sent to look says that the server is back."""
    ids = ask(mail_desk, agent)
    pair[0].answer = Answer(Verdict.DEFERRED, MailProblem.UNREACHABLE)
    work(mail_desk, PATIENT, connections=pair)
    until(lambda: all(each.begun for each in pair))
    pair[0].answer = Answer(Verdict.DEFERRED, MailProblem.UNREACHABLE, holds_all=True)
    pair[0].go_on.set()
    until(lambda: mail_queue.pause(mail_desk.store))
    pair[1].go_on.set()
    until(lambda: [found(mail_desk, i).state for i in ids].count(MailState.FAILED) == 1)
    assert mail_queue.pause(mail_desk.store) is not None
    assert logged(mail_desk, Action.MAIL_RESUMED) == []


@pytest.mark.slow
def test_two_connections_send_each_mail_once(
    desk: Desk, smtp: Served, agent: Actor, work: Work
) -> None:
    two = mailing(desk, smtp[1], connections=2)
    ids = ask(two, agent)
    work(two)
    assert {settled(two, i).state for i in ids} == {MailState.ACCEPTED}
    sent = sorted(mail["Message-ID"] for mail in smtp[0].mails)
    assert sent == sorted(f"<{i}@avisos.aspel.com.mx>" for i in ids)


@pytest.mark.slow
def test_without_a_thread_to_send_it_a_mail_waits(
    mail_desk: Desk, agent: Actor, work: Work, pair: list[Gated], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing went, and what was taken for it is given back."""
    submit, refusals = ThreadPoolExecutor.submit, [RuntimeError("can't start new thread")]

    def refused_once(pool: ThreadPoolExecutor, *act: Any) -> object:
        if refusals:
            raise refusals.pop()
        return submit(pool, *act)

    monkeypatch.setattr(ThreadPoolExecutor, "submit", refused_once)
    for each in pair:
        each.go_on.set()
    ids = ask(mail_desk, agent)
    work(mail_desk, connections=pair)
    assert {settled(mail_desk, i).state for i in ids} == {MailState.FAILED}
    assert [row["reason"] for row in logged(mail_desk, Action.MAIL_DEFERRED)] == ["internal"]
