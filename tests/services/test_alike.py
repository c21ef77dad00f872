"""Every refusal at the door is the same: its words, its work, its time (ASVS 5.0, 6.3.8)."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from statistics import median
from unittest.mock import patch

import pytest

from lib.model.actor import SYSTEM
from lib.model.errors import AppError, Reason
from lib.model.roles import Role
from lib.services.desk import Desk
from lib.services.doors import access, attempts, passwords
from lib.store.database import Store, Transaction
from lib.store.people import staff
from lib.store.people.staff import Staff

PASSWORD = "una frase larga y única"
HOME, SHUT = "198.51.100.1", "203.0.113.7"
LATER = datetime(2099, 1, 1)  # noqa: DTZ001 - as stored
ROUNDS = 5
Try = Callable[[], object]


ALIKE = [
    *((name, "unknown") for name in ("wrong", "disabled", "invited")),
    ("waiting", "waiting, wrong"),
    ("by the provider", "unknown to the provider"),
]


@pytest.fixture
def tries(desk: Desk, cheap_passwords: None) -> dict[str, Try]:
    return made(desk)


def made(desk: Desk) -> dict[str, Try]:
    """Each way to be refused."""
    for username in ("ana", "bea", "leo", "eva"):
        access.add_staff(desk, SYSTEM, username, username.title(), "", Role.AGENT, PASSWORD)
    invited = Staff("luz", "Luz", "", Role.AGENT, passwords.NOBODY, True, 1)
    desk.store.write(lambda t: staff.add(t, invited))
    desk.store.write(lambda t: staff.set_active(t, "leo", active=False))
    for n in range(attempts.FREE_FOR_A_PERSON):
        refused(desk, "eva", f"no es {n}", SHUT)
    until = "UPDATE ops.throttle SET blocked_until = ? WHERE blocked_until IS NOT NULL"
    desk.store.write(lambda t: t.run(until, [LATER]))
    oidc = replace(desk.settings.oidc, emergency_only=True)
    provider = replace(desk, settings=replace(desk.settings, oidc=oidc))
    return {
        "unknown": lambda: refused(desk, "nadie", PASSWORD),
        "wrong": lambda: refused(desk, "ana", "no es esta frase"),
        "disabled": lambda: refused(desk, "leo", PASSWORD),
        "invited": lambda: refused(desk, "luz", PASSWORD),
        "waiting": lambda: refused(desk, "eva", PASSWORD, SHUT),
        "waiting, wrong": lambda: refused(desk, "eva", "no es esta frase", SHUT),
        "by the provider": lambda: refused(provider, "bea", PASSWORD),
        "unknown to the provider": lambda: refused(provider, "nadie", PASSWORD),
    }


def refused(desk: Desk, username: str, password: str, address: str = HOME) -> None:
    with pytest.raises(AppError) as caught:
        access.sign_in(desk, username, password, address)
    assert (caught.value.reason, caught.value.facts) == (Reason.BAD_CREDENTIALS, {})


@contextmanager
def counted() -> Iterator[Counter[str]]:
    """Hashes worked out and transactions written, with their costs, and their statements."""
    work = Counter[str]()
    matches, write, execute = passwords.matches, Store.write, Transaction._execute

    def hashing(password: str, password_hash: str) -> bool:
        work[f"hash {password_hash.split('$')[3]}"] += 1
        return matches(password, password_hash)

    def writing(store: Store, act: Callable[..., object]) -> object:
        work["transaction"] += 1
        return write(store, act)

    def asking(transaction: Transaction, sql: str, params: Sequence[object]) -> object:
        if sql.startswith("SELECT"):  # what is written down differs by how often it was tried
            work[sql] += 1
        return execute(transaction, sql, params)

    with (
        patch.object(passwords, "matches", hashing),
        patch.object(Store, "write", writing),
        patch.object(Transaction, "_execute", asking),
    ):
        yield work


def test_each_is_one_hash_one_transaction_and_the_same_questions(tries: dict[str, Try]) -> None:
    done = {}
    for name, attempt in tries.items():
        with counted() as work:
            attempt()
        done[name] = work
    for work in done.values():
        assert sum(count for what, count in work.items() if what.startswith("hash ")) == 1
        assert work["transaction"] == 1
    # Who waits knows that they do, and a desk whose door is the provider's asks one thing more.
    for one, other in ALIKE:
        assert done[one] == done[other], (one, other)


@pytest.mark.slow
def test_each_takes_as_long_as_the_others(desk: Desk) -> None:
    """Within 20 %, as issue 7 asks, with the hash that people's passwords have: medians of what
    this process worked, round about, so that whatever else the machine does is no reason. A third
    go before it counts."""
    tries = made(desk)
    for _ in range(3):
        spent = {name: list[float]() for name in tries}
        for _ in range(ROUNDS):
            for name, attempt in tries.items():
                begun = time.process_time()
                attempt()
                spent[name].append(time.process_time() - begun)
        medians = {name: median(times) for name, times in spent.items()}
        usual = medians["unknown"]
        off = {name: took / usual for name, took in medians.items() if not 0.8 < took / usual < 1.2}
        if not off:
            return
    raise AssertionError(off)
