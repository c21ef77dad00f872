"""A reader whose answers are kept while what they were read from is unchanged."""

from collections.abc import Sequence
from typing import Any

from lib.store.database import Store


class Remembering:
    """For what is asked again and again, as by a panel that stays open: a Reader
    (lib/store/reading.py) over what the store remembers."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def rows(self, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return list(self.remembered(sql, params))

    def remembered(self, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return self._store.remembered(sql, params)

    def one(self, sql: str, params: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        rows = self.rows(sql, params)
        return rows[0] if rows else None
