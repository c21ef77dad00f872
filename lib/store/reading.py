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


def how_many(
    reader: Reader,
    first: Sized,
    limit: int,
    question: str,
    params: Sequence[Any] = (),
) -> int:
    """How many rows a question has, of which the `first` were read, at most `limit`.

    Not by `count(*) OVER ()`: in DuckDB 1.5.5 two threads at it fail now and then, and the engine
    then refuses every further question until the process ends (its issues 22846 and 25713).
    """
    if len(first) < limit:
        return len(first)
    row = reader.one(f"SELECT count(*) FROM ({question})", params)
    return int(row[0]) if row else 0
