"""A place to build ref files in, and the building itself."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pytest

from lib.model.load import Built, RowNote, Stage
from lib.store.pack.build import build
from lib.store.pack.files import PackFile
from lib.store.vault import Vault
from tests import packs


@dataclass
class Bench:
    """Builds pack after pack, each on top of the last."""

    folder: Path
    vault: Vault
    base: Path | None = None
    told: list[tuple[Stage, float]] = field(default_factory=list)

    def load(self, pack: Path) -> Built:
        progress: Callable[[Stage, float], None] = lambda *told: self.told.append(told)  # noqa: E731
        built = build(pack, self.base, self.vault, self.folder / "ref", progress)
        if built.changes_ref:
            self.base = self.folder / "ref" / built.file
        return built

    def rows(self, tables: Mapping[PackFile, Iterable[dict[str, str]]]) -> Built:
        return self.load(packs.write(self.folder / "pack", tables))

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        assert self.base
        with duckdb.connect(str(self.base), read_only=True) as connection:
            return connection.execute(sql).fetchall()


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    (tmp_path / "ref").mkdir()
    return Bench(tmp_path, Vault(bytes(range(64))))


def noted(notes: list[RowNote]) -> list[tuple[str, int, str, str]]:
    return [(n.file, n.line, n.field, n.why) for n in notes]
