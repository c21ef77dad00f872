"""What every test may ask for: a desk in a temporary folder, and people of each role."""

import gc
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from hypothesis import settings as hypothesis_settings

from lib import settings
from lib.model.actor import Actor
from lib.model.roles import Role
from lib.services.desk import Desk, open_desk
from lib.services.doors import passwords
from lib.store.database import Store
from tests import desks, row_facts, small_ref, written
from tests.desks import forget
from tests.examples import QUICK

# A slow machine is no failure. `make test-fast` takes the quick one.
hypothesis_settings.register_profile("desk", deadline=None)
hypothesis_settings.register_profile("quick", deadline=None, max_examples=QUICK)
hypothesis_settings.load_profile("desk")

_MEMORY = Path("/dev/shm")
_ENOUGH = 4 << 30  # bytes: more than all that the tests of two workers ever leave there at a time


def pytest_configure() -> None:
    """Temporary folders in memory, where there is plenty: a commit waits for the disk otherwise."""
    if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ENOUGH:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_MEMORY))


@pytest.hookimpl(trylast=True)  # after -m has had its say
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Function]) -> None:
    """Of a test that tests/auditor runs again, comparing, only that run, which asserts all that the
    plain one does. `make test-fast` leaves it out and has the plain one."""
    comparing = {item for item in items if "agreement" in item.fixturenames}
    compared = {item.function for item in comparing}
    plain = [item for item in items if item.function in compared and item not in comparing]
    config.hook.pytest_deselected(items=plain)
    items[:] = [item for item in items if item not in set(plain)]
    gc.freeze()  # what was imported and collected stays: no later collection looks through it again


@pytest.fixture(autouse=True)
def everything_logged() -> Iterator[None]:
    """No service changes the desk without a row in the log that says what it has to, whatever a
    test has it do."""
    with written.watching() as unlogged, row_facts.watching() as unsaid:
        yield
    assert unlogged == []
    assert unsaid == []


@pytest.fixture(scope="session")
def empty_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an empty store, to copy: migrating takes five times as long as opening."""
    data = tmp_path_factory.mktemp("empty") / "data"
    Store.open(data).close()
    return data


@pytest.fixture(scope="session")
def small_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a desk that holds tests/small_ref.py's few accounts and systems, to copy."""
    data = tmp_path_factory.mktemp("small") / "data"
    desk = open_desk(settings.read({"MESA_DATA": str(data)}))
    small_ref.publish(desk.store, desk.vault())
    desk.close()
    return data


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[desks.Shelf]:
    shelf = desks.Shelf(tmp_path_factory.mktemp("shelf"))
    yield shelf
    shelf.clear()


@pytest.fixture
def store(shelf: desks.Shelf, empty_data: Path) -> Iterator[Store]:
    """An empty store."""
    with shelf.lent(empty_data) as store:
        yield store


@pytest.fixture
def desk(shelf: desks.Shelf, small_data: Path) -> Iterator[Desk]:
    """A desk of its own over `small_data`."""
    with shelf.lent(small_data) as store:
        yield desks.desk_over(store)


@contextmanager
def copied(template: Path, data: Path) -> Iterator[Desk]:
    """A desk over `data`, a copy of `template` that is thrown away."""
    folder = str(shutil.copytree(template, data))
    desk = open_desk(settings.read({"MESA_DATA": folder, **desks.ALONE}))
    yield desk
    forget(desk.store)


@pytest.fixture
def cheap_passwords() -> Iterator[None]:
    """For tests that sign in dozens of times."""
    with cheap_hashes():
        yield


@contextmanager
def cheap_hashes() -> Iterator[None]:
    """The same argon2id with little memory."""
    hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_HASHER", hasher)
        patch.setattr(passwords, "NOBODY", passwords._of_no_password(hasher))
        yield


@pytest.fixture
def agent() -> Actor:
    return Actor("agente", "Agustina Agente", Role.AGENT, session="s-agente")


@pytest.fixture
def manager() -> Actor:
    return Actor("gerente", "Gerardo Gerente", Role.MANAGER, session="s-gerente")


@pytest.fixture
def admin() -> Actor:
    return Actor("admin", "Adela Admin", Role.ADMIN, session="s-admin")
