"""Where corrected names stand among the vendor's: one whole number to sort both by.

A load gives each folded name its rank (name_order in lib/store/ref_schema.sql). Between two ranks
there is room for the names that people have corrected: nothing has to be compared as text.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from lib.model.text import fold
from lib.store.grid.columns import Column
from lib.store.grid.fragment import NOTHING, Sql, bound, sql
from lib.store.grid.reading import Reading, Row
from lib.store.grid.sources import Source

GAP = 20  # bits between two ranks: room for a million corrected names
STRETCHES = 4_096  # of the vendor's names, whose first ones are kept


@dataclass(frozen=True)
class Placed:
    """What a column is sorted by; `joins` is what the question must join for it. 2**`bits` of its
    values make one bucket of some thousand rows (lib/store/grid/paging.py)."""

    expression: Sql
    bits: int
    joins: Sql = NOTHING


BUCKETS = 11  # bits of how many buckets there are, about


def placed(reading: Reading, source: Source, column: Column) -> Placed:
    """The order of a column that has a stored rank, corrections laid over it."""
    corrected = _corrected(reading, column) if column.corrected else {}
    bits = _bits(reading, source, column)
    if not corrected:
        return Placed(Sql(column.rank), bits)
    places = _places(reading, sorted(set(corrected.values())))
    accounts = _accounts(reading, tuple(corrected))
    joins = sql(
        " LEFT JOIN (SELECT unnest(CAST({} AS INTEGER[])) AS account,"
        f" unnest(CAST({{}} AS BIGINT[])) AS place) AS p ON p.account = {source.account}",
        bound(tuple(accounts[number] for number in corrected)),
        bound(tuple(places[name] for name in corrected.values())),
    )
    stored = f"coalesce(p.place, (CAST({column.rank} AS BIGINT) + 1) << {GAP})"
    return Placed(Sql(stored), bits + GAP, joins)


def _bits(reading: Reading, source: Source, column: Column) -> int:
    """The engine knows the largest rank without looking."""
    largest = reading.rows(Sql(f"SELECT max({column.rank}) FROM {source.table} AS t"))[0][0]
    return max(0, (largest or 0).bit_length() - BUCKETS)


def _corrected(reading: Reading, column: Column) -> dict[str, str]:
    """The corrected values, folded, by account; only those of accounts that the ref has."""
    question = (
        f"SELECT account_no, {column.corrected} FROM ops.correction"
        f" WHERE {column.corrected} IS NOT NULL ORDER BY 1"
    )
    said: dict[str, str] = dict(reading.rows(Sql(question), made=_folded))
    there = _accounts(reading, tuple(said))
    return {number: name for number, name in said.items() if number in there}


def _folded(corrections: list[Row]) -> list[Row]:
    """As a load folds: the same name has the same place, whoever gave it."""
    return [(number, fold(value)) for number, value in corrections]


def _accounts(reading: Reading, numbers: tuple[str, ...]) -> dict[str, int]:
    """Where those accounts lie in the ref."""
    question = "SELECT account_no, place FROM account WHERE account_no IN (SELECT unnest({}))"
    return dict(reading.rows(sql(question, bound(numbers)))) if numbers else {}


def _places(reading: Reading, names: list[str]) -> dict[str, int]:
    """The whole number of each name; `names` in order."""
    within: dict[int, Iterator[int]] = defaultdict(lambda: count(1))
    places = {}
    for name, (rank, same) in zip(names, _ranks(reading, names), strict=True):
        places[name] = (rank + 1 << GAP) if same else (rank << GAP) + next(within[rank])
    return places


def _ranks(reading: Reading, names: list[str]) -> Iterator[tuple[int, bool]]:
    """How many of the vendor's names come before each of these, and whether it is one of them:
    only the stretch of names around it is compared (one look at all of them: 6 ms a name)."""
    total = reading.rows(Sql("SELECT count(*) FROM name_order"))[0][0]
    step = total // STRETCHES + 1
    every = f"SELECT name_folded FROM name_order WHERE name_rank % {step:d} = 0 ORDER BY name_rank"
    begins = [name for (name,) in reading.rows(Sql(every))]
    stretches = [max(0, bisect_right(begins, name) - 1) for name in names]
    question = sql(
        "SELECT c.name, min(n.name_rank), bool_or(n.name_folded = c.name)"
        " FROM (SELECT unnest({}) AS name, unnest({}) AS stretch) AS c JOIN name_order AS n"
        f" ON n.name_rank // {step:d} = c.stretch AND n.name_folded >= c.name GROUP BY 1",
        bound(tuple(names)),
        bound(tuple(stretches)),
    )
    found = {name: (rank, same) for name, rank, same in reading.rows(question)}
    for name, stretch in zip(names, stretches, strict=True):
        yield found.get(name) or ((stretch + 1) * step, False)
