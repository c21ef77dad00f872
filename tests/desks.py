"""Desks for tests: each its own copy of a template, or one that nobody has changed.

Opening one takes longer than most of what a test asks of it. So a desk that a test only read is
handed to the next test that wants the same; one that was written to, in whatever way, is thrown
away with its files.
"""

import itertools
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lib import settings
from lib.model.errors import AppError
from lib.services.desk import Desk
from lib.store.database import Store

# Passwords alone open sessions here: tests/services/test_factors.py is about the rest.
ALONE = {"MESA_SECOND_FACTOR": "nadie"}
_TOLD = ("data", "generation", "writes", "log_lost", "_log_seen", "_ref_alias")


@dataclass(frozen=True)
class _State:
    """What no test may leave otherwise: files by path with size and time, databases attached, and
    what the store knows of itself."""

    files: Mapping[Path, tuple[int, int]]
    attached: tuple[Any, ...]
    known: Mapping[str, Any]

    @classmethod
    def of(cls, store: Store) -> "_State":
        found = {p: p.stat() for p in store.data.rglob("*") if p.is_file()}
        attached = store.rows("SELECT database_name, path FROM duckdb_databases() ORDER BY ALL")
        known = {name: getattr(store, name) for name in _TOLD}
        return cls(
            {path: (stat.st_size, stat.st_mtime_ns) for path, stat in found.items()},
            tuple(attached),
            known | dict.fromkeys(set(vars(store)) - set(known)),
        )


class Shelf:
    """The untouched store of each template, at most one; made under `folder` when there is none."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._names = map(str, itertools.count())
        self._kept = dict[Path, tuple[Store, _State]]()

    @contextmanager
    def lent(self, template: Path) -> Iterator[Store]:
        store, before = self._kept.pop(template, None) or self._made(template)
        threads = set(threading.enumerate())
        yield store
        # What was looked at and never taken over stays there until the desk starts again.
        shutil.rmtree(store.data / "incoming", ignore_errors=True)
        # A thread that the test leaves at work may yet write.
        if set(threading.enumerate()) <= threads and _untouched(store, before):
            self._kept[template] = (store, before)
        else:
            forget(store)
            shutil.rmtree(store.data, ignore_errors=True)

    def _made(self, template: Path) -> tuple[Store, _State]:
        store = Store.open(shutil.copytree(template, self._folder / next(self._names)))
        return store, _State.of(store)

    def clear(self) -> None:
        for store, _ in self._kept.values():
            forget(store)
        self._kept.clear()


def template(folder: Path, of: Path, work: Callable[[Desk], object]) -> Path:
    """A copy of another one's folder, made in `folder`, in which `work` was done."""
    store = Store.open(shutil.copytree(of, folder / "data"))
    work(desk_over(store))
    store.close()
    return store.data


def desk_over(store: Store) -> Desk:
    """A desk of its own over a store that may have served another."""
    return Desk(settings.read({"MESA_DATA": str(store.data), **ALONE}), store)


def _untouched(store: Store, before: _State) -> bool:
    try:
        return _State.of(store) == before
    except (AppError, OSError):  # closed, or its folder gone
        return False


def forget(store: Store) -> None:
    """Close what nobody opens again: without the last checkpoint, which takes as long as opening.
    What a test closed itself stays as it is."""
    with suppress(AppError), store.cursor() as cursor:
        cursor.execute("PRAGMA disable_checkpoint_on_shutdown")
    store.close()
