"""Where a person said that the columns stand under certain headings: a row for each set of them."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass

from lib.store.database import Transaction
from lib.store.reading import Reader

# A heading, folded, and which of those alike it is, from 0.
Spot = tuple[str, int]


@dataclass(frozen=True)
class Remembered:
    """By our columns' names (None = not in the file), who said so and when (UTC)."""

    spots: Mapping[str, Spot | None]
    by: str
    at: dt.datetime


def find(reader: Reader, headings: str) -> Remembered | None:
    """What was said of headings with this hash, unless that was to find the columns as always."""
    row = reader.one(
        "SELECT columns, mapped_by, mapped_at FROM ops.column_mapping WHERE headings = ?",
        [headings],
    )
    if not row or not row[0]:
        return None
    said = json.loads(row[0])
    spots = {name: (spot[0], int(spot[1])) if spot else None for name, spot in said.items()}
    return Remembered(spots, row[1], row[2])


def remember(
    transaction: Transaction, headings: str, spots: Mapping[str, Spot | None] | None, by: str
) -> None:
    """From now on these columns stand there under such headings; None: they are found as always."""
    transaction.run(
        "INSERT INTO ops.column_mapping (headings, columns, mapped_at, mapped_by)"
        " VALUES (?, ?, ?, ?) ON CONFLICT (headings) DO UPDATE SET columns = excluded.columns,"
        " mapped_at = excluded.mapped_at, mapped_by = excluded.mapped_by",
        [headings, "" if spots is None else json.dumps(spots), transaction.now, by],
    )
