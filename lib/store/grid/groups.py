"""The groups under one path in their order, however many: read and kept a part at a time.

Where a load stored the places of a column's values, its groups are counted in buckets of those
places, and only the buckets in sight are read (1.7 million accounts among 5 million rows: a fifth
of what one pass over all groups takes, the next page next to nothing). Others are read in blocks.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import Protocol

from lib.model.view import Key, Path
from lib.store.grid.fragment import Sql, joined, one_of, sql
from lib.store.grid.levels import Level
from lib.store.grid.paging import Cut
from lib.store.grid.plan import Plan, Term
from lib.store.grid.reading import Row

BLOCK = 2_000  # groups that are read at once: most levels have one block

Place = tuple[int, Key, int]  # of one group: its place among the others, its key, its rows


class Groups(Protocol):
    """The groups under one path; a row is (stored value, rows, users)."""

    size: int

    def between(self, start: int, stop: int) -> Iterator[Row]: ...

    def places(self, keys: list[Key]) -> list[Place]:
        """Those of the keys that there are, in the order of the groups."""


def groups(plan: Plan, path: Path) -> Groups:
    return Buckets(plan, path) if plan.group[len(path)].ranked else Blocks(plan, path)


class Blocks:
    def __init__(self, plan: Plan, path: Path) -> None:
        self._plan = plan
        self._path = path
        self._level = plan.group[len(path)]
        self._first = self._block(0)
        # A block that isn't full is all there is: counting takes a pass of its own only beyond it.
        self.size: int = len(self._first) if len(self._first) < BLOCK else self._counted()

    def between(self, start: int, stop: int) -> Iterator[Row]:
        for number in range(start // BLOCK, -(-stop // BLOCK)):
            block, at = self._block(number) if number else self._first, number * BLOCK
            yield from block[max(0, start - at) : stop - at]

    def places(self, keys: list[Key]) -> list[Place]:
        near = _among(self._level, self._first, keys, 0)
        missing = [key for key in keys if key not in {known for _, known, _ in near}]
        far = self._farther(missing) if missing and self.size > len(self._first) else []
        return [*near, *far]

    def _farther(self, keys: list[Key]) -> list[Place]:
        """Beyond the first block."""
        question = sql(
            "SELECT place, k, n FROM (SELECT row_number() OVER (ORDER BY {}) - 1 AS place, k, n"
            " FROM ({})) WHERE {} ORDER BY place",
            _order(self._plan.group_order(self._level)),
            self._plan.grouped(self._level, self._path),
            one_of(Sql("k"), [self._level.from_key(key) for key in keys]),
        )
        found = self._plan.reading.rows(question)
        return [(place, self._level.to_key(stored), n) for place, stored, n in found]

    def _counted(self) -> int:
        question = sql("SELECT count(*) FROM ({})", self._plan.grouped(self._level, self._path))
        return int(self._plan.reading.rows(question)[0][0])

    def _block(self, number: int) -> list[Row]:
        limit = f"LIMIT {BLOCK:d} OFFSET {number * BLOCK:d}"
        question = sql(
            f"SELECT k, n, s FROM ({{}}) ORDER BY {{}} {limit}",
            self._plan.grouped(self._level, self._path),
            _order(self._plan.group_order(self._level)),
        )
        return self._plan.reading.rows(question)


class Buckets:
    """Buckets that follow one another make a part of some BLOCK groups, read at once."""

    def __init__(self, plan: Plan, path: Path) -> None:
        self._plan = plan
        self._path = path
        self._level = plan.group[len(path)]
        self._placed = plan.placed(self._level.column)
        term = Term(self._placed.expression, plan.descends(self._level.column))
        self._cut = Cut(term, self._placed.bits)
        self._parts = list(_parts(self._counted()))
        self._ends = list(accumulate(sum(n for _, n in part) for part in self._parts))
        self.size: int = self._ends[-1] if self._ends else 0

    def between(self, start: int, stop: int) -> Iterator[Row]:
        number = bisect_right(self._ends, start)
        while start < min(stop, self.size):
            at = self._begins(number)
            yield from self._part(number)[start - at : stop - at]
            start, number = self._ends[number], number + 1

    def places(self, keys: list[Key]) -> list[Place]:
        part_of = {b: number for number, part in enumerate(self._parts) for b, _ in part}
        wanted = sorted({part_of[bucket] for bucket in self._holding(keys)})
        parts = ((self._part(number), self._begins(number)) for number in wanted)
        return [place for rows, at in parts for place in _among(self._level, rows, keys, at)]

    def _begins(self, number: int) -> int:
        return self._ends[number - 1] if number else 0

    def _counted(self) -> list[Row]:
        """Each bucket and its groups, in order."""
        question = sql(
            "SELECT {} AS b, {} {} GROUP BY 1 ORDER BY 1 {}",
            self._cut.bucket,
            self._count(),
            self._plan.selection(self._path, self._placed.joins),
            Sql("DESC" if self._cut.term.descending else "ASC"),
        )
        return self._plan.reading.rows(question)

    def _count(self) -> Sql:
        """How many groups a bucket has: where each place is one value, a bit for each (a quarter
        of what telling values apart takes)."""
        bits = self._placed.bits
        if self._level.column.folded or not bits:
            return sql("count(DISTINCT {})", self._plan.group_key(self._level))
        last = (1 << bits) - 1
        bit = sql(f"CAST({{}} & {last:d} AS INTEGER)", self._placed.expression)
        return sql(f"bit_count(bitstring_agg({{}}, 0, {last:d}))", bit)

    def _part(self, number: int) -> list[Row]:
        buckets = self._parts[number]
        inside = self._plan.having(self._cut.among(buckets[0], buckets[-1]))
        question = sql(
            "SELECT k, n, s FROM ({}) ORDER BY {}",
            inside.grouped(self._level, self._path),
            _order(self._plan.group_order(self._level)),
        )
        return self._plan.reading.rows(question)

    def _holding(self, keys: list[Key]) -> list[int]:
        """The buckets in which the keys are."""
        value = self._plan.group_key(self._level)
        inside = self._plan.having(one_of(value, [self._level.from_key(key) for key in keys]))
        rows = inside.selection(self._path, self._placed.joins)
        question = sql("SELECT DISTINCT {} {}", self._cut.bucket, rows)
        return [bucket for (bucket,) in self._plan.reading.rows(question)]


def _parts(buckets: list[Row]) -> Iterator[list[Row]]:
    part: list[Row] = []
    for bucket in buckets:
        if part and sum(n for _, n in part) + bucket[1] > BLOCK:
            yield part
            part = []
        part.append(bucket)
    if part:
        yield part


def _among(level: Level, rows: Iterable[Row], keys: list[Key], start: int) -> list[Place]:
    """The places of keys in a part that begins at `start`."""
    wanted = set(keys)
    keyed = ((level.to_key(stored), n) for stored, n, *_ in (rows if wanted else ()))
    return [(start + at, key, n) for at, (key, n) in enumerate(keyed) if key in wanted]


def _order(terms: list[Term]) -> Sql:
    return joined(", ", (term.sql() for term in terms))
