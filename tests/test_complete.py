"""The check that everything a service writes is in the log (tests/written.py) does find it."""

import datetime as dt
from functools import partial

import pytest

from lib.model import clock
from lib.model.account import Section
from lib.model.action import Action, Entry
from lib.model.actor import Actor
from lib.model.outbox import MailProblem
from lib.model.template import Language
from lib.services.desk import Desk
from lib.services.outgoing import languages, pauses
from lib.services.records import customers
from lib.store.database import Transaction
from lib.store.mail import mail_queue
from tests import row_facts, written


def deaf(monkeypatch: pytest.MonkeyPatch) -> None:
    """The log forgets what it is told."""
    monkeypatch.setattr(Transaction, "log", lambda *_: 1)


def test_a_correction_that_isn_t_logged_is_found(
    desk: Desk, agent: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    deaf(monkeypatch)
    typed = {"name": "Otro", "email": "otro@example.com", "phone": "4424614158"}
    with written.watching() as found:
        customers.correct(desk, agent, "00000001", Section.CONTACT, typed, 0)
    [said] = found
    assert said.startswith("customers.correct.save did ")
    assert "corrections.lay" in said
    assert "outbox.insert" in said


def test_so_is_a_choice_of_language(
    desk: Desk, agent: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    deaf(monkeypatch)
    with written.watching() as found:
        languages.choose(desk, agent, "00000001", Language.EN)
    assert [said.partition(" did ")[0] for said in found] == ["languages.choose.work"]


def test_what_one_service_may_leave_unsaid_another_may_not(
    desk: Desk, admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At a start what waits is tried at once; somebody who asks for it does something."""
    until = clock.now() + dt.timedelta(hours=1)
    desk.store.write(lambda t: mail_queue.stop(t, MailProblem.BAD_LOGIN, until))
    deaf(monkeypatch)
    with written.watching() as found:
        pauses.try_now(desk, admin)
    [said] = found
    assert "mail_queue.probe_now" in said


def test_what_is_logged_is_not(desk: Desk, agent: Actor) -> None:
    with written.watching() as found:
        languages.choose(desk, agent, "00000001", Language.EN)
    assert found == []


def test_a_row_that_says_too_little_is_found(
    desk: Desk, agent: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = Entry(Action.CONTACT_CHANGED, detail={"old": {}, "new": {"email": "x"}})
    monkeypatch.setattr(customers, "_entry", lambda *_: bare)
    typed = {"name": "Otro", "email": "otro@example.com", "phone": "4424614158"}
    with row_facts.watching() as found:
        customers.correct(desk, agent, "00000001", Section.CONTACT, typed, 0)
    assert found == [
        "customers.save: contact_changed has no account_no",
        "customers.save: contact_changed has no detail.new",
    ]


def test_what_each_act_says_is_known() -> None:
    assert set(row_facts.SAID) == set(Action)


def test_what_is_exempt_is_there_to_be() -> None:
    """A function that was renamed leaves no hole behind."""
    for key in written.NOT_ACTS:
        service, act = key.split(": ")
        module, function = act.split(".")
        assert list((written.LIB / "services").rglob(f"{service}.py")), key
        stored = [file.read_text("utf-8") for file in (written.LIB / "store").rglob(f"{module}.py")]
        assert any(f"def {function}(" in text for text in stored), key


def test_a_service_is_known_however_it_is_handed_over() -> None:
    assert written.asked_by(partial(customers.correct, 1)) == "customers.correct"
    assert written.asked_by(deaf) == ""
