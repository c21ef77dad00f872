"""What answers a question: the store, or a transaction that must see its own writes."""

from collections.abc import Sequence
from typing import Any, Protocol


class Reader(Protocol):
    def rows(self, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]: ...

    def one(self, sql: str, params: Sequence[Any] = ()) -> tuple[Any, ...] | None: ...
