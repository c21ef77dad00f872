"""A desk whose mail goes to a real server on loopback, and its worker."""

import dataclasses
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from lib.model import clock
from lib.model.outbox import Claim, Delivery
from lib.services.desk import Desk
from lib.services.outgoing import letters
from lib.services.outgoing.delivery import Worker
from lib.services.outgoing.pace import Pace
from lib.store.database import Transaction
from lib.store.mail import outbox
from tests import desks, segmented
from tests.conftest import copied
from tests.mail.server import Behaviour, serving
from tests.services.watched import Watched
from tests.waiting import until

QUICK = Pace(backoff=lambda _: 0.01, probing=lambda _: 0.01, correction_s=0.01, fault_s=0.01)
Found = Callable[[Desk, str], Delivery]


def mailing(desk: Desk, port: int, *, cooldown_s: int = 0, **changes: Any) -> Desk:
    """The same desk, its mail to this port without TLS, one after another."""
    plain = {"host": "127.0.0.1", "port": port, "security": "none", "timeout_s": 5.0}
    plain |= {"connections": 1}
    mail = dataclasses.replace(desk.settings.mail, **plain | changes)
    settings = dataclasses.replace(desk.settings, mail=mail, resend_cooldown_s=cooldown_s)
    return dataclasses.replace(desk, settings=settings)


def found(desk: Desk, mail_id: str) -> Delivery:
    delivery = outbox.find(desk.store, mail_id)
    assert delivery is not None
    return delivery


def claimed(transaction: Transaction, *, archived: bool = False) -> Claim | None:
    """A mail in the worker's hands, as it takes one."""
    template = partial(letters.template_of, transaction)
    return outbox.claim(transaction, archived=archived, template=template)


def settled(desk: Desk, mail_id: str) -> Delivery:
    """The delivery once it is final."""
    return until(lambda: d if (d := found(desk, mail_id)).finished_at else None)


@pytest.fixture(scope="session")
def three_data(tmp_path_factory: pytest.TempPathFactory, small_data: Path) -> Path:
    """`small_data` with a log of three segments, to copy."""
    return desks.template(tmp_path_factory.mktemp("three"), small_data, segmented.of_three)


@pytest.fixture
def three(shelf: desks.Shelf, three_data: Path) -> Iterator[Desk]:
    """A desk with a log of three segments."""
    with shelf.lent(three_data) as store:
        yield desks.desk_over(store)


@pytest.fixture
def clockwork(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Moves the desk's clock on."""
    ahead = [timedelta()]
    now = clock.now
    monkeypatch.setattr(clock, "now", lambda: now() + ahead[0])

    def on(by: timedelta) -> None:
        ahead[0] += by

    return on


@pytest.fixture
def smtp() -> Iterator[tuple[Behaviour, int]]:
    with serving() as served:
        yield served


@pytest.fixture
def mail_desk(desk: Desk, smtp: tuple[Behaviour, int]) -> Desk:
    return mailing(desk, smtp[1])


@pytest.fixture
def work() -> Iterator[Callable[..., Worker]]:
    """`work(desk)`: a worker at work until the test ends."""
    workers: list[Worker] = []

    def start(desk: Desk, pace: Pace = QUICK, **options: Any) -> Worker:
        worker = Worker(desk, pace=pace, **options)
        worker.start()
        workers.append(worker)
        return worker

    yield start
    for worker in workers:
        worker.stop()


@pytest.fixture
def watched(tmp_path: Path, empty_data: Path) -> Iterator[Watched]:
    folder = tmp_path / "entregas"
    folder.mkdir()
    with copied(empty_data, tmp_path / "data") as desk:
        yield Watched(desk, folder)
