"""Answers kept for as long as nothing they were read from has changed."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

Rows = list[tuple[Any, ...]]

_MOST_ROWS = 200_000  # some 60 MB of short values
_MOST_ANSWERS = 2_000


class Answers:
    """The least recently used go first. The caller's key says what the answer depends on."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, Rows] = OrderedDict()
        self._rows = 0

    def get(self, key: Hashable, read: Callable[[], Rows]) -> Rows:
        """The rows kept under `key`, else what `read` gives. They are shared: never change them."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        rows = read()
        with self._lock:
            self._keep(key, rows)
        return rows

    def _keep(self, key: Hashable, rows: Rows) -> None:
        if key in self._kept:
            return
        self._kept[key] = rows
        self._rows += len(rows)
        while self._rows > _MOST_ROWS or len(self._kept) > _MOST_ANSWERS:
            _, dropped = self._kept.popitem(last=False)
            self._rows -= len(dropped)
