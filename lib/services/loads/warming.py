"""What everybody asks first, asked before anybody does: at the start and after each load.

The first look at millions of rows reads them from the disk (a second or two); the answers are kept,
and so are the file's pages in memory.
"""

import logging
from collections.abc import Iterator

from lib.model.errors import AppError
from lib.model.view import MAX_OFFSET, View
from lib.services.beside import Beside
from lib.services.desk import Desk
from lib.store.grid import engine, search
from lib.store.grid.columns import Kind
from lib.store.grid.sources import ACCOUNTS, LICENCES, SUBSCRIPTIONS, Source

_LOG = logging.getLogger("mesa.warming")
_LOOK_S = 1.0  # between two looks at whether the ref was switched
_SOURCES = (SUBSCRIPTIONS, LICENCES, ACCOUNTS)


class Warmer(Beside):
    """The desk's thread that asks. Whoever asks the same meanwhile doesn't wait for it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__("warmer")
        self._desk = desk
        self._seen = -1  # the generation of the ref that was asked last

    def work(self) -> None:
        """Ask everything of the ref in force, unless that was done."""
        generation = self._desk.store.generation
        if generation == self._seen:
            return
        self._seen = generation
        search.warm(self._desk.store)
        for source in _SOURCES:
            for view in _first_views(source):
                if self._stopping.is_set():
                    return
                engine.window(self._desk.store, source, view)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self.work()
            except AppError as error:  # people will be told when they ask it themselves
                _LOG.warning("not warmed up: %s", error)
            self._stopping.wait(_LOOK_S)


def _first_views(source: Source) -> Iterator[View]:
    """The list as it opens, its end, each order, each choice and the customers as groups."""
    yield View()
    yield View(offset=MAX_OFFSET)
    for column in source.columns:
        if column.rank or column.kind in (Kind.DATE, Kind.CHOICE):
            yield View(sort=((column.id, False),))
        if column.groupable and (column.rank or column.kind is Kind.CHOICE):
            yield View(group=(column.id,))
