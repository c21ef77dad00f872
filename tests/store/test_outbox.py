"""The outbox's statements: one claim a mail, one mail a slot, nothing lost at a start."""

import datetime as dt

import pytest

from lib.model import clock
from lib.model.errors import AppError
from lib.model.outbox import Claim, Delivery, MailProblem, MailState, Request
from lib.store.database import Store
from lib.store.mail import outbox, slots
from lib.store.mail.slots import Slot

OK = (250, "2.0.0")
NEVER: tuple[None, str] = (None, "")
LATER = clock.now() + dt.timedelta(days=365)


def asked(number: int, serial: str = "S1") -> Request:
    return Request(
        id=f"m{number}",
        key=f"k{number}",
        serial=serial,
        account_no="00000001",
        recipient="ana@example.com",
        recipient_name="Ana",
        message_id=f"<m{number}@example.com>",
        requested_by="agente",
        reason="other",
        ticket="",
    )


def queue(store: Store, *requests: Request) -> None:
    for request in requests:
        store.write(lambda t, request=request: outbox.insert(t, request))


def claim(store: Store) -> Claim:
    taken = store.write(outbox.claim)
    assert taken is not None
    return taken


def found(store: Store, mail_id: str) -> Delivery:
    delivery = outbox.find(store, mail_id)
    assert delivery is not None
    return delivery


def test_what_is_queued_is_due_at_once_and_holds_its_slot(store: Store) -> None:
    queue(store, asked(1))
    delivery = found(store, "m1")
    assert (delivery.state, delivery.attempts, delivery.problem) == (MailState.QUEUED, 0, "")
    assert outbox.by_key(store, "k1") == delivery
    assert outbox.request(store, "m1") == asked(1)
    assert slots.of(store, ["S1"]) == {"S1": Slot("m1", slots.FAR_AHEAD)}
    assert outbox.next_due(store) == delivery.requested_at
    assert outbox.pending_ids(store) == ["m1"]


def test_a_key_enters_once(store: Store) -> None:
    queue(store, asked(1))
    twice = Request(**{**vars(asked(1)), "id": "other"})
    with pytest.raises(AppError):
        queue(store, twice)
    assert outbox.find(store, "other") is None


def test_each_mail_is_claimed_once_oldest_first(store: Store) -> None:
    queue(store, asked(1, "S1"), asked(2, "S2"))
    assert [claim(store).id, claim(store).id] == ["m1", "m2"]
    assert store.write(outbox.claim) is None
    assert found(store, "m1").state is MailState.SENDING
    assert outbox.pending_ids(store) == ["m1", "m2"]


def test_a_settled_mail_frees_its_slot_and_stays_settled(store: Store) -> None:
    queue(store, asked(1))
    taken = claim(store)
    assert store.write(lambda t: outbox.settle(t, taken, MailState.ACCEPTED, None, OK, LATER))
    assert slots.of(store, ["S1"]) == {"S1": Slot("m1", LATER)}
    assert not store.write(lambda t: outbox.settle(t, taken, MailState.FAILED, None, OK, LATER))
    delivery = found(store, "m1")
    assert (delivery.state, delivery.smtp_code) == (MailState.ACCEPTED, 250)
    assert delivery.finished_at is not None
    assert slots.of(store, ["S1"]) == {"S1": Slot("m1", LATER)}


@pytest.mark.parametrize(("counts", "attempts"), [(True, 1), (False, 0)])
def test_a_requeued_mail_waits(store: Store, counts: bool, attempts: int) -> None:
    queue(store, asked(1))
    taken = claim(store)
    assert store.write(
        lambda t: outbox.requeue(t, taken, LATER, MailProblem.UNREACHABLE, NEVER, counts=counts)
    )
    delivery = found(store, "m1")
    assert (delivery.state, delivery.attempts) == (MailState.QUEUED, attempts)
    assert (delivery.problem, delivery.next_attempt_at) == ("unreachable", LATER)
    assert store.write(outbox.claim) is None
    assert outbox.next_due(store) == LATER


def test_a_held_queue_says_why_and_resumes(store: Store) -> None:
    queue(store, asked(1, "S1"), asked(2, "S2"))
    store.write(lambda t: outbox.hold(t, MailProblem.BAD_LOGIN, LATER))
    assert found(store, "m2").problem == "bad_login"
    assert store.write(outbox.claim) is None
    store.write(lambda t: outbox.resume(t, [MailProblem.NO_TLS]))
    assert store.write(outbox.claim) is None
    store.write(lambda t: outbox.resume(t, [MailProblem.BAD_LOGIN, MailProblem.NO_TLS]))
    assert claim(store).id == "m1"


def test_in_hand_is_what_was_claimed_and_not_settled(store: Store) -> None:
    queue(store, asked(1, "S1"), asked(2, "S2"))
    assert outbox.in_hand(store) == []
    taken = claim(store)
    assert outbox.in_hand(store) == [taken]


def test_the_latest_delivery_of_each_serial(store: Store) -> None:
    queue(store, asked(1, "S1"), asked(2, "S2"), asked(3, "S1"))
    latest = outbox.latest(store, ["S1", "S2", "S9"])
    assert {serial: delivery.id for serial, delivery in latest.items()} == {"S1": "m3", "S2": "m2"}
    assert outbox.latest(store, []) == {}
    assert [d.id for d in outbox.history(store, "S1", 5)] == ["m3", "m1"]
    assert [d.id for d in outbox.history(store, "S1", 1)] == ["m3"]
