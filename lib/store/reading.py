"""What answers a question: the store, or a transaction that must see its own writes."""

from collections.abc import Sequence, Sized
from typing import Any, Protocol


class Reader(Protocol):
    def rows(self, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]: ...

    def remembered(self, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """As `rows`, for what is asked again and again: not read anew while nothing wrote to the
        desk's own tables that the question names. Shared: never change them."""
        ...

    def one(self, sql: str, params: Sequence[Any] = ()) -> tuple[Any, ...] | None: ...


def marks(values: Sized) -> str:
    """A placeholder for each: `serial IN ({marks(serials)})`."""
    return ", ".join("?" * len(values))
