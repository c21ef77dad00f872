"""Pieces of SQL that carry their own values, so that no value ever lands in the text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Sql:
    text: str
    params: tuple[Any, ...] = ()


NOTHING = Sql("")


def sql(template: str, *parts: Sql) -> Sql:
    """`template` with each {} replaced by a part, its values in the same order."""
    text = template.format(*(part.text for part in parts))
    return Sql(text, tuple(value for part in parts for value in part.params))


def bound(value: Any) -> Sql:
    return Sql("?", (value,))


def joined(separator: str, parts: Iterable[Sql]) -> Sql:
    pieces = list(parts)
    text = separator.join(piece.text for piece in pieces)
    return Sql(text, tuple(value for piece in pieces for value in piece.params))


def all_of(parts: Iterable[Sql]) -> Sql:
    return joined(" AND ", (sql("({})", part) for part in parts))


def any_of(parts: Iterable[Sql]) -> Sql:
    return joined(" OR ", (sql("({})", part) for part in parts))


def one_of(value: Sql, wanted: Sequence[Any]) -> Sql:
    """Whether a value is one of these, None among them."""
    some = [bound(one) for one in wanted if one is not None]
    conditions = [sql("{} IN ({})", value, joined(", ", some))] if some else []
    if None in wanted:
        conditions.append(sql("{} IS NULL", value))
    return any_of(conditions) if conditions else Sql("false")
