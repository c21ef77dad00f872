"""What every test may ask for: a desk in a temporary folder, and people of each role."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from lib import settings
from lib.model.actor import Actor
from lib.model.roles import Role
from lib.services import passwords
from lib.services.desk import Desk, open_desk
from lib.store.database import Store
from tests import small_ref


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    store = Store.open(tmp_path / "data")
    yield store
    store.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk that holds tests/small_ref.py's few accounts and systems."""
    desk = open_desk(settings.read({"MESA_DATA": str(tmp_path / "data")}))
    small_ref.publish(desk.store, desk.vault())
    yield desk
    desk.close()


@pytest.fixture
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same argon2id with little memory: for tests that sign in dozens of times."""
    hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHER", hasher)
    monkeypatch.setattr(passwords, "NOBODY", hasher.hash("nobody has this password"))


@pytest.fixture
def agent() -> Actor:
    return Actor("agente", "Agustina Agente", Role.AGENT, session="s-agente")


@pytest.fixture
def manager() -> Actor:
    return Actor("gerente", "Gerardo Gerente", Role.MANAGER, session="s-gerente")


@pytest.fixture
def admin() -> Actor:
    return Actor("admin", "Adela Admin", Role.ADMIN, session="s-admin")
