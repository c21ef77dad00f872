"""Which column of a file is which of ours: what somebody said of such headings before is followed,
and what a person says now is remembered with the import that it serves.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.heading import plain
from lib.model.reading import NO_HEADING, Choice, Columns, Found, Look, Mapped, ReadAs
from lib.model.roles import Permission
from lib.services.desk import Desk
from lib.store.database import Transaction
from lib.store.pack import mapping
from lib.store.pack.files import CERTIFICATES
from lib.store.pack.raw_rows import OWN
from lib.store.records import mappings
from lib.store.records.mappings import Spot

# Headings that a refusal names, and their characters: one of 500 columns takes a few lines.
_LISTED, _LONGEST = 30, 60


class UnmatchedError(AppError):
    """Columns that an import can't do without and nobody found, or found twice: a person says
    where they stand, over `look`."""

    def __init__(self, look: Look, file: str) -> None:
        titles = [title.strip()[:_LONGEST] or "(vacío)" for title in look.headings]
        more = f" y {len(titles) - _LISTED} más" if len(titles) > _LISTED else ""
        super().__init__(
            Reason.UNMATCHED_COLUMNS,
            file=file,
            columns=", ".join(unmatched(look)),
            headings=", ".join(titles[:_LISTED]) + more,
        )
        self.look = look


def settled(desk: Desk, actor: Actor, look: Look, choice: Choice) -> Look:
    """The look with what somebody said of such headings before, unless a person says it now.

    Raises AppError(FORBIDDEN).
    """
    desk.require(actor, Permission.IMPORT)
    if choice.columns is not None or choice.named or not choice.remembered:
        return look
    if look.reading.heading_line == NO_HEADING:
        return look
    known = mappings.find(desk.store, _key(look.headings))
    if known is None:
        return look
    at = {spot: place for place, spot in enumerate(_spots(look.headings))}
    columns = tuple(
        (c.name, at.get(spot) if (spot := known.spots.get(c.name)) else None)
        for c in CERTIFICATES.columns
    )
    found = tuple(  # a guess with which somebody imported is none any more
        how if spot == was and how is not Found.CONTENT else Found.REMEMBERED
        for spot, was, how in zip(columns, look.automatic, look.found, strict=True)
    )
    reading = replace(look.reading, columns=columns)
    return replace(look, reading=reading, found=found, mapped=Mapped(known.by, known.at))


def require(look: Look, file: str) -> None:
    """Raises UnmatchedError unless the import can do with the columns there are."""
    if unmatched(look):
        raise UnmatchedError(look, file)


def unmatched(look: Look) -> list[str]:
    """The headings of our columns that a person has to find."""
    doubled = {name for name, how in look.how.items() if how is Found.DOUBLED}
    missing = mapping.missing(look.reading.columns, CERTIFICATES)
    return [
        f"{c.heading} (está dos veces)" if c.name in doubled else c.heading
        for c in CERTIFICATES.columns
        if c.name in doubled or c.heading in missing
    ]


def remember(transaction: Transaction, actor: Actor, look: Look, choice: Choice) -> bool:
    """Note what the person said of such headings, if anything; whether there was. To say what
    would be found anyway is to forget what was said before."""
    said = choice.columns is not None or choice.named
    if not said or look.reading.heading_line == NO_HEADING:
        return False
    key, spots = _key(look.headings), None
    if look.reading.columns != look.automatic:
        named = _spots(look.headings)
        spots = {n: named[at] if at is not None else None for n, at in look.reading.columns}
    elif mappings.find(transaction, key) is None:
        return False
    mappings.remember(transaction, key, spots, actor.username)
    return True


def told(read: ReadAs | None) -> list[dict[str, Any]]:
    """Each column of ours: which heading it was read from ("" = none), its place from 1, how it was
    found, and who said so where somebody did before."""
    if read is None:
        return []
    return [
        {
            "column": name,
            "heading": read.headings.get(name, ""),
            "place": at + 1 if at is not None else None,
            "found": read.found[name].value,
            "by": read.mapped_by if read.found[name] is Found.REMEMBERED else "",
        }
        for name, at in read.reading.columns
    ]


def by_hand(columns: Columns, name: str, at: int | None) -> Columns:
    """A mapping with one column said otherwise; a place that was another's is no longer its."""
    return tuple(
        (each, at if each == name else None if place == at else place) for each, place in columns
    )


def _key(headings: Sequence[str]) -> str:
    """Alike for the same headings in any order; an error file's own columns don't count."""
    said = sorted(spot for spot in _spots(headings) if spot[0] not in map(plain, OWN))
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def _spots(headings: Sequence[str]) -> list[Spot]:
    seen: Counter[str] = Counter()
    spots = []
    for title in map(plain, headings):
        spots.append((title, seen[title]))
        seen[title] += 1
    return spots
