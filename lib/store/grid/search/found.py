"""What a search found, as a grid's plan takes it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from lib.store.grid.fragment import Sql, bound, sql
from lib.store.grid.search.sets import Ids

FEW = 2_000  # places that are told one by one; of more, a bit for each row of the table


@dataclass(frozen=True)
class Found:
    """`condition` holds for the rows found.

    `rows` are their keys in the order of the source's own, and `seats` their users; None
    when only the condition knows. `near` pairs each word that seems mistyped with the words taken
    for it. `last` is false for rows found exactly and true for those only near, None when there
    are not both: the former come first whatever else the order is.
    """

    condition: Sql
    rows: Ids | npt.NDArray[np.object_] | None = None
    seats: int | None = None
    near: tuple[tuple[str, str], ...] = ()
    last: Sql | None = None

    @property
    def is_near(self) -> bool:
        """Whether nothing was found exactly."""
        return bool(self.near) and self.last is None


class Later(Sql):
    """A piece of SQL made when it is asked for: a list that shows as it was found never asks."""

    def __init__(self, make: Callable[[], Sql]) -> None:
        object.__setattr__(self, "_make", make)

    @cached_property
    def _made(self) -> Sql:
        return cast(Sql, self.__dict__["_make"]())

    @property
    def text(self) -> str:
        return self._made.text

    @property
    def params(self) -> tuple[Any, ...]:
        return self._made.params


def lying_at(places: Ids, size: int, place: str) -> Sql:
    """The condition of rows that lie at these places, in order, of a table of `size` rows."""
    if not len(places):
        return Sql("false")
    if len(places) <= FEW:
        return sql(f"{place} IN (SELECT unnest({{}}))", bound(tuple(places.tolist())))
    bits = np.zeros(size, np.bool_)
    bits[places] = True
    return sql(
        f"{place} BETWEEN {places[0]:d} AND {places[-1]:d}"
        f" AND get_bit(CAST(CAST({{}} AS BLOB) AS BIT), CAST({place} AS INTEGER)) = 1",
        bound(np.packbits(bits).tobytes()),
    )
