"""One store of random systems for all the grid's tests: they only read it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from lib.store.database import Store
from tests.store.grid import wide_ref


@dataclass(frozen=True)
class Wide:
    store: Store
    accounts: list[wide_ref.Account]
    systems: list[dict[str, Any]]

    @property
    def subscriptions(self) -> list[dict[str, Any]]:
        return [row for row in self.systems if row["kind"] == "subscription"]


@pytest.fixture(scope="session")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wide]:
    folder: Path = tmp_path_factory.mktemp("wide")
    store = Store.open(folder)
    customers = wide_ref.accounts(1, 80)
    rows = wide_ref.systems(2, customers, 400)
    wide_ref.publish(store, customers, rows)
    yield Wide(store, customers, rows)
    store.close()
